/* The inner loops with AVX2 and FMA: one dot product is two registers of eight sums. */
#include <immintrin.h>

#include "kernels/cpu/cpu.h"
#include "kernels/cpu/scalar.h"

#define INLINE static inline __attribute__((always_inline))

enum { TILE_R = 2, TILE_T = 3 };
#define HALF ((int64_t)8)

/* The 16 sums to one: 8 apart, 4 apart, 2 apart, 1 apart. */
INLINE float reduce(__m256 low, __m256 high)
{
    __m256 a = _mm256_add_ps(low, high);
    __m128 b = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    b = _mm_add_ps(b, _mm_movehl_ps(b, b));
    return _mm_cvtss_f32(_mm_add_ss(b, _mm_movehdup_ps(b)));
}

/* Loads that read 0 beyond n: lanes [from, from + 8) of the last, short group. */
INLINE __m256i tail_mask(int64_t n_left)
{
    __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    int n = n_left < 0 ? 0 : n_left > HALF ? (int)HALF : (int)n_left;
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), lane);
}

/* R x T dot products side by side. R and T are constants at every call, so that the loops
 * unroll and the sums stay in registers: 2 x 3 x 2 of the sixteen. */
INLINE void tile(float *const *y, const float *const *x, int64_t T, const float *w, int64_t ldw,
                 int64_t R, int64_t K)
{
    __m256 s[TILE_T][TILE_R][2];
    UNROLL
    for (int64_t t = 0; t < T; t++) {
        UNROLL
        for (int64_t r = 0; r < R; r++)
            s[t][r][0] = s[t][r][1] = _mm256_setzero_ps();
    }
    int64_t k = 0;
    for (; k + CPU_LANES <= K; k += CPU_LANES) {
        UNROLL
        for (int64_t h = 0; h < 2; h++) {
            __m256 b[TILE_R];
            UNROLL
            for (int64_t r = 0; r < R; r++)
                b[r] = _mm256_loadu_ps(w + r * ldw + k + h * HALF);
            UNROLL
            for (int64_t t = 0; t < T; t++) {
                __m256 a = _mm256_loadu_ps(x[t] + k + h * HALF);
                UNROLL
                for (int64_t r = 0; r < R; r++)
                    s[t][r][h] = _mm256_fmadd_ps(a, b[r], s[t][r][h]);
            }
        }
    }
    UNROLL
    for (int64_t h = 0; h < 2 && k < K; h++) {
        __m256i mask = tail_mask(K - k - h * HALF);
        UNROLL
        for (int64_t t = 0; t < T; t++) {
            __m256 a = _mm256_maskload_ps(x[t] + k + h * HALF, mask);
            UNROLL
            for (int64_t r = 0; r < R; r++) {
                __m256 b = _mm256_maskload_ps(w + r * ldw + k + h * HALF, mask);
                s[t][r][h] = _mm256_fmadd_ps(a, b, s[t][r][h]);
            }
        }
    }
    UNROLL
    for (int64_t t = 0; t < T; t++) {
        UNROLL
        for (int64_t r = 0; r < R; r++)
            y[t][r] = reduce(s[t][r][0], s[t][r][1]);
    }
}

/* All rows of w against T tokens, T constant. */
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
    UNROLL
    for (int64_t t = 0; t < T; t++)
        at[t] = y[t] + r;
    if (r < R)
        tile(at, x, T, w + r * ldw, ldw, 1, K);
}

static void dots(float *const *y, const float *const *x, int64_t T, const float *w, int64_t ldw,
                 int64_t R, int64_t K)
{
    int64_t t = 0;
    for (; t + TILE_T <= T; t += TILE_T)
        strip(y + t, x + t, TILE_T, w, ldw, R, K);
    if (T - t == 2)
        strip(y + t, x + t, 2, w, ldw, R, K);
    else if (T - t == 1)
        strip(y + t, x + t, 1, w, ldw, R, K);
}

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

const struct cpu_isa cpu_avx2 = {
    .name = "avx2",
    .dots = dots,
    .mix = mix,
    .from_bf16 = from_bf16,
    .from_f16 = from_f16,
    .from_e4m3 = from_e4m3,
};
