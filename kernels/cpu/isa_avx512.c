/* The inner loops with AVX-512, but for the products (product_avx512.c). */
#include <immintrin.h>

#include "kernels/cpu/cpu.h"
#include "kernels/cpu/scalar.h"

#define INLINE static inline __attribute__((always_inline))

enum { BLOCK = 128 };

INLINE void mix_columns(float *y, const float *p, int64_t ldp, const float *const *x, int64_t J,
                        int64_t from, int64_t n16, __mmask16 in)
{
    __m512 s[8];
    UNROLL
    for (int64_t i = 0; i < n16; i++)
        s[i] = _mm512_setzero_ps();
    for (int64_t j = 0; j < J; j++) {
        __m512 a = _mm512_set1_ps(p[j * ldp]);
        UNROLL
        for (int64_t i = 0; i < n16; i++)
            s[i] = _mm512_fmadd_ps(a, _mm512_maskz_loadu_ps(in, x[j] + from + i * CPU_LANES), s[i]);
    }
    UNROLL
    for (int64_t i = 0; i < n16; i++)
        _mm512_mask_storeu_ps(y + from + i * CPU_LANES, in, s[i]);
}

static void mix(float *y, const float *p, int64_t ldp, const float *const *x, int64_t J, int64_t n)
{
    int64_t i = 0;
    for (; i + BLOCK <= n; i += BLOCK)
        mix_columns(y, p, ldp, x, J, i, 8, 0xffff);
    for (; i + CPU_LANES <= n; i += CPU_LANES)
        mix_columns(y, p, ldp, x, J, i, 1, 0xffff);
    if (i < n)
        mix_columns(y, p, ldp, x, J, i, 1, (__mmask16)((1U << (n - i)) - 1U));
}

/* scalar_exp, eight at a time: the same operations in the same order, none of them fused. */
INLINE __m512d exp8(__m512d x)
{
    static const double c[] = {1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120,
                               1.0 / 24,     1.0 / 6,     0.5,        1.0,       1.0};
    __mmask8 is_tiny = _mm512_cmp_pd_mask(x, _mm512_set1_pd(-104.0), _CMP_LT_OQ);
    __m512d z = _mm512_mask_mov_pd(x, _mm512_cmp_pd_mask(x, _mm512_set1_pd(700.0), _CMP_GT_OQ),
                                   _mm512_set1_pd(700.0));
    __m512d magic = _mm512_set1_pd(0x1.8p52);
    __m512d n = _mm512_mul_pd(z, _mm512_set1_pd(1.4426950408889634));
    n = _mm512_sub_pd(_mm512_add_pd(n, magic), magic);
    __m512d r = _mm512_sub_pd(z, _mm512_mul_pd(n, _mm512_set1_pd(0.6931471805599453)));
    __m512d p = _mm512_set1_pd(c[0]);
    UNROLL
    for (int i = 1; i < 10; i++)
        p = _mm512_add_pd(_mm512_mul_pd(p, r), _mm512_set1_pd(c[i]));
    __m512i bits =
        _mm512_slli_epi64(_mm512_add_epi64(_mm512_cvtpd_epi64(n), _mm512_set1_epi64(1023)), 52);
    return _mm512_maskz_mov_pd((__mmask8)~is_tiny, _mm512_mul_pd(p, _mm512_castsi512_pd(bits)));
}

static void swiglu(float *y, const float *g, const float *u, int64_t n)
{
    int64_t i = 0;
    for (; i + 8 <= n; i += 8) {
        __m256 x = _mm256_loadu_ps(g + i);
        __m512d e = exp8(_mm512_cvtps_pd(_mm256_xor_ps(x, _mm256_set1_ps(-0.0F))));
        __m512d s = _mm512_div_pd(_mm512_cvtps_pd(x), _mm512_add_pd(_mm512_set1_pd(1.0), e));
        _mm256_storeu_ps(y + i, _mm256_mul_ps(_mm512_cvtpd_ps(s), _mm256_loadu_ps(u + i)));
    }
    for (; i < n; i++)
        y[i] = scalar_silu(g[i]) * u[i];
}

static void from_bf16(float *y, const uint16_t *x, int64_t n)
{
    int64_t i = 0;
    for (; i + CPU_LANES <= n; i += CPU_LANES) {
        __m512i u = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const void *)(x + i)));
        _mm512_storeu_ps(y + i, _mm512_castsi512_ps(_mm512_slli_epi32(u, 16)));
    }
    for (; i < n; i++)
        y[i] = scalar_from_bf16(x[i]);
}

static void from_f16(float *y, const uint16_t *x, int64_t n)
{
    int64_t i = 0;
    for (; i + CPU_LANES <= n; i += CPU_LANES)
        _mm512_storeu_ps(y + i, _mm512_cvtph_ps(_mm256_loadu_si256((const void *)(x + i))));
    for (; i < n; i++)
        y[i] = scalar_from_f16(x[i]);
}

INLINE __m512 e4m3(const uint8_t *x)
{
    __m256i u = _mm256_cvtepu8_epi16(_mm_loadu_si128((const void *)x));
    __m256i size = _mm256_and_si256(u, _mm256_set1_epi16(0x7f));
    __m256i sign = _mm256_slli_epi16(_mm256_xor_si256(u, size), 8);
    __m256i nan = _mm256_cmpeq_epi16(size, _mm256_set1_epi16(0x7f));
    __m256i half = _mm256_or_si256(_mm256_or_si256(sign, _mm256_slli_epi16(size, 7)), nan);
    return _mm512_cvtph_ps(half);
}

static void from_e4m3(float *y, const uint8_t *x, const float *scale, int64_t n)
{
    int64_t i = 0;
    for (; i + CPU_LANES <= n; i += CPU_LANES)
        _mm512_storeu_ps(
            y + i, _mm512_mul_ps(e4m3(x + i), _mm512_set1_ps(256.0F * scale[i / KERNEL_BLOCK])));
    for (; i < n; i++)
        y[i] = scalar_from_e4m3(x[i]) * scale[i / KERNEL_BLOCK];
}

static void from_q8(float *y, const int8_t *x, const float *scale, int64_t n)
{
    int64_t i = 0;
    for (; i + CPU_LANES <= n; i += CPU_LANES) {
        __m512i u = _mm512_cvtepi8_epi32(_mm_loadu_si128((const void *)(x + i)));
        _mm512_storeu_ps(y + i, _mm512_mul_ps(_mm512_cvtepi32_ps(u),
                                              _mm512_set1_ps(scale[i / KERNEL_Q8_BLOCK])));
    }
    for (; i < n; i++)
        y[i] = (float)x[i] * scale[i / KERNEL_Q8_BLOCK];
}

const struct cpu_isa cpu_avx512 = {
    .name = "avx512",
    .dots = cpu_dots_avx512,
    .dots_ahead = cpu_dots_ahead_avx512,
    .few = cpu_few_avx512,
    .mix = mix,
    .swiglu = swiglu,
    .from_bf16 = from_bf16,
    .from_f16 = from_f16,
    .from_e4m3 = from_e4m3,
    .from_q8 = from_q8,
};
