/* The loops of ceilings.h, once per instruction set. Used by ceilings.c alone. */
#pragma once
#include "kernels/cpu/ceilings.h"

/* Sum of all 64-bit words of n_bytes, a multiple of 512; of rows at random, prefetched. */
struct ceiling_memory {
    uint64_t (*read)(const unsigned char *at, int64_t n_bytes);
    uint64_t (*gather)(const unsigned char *at, const int64_t *row, int64_t n_rows,
                       int64_t n_bytes);
};

extern const struct ceiling_memory ceiling_memory_portable;
extern const struct ceiling_memory ceiling_memory_avx2;
extern const struct ceiling_memory ceiling_memory_avx512;

void ceiling_fma_portable(int64_t n_rounds);
void ceiling_fma_avx2(int64_t n_rounds);
void ceiling_int8_avx2(int64_t n_rounds);
void ceiling_int8_avxvnni(int64_t n_rounds);
void ceiling_fma_avx512(int64_t n_rounds);
void ceiling_bf16_avx512(int64_t n_rounds);
void ceiling_int8_avx512(int64_t n_rounds);

/* How far ahead of the row being read the next ones are asked for. */
enum { CEILING_AHEAD = 4 };

static inline void ceiling_prefetch(const unsigned char *row, int64_t n_bytes)
{
    for (int64_t i = 0; i < n_bytes; i += 64)
        __builtin_prefetch(row + i);
}
