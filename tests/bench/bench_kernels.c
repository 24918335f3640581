/* Matrix products of the CPU kernels, one thread: rates in GFLOP/s over rows and stored types.
 * A variant is the number of rows plus 1000 times the stored type. */
#include <stdlib.h>

#include "base/rng.h"
#include "kernels/kernels.h"
#include "tests/bench/bench.h"

enum { SIDE = 1024, TYPES = 1000, ROWS_MOST = 64, SEED = 5 };

struct state {
    struct kernels *k;
    struct kweight w;
    unsigned char *stored;
    float *scale;
    float *x;
    float *y;
    int64_t n_rows;
};

static void close_linear(struct bench_run *r)
{
    struct state *s = r->state;
    kernels_close(s->k);
    free(s->stored);
    free(s->scale);
    free(s->x);
    free(s->y);
    free(s);
}

/* Small numbers in any of the formats: the top bits of an exponent stay clear. */
static void fill(struct state *s)
{
    int64_t n = dtype_size(s->w.dtype) * SIDE * SIDE;
    for (int64_t i = 0; i < n; i++)
        s->stored[i] = (unsigned char)(rng_u64(SEED, 0, (uint64_t)i) & 0x3f);
    for (int64_t i = 0; i < ROWS_MOST * SIDE; i++)
        s->x[i] = (float)rng_unit(SEED, 1, (uint64_t)i);
    for (int i = 0; i < SIDE * SIDE / (KERNEL_BLOCK * KERNEL_BLOCK); i++)
        s->scale[i] = 1.0F;
}

static bool open_state(struct bench_run *r, struct err *e)
{
    struct state *s = r->state;
    struct kernel_limits most = {
        .n_rows = ROWS_MOST, .n_in = SIDE, .n_selected = 1, .n_cached = 1, .n_heads = 1};
    s->n_rows = r->variant % TYPES;
    s->stored = calloc(SIDE * SIDE, sizeof(float));
    s->scale = calloc(SIDE, sizeof *s->scale);
    s->x = calloc(ROWS_MOST * SIDE, sizeof *s->x);
    s->y = calloc(ROWS_MOST * SIDE, sizeof *s->y);
    if (s->stored == NULL || s->scale == NULL || s->x == NULL || s->y == NULL)
        return FAIL(e, ERR_IO, "no memory for a bench");
    s->w = (struct kweight){s->stored, s->scale, (enum dtype)(r->variant / TYPES), SIDE, SIDE};
    fill(s);
    TRY(kernels_cpu_open(&s->k, 1, NULL, e));
    return s->k->ops->reserve(s->k, &most, e);
}

static bool open_linear(struct bench_run *r, struct err *e)
{
    r->state = calloc(1, sizeof(struct state));
    if (r->state == NULL)
        return FAIL(e, ERR_IO, "no memory for a bench");
    r->work = 2.0 * SIDE * SIDE * (r->variant % TYPES);
    if (open_state(r, e))
        return true;
    close_linear(r);
    return false;
}

static bool step_linear(struct bench_run *r, struct err *e)
{
    struct state *s = r->state;
    return s->k->ops->linear(s->k, (struct kmat){s->y, SIDE}, (struct kmat){s->x, SIDE}, &s->w,
                             s->n_rows, e);
}

#define LINEAR(what, dtype, rows)                                                                  \
    {                                                                                              \
        "kernels/linear 1024x1024/" what, "GFLOP/s", 1e9, rows + TYPES *(dtype), open_linear,      \
            step_linear, close_linear                                                              \
    }

const struct bench bench_kernels[] = {
    LINEAR("f32, 1 row", DTYPE_F32, 1),
    LINEAR("f32, 64 rows", DTYPE_F32, 64),
    LINEAR("bf16, 1 row", DTYPE_BF16, 1),
    LINEAR("bf16, 8 rows", DTYPE_BF16, 8),
    LINEAR("bf16, 64 rows", DTYPE_BF16, 64),
    LINEAR("fp8, 1 row", DTYPE_F8_E4M3, 1),
    LINEAR("fp8, 8 rows", DTYPE_F8_E4M3, 8),
    LINEAR("fp8, 64 rows", DTYPE_F8_E4M3, 64),
    {0},
};
