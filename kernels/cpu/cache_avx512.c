/* The inner loops over the caches with AVX-512. */
#include <immintrin.h>

#include "kernels/cpu/cache.h"
#include "kernels/cpu/cpu.h"

#define INLINE static inline __attribute__((always_inline))

enum { MIX_HEADS = 8, MIX_COLUMNS = 3 };

/* scalar_exp, eight at a time. Adding 1.5 * 2^52 leaves the whole number in the lowest bits. */
INLINE __m512d exp8(__m256 x)
{
    const __m512d magic = _mm512_set1_pd(0x1.8p52);
    __m512d z = _mm512_min_pd(_mm512_set1_pd(700.0), _mm512_cvtps_pd(x));
    __m512d t = _mm512_add_pd(_mm512_mul_pd(z, _mm512_set1_pd(1.4426950408889634)), magic);
    __m512d n = _mm512_sub_pd(t, magic);
    __m512d r = _mm512_sub_pd(z, _mm512_mul_pd(n, _mm512_set1_pd(0.6931471805599453)));
    static const double c[9] = {1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24,
                                1.0 / 6,     0.5,        1.0,       1.0};
    __m512d p = _mm512_set1_pd(1.0 / 362880);
    UNROLL
    for (int i = 0; i < 9; i++)
        p = _mm512_add_pd(_mm512_mul_pd(p, r), _mm512_set1_pd(c[i]));
    __m512i bits = _mm512_sub_epi64(_mm512_castpd_si512(t), _mm512_castpd_si512(magic));
    bits = _mm512_slli_epi64(_mm512_add_epi64(bits, _mm512_set1_epi64(1023)), 52);
    __mmask8 is_large = _mm512_cmp_pd_mask(z, _mm512_set1_pd(-104.0), _CMP_NLT_UQ);
    return _mm512_maskz_mul_pd(is_large, p, _mm512_castsi512_pd(bits));
}

INLINE void softmax_half(float *p, int64_t n, float scale, __mmask8 in)
{
    __m256 top = _mm256_maskz_loadu_ps(in, p);
    for (int64_t s = 1; s < n; s++)
        top = _mm256_max_ps(_mm256_maskz_loadu_ps(in, p + s * CACHE_LANES), top);
    __m512d sum = _mm512_setzero_pd();
    __m256 by = _mm256_set1_ps(scale);
    for (int64_t s = 0; s < n; s++) {
        __m256 x = _mm256_maskz_loadu_ps(in, p + s * CACHE_LANES);
        __m512d v = exp8(_mm256_mul_ps(_mm256_sub_ps(x, top), by));
        _mm256_mask_storeu_ps(p + s * CACHE_LANES, in, _mm512_cvtpd_ps(v));
        sum = _mm512_add_pd(sum, v);
    }
    __m256 inverse = _mm512_cvtpd_ps(_mm512_div_pd(_mm512_set1_pd(1.0), sum));
    for (int64_t s = 0; s < n; s++) {
        __m256 x = _mm256_maskz_loadu_ps(in, p + s * CACHE_LANES);
        _mm256_mask_storeu_ps(p + s * CACHE_LANES, in, _mm256_mul_ps(x, inverse));
    }
}

static void softmax(float *p, int64_t n, float scale, int64_t n_heads)
{
    for (int64_t h = 0; h < n_heads; h += CACHE_HALF) {
        int64_t n_here = n_heads - h < CACHE_HALF ? n_heads - h : CACHE_HALF;
        softmax_half(p + h, n, scale, (__mmask8)((1U << n_here) - 1U));
    }
}

/* H heads by C registers of columns, H and C constant; the mask is for the last register. */
INLINE void mix_tile(float *const *y, const float *p, const float *const *x, int64_t J,
                     int64_t from, int64_t H, int64_t C, __mmask16 last, bool is_more)
{
    __m512 s[MIX_HEADS][MIX_COLUMNS];
    UNROLL
    for (int64_t h = 0; h < H; h++) {
        UNROLL
        for (int64_t c = 0; c < C; c++)
            s[h][c] = !is_more    ? _mm512_setzero_ps()
                      : c + 1 < C ? _mm512_loadu_ps(y[h] + from + c * 16)
                                  : _mm512_maskz_loadu_ps(last, y[h] + from + c * 16);
    }
    for (int64_t j = 0; j < J; j++) {
        __m512 v[MIX_COLUMNS];
        UNROLL
        for (int64_t c = 0; c < C; c++)
            v[c] = c + 1 < C ? _mm512_loadu_ps(x[j] + from + c * 16)
                             : _mm512_maskz_loadu_ps(last, x[j] + from + c * 16);
        UNROLL
        for (int64_t h = 0; h < H; h++) {
            __m512 a = _mm512_set1_ps(p[j * CACHE_LANES + h]);
            UNROLL
            for (int64_t c = 0; c < C; c++)
                s[h][c] = _mm512_fmadd_ps(a, v[c], s[h][c]);
        }
    }
    UNROLL
    for (int64_t h = 0; h < H; h++) {
        UNROLL
        for (int64_t c = 0; c < C; c++)
            _mm512_mask_storeu_ps(y[h] + from + c * 16, c + 1 < C ? 0xffff : last, s[h][c]);
    }
}

INLINE void mix_columns(float *const *y, const float *p, int64_t n_heads, const float *const *x,
                        int64_t J, int64_t from, int64_t C, __mmask16 last, bool is_more)
{
    int64_t h = 0;
    for (; h + 8 <= n_heads; h += 8)
        mix_tile(y + h, p + h, x, J, from, 8, C, last, is_more);
    for (; h + 4 <= n_heads; h += 4)
        mix_tile(y + h, p + h, x, J, from, 4, C, last, is_more);
    for (; h < n_heads; h++)
        mix_tile(y + h, p + h, x, J, from, 1, C, last, is_more);
}

static void mix(float *const *y, const float *p, int64_t n_heads, const float *const *x, int64_t J,
                int64_t n, bool is_more)
{
    int64_t i = 0;
    for (; i + 16 * MIX_COLUMNS <= n; i += (int64_t)16 * MIX_COLUMNS)
        mix_columns(y, p, n_heads, x, J, i, MIX_COLUMNS, 0xffff, is_more);
    for (; i < n; i += 16) {
        int64_t n_left = n - i < 16 ? n - i : 16;
        mix_columns(y, p, n_heads, x, J, i, 1, (__mmask16)((1U << n_left) - 1U), is_more);
    }
}

/* -- the indexer ------------------------------------------------------------------------------- */

/* v[r] lane c becomes v[c] lane r: pairs of lanes, of pairs, of quarters. */
INLINE void transpose16(__m512 v[16])
{
    __m512 u[16];
    UNROLL
    for (int i = 0; i < 16; i += 2) {
        u[i] = _mm512_unpacklo_ps(v[i], v[i + 1]);
        u[i + 1] = _mm512_unpackhi_ps(v[i], v[i + 1]);
    }
    UNROLL
    for (int i = 0; i < 16; i += 4) {
        v[i] = _mm512_shuffle_ps(u[i], u[i + 2], 0x44);
        v[i + 1] = _mm512_shuffle_ps(u[i], u[i + 2], 0xee);
        v[i + 2] = _mm512_shuffle_ps(u[i + 1], u[i + 3], 0x44);
        v[i + 3] = _mm512_shuffle_ps(u[i + 1], u[i + 3], 0xee);
    }
    UNROLL
    for (int i = 0; i < 4; i++) {
        u[i] = _mm512_shuffle_f32x4(v[i], v[4 + i], 0x88);
        u[4 + i] = _mm512_shuffle_f32x4(v[i], v[4 + i], 0xdd);
        u[8 + i] = _mm512_shuffle_f32x4(v[8 + i], v[12 + i], 0x88);
        u[12 + i] = _mm512_shuffle_f32x4(v[8 + i], v[12 + i], 0xdd);
    }
    UNROLL
    for (int i = 0; i < 4; i++) {
        v[i] = _mm512_shuffle_f32x4(u[i], u[8 + i], 0x88);
        v[8 + i] = _mm512_shuffle_f32x4(u[i], u[8 + i], 0xdd);
        v[4 + i] = _mm512_shuffle_f32x4(u[4 + i], u[12 + i], 0x88);
        v[12 + i] = _mm512_shuffle_f32x4(u[4 + i], u[12 + i], 0xdd);
    }
}

/* Sixteen keys, of which n are there, by sixteen numbers, of which the mask names those. */
INLINE void turn_block(float *panel, const float *key, int64_t ld, int64_t n, int64_t n_numbers)
{
    __mmask16 in = (__mmask16)((1U << n_numbers) - 1U);
    __m512 v[16];
    UNROLL
    for (int64_t s = 0; s < 16; s++)
        v[s] = s < n ? _mm512_maskz_loadu_ps(in, key + s * ld) : _mm512_setzero_ps();
    transpose16(v);
    UNROLL
    for (int64_t i = 0; i < 16; i++)
        if (i < n_numbers)
            _mm512_storeu_ps(panel + i * CACHE_KEYS, v[i]);
}

static void turn(float *panel, const float *key, int64_t ld, int64_t n, int64_t dim)
{
    for (int64_t s = 0; s < CACHE_KEYS; s += 16)
        for (int64_t i = 0; i < dim; i += 16) {
            float *to = panel + i * CACHE_KEYS + s;
            const float *from = key + s * ld + i;
            if (n - s >= 16 && dim - i >= 16)
                turn_block(to, from, ld, 16, 16);
            else
                turn_block(to, from, ld, n - s < 16 ? n - s : 16, dim - i < 16 ? dim - i : 16);
        }
}

/* H heads against the 64 keys, H constant: 4 x 4 sums, beside 4 for the scores. */
INLINE void score_heads(__m512 sum[4], const float *panel, const float *q, int64_t ldq,
                        const float *w, int64_t dim, int64_t H)
{
    __m512 s[4][4];
    UNROLL
    for (int64_t h = 0; h < H; h++) {
        UNROLL
        for (int64_t c = 0; c < 4; c++)
            s[h][c] = _mm512_setzero_ps();
    }
    for (int64_t i = 0; i < dim; i++) {
        __m512 v[4];
        UNROLL
        for (int64_t c = 0; c < 4; c++)
            v[c] = _mm512_loadu_ps(panel + i * CACHE_KEYS + c * 16);
        UNROLL
        for (int64_t h = 0; h < H; h++) {
            __m512 a = _mm512_set1_ps(q[h * ldq + i]);
            UNROLL
            for (int64_t c = 0; c < 4; c++)
                s[h][c] = _mm512_fmadd_ps(a, v[c], s[h][c]);
        }
    }
    UNROLL
    for (int64_t h = 0; h < H; h++) {
        UNROLL
        for (int64_t c = 0; c < 4; c++) {
            __m512 v = _mm512_max_ps(s[h][c], _mm512_setzero_ps());
            sum[c] = _mm512_add_ps(sum[c], _mm512_mul_ps(v, _mm512_set1_ps(w[h])));
        }
    }
}

static void score(float *out, const float *panel, const float *q, int64_t ldq, const float *w,
                  int64_t n_heads, int64_t dim)
{
    __m512 sum[4];
    int64_t h = 0;
    UNROLL
    for (int64_t c = 0; c < 4; c++)
        sum[c] = _mm512_setzero_ps();
    for (; h + 4 <= n_heads; h += 4)
        score_heads(sum, panel, q + h * ldq, ldq, w + h, dim, 4);
    for (; h < n_heads; h++)
        score_heads(sum, panel, q + h * ldq, ldq, w + h, dim, 1);
    UNROLL
    for (int64_t c = 0; c < 4; c++)
        _mm512_storeu_ps(out + c * 16, sum[c]);
}

static void order(uint32_t *out, const float *x, int64_t n)
{
    for (int64_t i = 0; i < n; i += 16) {
        int64_t n_left = n - i < 16 ? n - i : 16;
        __mmask16 in = (__mmask16)((1U << n_left) - 1U);
        __m512 v = _mm512_add_ps(_mm512_maskz_loadu_ps(in, x + i), _mm512_setzero_ps());
        __m512i u = _mm512_castps_si512(v);
        __m512i sign = _mm512_or_si512(_mm512_srai_epi32(u, 31), _mm512_set1_epi32(INT32_MIN));
        _mm512_mask_storeu_epi32(out + i, in, _mm512_xor_si512(u, sign));
    }
}

const struct cpu_cache_isa cache_avx512 = {softmax, mix, turn, score, order};
