/* The ceilings of this machine, measured with kernels/cpu/ceilings.h and kept for the rows that
 * are held against them. */
#pragma once
#include "harness/bench.h"
#include "harness/bench_rows.h"
#include "kernels/cpu/ceilings.h"

/* [0] with one thread, [1] with all; GB/s and GFLOP/s or GOP/s. */
struct bench_most {
    double read[2];
    double gather[2];
    double op[3][2]; /* by enum ceiling_op, the best instruction set's; 0: not there */
};

/* The least time that bytes and floating-point operations can take, and which of the two it is.
 * Compute is the better of f32 multiply-add and bf16 dot product. */
double bench_floor(const struct bench_most *m, double gbytes, double gflop, bool is_all,
                   const char **bound);

/* Measures all of them; rows go to the table where it is not NULL. */
MUST_CHECK bool bench_measure_most(struct bench_most *out, struct ceilings *c, int64_t n_repeats,
                                   struct bench_table *t, struct err *e);

/* Read bandwidth and the floating-point peaks again, three repeats each: before every group of
 * rows, because a shared machine is not the same for long. */
MUST_CHECK bool bench_refresh_most(struct bench_most *m, struct ceilings *c, struct err *e);

MUST_CHECK bool bench_ceilings(const struct bench_options *o, struct err *e);
