/* The inner loops with AVX2 and FMA, but for the products (product_avx2.c). */
#include <immintrin.h>

#include "kernels/cpu/cpu.h"
#include "kernels/cpu/scalar.h"

#define INLINE static inline __attribute__((always_inline))

#define HALF ((int64_t)8)

/* n8 registers of columns at once, n8 constant. */
INLINE void mix_columns(float *y, const float *p, int64_t ldp, const float *const *x, int64_t J,
                        int64_t from, int64_t n8)
{
    __m256 s[8];
    UNROLL
    for (int64_t i = 0; i < n8; i++)
        s[i] = _mm256_setzero_ps();
    for (int64_t j = 0; j < J; j++) {
        __m256 a = _mm256_broadcast_ss(p + j * ldp);
        UNROLL
        for (int64_t i = 0; i < n8; i++)
            s[i] = _mm256_fmadd_ps(a, _mm256_loadu_ps(x[j] + from + i * HALF), s[i]);
    }
    UNROLL
    for (int64_t i = 0; i < n8; i++)
        _mm256_storeu_ps(y + from + i * HALF, s[i]);
}

static void mix(float *y, const float *p, int64_t ldp, const float *const *x, int64_t J, int64_t n)
{
    int64_t i = 0;
    for (; i + 8 * HALF <= n; i += 8 * HALF)
        mix_columns(y, p, ldp, x, J, i, 8);
    for (; i + HALF <= n; i += HALF)
        mix_columns(y, p, ldp, x, J, i, 1);
    for (; i < n; i++) {
        __m128 s = _mm_setzero_ps();
        for (int64_t j = 0; j < J; j++)
            s = _mm_fmadd_ss(_mm_load_ss(p + j * ldp), _mm_load_ss(x[j] + i), s);
        y[i] = _mm_cvtss_f32(s);
    }
}

/* scalar_exp, four at a time: the same operations in the same order, none of them fused. n is a
 * whole number below 2^31, so its last bits stand in those of n + magic. */
INLINE __m256d exp4(__m256d x)
{
    static const double c[] = {1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120,
                               1.0 / 24,     1.0 / 6,     0.5,        1.0,       1.0};
    __m256d is_tiny = _mm256_cmp_pd(x, _mm256_set1_pd(-104.0), _CMP_LT_OQ);
    __m256d top = _mm256_set1_pd(700.0);
    __m256d z = _mm256_blendv_pd(x, top, _mm256_cmp_pd(x, top, _CMP_GT_OQ));
    __m256d magic = _mm256_set1_pd(0x1.8p52);
    __m256d shifted = _mm256_add_pd(_mm256_mul_pd(z, _mm256_set1_pd(1.4426950408889634)), magic);
    __m256d n = _mm256_sub_pd(shifted, magic);
    __m256d r = _mm256_sub_pd(z, _mm256_mul_pd(n, _mm256_set1_pd(0.6931471805599453)));
    __m256d p = _mm256_set1_pd(c[0]);
    UNROLL
    for (int i = 1; i < 10; i++)
        p = _mm256_add_pd(_mm256_mul_pd(p, r), _mm256_set1_pd(c[i]));
    __m256i bits = _mm256_slli_epi64(
        _mm256_add_epi64(_mm256_castpd_si256(shifted), _mm256_set1_epi64x(1023)), 52);
    return _mm256_andnot_pd(is_tiny, _mm256_mul_pd(p, _mm256_castsi256_pd(bits)));
}

static void swiglu(float *y, const float *g, const float *u, int64_t n)
{
    int64_t i = 0;
    for (; i + 4 <= n; i += 4) {
        __m128 x = _mm_loadu_ps(g + i);
        __m256d e = exp4(_mm256_cvtps_pd(_mm_xor_ps(x, _mm_set1_ps(-0.0F))));
        __m256d s = _mm256_div_pd(_mm256_cvtps_pd(x), _mm256_add_pd(_mm256_set1_pd(1.0), e));
        _mm_storeu_ps(y + i, _mm_mul_ps(_mm256_cvtpd_ps(s), _mm_loadu_ps(u + i)));
    }
    for (; i < n; i++)
        y[i] = scalar_silu(g[i]) * u[i];
}

static void from_bf16(float *y, const uint16_t *x, int64_t n)
{
    int64_t i = 0;
    for (; i + HALF <= n; i += HALF) {
        __m256i u = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(const void *)(x + i)));
        _mm256_storeu_ps(y + i, _mm256_castsi256_ps(_mm256_slli_epi32(u, 16)));
    }
    for (; i < n; i++)
        y[i] = scalar_from_bf16(x[i]);
}

static void from_f16(float *y, const uint16_t *x, int64_t n)
{
    int64_t i = 0;
    for (; i + HALF <= n; i += HALF)
        _mm256_storeu_ps(y + i,
                         _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(const void *)(x + i))));
    for (; i < n; i++)
        y[i] = scalar_from_f16(x[i]);
}

/* Eight E4M3 numbers, 2^-8 times too small: their bits are those of a half with one exponent bit
 * less, and the hardware converts halves, subnormals included, at full speed. (As f32 bits, see
 * scalar_from_e4m3, subnormals cost a trap into microcode each.) */
INLINE __m256 e4m3(const uint8_t *x)
{
    __m128i u = _mm_cvtepu8_epi16(_mm_loadl_epi64((const __m128i *)(const void *)x));
    __m128i size = _mm_and_si128(u, _mm_set1_epi16(0x7f));
    __m128i sign = _mm_slli_epi16(_mm_xor_si128(u, size), 8);
    __m128i nan = _mm_cmpeq_epi16(size, _mm_set1_epi16(0x7f));
    __m128i half = _mm_or_si128(_mm_or_si128(sign, _mm_slli_epi16(size, 7)), nan);
    return _mm256_cvtph_ps(half);
}

static void from_e4m3(float *y, const uint8_t *x, const float *scale, int64_t n)
{
    int64_t i = 0;
    for (; i + HALF <= n; i += HALF)
        _mm256_storeu_ps(
            y + i, _mm256_mul_ps(e4m3(x + i), _mm256_set1_ps(256.0F * scale[i / KERNEL_BLOCK])));
    for (; i < n; i++)
        y[i] = scalar_from_e4m3(x[i]) * scale[i / KERNEL_BLOCK];
}

static void from_q8(float *y, const int8_t *x, const float *scale, int64_t n)
{
    int64_t i = 0;
    for (; i + HALF <= n; i += HALF) {
        __m256i u = _mm256_cvtepi8_epi32(_mm_loadl_epi64((const void *)(x + i)));
        _mm256_storeu_ps(y + i, _mm256_mul_ps(_mm256_cvtepi32_ps(u),
                                              _mm256_set1_ps(scale[i / KERNEL_Q8_BLOCK])));
    }
    for (; i < n; i++)
        y[i] = (float)x[i] * scale[i / KERNEL_Q8_BLOCK];
}

const struct cpu_isa cpu_avx2 = {
    .name = "avx2",
    .dots = cpu_dots_avx2,
    .dots_ahead = cpu_dots_ahead_avx2,
    .few = cpu_few_avx2,
    .mix = mix,
    .swiglu = swiglu,
    .from_bf16 = from_bf16,
    .from_f16 = from_f16,
    .from_e4m3 = from_e4m3,
    .from_q8 = from_q8,
};
