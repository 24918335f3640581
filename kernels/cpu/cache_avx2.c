/* The inner loops over the caches with AVX2 and FMA. */
#include <immintrin.h>

#include "kernels/cpu/cache.h"
#include "kernels/cpu/cpu.h"

#define INLINE static inline __attribute__((always_inline))

enum { MIX_HEADS = 4, MIX_COLUMNS = 3 };

/* Loads and stores of the first n lanes of eight. */
INLINE __m256i first(int64_t n)
{
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

/* scalar_exp, four at a time. Adding 1.5 * 2^52 leaves the whole number in the lowest bits. */
INLINE __m256d exp4(__m128 x)
{
    const __m256d magic = _mm256_set1_pd(0x1.8p52);
    __m256d z = _mm256_min_pd(_mm256_set1_pd(700.0), _mm256_cvtps_pd(x));
    __m256d t = _mm256_add_pd(_mm256_mul_pd(z, _mm256_set1_pd(1.4426950408889634)), magic);
    __m256d n = _mm256_sub_pd(t, magic);
    __m256d r = _mm256_sub_pd(z, _mm256_mul_pd(n, _mm256_set1_pd(0.6931471805599453)));
    static const double c[9] = {1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24,
                                1.0 / 6,     0.5,        1.0,       1.0};
    __m256d p = _mm256_set1_pd(1.0 / 362880);
    UNROLL
    for (int i = 0; i < 9; i++)
        p = _mm256_add_pd(_mm256_mul_pd(p, r), _mm256_set1_pd(c[i]));
    __m256i bits = _mm256_sub_epi64(_mm256_castpd_si256(t), _mm256_castpd_si256(magic));
    bits = _mm256_slli_epi64(_mm256_add_epi64(bits, _mm256_set1_epi64x(1023)), 52);
    __m256d is_large = _mm256_cmp_pd(z, _mm256_set1_pd(-104.0), _CMP_NLT_UQ);
    return _mm256_and_pd(is_large, _mm256_mul_pd(p, _mm256_castsi256_pd(bits)));
}

INLINE void softmax_half(float *p, int64_t n, float scale, __m256i in)
{
    __m256 top = _mm256_maskload_ps(p, in);
    for (int64_t s = 1; s < n; s++)
        top = _mm256_max_ps(_mm256_maskload_ps(p + s * CACHE_LANES, in), top);
    __m256d low = _mm256_setzero_pd();
    __m256d high = _mm256_setzero_pd();
    __m256 by = _mm256_set1_ps(scale);
    for (int64_t s = 0; s < n; s++) {
        __m256 x = _mm256_maskload_ps(p + s * CACHE_LANES, in);
        x = _mm256_mul_ps(_mm256_sub_ps(x, top), by);
        __m256d a = exp4(_mm256_castps256_ps128(x));
        __m256d b = exp4(_mm256_extractf128_ps(x, 1));
        x = _mm256_set_m128(_mm256_cvtpd_ps(b), _mm256_cvtpd_ps(a));
        _mm256_maskstore_ps(p + s * CACHE_LANES, in, x);
        low = _mm256_add_pd(low, a);
        high = _mm256_add_pd(high, b);
    }
    __m128 a = _mm256_cvtpd_ps(_mm256_div_pd(_mm256_set1_pd(1.0), low));
    __m128 b = _mm256_cvtpd_ps(_mm256_div_pd(_mm256_set1_pd(1.0), high));
    __m256 inverse = _mm256_set_m128(b, a);
    for (int64_t s = 0; s < n; s++) {
        __m256 x = _mm256_maskload_ps(p + s * CACHE_LANES, in);
        _mm256_maskstore_ps(p + s * CACHE_LANES, in, _mm256_mul_ps(x, inverse));
    }
}

static void softmax(float *p, int64_t n, float scale, int64_t n_heads)
{
    for (int64_t h = 0; h < n_heads; h += CACHE_HALF)
        softmax_half(p + h, n, scale, first(n_heads - h));
}

/* H heads by C registers of columns, H and C constant; the mask is for the last register. */
INLINE void mix_tile(float *const *y, const float *p, const float *const *x, int64_t J,
                     int64_t from, int64_t H, int64_t C, __m256i last, bool is_more)
{
    __m256 s[MIX_HEADS][MIX_COLUMNS];
    UNROLL
    for (int64_t h = 0; h < H; h++) {
        UNROLL
        for (int64_t c = 0; c < C; c++)
            s[h][c] = is_more ? _mm256_maskload_ps(y[h] + from + c * 8, last) : _mm256_setzero_ps();
    }
    for (int64_t j = 0; j < J; j++) {
        __m256 v[MIX_COLUMNS];
        UNROLL
        for (int64_t c = 0; c < C; c++)
            v[c] = C > 1 ? _mm256_loadu_ps(x[j] + from + c * 8)
                         : _mm256_maskload_ps(x[j] + from + c * 8, last);
        UNROLL
        for (int64_t h = 0; h < H; h++) {
            __m256 a = _mm256_broadcast_ss(p + j * CACHE_LANES + h);
            UNROLL
            for (int64_t c = 0; c < C; c++)
                s[h][c] = _mm256_fmadd_ps(a, v[c], s[h][c]);
        }
    }
    UNROLL
    for (int64_t h = 0; h < H; h++) {
        UNROLL
        for (int64_t c = 0; c < C; c++)
            _mm256_maskstore_ps(y[h] + from + c * 8, last, s[h][c]);
    }
}

INLINE void mix_columns(float *const *y, const float *p, int64_t n_heads, const float *const *x,
                        int64_t J, int64_t from, int64_t C, __m256i last, bool is_more)
{
    int64_t h = 0;
    for (; h + MIX_HEADS <= n_heads; h += MIX_HEADS)
        mix_tile(y + h, p + h, x, J, from, MIX_HEADS, C, last, is_more);
    for (; h < n_heads; h++)
        mix_tile(y + h, p + h, x, J, from, 1, C, last, is_more);
}

static void mix(float *const *y, const float *p, int64_t n_heads, const float *const *x, int64_t J,
                int64_t n, bool is_more)
{
    int64_t i = 0;
    for (; i + 8 * MIX_COLUMNS <= n; i += (int64_t)8 * MIX_COLUMNS)
        mix_columns(y, p, n_heads, x, J, i, MIX_COLUMNS, first(8), is_more);
    for (; i < n; i += 8)
        mix_columns(y, p, n_heads, x, J, i, 1, first(n - i), is_more);
}

/* -- the indexer ------------------------------------------------------------------------------- */

/* v[r] lane c becomes v[c] lane r. */
INLINE void transpose8(__m256 v[8])
{
    __m256 u[8];
    UNROLL
    for (int i = 0; i < 8; i += 2) {
        u[i] = _mm256_unpacklo_ps(v[i], v[i + 1]);
        u[i + 1] = _mm256_unpackhi_ps(v[i], v[i + 1]);
    }
    UNROLL
    for (int i = 0; i < 8; i += 4) {
        v[i] = _mm256_shuffle_ps(u[i], u[i + 2], 0x44);
        v[i + 1] = _mm256_shuffle_ps(u[i], u[i + 2], 0xee);
        v[i + 2] = _mm256_shuffle_ps(u[i + 1], u[i + 3], 0x44);
        v[i + 3] = _mm256_shuffle_ps(u[i + 1], u[i + 3], 0xee);
    }
    UNROLL
    for (int i = 0; i < 4; i++) {
        u[i] = _mm256_permute2f128_ps(v[i], v[4 + i], 0x20);
        u[4 + i] = _mm256_permute2f128_ps(v[i], v[4 + i], 0x31);
    }
    UNROLL
    for (int i = 0; i < 8; i++)
        v[i] = u[i];
}

INLINE void turn_block(float *panel, const float *key, int64_t ld, int64_t n, int64_t n_numbers)
{
    __m256 v[8];
    UNROLL
    for (int64_t s = 0; s < 8; s++)
        v[s] = s < n ? _mm256_maskload_ps(key + s * ld, first(n_numbers)) : _mm256_setzero_ps();
    transpose8(v);
    UNROLL
    for (int64_t i = 0; i < 8; i++)
        if (i < n_numbers)
            _mm256_storeu_ps(panel + i * CACHE_KEYS, v[i]);
}

static void turn(float *panel, const float *key, int64_t ld, int64_t n, int64_t dim)
{
    for (int64_t s = 0; s < CACHE_KEYS; s += 8)
        for (int64_t i = 0; i < dim; i += 8)
            turn_block(panel + i * CACHE_KEYS + s, key + s * ld + i, ld, n - s, dim - i);
}

/* H heads against sixteen keys, H constant: 6 x 2 sums of the sixteen registers. */
INLINE void score_heads(float *out, const float *panel, const float *q, int64_t ldq, const float *w,
                        int64_t dim, int64_t H)
{
    __m256 s[6][2];
    UNROLL
    for (int64_t h = 0; h < H; h++)
        s[h][0] = s[h][1] = _mm256_setzero_ps();
    for (int64_t i = 0; i < dim; i++) {
        __m256 low = _mm256_loadu_ps(panel + i * CACHE_KEYS);
        __m256 high = _mm256_loadu_ps(panel + i * CACHE_KEYS + 8);
        UNROLL
        for (int64_t h = 0; h < H; h++) {
            __m256 a = _mm256_broadcast_ss(q + h * ldq + i);
            s[h][0] = _mm256_fmadd_ps(a, low, s[h][0]);
            s[h][1] = _mm256_fmadd_ps(a, high, s[h][1]);
        }
    }
    UNROLL
    for (int64_t c = 0; c < 2; c++) {
        __m256 sum = _mm256_loadu_ps(out + c * 8);
        UNROLL
        for (int64_t h = 0; h < H; h++) {
            __m256 v = _mm256_max_ps(s[h][c], _mm256_setzero_ps());
            sum = _mm256_add_ps(sum, _mm256_mul_ps(v, _mm256_broadcast_ss(w + h)));
        }
        _mm256_storeu_ps(out + c * 8, sum);
    }
}

static void score(float *out, const float *panel, const float *q, int64_t ldq, const float *w,
                  int64_t n_heads, int64_t dim)
{
    for (int64_t k = 0; k < CACHE_KEYS; k += 16) {
        int64_t h = 0;
        for (int64_t c = 0; c < 16; c += 8)
            _mm256_storeu_ps(out + k + c, _mm256_setzero_ps());
        for (; h + 6 <= n_heads; h += 6)
            score_heads(out + k, panel + k, q + h * ldq, ldq, w + h, dim, 6);
        for (; h + 4 <= n_heads; h += 4)
            score_heads(out + k, panel + k, q + h * ldq, ldq, w + h, dim, 4);
        for (; h < n_heads; h++)
            score_heads(out + k, panel + k, q + h * ldq, ldq, w + h, dim, 1);
    }
}

static void order(uint32_t *out, const float *x, int64_t n)
{
    for (int64_t i = 0; i < n; i += 8) {
        __m256i in = first(n - i);
        __m256 v = _mm256_add_ps(_mm256_maskload_ps(x + i, in), _mm256_setzero_ps());
        __m256i u = _mm256_castps_si256(v);
        __m256i sign = _mm256_or_si256(_mm256_srai_epi32(u, 31), _mm256_set1_epi32(INT32_MIN));
        _mm256_maskstore_epi32((int *)(void *)(out + i), in, _mm256_xor_si256(u, sign));
    }
}

const struct cpu_cache_isa cache_avx2 = {softmax, mix, turn, score, order};
