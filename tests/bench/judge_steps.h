/* Whole submissions for bench_judge.c. Apart from it because the judge and the benchmarks both have
 * a `struct bench`. */
#pragma once
#include "base/err.h"

struct judge_steps;

/* Everything is compiled when it returns. *n_tests: of the task. On false *out is to be closed. */
MUST_CHECK bool judge_steps_open(struct judge_steps **out, int variant, double *n_tests,
                                 struct err *e);
MUST_CHECK bool judge_steps_one(struct judge_steps *s, struct err *e);
void judge_steps_close(struct judge_steps *s);
