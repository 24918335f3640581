/* Rows of the engine: prompts and single steps, on a model folder, with one thread or all. */
#pragma once
#include "engine/engine.h"
#include "harness/bench_ceilings.h"
#include "harness/bench_cost.h"

struct bench_engine {
    const struct bench_options *o;
    struct bench_table *table;
    struct bench_most *most; /* refreshed before each group of rows */
    struct ceilings *ceilings;
    const struct bench_cost *cost;
    struct engine_config config; /* what is opened; n_slots and below are set here */
};

MUST_CHECK bool bench_engine_rows(struct bench_engine *b, int n_threads, struct err *e);

/* Ids that any vocabulary has, the same every time; n of them. */
void bench_ids(int32_t *out, int64_t n, int64_t n_vocab, uint64_t seed);
