/* What `podium bench` can do, one function each; command_bench.c reads the options.
 *
 * Every rate is a median of several repeats with its spread, beside the ceiling of this machine
 * that was measured in the same run: numbers of one run may be compared, those of two runs on a
 * shared machine may not. */
#pragma once
#include "harness/cli.h"

struct bench_options {
    const char *model; /* folder */
    const char *shape; /* of --make-model */
    const char *dir;   /* ... and where to */
    int store;         /* enum shape_store */
    uint64_t seed;
    struct cli_list set; /* NAME=NUMBER: sizes of the shape */
    const char *only;    /* rows whose name holds this, or matches it as a pattern; NULL: all */
    int64_t n_repeats;
    int64_t n_threads; /* 0: as many as there are */
    int64_t n_slots;   /* of --memory */
    int64_t n_context; /* of --memory, in tokens */
    int64_t budget_s;  /* most time that a row's prompts may take before it is measured */
    bool is_quick;
    bool as_json;
};

MUST_CHECK bool bench_list_shapes(const struct bench_options *o, struct err *e);

/* *rc is EXIT_INTERRUPTED when it was, and nothing is left behind. */
MUST_CHECK bool bench_make_model(const struct bench_options *o, int *rc, struct err *e);

MUST_CHECK bool bench_accuracy(const struct bench_options *o, struct err *e);
MUST_CHECK bool bench_memory(const struct bench_options *o, struct err *e);
MUST_CHECK bool bench_model(const struct bench_options *o, struct err *e);
