/* What the vector versions of the products share: where a tile works, and how tiles cover a band
 * of rows. A file that includes product_strips.h has defined tile(d, place, T, R): T x R products
 * over a part of K, T and R constants. */
#pragma once
#include "kernels/cpu/cpu.h"
#include "kernels/cpu/scalar.h"

/* Sanitizers check plain functions with ordinary loops: everything unrolled into everything, as the
 * speed needs it, takes clang ten minutes and gigabytes to instrument. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CPU_PLAIN
#endif
#endif

#ifdef CPU_PLAIN
#undef UNROLL
#define UNROLL
#define INLINE static __attribute__((unused))
#else
#define INLINE static inline __attribute__((always_inline))
#endif

enum {
    PART = 1024,   /* numbers of K that tokens are walked over at a time, where K is long */
    ROWS_PART = 24 /* rows whose sums wait meanwhile */
};

/* Where a tile works: T tokens and R rows of K numbers. When K is cut into parts, the sums wait in
 * acc [T][R][16] from one to the next. */
struct place {
    float *const *y; /* [T], output `row` onwards */
    const float *const *x;
    int64_t row;
    const unsigned char *w;
    int64_t ldw; /* bytes */
    const float *scale;
    int64_t ld_scale;
    int64_t from; /* in K */
    int64_t to;
    float *acc;
    bool is_first;
    bool is_last;
    bool is_cold;            /* the rows come from memory: ask for them in time */
    struct cpu_ahead *ahead; /* else, or NULL: ask for this meanwhile */
};

/* For formats without scales: something to point at. */
static const float no_scale = 1.0F;

/* Width of the next strip of n tokens: strips are nearly equal, and at most `widest`. */
static inline int64_t strip_width(int64_t n, int64_t widest)
{
    int64_t n_strips = (n + widest - 1) / widest;
    return (n + n_strips - 1) / n_strips;
}

/* What a tile asks for on its way: a line for every sixteen numbers of K, from here on; NULL: none.
 */
INLINE const char *take_ahead(const struct place *p)
{
    struct cpu_ahead *a = p->ahead;
    if (a == NULL || a->at >= a->end)
        return NULL;
    const char *at = a->at;
    a->at += (p->to - p->from) * (int64_t)sizeof(float);
    return at;
}
