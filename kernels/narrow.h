/* Wide numbers into narrow stored ones: what a model's matrices are made into at load when asked.
 *
 * A function of the numbers alone, the same on every machine. Every format keeps zeros; what is not
 * finite is refused, because no scale could hold it. Rounding is to nearest, ties to even. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "kernels/dtype.h"

/* How many scales n_out rows of n_in numbers have in this format; 0 where it has none. */
int64_t narrow_n_scales(enum dtype to, int64_t n_out, int64_t n_in);

/* n rows of x [n][n_in] as `to`, which is F32, BF16, F8_E4M3 (n <= 128: one row of blocks; scales
 * are powers of two, the least not below amax / 448) or Q8 (scale amax / 127). False when a number
 * is not finite. at [n][n_in] of the format, scale [narrow_n_scales(to, n, n_in)] */
bool narrow_rows(enum dtype to, const float *x, int64_t n, int64_t n_in, void *at, float *scale);
