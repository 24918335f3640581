/* Rows of single kernels at a model's shapes, through kernels.h, on numbers that no cache holds:
 * each call takes its matrix from the next place of the region the ceilings were measured on. */
#pragma once
#include "engine/config.h"
#include "harness/bench_ceilings.h"

struct bench_kernels {
    const struct bench_options *o;
    struct bench_table *table;
    struct bench_most *most;
    struct ceilings *ceilings;
    const struct model_config *c;
};

MUST_CHECK bool bench_kernel_rows(struct bench_kernels *b, int n_threads, struct err *e);
