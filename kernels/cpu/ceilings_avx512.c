/* ceilings_avx2.c with registers twice as wide and sixteen sums. */
#include <immintrin.h>

#include "kernels/cpu/ceilings_parts.h"

#define SIXTEEN(X)                                                                                 \
    X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15)
#define SUM(i)   __m512 s##i = _mm512_setzero_ps();
#define WHOLE(i) __m512i s##i = _mm512_setzero_si512();
#define KEEP(i)  __asm__ volatile("" ::"v"(s##i));

void ceiling_fma_avx512(int64_t n_rounds)
{
    __m512 a = _mm512_set1_ps(0.5F);
    __m512 b = _mm512_set1_ps(0x1p-20F);
    SIXTEEN(SUM)
    for (int64_t n = 0; n < n_rounds; n++) {
#define ROUND(i) __asm__ volatile("vfmadd231ps %2, %1, %0" : "+v"(s##i) : "v"(a), "v"(b));
        SIXTEEN(ROUND)
#undef ROUND
    }
    SIXTEEN(KEEP)
}

/* The assembler knows these two on every machine; ceilings.c asks whether the processor does. */
void ceiling_bf16_avx512(int64_t n_rounds)
{
    __m512i a = _mm512_set1_epi16(0x3f00); /* 0.5 */
    __m512i b = _mm512_set1_epi16(0x3580); /* 2^-20 */
    SIXTEEN(SUM)
    for (int64_t n = 0; n < n_rounds; n++) {
#define ROUND(i) __asm__ volatile("vdpbf16ps %2, %1, %0" : "+v"(s##i) : "v"(a), "v"(b));
        SIXTEEN(ROUND)
#undef ROUND
    }
    SIXTEEN(KEEP)
}

void ceiling_int8_avx512(int64_t n_rounds)
{
    __m512i a = _mm512_set1_epi8(3);
    __m512i b = _mm512_set1_epi8(-1);
    SIXTEEN(WHOLE)
    for (int64_t n = 0; n < n_rounds; n++) {
#define ROUND(i) __asm__ volatile("vpdpbusd %2, %1, %0" : "+v"(s##i) : "v"(a), "v"(b));
        SIXTEEN(ROUND)
#undef ROUND
    }
    SIXTEEN(KEEP)
}

static uint64_t read_all(const unsigned char *at, int64_t n_bytes)
{
    __m512i s[4] = {0};
    for (int64_t i = 0; i < n_bytes; i += 512) {
        s[0] = _mm512_add_epi64(s[0], _mm512_load_si512(at + i));
        s[1] = _mm512_add_epi64(s[1], _mm512_load_si512(at + i + 64));
        s[2] = _mm512_add_epi64(s[2], _mm512_load_si512(at + i + 128));
        s[3] = _mm512_add_epi64(s[3], _mm512_load_si512(at + i + 192));
        s[0] = _mm512_add_epi64(s[0], _mm512_load_si512(at + i + 256));
        s[1] = _mm512_add_epi64(s[1], _mm512_load_si512(at + i + 320));
        s[2] = _mm512_add_epi64(s[2], _mm512_load_si512(at + i + 384));
        s[3] = _mm512_add_epi64(s[3], _mm512_load_si512(at + i + 448));
    }
    s[0] = _mm512_add_epi64(_mm512_add_epi64(s[0], s[1]), _mm512_add_epi64(s[2], s[3]));
    return (uint64_t)_mm512_reduce_add_epi64(s[0]);
}

static uint64_t gather(const unsigned char *at, const int64_t *row, int64_t n_rows, int64_t n_bytes)
{
    __m512i s = _mm512_setzero_si512();
    for (int64_t i = 0; i < n_rows; i++) {
        const unsigned char *p = at + row[i] * n_bytes;
        if (i + CEILING_AHEAD < n_rows)
            ceiling_prefetch(at + row[i + CEILING_AHEAD] * n_bytes, n_bytes);
        for (int64_t j = 0; j < n_bytes; j += 64)
            s = _mm512_add_epi64(s, _mm512_load_si512(p + j));
    }
    return (uint64_t)_mm512_reduce_add_epi64(s);
}

const struct ceiling_memory ceiling_memory_avx512 = {.read = read_all, .gather = gather};
