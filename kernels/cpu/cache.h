/* Inner loops over the caches, once per instruction set: what attention does with the scores of
 * its heads, and the indexer with the products of its own. Heads lie side by side here, one a lane,
 * so that each lane does its head alone and in order, and widths do not show in a result. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum {
    CACHE_LANES = 16, /* heads of attention side by side */
    CACHE_HALF = 8,   /* of which a loop takes as many at a time */
    CACHE_KEYS = 64   /* keys of the indexer side by side: a page */
};

struct cpu_cache_isa {
    /* p[s * CACHE_LANES + h], heads h < n_heads: scores to probabilities over s < n. The largest
     * is taken off; exp and its sum in double, s ascending; times the inverse rounded to f32. */
    void (*softmax)(float *p, int64_t n, float scale, int64_t n_heads);

    /* y[h][i] = sum_j p[j * CACHE_LANES + h] * x[j][i], by fused multiply-add in ascending j; from
     * 0, or is_more: from what y holds, so that a sum can be taken in parts and is the same */
    void (*mix)(float *const *y, const float *p, int64_t n_heads, const float *const *x, int64_t J,
                int64_t n, bool is_more);

    /* panel[i * CACHE_KEYS + s] = key[s * ld + i], i < dim, s < n <= CACHE_KEYS; 0 beyond n. Keys
     * side by side are what score() wants: one a lane, so that no sum is ever taken across lanes.
     */
    void (*turn)(float *panel, const float *key, int64_t ld, int64_t n, int64_t dim);

    /* score[s] = sum_h max(0, dot(q[h], key s)) * w[h] for the CACHE_KEYS keys of a panel. The dot
     * product is one sum from 0, by fused multiply-add in ascending i; heads ascending, multiply
     * and add apart. w has the scale in it. */
    void (*score)(float *score, const float *panel, const float *q, int64_t ldq, const float *w,
                  int64_t n_heads, int64_t dim);

    /* out[i] = bits of x[i] that order as unsigned numbers as the floats do; -0 and 0 are equal */
    void (*order)(uint32_t *out, const float *x, int64_t n);
};

extern const struct cpu_cache_isa cache_portable;
extern const struct cpu_cache_isa cache_avx2;
extern const struct cpu_cache_isa cache_avx512;

/* The table for an instruction set by its name. */
const struct cpu_cache_isa *cache_isa(const char *name);
