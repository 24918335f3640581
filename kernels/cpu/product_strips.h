/* Strips of tiles; see product.h. The includer has defined tile() and PART_OF(T, K), how much of K
 * a tile takes at a time, and defines tokens(d, place, T, n_rows), which makes T a constant. */
#pragma once
#include "kernels/cpu/product.h"

INLINE struct place at_row(const struct place *p, int64_t r, int64_t acc_row)
{
    struct place q = *p;
    q.row += r;
    q.w += r * p->ldw;
    q.scale += r * p->ld_scale;
    q.acc += acc_row;
    return q;
}

INLINE void some_rows(enum dtype d, const struct place *p, int64_t T, int64_t n_rows, int64_t R)
{
    int64_t r = 0;
    for (; r + R <= n_rows; r += R) {
        struct place q = at_row(p, r, r * T * CPU_LANES);
        tile(d, &q, T, R);
    }
    for (; r < n_rows; r++) {
        struct place q = at_row(p, r, r * T * CPU_LANES);
        tile(d, &q, T, 1);
    }
}

/* A long K is cut where the tokens' numbers of one part still fit the first cache; the sums of at
 * most ROWS_PART rows wait on the stack meanwhile. A sum does not notice. */
INLINE void strip(enum dtype d, const struct place *p, int64_t T, int64_t n_rows, int64_t R)
{
    float acc[ROWS_PART * CPU_FEW * CPU_LANES];
    int64_t K = p->to;
    int64_t part = PART_OF(T, K);
    for (int64_t r = 0; r < n_rows; r += ROWS_PART) {
        struct place q = *p;
        q.acc = acc;
        q = at_row(&q, r, 0);
        for (q.from = 0; q.from < K; q.from += part) {
            q.to = K - q.from < part ? K : q.from + part;
            q.is_first = q.from == 0;
            q.is_last = q.to == K;
            some_rows(d, &q, T, n_rows - r < ROWS_PART ? n_rows - r : ROWS_PART, R);
        }
    }
}

/* The entries of struct cpu_isa. Tokens are cut into strips of nearly equal width, at most WIDE. */
#define FEW(isa, name, d)                                                                          \
    static void few_##name(const struct place *p, int64_t T, int64_t n_rows)                       \
    {                                                                                              \
        tokens(d, p, T, n_rows);                                                                   \
    }

#define PRODUCTS(isa, WIDE)                                                                        \
    FEW(isa, f32, DTYPE_F32)                                                                       \
    FEW(isa, f16, DTYPE_F16)                                                                       \
    FEW(isa, bf16, DTYPE_BF16)                                                                     \
    FEW(isa, e4m3, DTYPE_F8_E4M3)                                                                  \
    FEW(isa, q8, DTYPE_Q8)                                                                         \
    void cpu_few_##isa(float *const *y, const float *const *x, int64_t T,                          \
                       const struct cpu_rows *w, int64_t R, int64_t K)                             \
    {                                                                                              \
        static void (*const few[])(const struct place *, int64_t, int64_t) = {                     \
            [DTYPE_F32] = few_f32,      [DTYPE_F16] = few_f16, [DTYPE_BF16] = few_bf16,            \
            [DTYPE_F8_E4M3] = few_e4m3, [DTYPE_Q8] = few_q8,                                       \
        };                                                                                         \
        struct place p = {.y = y,                                                                  \
                          .x = x,                                                                  \
                          .w = w->at,                                                              \
                          .ldw = w->ld,                                                            \
                          .scale = w->scale != NULL ? w->scale : &no_scale,                        \
                          .ld_scale = w->ld_scale,                                                 \
                          .to = K,                                                                 \
                          .is_cold = true};                                                        \
        assert(T >= 1 && T <= CPU_FEW);                                                            \
        few[w->dtype](&p, T, R);                                                                   \
    }                                                                                              \
    void cpu_dots_ahead_##isa(float *const *y, const float *const *x, int64_t T, const float *w,   \
                              int64_t ldw, int64_t R, int64_t K, struct cpu_ahead *ahead)          \
    {                                                                                              \
        for (int64_t t = 0; t < T;) {                                                              \
            int64_t n = strip_width(T - t, WIDE);                                                  \
            struct place p = {.y = y + t,                                                          \
                              .x = x + t,                                                          \
                              .w = (const unsigned char *)w,                                       \
                              .ldw = ldw * (int64_t)sizeof(float),                                 \
                              .to = K,                                                             \
                              .scale = &no_scale,                                                  \
                              .ahead = ahead};                                                     \
            few_f32(&p, n, R);                                                                     \
            t += n;                                                                                \
        }                                                                                          \
    }                                                                                              \
    void cpu_dots_##isa(float *const *y, const float *const *x, int64_t T, const float *w,         \
                        int64_t ldw, int64_t R, int64_t K)                                         \
    {                                                                                              \
        cpu_dots_ahead_##isa(y, x, T, w, ldw, R, K, NULL);                                         \
    }
