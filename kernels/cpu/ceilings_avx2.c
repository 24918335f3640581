/* Twelve sums: two multiply-adds a cycle of latency four or five keep ten in flight, and four of
 * the sixteen registers are left for the factors. */
#include <immintrin.h>

#include "kernels/cpu/ceilings_parts.h"

#define TWELVE(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11)
#define SUM(i)    __m256 s##i = _mm256_setzero_ps();
#define WHOLE(i)  __m256i s##i = _mm256_setzero_si256();
#define KEEP(i)   __asm__ volatile("" ::"x"(s##i));

void ceiling_fma_avx2(int64_t n_rounds)
{
    __m256 a = _mm256_set1_ps(0.5F);
    __m256 b = _mm256_set1_ps(0x1p-20F);
    TWELVE(SUM)
    for (int64_t n = 0; n < n_rounds; n++) {
#define ROUND(i) __asm__ volatile("vfmadd231ps %2, %1, %0" : "+x"(s##i) : "x"(a), "x"(b));
        TWELVE(ROUND)
#undef ROUND
    }
    TWELVE(KEEP)
}

/* Without a dot product of bytes it takes three instructions. */
void ceiling_int8_avx2(int64_t n_rounds)
{
    __m256i a = _mm256_set1_epi8(3);
    __m256i b = _mm256_set1_epi8(-1);
    __m256i one = _mm256_set1_epi16(1);
    TWELVE(WHOLE)
    for (int64_t n = 0; n < n_rounds; n++) {
#define ROUND(i)                                                                                   \
    {                                                                                              \
        __m256i t;                                                                                 \
        __asm__ volatile("vpmaddubsw %3, %2, %1\n\tvpmaddwd %4, %1, %1\n\tvpaddd %1, %0, %0"       \
                         : "+x"(s##i), "=&x"(t)                                                    \
                         : "x"(a), "x"(b), "x"(one));                                              \
    }
        TWELVE(ROUND)
#undef ROUND
    }
    TWELVE(KEEP)
}

void ceiling_int8_avxvnni(int64_t n_rounds)
{
    __m256i a = _mm256_set1_epi8(3);
    __m256i b = _mm256_set1_epi8(-1);
    TWELVE(WHOLE)
    for (int64_t n = 0; n < n_rounds; n++) {
#define ROUND(i) __asm__ volatile("%{vex%} vpdpbusd %2, %1, %0" : "+x"(s##i) : "x"(a), "x"(b));
        TWELVE(ROUND)
#undef ROUND
    }
    TWELVE(KEEP)
}

static uint64_t total(__m256i s)
{
    uint64_t part[4];
    _mm256_storeu_si256((__m256i *)(void *)part, s);
    return part[0] + part[1] + part[2] + part[3];
}

static uint64_t read_all(const unsigned char *at, int64_t n_bytes)
{
    const __m256i *p = (const __m256i *)(const void *)at;
    __m256i s[4] = {0};
    for (int64_t i = 0; i < n_bytes / 32; i += 8) {
        s[0] = _mm256_add_epi64(s[0], _mm256_load_si256(p + i));
        s[1] = _mm256_add_epi64(s[1], _mm256_load_si256(p + i + 1));
        s[2] = _mm256_add_epi64(s[2], _mm256_load_si256(p + i + 2));
        s[3] = _mm256_add_epi64(s[3], _mm256_load_si256(p + i + 3));
        s[0] = _mm256_add_epi64(s[0], _mm256_load_si256(p + i + 4));
        s[1] = _mm256_add_epi64(s[1], _mm256_load_si256(p + i + 5));
        s[2] = _mm256_add_epi64(s[2], _mm256_load_si256(p + i + 6));
        s[3] = _mm256_add_epi64(s[3], _mm256_load_si256(p + i + 7));
    }
    return total(_mm256_add_epi64(_mm256_add_epi64(s[0], s[1]), _mm256_add_epi64(s[2], s[3])));
}

static uint64_t gather(const unsigned char *at, const int64_t *row, int64_t n_rows, int64_t n_bytes)
{
    __m256i s[2] = {0};
    for (int64_t i = 0; i < n_rows; i++) {
        const __m256i *p = (const __m256i *)(const void *)(at + row[i] * n_bytes);
        if (i + CEILING_AHEAD < n_rows)
            ceiling_prefetch(at + row[i + CEILING_AHEAD] * n_bytes, n_bytes);
        for (int64_t j = 0; j < n_bytes / 32; j += 2) {
            s[0] = _mm256_add_epi64(s[0], _mm256_load_si256(p + j));
            s[1] = _mm256_add_epi64(s[1], _mm256_load_si256(p + j + 1));
        }
    }
    return total(_mm256_add_epi64(s[0], s[1]));
}

const struct ceiling_memory ceiling_memory_avx2 = {.read = read_all, .gather = gather};
