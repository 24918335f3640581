/* Matrix products with AVX2: the sixteen sums of an output are two registers of eight.
 *
 * Sixteen registers hold twelve sums, so a tile of three or more tokens walks over K twice, first
 * for sums 0 to 7, then for 8 to 15: 6 x 2 outputs then need 8 loads for 12 multiplications, where
 * 3 x 2 outputs with both halves need 10 for 12, and a weight is widened for six tokens instead of
 * three. K is taken in parts, so that the second walk finds its numbers in the first cache. */
#include <immintrin.h>
#include <string.h>

#include "kernels/cpu/product.h"

#define PART_OF(T, K) ((K) <= PART ? (K) : PART)
#define HALF          ((int64_t)8)

/* One load for all rows: left alone, gcc reads memory again in every multiplication. */
#define KEEP(v) __asm__("" : "+x"(v))

enum { SUMS_MOST = 12, OUTPUTS_MOST = 12, ROWS_MOST = 4 };

/* -- the sixteen sums to one ------------------------------------------------------------------- */

INLINE __m256 halve4(__m256 a, __m256 b)
{
    return _mm256_add_ps(_mm256_permute2f128_ps(a, b, 0x20), _mm256_permute2f128_ps(a, b, 0x31));
}

INLINE __m256 halve2(__m256 a, __m256 b)
{
    return _mm256_add_ps(_mm256_shuffle_ps(a, b, 0x44), _mm256_shuffle_ps(a, b, 0xee));
}

INLINE __m256 halve1(__m256 a, __m256 b)
{
    return _mm256_add_ps(_mm256_shuffle_ps(a, b, 0x88), _mm256_shuffle_ps(a, b, 0xdd));
}

/* Up to eight outputs from their sums [n][16]: number i comes out in lane i % 2 * 4 + i / 2. */
INLINE __m256 add_up(const float *s, int64_t n)
{
    __m256 v[8];
    UNROLL
    for (int64_t i = 0; i < 8; i++) {
        const float *at = s + (i < n ? i : 0) * CPU_LANES;
        v[i] = _mm256_add_ps(_mm256_loadu_ps(at), _mm256_loadu_ps(at + HALF));
    }
    UNROLL
    for (int64_t i = 0; i < 4; i++)
        v[i] = 2 * i < n ? halve4(v[2 * i], v[2 * i + 1]) : v[0];
    v[0] = halve2(v[0], v[1]);
    v[1] = 4 < n ? halve2(v[2], v[3]) : v[0];
    return halve1(v[0], v[1]);
}

/* -- eight stored numbers as f32 --------------------------------------------------------------- */

INLINE __m256i mask_of(int64_t n)
{
    __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(n < 0 ? 0 : (int)(n > HALF ? HALF : n)), lane);
}

INLINE __m256 load(const float *x, __m256i in, bool is_whole)
{
    return is_whole ? _mm256_loadu_ps(x) : _mm256_maskload_ps(x, in);
}

/* What a part of some E4M3 rows is made into before the walks over it: halves that are 2^-8 times
 * too small, and the scales that make up for it. */
struct made {
    uint16_t half[ROWS_MOST][PART];
    float scale[PART / KERNEL_BLOCK];
};

/* The codes 0x7f and 0xff are not numbers; there is hardly ever one. */
static __attribute__((noinline)) void mark_nans(uint16_t *to, const unsigned char *from, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if ((from[i] & 0x7f) == 0x7f)
            to[i] = 0x7e00;
}

/* 32 E4M3 bytes: the sign moves up, the rest stays in front of seven zeros. The hardware widens
 * halves, subnormals included, at full speed. */
INLINE void halves(uint16_t *to, const unsigned char *from)
{
    __m256i u = _mm256_loadu_si256((const void *)from);
    __m256i keep = _mm256_set1_epi16((short)0xbfff);
    __m256i low = _mm256_cvtepi8_epi16(_mm256_castsi256_si128(u));
    __m256i high = _mm256_cvtepi8_epi16(_mm256_extracti128_si256(u, 1));
    _mm256_storeu_si256((void *)to, _mm256_and_si256(_mm256_slli_epi16(low, 7), keep));
    _mm256_storeu_si256((void *)(to + 16), _mm256_and_si256(_mm256_slli_epi16(high, 7), keep));
    __m256i nan =
        _mm256_cmpeq_epi8(_mm256_or_si256(u, _mm256_set1_epi8(-128)), _mm256_set1_epi8(-1));
    if (__builtin_expect(_mm256_movemask_epi8(nan) != 0, 0))
        mark_nans(to, from, 32);
}

static void make_row(uint16_t *to, const unsigned char *from, int64_t n)
{
    unsigned char rest[32] = {0};
    int64_t i = 0;
    for (; i + 32 <= n; i += 32)
        halves(to + i, from + i);
    if (i < n) {
        memcpy(rest, from + i, (size_t)(n - i));
        halves(to + i, rest);
    }
}

INLINE void make(struct made *m, const struct place *p, int64_t R)
{
    for (int64_t r = 0; r < R; r++)
        make_row(m->half[r], p->w + r * p->ldw + p->from, p->to - p->from);
    for (int64_t k = p->from; k < p->to; k += KERNEL_BLOCK)
        m->scale[(k - p->from) / KERNEL_BLOCK] = 256.0F * p->scale[k / KERNEL_BLOCK];
}

/* Numbers k to k + 7 of a row; those beyond the n that are left are 0. */
INLINE __m256 widen(enum dtype d, const unsigned char *row, const float *scale, int64_t k,
                    int64_t n, bool is_whole)
{
    const unsigned char *at = row + k * dtype_size(d);
    unsigned char few[16] = {0};
    if (d == DTYPE_F32)
        return load((const float *)(const void *)at, mask_of(n), is_whole);
    if (!is_whole) {
        for (int64_t i = 0; i < (n < HALF ? n : HALF) * dtype_size(d); i++)
            few[i] = at[i];
        at = few;
    }
    if (d == DTYPE_F16)
        return _mm256_cvtph_ps(_mm_loadu_si128((const void *)at));
    if (d == DTYPE_BF16)
        return _mm256_castsi256_ps(
            _mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128((const void *)at)), 16));
    __m128i u = _mm_loadl_epi64((const void *)at);
    return _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(u)),
                         _mm256_set1_ps(scale[k / KERNEL_Q8_BLOCK]));
}

/* -- tiles ------------------------------------------------------------------------------------- */

/* Eight numbers of K from k on: R rows times T tokens. */
INLINE void step(enum dtype d, __m256 s[SUMS_MOST], const struct place *p, const struct made *m,
                 int64_t k, int64_t T, int64_t R, bool is_whole)
{
    __m256 b[ROWS_MOST];
    int64_t i = k - p->from;
    UNROLL
    for (int64_t r = 0; r < R; r++) {
        if (d == DTYPE_F8_E4M3)
            b[r] = _mm256_mul_ps(_mm256_cvtph_ps(_mm_loadu_si128((const void *)(m->half[r] + i))),
                                 _mm256_set1_ps(m->scale[i / KERNEL_BLOCK]));
        else
            b[r] = widen(d, p->w + r * p->ldw, p->scale + r * p->ld_scale, k, p->to - k, is_whole);
    }
    UNROLL
    for (int64_t t = 0; t < T; t++) {
        __m256 a = load(p->x[t] + k, mask_of(p->to - k), is_whole);
        KEEP(a);
        UNROLL
        for (int64_t r = 0; r < R; r++)
            s[t * R + r] = _mm256_fmadd_ps(a, b[r], s[t * R + r]);
    }
}

/* Asks for the lines of the rows that come 2 R rows later. */
INLINE void fetch(enum dtype d, const struct place *p, int64_t k, int64_t R)
{
    UNROLL
    for (int64_t r = 0; r < R; r++)
        _mm_prefetch((const char *)p->w + (2 * R + r) * p->ldw + k * dtype_size(d), _MM_HINT_T0);
}

/* H halves of the sums of T x R outputs over the part, from and to acc; `half` is the first. */
INLINE void walk(enum dtype d, const struct place *p, const struct made *m, int64_t half, int64_t T,
                 int64_t R, int64_t H)
{
    float *acc = p->acc;
    __m256 s[2][SUMS_MOST];
    const int64_t line = 64 / dtype_size(d);
    const char *next = d == DTYPE_F32 && half == 0 ? take_ahead(p) : NULL;
    int64_t k = p->from;
    UNROLL
    for (int64_t i = 0; i < T * R; i++) {
        UNROLL
        for (int64_t h = 0; h < H; h++)
            s[h][i] = p->is_first ? _mm256_setzero_ps()
                                  : _mm256_loadu_ps(acc + i * CPU_LANES + (half + h) * HALF);
    }
    for (; k + CPU_LANES <= p->to; k += CPU_LANES) {
        if (half == 0 && p->is_cold && k % line == 0)
            fetch(d, p, k, R);
        if (d == DTYPE_F32 && next != NULL)
            _mm_prefetch(next + (k - p->from) * 4, _MM_HINT_T1);
        UNROLL
        for (int64_t h = 0; h < H; h++)
            step(d, s[h], p, m, k + (half + h) * HALF, T, R, true);
    }
    if (k < p->to) {
        UNROLL
        for (int64_t h = 0; h < H; h++)
            if (k + (half + h) * HALF < p->to)
                step(d, s[h], p, m, k + (half + h) * HALF, T, R, false);
    }
    UNROLL
    for (int64_t i = 0; i < T * R; i++) {
        UNROLL
        for (int64_t h = 0; h < H; h++)
            _mm256_storeu_ps(acc + i * CPU_LANES + (half + h) * HALF, s[h][i]);
    }
}

INLINE void put(const struct place *p, const float *acc, int64_t T, int64_t R)
{
    float out[HALF];
    UNROLL
    for (int64_t g = 0; g < T * R; g += HALF) {
        int64_t n = T * R - g < HALF ? T * R - g : HALF;
        _mm256_storeu_ps(out, add_up(acc + g * CPU_LANES, n));
        UNROLL
        for (int64_t i = 0; i < n; i++)
            p->y[(g + i) / R][p->row + (g + i) % R] = out[i % 2 * 4 + i / 2];
    }
}

INLINE void tile(enum dtype d, const struct place *p, int64_t T, int64_t R)
{
    struct made made;
    if (d == DTYPE_F8_E4M3)
        make(&made, p, R);
    if (T < 3) {
        walk(d, p, &made, 0, T, R, 2);
    } else {
        walk(d, p, &made, 0, T, R, 1);
        walk(d, p, &made, 1, T, R, 1);
    }
    if (p->is_last)
        put(p, p->acc, T, R);
}

/* -- strips: T tokens, T constant, over all rows ----------------------------------------------- */

#include "kernels/cpu/product_strips.h"

INLINE void tokens(enum dtype d, const struct place *p, int64_t T, int64_t n_rows)
{
    switch (T) {
    case 1:
        strip(d, p, 1, n_rows, 4);
        break;
    case 2:
        strip(d, p, 2, n_rows, 3);
        break;
    case 3:
        strip(d, p, 3, n_rows, 4);
        break;
    case 4:
        strip(d, p, 4, n_rows, 3);
        break;
    case 5:
        strip(d, p, 5, n_rows, 2);
        break;
    case 6:
        strip(d, p, 6, n_rows, 2);
        break;
    case 7:
        strip(d, p, 7, n_rows, 1);
        break;
    default:
        strip(d, p, 8, n_rows, 1);
    }
}

PRODUCTS(avx2, 6)
