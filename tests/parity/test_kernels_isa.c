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

/* Q8 codes and scales of every size, tails of blocks included. */
static void expect_same_q8(const struct cpu_isa *isa)
{
    static int8_t codes[300];
    static float a[300];
    static float b[300];
    float scale[10];
    for (int i = 0; i < 300; i++)
        codes[i] = (int8_t)(i - 128);
    for (int i = 0; i < 10; i++)
        scale[i] = (float)ldexp(1.37, 7 * i - 40);
    cpu_portable.from_q8(a, codes, scale, 299);
    isa->from_q8(b, codes, scale, 299);
    tensor_expect_same_bits(a, b, 299, "q8");
    for (int i = 0; i < 299; i++)
        cr_assert_eq(a[i], (float)codes[i] * scale[i / 32]);
}

static void expect_same_swiglu(const struct cpu_isa *isa, uint64_t seed)
{
    enum { N = 4099 };
    float *g = tensor_random(N, 130, seed, 1);
    float *u = tensor_random(N, 3, seed, 2);
    float *a = tensor_random(N, 1, seed, 3);
    float *b = tensor_random(N, 1, seed, 4);
    const float odd[] = {0.0F, -0.0F, 1e30F, -1e30F, 104.0F, 104.5F, -700.0F, 710.0F, 1e-40F};
    memcpy(g + 100, odd, sizeof odd);
    for (int64_t n = N; n > N - 17; n--) {
        cpu_portable.swiglu(a, g, u, n);
        isa->swiglu(b, g, u, n);
        tensor_expect_same_bits(a, b, n, "swiglu");
    }
    isa->swiglu(g, g, u, N);
    tensor_expect_same_bits(g, b, N - 17, "swiglu in place");
    free(g);
    free(u);
    free(a);
    free(b);
}

/* The rows of a stored matrix as few() takes them; all within one block of scales. */
static struct cpu_rows rows_of(const struct kweight *w)
{
    struct cpu_rows r = {w->dtype, w->at, w->n_in * dtype_size(w->dtype), w->scale, 0};
    r.ld_scale = w->dtype == DTYPE_Q8 ? (w->n_in + 31) / 32 : 0;
    return r;
}

/* few() against dots() of numbers that tensor_at() decoded, rounded to f32 once. */
static void expect_same_few(const struct cpu_isa *isa, enum dtype dtype, int64_t T, int64_t R,
                            int64_t K, uint64_t seed)
{
    struct kweight w = tensor_weight(dtype, R, K, seed);
    struct cpu_rows rows = rows_of(&w);
    float *wide = tensor_random(R * K, 1, seed, 1);
    float *x = tensor_random(T * K, 1, seed, 2);
    float *a = tensor_random(T * R, 1, seed, 3);
    float *b = tensor_random(T * R, 1, seed, 4);
    float *to[CPU_FEW];
    const float *from[CPU_FEW];
    for (int64_t i = 0; i < R * K; i++)
        wide[i] = (float)tensor_at(&w, i / K, i % K);
    for (int64_t t = 0; t < T; t++) {
        cpu_portable.dots(&(float *){a + t * R}, &(const float *){x + t * K}, 1, wide, K, R, K);
        to[t] = b + t * R;
        from[t] = x + t * K;
    }
    isa->few(to, from, T, &rows, R, K);
    tensor_expect_same_bits(b, a, T * R, "few");
    tensor_free_weight(&w);
    free(wide);
    free(x);
    free(a);
    free(b);
}

static const enum dtype every_dtype[] = {DTYPE_F32, DTYPE_F16, DTYPE_BF16, DTYPE_F8_E4M3, DTYPE_Q8};
enum { N_DTYPES = sizeof every_dtype / sizeof every_dtype[0] };

static void expect_same_few_everywhere(const struct cpu_isa *isa, uint64_t seed)
{
    static const int64_t K[] = {1, 15, 16, 17, 31, 33, 63, 64, 65, 127, 129, 160, 300, 1024, 1030};
    static const int64_t R[] = {1, 2, 3, 4, 5, 7, 8, 11, 33};
    for (int d = 0; d < N_DTYPES; d++)
        for (int64_t T = 1; T <= CPU_FEW; T++) {
            for (size_t i = 0; i < sizeof K / sizeof K[0]; i++)
                expect_same_few(isa, every_dtype[d], T, R[(i + (size_t)T) % 9], K[i],
                                rng_mix(seed, i));
            for (size_t i = 0; i < sizeof R / sizeof R[0]; i++)
                expect_same_few(isa, every_dtype[d], T, R[i], 144, rng_mix(seed, 50 + i));
        }
    for (int d = 0; d < N_DTYPES; d++) { /* K in parts, the last of them short */
        expect_same_few(isa, every_dtype[d], 1, 5, 2100, seed);
        expect_same_few(isa, every_dtype[d], 4, 37, 3077, seed);
        expect_same_few(isa, every_dtype[d], 8, 5, 18432, seed);
    }
}

/* A code that is not a number makes its own outputs not numbers, and no others. */
static void expect_nans_stay(const struct cpu_isa *isa)
{
    enum { R = 6, K = 333 };
    for (int64_t T = 1; T <= CPU_FEW; T++)
        for (int64_t at = 0; at < K; at += 41) {
            struct kweight w = tensor_weight(DTYPE_F8_E4M3, R, K, 9);
            struct cpu_rows rows = rows_of(&w);
            float *x = tensor_random(T * K, 1, 9, 2);
            float y[CPU_FEW][R];
            float *to[CPU_FEW];
            const float *from[CPU_FEW];
            unsigned char *codes = (unsigned char *)(uintptr_t)w.at;
            codes[2 * K + at] = at % 2 == 0 ? 0x7f : 0xff;
            for (int64_t t = 0; t < T; t++) {
                to[t] = y[t];
                from[t] = x + t * K;
            }
            isa->few(to, from, T, &rows, R, K);
            for (int64_t t = 0; t < T; t++)
                for (int r = 0; r < R; r++)
                    cr_assert_eq(isnan(y[t][r]) != 0, r == 2, "row %d, column %d", r, (int)at);
            tensor_free_weight(&w);
            free(x);
        }
}

Test(kernels_isa, stored_numbers_widened_in_the_product_give_the_bits_of_wide_ones)
{
    static const char *const name[] = {"portable", "avx2", "avx512"};
    uint64_t seed = support_seed(4);
    for (int i = 0; i < 3; i++) {
        struct kernels *k = NULL;
        struct err e = {0};
        if (!kernels_cpu_open(&k, 1, name[i], &e)) {
            support_say("%s", e.text);
            continue;
        }
        expect_same_few_everywhere(cpu_of(k)->isa, seed);
        expect_nans_stay(cpu_of(k)->isa);
        kernels_close(k);
    }
}

static void run_linear(const char *isa, int n_threads, const struct kweight *w, const float *x,
                       float *y, int64_t T)
{
    struct kernel_limits most = {.n_rows = T_MAX, .n_in = w->n_in, .n_selected = 1, .n_cached = 1};
    struct kernels *k = NULL;
    struct err e = {0};
    struct kmat to = {y, w->n_out};
    ASSERT_OK(kernels_cpu_open(&k, n_threads, isa, &e), e);
    ASSERT_OK(k->ops->reserve(k, &most, &e), e);
    ASSERT_OK(k->ops->linear(k, to, (struct kmat){(float *)(uintptr_t)x, w->n_in}, w, T, &e), e);
    kernels_close(k);
}

/* Whatever the number of rows: those that widen inside the product, those that expand first. */
static void expect_neutral_linear(enum dtype dtype, int64_t n_out, int64_t n_in, uint64_t seed)
{
    static const int64_t T[] = {70, 64, 65, 33, 17, 13, 9, 8, 7, 6, 5, 4, 3, 2, 1};
    struct kweight w = tensor_weight(dtype, n_out, n_in, seed);
    float *x = tensor_random(T_MAX * n_in, 1, seed, 1);
    float *all = tensor_random(T_MAX * n_out, 1, seed, 2);
    float *some = tensor_random(T_MAX * n_out, 1, seed, 3);
    run_linear("portable", 1, &w, x, all, T_MAX);
    for (size_t i = 0; i < sizeof T / sizeof T[0]; i++) {
        int64_t first = T_MAX - T[i];
        run_linear(NULL, 1 + (int)(i % 3), &w, x + first * n_in, some, T[i]);
        tensor_expect_same_bits(some, all + first * n_out, T[i] * n_out, "linear");
    }
    tensor_free_weight(&w);
    free(x);
    free(all);
    free(some);
}

Test(kernels_isa, a_row_has_the_same_bits_for_any_number_of_rows)
{
    uint64_t seed = support_seed(5);
    for (int d = 0; d < N_DTYPES; d++) {
        expect_neutral_linear(every_dtype[d], 300, 200, rng_mix(seed, 1)); /* blocks cut short */
        expect_neutral_linear(every_dtype[d], 131, 1030, rng_mix(seed, 2));
        expect_neutral_linear(every_dtype[d], 9, 2600, rng_mix(seed, 3)); /* K in parts */
        expect_neutral_linear(every_dtype[d], 1, 33, rng_mix(seed, 4));
    }
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
    for (int64_t T = 1; T <= 13; T += 4) /* K in parts */
        expect_same_dots(isa, T, 5, 2500, seed);
    expect_same_expansion(isa);
    expect_same_q8(isa);
    expect_same_swiglu(isa, seed);
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
