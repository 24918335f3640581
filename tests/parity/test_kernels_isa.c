/* Portable C, AVX2 and AVX-512 give the same bits, and a row's bits are its own. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "kernels/cpu/cpu.h"
#include "kernels/cpu/scalar.h"
#include "tests/support/support.h"
#include "tests/support/tensor.h"

enum { T_MAX = 70, R_MAX = 9 };

/* The best this processor has, or a skip when that is portable C. */
static const struct cpu_isa *other_isa(const char *name)
{
    struct kernels *k = NULL;
    struct err e = {0};
    if (!kernels_cpu_open(&k, 1, name, &e))
        support_skip(name, e.text);
    const struct cpu_isa *isa = cpu_of(k)->isa;
    kernels_close(k);
    return isa;
}

static void dots(const struct cpu_isa *isa, float *y, const float *x, int64_t T, const float *w,
                 int64_t R, int64_t K)
{
    float *to[T_MAX];
    const float *from[T_MAX];
    for (int64_t t = 0; t < T; t++) {
        to[t] = y + t * R;
        from[t] = x + t * K;
    }
    isa->dots(to, from, T, w, K, R, K);
}

static void expect_same_dots(const struct cpu_isa *isa, int64_t T, int64_t R, int64_t K,
                             uint64_t seed)
{
    float *x = tensor_random(T * K, 1, seed, 1);
    float *w = tensor_random(R * K, 1, seed, 2);
    float a[T_MAX * R_MAX];
    float b[T_MAX * R_MAX];
    dots(&cpu_portable, a, x, T, w, R, K);
    dots(isa, b, x, T, w, R, K);
    tensor_expect_same_bits(a, b, T * R, "dot");
    for (int64_t t = 0; t < T; t++) { /* neutral: a row alone, an output alone */
        float one = 0;
        dots(isa, &one, x + t * K, 1, w + (R - 1) * K, 1, K);
        tensor_expect_same_bits(&one, &b[t * R + R - 1], 1, "row alone");
    }
    free(x);
    free(w);
}

static void expect_same_mix(const struct cpu_isa *isa, int64_t J, int64_t n, uint64_t seed)
{
    float *p = tensor_random(J * 3, 1, seed, 1);
    float *x = tensor_random(J * n, 1, seed, 2);
    float *a = tensor_random(n, 1, seed, 3);
    float *b = tensor_random(n, 1, seed, 4);
    const float *row[T_MAX];
    for (int64_t j = 0; j < J; j++)
        row[j] = x + (J - 1 - j) * n;
    cpu_portable.mix(a, p, 3, row, J, n);
    isa->mix(b, p, 3, row, J, n);
    tensor_expect_same_bits(a, b, n, "mix");
    free(p);
    free(x);
    free(a);
    free(b);
}

/* Every code of the small formats, in rows long enough for vectors and tails. */
static void expect_same_expansion(const struct cpu_isa *isa)
{
    static uint16_t codes[65536];
    static uint8_t bytes[300];
    static float a[65536];
    static float b[65536];
    float scale[3] = {0.3F, 1.0F, 0x1p-9F};
    for (int i = 0; i < 65536; i++)
        codes[i] = (i & 0x7c00) == 0x7c00 || (i & 0x7f80) == 0x7f80 ? 0 : (uint16_t)i;
    cpu_portable.from_bf16(a, codes, 65533);
    isa->from_bf16(b, codes, 65533);
    tensor_expect_same_bits(a, b, 65533, "bf16");
    cpu_portable.from_f16(a, codes, 65533);
    isa->from_f16(b, codes, 65533);
    tensor_expect_same_bits(a, b, 65533, "f16");
    for (int i = 0; i < 300; i++)
        bytes[i] = (i & 0x7f) == 0x7f ? 1 : (uint8_t)i;
    cpu_portable.from_e4m3(a, bytes, scale, 299);
    isa->from_e4m3(b, bytes, scale, 299);
    tensor_expect_same_bits(a, b, 299, "e4m3");
    for (int i = 0; i < 16; i++)
        bytes[i] = i % 2 == 0 ? 0x7f : 0xff;
    isa->from_e4m3(b, bytes, scale, 16);
    for (int i = 0; i < 16; i++)
        cr_assert(isnan(b[i]), "code 0x7f is not a number");
}

static void expect_same(const char *name)
{
    const struct cpu_isa *isa = other_isa(name);
    uint64_t seed = support_seed(1);
    static const int64_t K[] = {1, 7, 8, 9, 15, 16, 17, 24, 31, 64, 129, 160, 576};
    for (size_t i = 0; i < sizeof K / sizeof K[0]; i++)
        for (int64_t T = 1; T <= 13; T++)
            for (int64_t R = 1; R <= R_MAX; R += T < 4 ? 1 : 4)
                expect_same_dots(isa, T, R, K[i], rng_mix(seed, i));
    static const int64_t n[] = {1, 8, 15, 16, 17, 63, 64, 65, 128, 200, 512};
    for (size_t i = 0; i < sizeof n / sizeof n[0]; i++)
        for (int64_t J = 0; J < T_MAX; J += 23)
            expect_same_mix(isa, J, n[i], rng_mix(seed, 100 + i));
    expect_same_expansion(isa);
}

Test(kernels_isa, avx2_gives_the_bits_of_portable_c)
{
    expect_same("avx2");
}

Test(kernels_isa, avx512_gives_the_bits_of_portable_c)
{
    expect_same("avx512");
}

Test(kernels_isa, unknown_instruction_sets_are_refused)
{
    struct kernels *k = NULL;
    struct err e = {0};
    cr_assert(!kernels_cpu_open(&k, 1, "mmx", &e));
    cr_assert_eq(e.cls, ERR_USAGE);
    cr_assert(!kernels_cpu_open(&k, 100000, NULL, &e));
    cr_assert_eq(e.cls, ERR_USAGE);
}

/* -- functions of one number ---------------------------------------------------------------------
 */

Test(kernels_scalar, exp_is_the_rounded_exponential)
{
    uint64_t seed = support_seed(2);
    for (uint64_t i = 0; i < 200000; i++) {
        float x = (float)(200 * rng_unit(seed, 0, i) - 104);
        x = x > 88.0F ? 88.0F : x;
        double want = exp((double)x);
        cr_assert(fabs(scalar_exp(x) - want) <= 2e-11 * want, "exp(%.9g)", (double)x);
    }
    cr_assert_eq(scalar_exp(-1000.0F), 0.0);
    cr_assert_eq(scalar_exp(0.0F), 1.0);
    cr_assert(scalar_exp(1000.0F) > 1e300);
    cr_assert(scalar_silu(-1000.0F) == 0.0F);
    cr_assert_eq(scalar_silu(1000.0F), 1000.0F);
    cr_assert_eq(scalar_sigmoid(1000.0F), 1.0F);
}

/* Nearest of all 127 sizes, ties to the even code. */
static double nearest_e4m3(double x)
{
    double best = 0;
    double distance = 1e9;
    for (int code = 0; code < 127; code++) {
        double v = (double)scalar_from_e4m3((uint8_t)code);
        double d = fabs(fabs(x) - v);
        if (d < distance || (d == distance && code % 2 == 0)) {
            best = v;
            distance = d;
        }
    }
    return x < 0 ? -best : best;
}

Test(kernels_scalar, rounding_to_e4m3_takes_the_nearest_and_ties_to_even)
{
    uint64_t seed = support_seed(3);
    for (int code = 0; code + 1 < 127; code++) { /* every code and every midpoint */
        float low = scalar_from_e4m3((uint8_t)code);
        float middle = (low + scalar_from_e4m3((uint8_t)(code + 1))) / 2;
        cr_assert_eq(scalar_round_e4m3(low), low);
        cr_assert_eq((double)scalar_round_e4m3(middle), nearest_e4m3((double)middle));
        cr_assert_eq((double)scalar_round_e4m3(-middle), nearest_e4m3((double)-middle));
    }
    for (uint64_t i = 0; i < 20000; i++) {
        float x = (float)(ldexp(2 * rng_unit(seed, 0, i) - 1, (int)(i % 19) - 10) * 0.87);
        cr_assert_eq((double)scalar_round_e4m3(x), nearest_e4m3((double)x), "%.9g", (double)x);
    }
}
