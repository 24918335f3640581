/* Narrow formats made from f32, against their definitions in double. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "kernels/narrow.h"
#include "tests/support/support.h"
#include "tests/support/tensor.h"

enum { ROWS = 128, COLUMNS = 300 };

static float x[ROWS * COLUMNS];
static unsigned char at[ROWS * COLUMNS * sizeof(float)];
static float scale[ROWS * COLUMNS];

/* Sizes from 1e-6 to 1e3, whole blocks of zeros, and one number far above the others. */
static struct kweight make(enum dtype to, uint64_t seed)
{
    for (int i = 0; i < ROWS * COLUMNS; i++) {
        double size = pow(10, (double)(i / COLUMNS % 10) - 6);
        x[i] = (float)(size * (2 * rng_unit(seed, 0, (uint64_t)i) - 1));
        if (i / COLUMNS % 7 == 3 && i % COLUMNS < 140)
            x[i] = 0.0F;
    }
    x[5 * COLUMNS + 77] = -3000.0F;
    cr_assert(narrow_rows(to, x, ROWS, COLUMNS, at, scale));
    return (struct kweight){at, scale, to, ROWS, COLUMNS};
}

/* The largest size in rows [r, r + n_rows) and columns [c, c + n_columns) that exist. */
static double largest(int r, int n_rows, int c, int n_columns)
{
    double top = 0;
    for (int i = r; i < r + n_rows && i < ROWS; i++)
        for (int j = c; j < c + n_columns && j < COLUMNS; j++)
            top = fmax(top, fabs((double)x[i * COLUMNS + j]));
    return top;
}

Test(kernels_narrow, bf16_is_the_nearest_and_ties_go_to_even)
{
    struct kweight w = make(DTYPE_BF16, support_seed(1));
    for (int i = 0; i < ROWS * COLUMNS; i++) {
        double got = tensor_at(&w, i / COLUMNS, i % COLUMNS);
        int exponent = 0;
        (void)frexp((double)x[i], &exponent);
        double step = ldexp(1, exponent - 8);
        cr_assert_eq(got, nearbyint((double)x[i] / step) * step, "%.9g", (double)x[i]);
    }
    float tie[4] = {1.00390625F, 1.01171875F, -1.00390625F, 0x1p-130F}; /* half a step above */
    cr_assert(narrow_rows(DTYPE_BF16, tie, 1, 4, at, scale));
    w = (struct kweight){at, NULL, DTYPE_BF16, 1, 4};
    cr_assert_eq(tensor_at(&w, 0, 0), 1.0);
    cr_assert_eq(tensor_at(&w, 0, 1), 1.015625);
    cr_assert_eq(tensor_at(&w, 0, 2), -1.0);
    cr_assert_eq(tensor_at(&w, 0, 3), 0x1p-130);
}

Test(kernels_narrow, q8_is_within_half_a_step_of_its_block)
{
    struct kweight w = make(DTYPE_Q8, support_seed(2));
    for (int r = 0; r < ROWS; r++)
        for (int b = 0; b < COLUMNS; b += 32) {
            double top = largest(r, 1, b, 32);
            double is_top = 0;
            for (int i = b; i < b + 32 && i < COLUMNS; i++) {
                double want = (double)x[r * COLUMNS + i];
                double got = tensor_at(&w, r, i);
                cr_assert_leq(fabs(got - want), top / 127 * 0.50001, "%.9g became %.9g", want, got);
                is_top = fmax(is_top, fabs(got));
            }
            cr_assert_leq(fabs(is_top - top), top * 1e-6, "the largest is kept");
        }
}

Test(kernels_narrow, e4m3_has_the_least_power_of_two_and_the_nearest_code)
{
    struct kweight w = make(DTYPE_F8_E4M3, support_seed(3));
    for (int b = 0; b < COLUMNS; b += 128) {
        double top = largest(0, ROWS, b, 128);
        double s = (double)scale[b / 128];
        cr_assert_eq(s, exp2(ceil(log2(top / 448))));
        for (int r = 0; r < ROWS; r++)
            for (int i = b; i < b + 128 && i < COLUMNS; i++) {
                double v = fabs((double)x[r * COLUMNS + i]) / s;
                double step = v < 0x1p-6 ? 0x1p-9 : exp2(floor(log2(v)) - 3);
                double want = copysign(nearbyint(v / step) * step * s, (double)x[r * COLUMNS + i]);
                cr_assert_eq(tensor_at(&w, r, i), want, "%.9g of scale %.9g", v, s);
            }
    }
}

Test(kernels_narrow, f32_is_copied_and_zeros_stay_zeros)
{
    static const enum dtype every[] = {DTYPE_F32, DTYPE_BF16, DTYPE_F8_E4M3, DTYPE_Q8};
    (void)make(DTYPE_F32, 4);
    cr_assert_arr_eq(at, x, sizeof x);
    memset(x, 0, sizeof x);
    x[9] = 1e-40F; /* too small for any scale, but for f32 and bf16 */
    for (int i = 0; i < 4; i++) {
        struct kweight w = {at, scale, every[i], ROWS, COLUMNS};
        cr_assert(narrow_rows(every[i], x, ROWS, COLUMNS, at, scale));
        for (int j = 0; j < ROWS * COLUMNS; j++)
            cr_assert_leq(fabs(tensor_at(&w, j / COLUMNS, j % COLUMNS)), j == 9 ? 1.1e-40 : 0.0);
    }
}

Test(kernels_narrow, what_is_not_finite_is_refused)
{
    static const float bad[] = {INFINITY, -INFINITY, NAN};
    static const enum dtype every[] = {DTYPE_F32, DTYPE_BF16, DTYPE_F8_E4M3, DTYPE_Q8};
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 3; j++) {
            float row[40] = {1};
            row[11 + j] = bad[j];
            cr_assert(!narrow_rows(every[i], row, 1, 40, at, scale));
            row[11 + j] = 3e38F; /* the largest numbers pass */
            cr_assert(narrow_rows(every[i], row, 1, 40, at, scale));
            struct kweight w = {at, scale, every[i], 1, 40};
            cr_assert_leq(fabs(tensor_at(&w, 0, 11 + j) / 3e38 - 1), 0.0625);
        }
}

Test(kernels_narrow, scales_are_counted_with_short_blocks)
{
    cr_assert_eq(narrow_n_scales(DTYPE_Q8, 3, 33), 6);
    cr_assert_eq(narrow_n_scales(DTYPE_F8_E4M3, 129, 257), 6);
    cr_assert_eq(narrow_n_scales(DTYPE_BF16, 129, 257), 0);
    cr_assert_eq(narrow_n_scales(DTYPE_F32, 1, 1), 0);
}
