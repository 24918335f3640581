/* One loop: ask, store, judge, store, until nothing is left.
 *
 * The loop owns no truth. What was asked and answered is in the store; stopping it anywhere, by
 * Ctrl-C, by kill -9 or by a full disk, and starting it again gives the rows an undisturbed run
 * would have given, because every seed is a function of what is asked and every reply a function
 * of its seed. */
#pragma once
#include "datasets/suite.h"
#include "harness/grade_pool.h"
#include "harness/model.h"
#include "harness/store/store.h"
#include "harness/strategy.h"
#include "harness/trace/trace.h"

struct run_config {
    /* all borrowed */
    struct store *store; /* opened for writing, its run not set yet */
    struct model *model;
    struct grade_pool *pool;
    struct trace *trace; /* NULL: none is kept */
    const struct suite *suite;
    const struct strategy *strategy;
    struct str model_dir; /* for the record */
    struct str argv;      /* for the record */
    int64_t n_items;      /* the first ones; at most suite->n_items */
    int64_t n_samples;
    uint64_t seed;
    double temperature;
    double top_p;
    int64_t n_out_max;
    bool is_quiet;
};

struct run_result {
    int64_t n_new;    /* replies of this session */
    int64_t n_reused; /* were stored before */
    int64_t n_left;   /* not asked or not judged: interrupted */
    bool is_interrupted;
};

MUST_CHECK bool run_all(const struct run_config *c, struct run_result *out, struct arena *keep,
                        struct arena tmp, struct err *e);
