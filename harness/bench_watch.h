/* Counts the experts that a model really chooses: stands in front of a machine's `experts` op.
 * One machine at a time is watched; the calls themselves are passed on untouched. */
#pragma once
#include "kernels/kernels.h"

void bench_watch_begin(struct kernels *k);
void bench_watch_end(struct kernels *k); /* not watched: nothing */

/* Distinct experts of one call of one layer, mean over the calls since reset; 0: no calls. */
void bench_watch_reset(void);
double bench_watch_distinct(void);
