/* How something is timed: repeated, each time long enough to be measured, median and spread kept.
 *
 * Two clocks run. With one thread the CPU time counts, which leaves out the moments when the
 * processor was somebody else's; with several it is the time on the wall, because there waiting is
 * part of what is measured. */
#pragma once
#include <stdint.h>

#include "base/err.h"

enum { BENCH_REPEATS_MAX = 99 };

typedef bool bench_step(void *ctx, struct err *e);

struct bench_time {
    double seconds; /* of one step, by the clock that counts; median */
    double wall_s;
    double cpu_s;  /* of all threads together */
    double spread; /* (longest - shortest) / median, of `seconds` */
    int64_t n_steps;
    int64_t n_repeats;
};

/* One step for warming up, then n_repeats times as many as take min_s. */
MUST_CHECK bool bench_measure(struct bench_time *out, int n_threads, int64_t n_repeats,
                              double min_s, bench_step *step, void *ctx, struct err *e);

/* The same without warming up and with a fixed number of steps a repeat. */
MUST_CHECK bool bench_measure_steps(struct bench_time *out, int n_threads, int64_t n_repeats,
                                    int64_t n_steps, bench_step *step, void *ctx, struct err *e);

double bench_median(double *at, int64_t n); /* sorts */
