/* The inner loops with AVX-512: isa_avx2.c with one register where that has two. */
#include <immintrin.h>

#include "kernels/cpu/cpu.h"
#include "kernels/cpu/scalar.h"

#define INLINE static inline __attribute__((always_inline))

enum { TILE_R = 4, TILE_T = 6, BLOCK = 128 };

INLINE float reduce(__m512 s)
{
    __m256 a = _mm256_add_ps(_mm512_castps512_ps256(s), _mm512_extractf32x8_ps(s, 1));
    __m128 b = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    b = _mm_add_ps(b, _mm_movehl_ps(b, b));
    return _mm_cvtss_f32(_mm_add_ss(b, _mm_movehdup_ps(b)));
}

INLINE void tile(float *const *y, const float *const *x, int64_t T, const float *w, int64_t ldw,
                 int64_t R, int64_t K)
{
    __m512 s[TILE_T][TILE_R];
    UNROLL
    for (int64_t t = 0; t < T; t++) {
        UNROLL
        for (int64_t r = 0; r < R; r++)
            s[t][r] = _mm512_setzero_ps();
    }
    for (int64_t k = 0; k < K; k += CPU_LANES) {
        __mmask16 in = K - k >= CPU_LANES ? 0xffff : (__mmask16)((1U << (K - k)) - 1U);
        __m512 b[TILE_R];
        UNROLL
        for (int64_t r = 0; r < R; r++)
            b[r] = _mm512_maskz_loadu_ps(in, w + r * ldw + k);
        UNROLL
        for (int64_t t = 0; t < T; t++) {
            __m512 a = _mm512_maskz_loadu_ps(in, x[t] + k);
            UNROLL
            for (int64_t r = 0; r < R; r++)
                s[t][r] = _mm512_fmadd_ps(a, b[r], s[t][r]);
        }
    }
    UNROLL
    for (int64_t t = 0; t < T; t++) {
        UNROLL
        for (int64_t r = 0; r < R; r++)
            y[t][r] = reduce(s[t][r]);
    }
}

INLINE void strip(float *const *y, const float *const *x, int64_t T, const float *w, int64_t ldw,
                  int64_t R, int64_t K)
{
    float *at[TILE_T];
    int64_t r = 0;
    for (; r + TILE_R <= R; r += TILE_R) {
        UNROLL
        for (int64_t t = 0; t < T; t++)
            at[t] = y[t] + r;
        tile(at, x, T, w + r * ldw, ldw, TILE_R, K);
    }
    for (; r < R; r++) {
        UNROLL
        for (int64_t t = 0; t < T; t++)
            at[t] = y[t] + r;
        tile(at, x, T, w + r * ldw, ldw, 1, K);
    }
}

static void dots(float *const *y, const float *const *x, int64_t T, const float *w, int64_t ldw,
                 int64_t R, int64_t K)
{
    int64_t t = 0;
    for (; t + TILE_T <= T; t += TILE_T)
        strip(y + t, x + t, TILE_T, w, ldw, R, K);
    for (; t + 2 <= T; t += 2)
        strip(y + t, x + t, 2, w, ldw, R, K);
    if (t < T)
        strip(y + t, x + t, 1, w, ldw, R, K);
}

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

const struct cpu_isa cpu_avx512 = {
    .name = "avx512",
    .dots = dots,
    .mix = mix,
    .from_bf16 = from_bf16,
    .from_f16 = from_f16,
    .from_e4m3 = from_e4m3,
};
