/* Matrix products with AVX-512: one register holds the sixteen sums of one output.
 *
 * A tile is T tokens x R rows of weights, both constants, so that all its sums stay in registers:
 * 6 x 4 of the thirty-two when there are tokens enough, 1 x 8 for a single one, whose speed is
 * that of reading memory in eight streams. Both operands are read along K, sixteen numbers at a
 * time; weights stored narrower are widened on the way, exactly, so nothing is written and read
 * again. At the end of K the sums of a tile are added up together, transposed as they are halved:
 * three instructions an output, where one at a time takes eight. */
#include <immintrin.h>

#include "kernels/cpu/product.h"

#define PART_OF(T, K) ((T) < 3 || (K) <= 2 * PART ? (K) : PART)

enum { TILE_MOST = 24, ROWS_MOST = 4, BLOCK = KERNEL_BLOCK };

/* -- the sixteen sums to one ------------------------------------------------------------------- */

/* One halving of two sets of sums: their upper halves added to their lower ones, side by side. */
INLINE __m512 halve8(__m512 a, __m512 b)
{
    return _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x44), _mm512_shuffle_f32x4(a, b, 0xee));
}

INLINE __m512 halve4(__m512 a, __m512 b)
{
    return _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x88), _mm512_shuffle_f32x4(a, b, 0xdd));
}

INLINE __m512 halve2(__m512 a, __m512 b)
{
    return _mm512_add_ps(_mm512_shuffle_ps(a, b, 0x44), _mm512_shuffle_ps(a, b, 0xee));
}

INLINE __m512 halve1(__m512 a, __m512 b)
{
    return _mm512_add_ps(_mm512_shuffle_ps(a, b, 0x88), _mm512_shuffle_ps(a, b, 0xdd));
}

/* Up to sixteen outputs: number i of s comes out in lane i % 4 * 4 + i / 4. */
INLINE __m512 add_up(const __m512 *s, int64_t n)
{
    __m512 v[16];
    UNROLL
    for (int64_t i = 0; i < 16; i++)
        v[i] = s[i < n ? i : 0];
    UNROLL
    for (int64_t i = 0; i < 8; i++)
        v[i] = 2 * i < n ? halve8(v[2 * i], v[2 * i + 1]) : v[0];
    UNROLL
    for (int64_t i = 0; i < 4; i++)
        v[i] = 4 * i < n ? halve4(v[2 * i], v[2 * i + 1]) : v[0];
    v[0] = halve2(v[0], v[1]);
    v[1] = 8 < n ? halve2(v[2], v[3]) : v[0];
    return halve1(v[0], v[1]);
}

/* -- sixteen stored numbers as f32 ------------------------------------------------------------- */

/* The codes 0x7f and 0xff are not numbers; there is hardly ever one. */
static __attribute__((noinline)) void mark_nans(uint16_t *to, const unsigned char *from, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if ((from[i] & 0x7f) == 0x7f)
            to[i] = 0x7e00;
}

INLINE __mmask64 find_nans(__m512i bytes)
{
    __m512i ones = _mm512_set1_epi8(-1);
    return _mm512_cmpeq_epi8_mask(_mm512_or_si512(bytes, _mm512_set1_epi8(-128)), ones);
}

/* n <= 64 E4M3 bytes as halves that are 2^-8 times too small: the sign moves up, the rest stays in
 * front of seven zeros. The hardware widens halves, subnormals included, at full speed, and from
 * memory in one instruction where from a register it takes two: hence the way through `to`. */
INLINE void halves(uint16_t *to, const unsigned char *from, int64_t n)
{
    __mmask64 in = n >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << n) - 1;
    __m512i u = _mm512_maskz_loadu_epi8(in, from);
    __m512i low = _mm512_cvtepi8_epi16(_mm512_castsi512_si256(u));
    __m512i high = _mm512_cvtepi8_epi16(_mm256_maskz_loadu_epi8((__mmask32)(in >> 32), from + 32));
    __m512i keep = _mm512_set1_epi16((short)0xbfff);
    _mm512_storeu_si512(to, _mm512_and_si512(_mm512_slli_epi16(low, 7), keep));
    _mm512_storeu_si512(to + 32, _mm512_and_si512(_mm512_slli_epi16(high, 7), keep));
    if (__builtin_expect(find_nans(u) != 0, 0))
        mark_nans(to, from, n);
}

INLINE __m512 load(const float *x, __mmask16 in, bool is_whole)
{
    return is_whole ? _mm512_loadu_ps(x) : _mm512_maskz_loadu_ps(in, x);
}

INLINE __m256i load16(const void *x, __mmask16 in, bool is_whole)
{
    return is_whole ? _mm256_loadu_si256(x) : _mm256_maskz_loadu_epi16(in, x);
}

/* Numbers k to k + 15 of a row, those not in the mask 0. */
INLINE __m512 widen(enum dtype d, const unsigned char *row, const float *scale, int64_t k,
                    __mmask16 in, bool is_whole)
{
    const unsigned char *at = row + k * dtype_size(d);
    if (d == DTYPE_F32)
        return load((const float *)(const void *)at, in, is_whole);
    if (d == DTYPE_F16)
        return _mm512_cvtph_ps(load16(at, in, is_whole));
    if (d == DTYPE_BF16)
        return _mm512_castsi512_ps(
            _mm512_slli_epi32(_mm512_cvtepu16_epi32(load16(at, in, is_whole)), 16));
    __m128i u = is_whole ? _mm_loadu_si128((const void *)at) : _mm_maskz_loadu_epi8(in, at);
    return _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(u)),
                         _mm512_set1_ps(scale[k / KERNEL_Q8_BLOCK]));
}

/* -- tiles ------------------------------------------------------------------------------------- */

/* One step of K: sixteen numbers of R rows times those of T tokens. */
INLINE void step(__m512 s[TILE_MOST], const __m512 b[ROWS_MOST], const float *const *x, int64_t k,
                 int64_t T, int64_t R, __mmask16 in, bool is_whole)
{
    UNROLL
    for (int64_t t = 0; t < T; t++) {
        __m512 a = load(x[t] + k, in, is_whole);
        UNROLL
        for (int64_t r = 0; r < R; r++)
            s[t * R + r] = _mm512_fmadd_ps(a, b[r], s[t * R + r]);
    }
}

INLINE void step_stored(enum dtype d, __m512 s[TILE_MOST], const struct place *p, int64_t k,
                        int64_t T, int64_t R, __mmask16 in, bool is_whole)
{
    __m512 b[ROWS_MOST];
    UNROLL
    for (int64_t r = 0; r < R; r++)
        b[r] = widen(d, p->w + r * p->ldw, p->scale + r * p->ld_scale, k, in, is_whole);
    step(s, b, p->x, k, T, R, in, is_whole);
}

INLINE __mmask16 mask_of(int64_t n)
{
    return (__mmask16)((1U << n) - 1U);
}

/* Asks for memory in time. Rows lie and are read one after the other: while line `at` of R rows is
 * used, the same lines of rows 2 R further on are asked for (wide numbers); or, where sixteen
 * numbers are a quarter of a line, as many lines of the next 2 R rows, one a step: in bunches they
 * would wait for each other, and the work for them (q8: 11.8 instead of 10.9 GB/s). */
INLINE void fetch(enum dtype d, const struct place *p, int64_t k, int64_t i, int64_t R)
{
    const char *next = (const char *)p->w + 2 * R * p->ldw;
    if (dtype_size(d) > 1 && i == 0) {
        UNROLL
        for (int64_t r = 0; r < R; r++)
            _mm_prefetch(next + r * p->ldw + k * dtype_size(d), _MM_HINT_T0);
    }
    if (dtype_size(d) == 1) {
        UNROLL
        for (int64_t r = 0; r < R; r += 4)
            _mm_prefetch(next + k * R + (r + i) * 64, _MM_HINT_T0);
    }
}

/* Up to 128 numbers, which share a scale. n is a constant where it is 128. */
INLINE void block_e4m3(__m512 s[TILE_MOST], const struct place *p, int64_t k, int64_t n, int64_t T,
                       int64_t R)
{
    uint16_t half[ROWS_MOST][BLOCK];
    __m512 scale = _mm512_set1_ps(256.0F * p->scale[k / BLOCK]);
    for (int64_t h = 0; h < n; h += 64) {
        UNROLL
        for (int64_t r = 0; r < R; r++)
            halves(half[r] + h, p->w + r * p->ldw + k + h, n - h < 64 ? n - h : 64);
    }
    for (int64_t i = 0; i < n; i += CPU_LANES) {
        __m512 b[ROWS_MOST];
        UNROLL
        for (int64_t r = 0; r < R; r++)
            b[r] = _mm512_mul_ps(_mm512_cvtph_ps(_mm256_loadu_si256((const void *)(half[r] + i))),
                                 scale);
        fetch(DTYPE_F8_E4M3, p, k + i / 64 * 64, i / CPU_LANES % 4, R);
        bool is_whole = n % CPU_LANES == 0 || n - i >= CPU_LANES;
        if (is_whole)
            step(s, b, p->x, k + i, T, R, 0, true);
        else
            step(s, b, p->x, k + i, T, R, mask_of(n - i), false);
    }
}

INLINE void sum_e4m3(__m512 s[TILE_MOST], const struct place *p, int64_t T, int64_t R)
{
    int64_t k = p->from;
    for (; k + BLOCK <= p->to; k += BLOCK)
        block_e4m3(s, p, k, BLOCK, T, R);
    if (k < p->to)
        block_e4m3(s, p, k, p->to - k, T, R);
}

INLINE void sum(enum dtype d, __m512 s[TILE_MOST], const struct place *p, int64_t T, int64_t R)
{
    const int64_t line = 64 / dtype_size(d);
    const char *next = d == DTYPE_F32 ? take_ahead(p) : NULL;
    int64_t k = p->from;
    for (; k + line <= p->to; k += line) {
        if (d == DTYPE_F32 && next != NULL)
            _mm_prefetch(next + (k - p->from) * 4, _MM_HINT_T1);
        UNROLL
        for (int64_t i = 0; i < line; i += CPU_LANES) {
            if (d != DTYPE_F32 || p->is_cold)
                fetch(d, p, k, i / CPU_LANES, R);
            step_stored(d, s, p, k + i, T, R, 0, true);
        }
    }
    for (; k + CPU_LANES <= p->to; k += CPU_LANES)
        step_stored(d, s, p, k, T, R, 0, true);
    if (k < p->to)
        step_stored(d, s, p, k, T, R, mask_of(p->to - k), false);
}

INLINE void put(const struct place *p, const __m512 s[TILE_MOST], int64_t T, int64_t R)
{
    float out[CPU_LANES];
    UNROLL
    for (int64_t g = 0; g < T * R; g += 16) {
        int64_t n = T * R - g < 16 ? T * R - g : 16;
        _mm512_storeu_ps(out, add_up(s + g, n));
        UNROLL
        for (int64_t i = 0; i < n; i++)
            p->y[(g + i) / R][p->row + (g + i) % R] = out[i % 4 * 4 + i / 4];
    }
}

INLINE void tile(enum dtype d, const struct place *p, int64_t T, int64_t R)
{
    __m512 s[TILE_MOST];
    UNROLL
    for (int64_t i = 0; i < T * R; i++)
        s[i] = p->is_first ? _mm512_setzero_ps() : _mm512_loadu_ps(p->acc + i * CPU_LANES);
    if (d == DTYPE_F8_E4M3)
        sum_e4m3(s, p, T, R);
    else
        sum(d, s, p, T, R);
    if (p->is_last) {
        put(p, s, T, R);
        return;
    }
    UNROLL
    for (int64_t i = 0; i < T * R; i++)
        _mm512_storeu_ps(p->acc + i * CPU_LANES, s[i]);
}

/* -- strips: T tokens, T constant, over all rows -------------------------------------------------
 */

#include "kernels/cpu/product_strips.h"

INLINE void tokens(enum dtype d, const struct place *p, int64_t T, int64_t n_rows)
{
    switch (T) {
    case 1:
        strip(d, p, 1, n_rows, 4);
        break;
    case 2:
        strip(d, p, 2, n_rows, 4);
        break;
    case 3:
        strip(d, p, 3, n_rows, 4);
        break;
    case 4:
        strip(d, p, 4, n_rows, 4);
        break;
    case 5:
        strip(d, p, 5, n_rows, 4);
        break;
    case 6:
        strip(d, p, 6, n_rows, 4);
        break;
    case 7:
        strip(d, p, 7, n_rows, 3);
        break;
    default:
        strip(d, p, 8, n_rows, 3);
    }
}

PRODUCTS(avx512, 6)
