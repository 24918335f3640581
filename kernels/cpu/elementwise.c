/* Ops in which every number comes from few others: copies, sums, SwiGLU, rotary positions. */
#include <math.h>
#include <string.h>

#include "kernels/cpu/cpu.h"
#include "kernels/cpu/scalar.h"

struct rows_job {
    struct kmat y;
    struct kmat a;
    struct kmat b;
    const int32_t *row;
    const struct kpages *cache;
    const struct krows *where;
    int64_t n;
};

static void gather_row(void *ctx, int64_t t, int thread)
{
    (void)thread;
    const struct rows_job *j = ctx;
    memcpy(j->y.at + t * j->y.stride, j->a.at + j->row[t] * j->a.stride,
           (size_t)j->n * sizeof(float));
}

bool cpu_gather(struct kernels *k, struct kmat y, struct kmat x, const int32_t *row, int64_t T,
                int64_t n, struct err *e)
{
    (void)e;
    struct rows_job j = {.y = y, .a = x, .row = row, .n = n};
    cpu_run(cpu_of(k), T, n, gather_row, &j);
    return true;
}

static void add_row(void *ctx, int64_t t, int thread)
{
    (void)thread;
    const struct rows_job *j = ctx;
    float *y = j->y.at + t * j->y.stride;
    const float *x = j->a.at + t * j->a.stride;
    for (int64_t i = 0; i < j->n; i++)
        y[i] += x[i];
}

bool cpu_add(struct kernels *k, struct kmat y, struct kmat x, int64_t T, int64_t n, struct err *e)
{
    (void)e;
    struct rows_job j = {.y = y, .a = x, .n = n};
    cpu_run(cpu_of(k), T, n, add_row, &j);
    return true;
}

static void swiglu_row(void *ctx, int64_t t, int thread)
{
    (void)thread;
    const struct rows_job *j = ctx;
    float *y = j->y.at + t * j->y.stride;
    const float *g = j->a.at + t * j->a.stride;
    const float *u = j->b.at + t * j->b.stride;
    for (int64_t i = 0; i < j->n; i++)
        y[i] = scalar_silu(g[i]) * u[i];
}

bool cpu_swiglu(struct kernels *k, struct kmat y, struct kmat g, struct kmat u, int64_t T,
                int64_t n, struct err *e)
{
    (void)e;
    struct rows_job j = {.y = y, .a = g, .b = u, .n = n};
    cpu_run(cpu_of(k), T, 32 * n, swiglu_row, &j);
    return true;
}

static void put_row(void *ctx, int64_t t, int thread)
{
    (void)thread;
    const struct rows_job *j = ctx;
    cpu_cache_store(j->cache, cpu_cache_row(j->cache, j->where->slot[t], j->where->position[t]),
                    j->a.at + t * j->a.stride);
}

bool cpu_cache_put(struct kernels *k, const struct kpages *cache, const struct krows *rows,
                   struct kmat x, int64_t T, struct err *e)
{
    (void)e;
    struct rows_job j = {.a = x, .cache = cache, .where = rows};
    cpu_run(cpu_of(k), T, cache->dim, put_row, &j);
    return true;
}

bool cpu_rope_table(struct kernels *k, float *table, const int32_t *position, const float *speed,
                    int64_t T, int64_t n, struct err *e)
{
    (void)k;
    (void)e;
    for (int64_t t = 0; t < T; t++)
        for (int64_t i = 0; i < n; i++) {
            double angle = (double)((float)position[t] * speed[i]);
            table[t * 2 * n + i] = (float)cos(angle);
            table[t * 2 * n + n + i] = (float)sin(angle);
        }
    return true;
}

struct rope_job {
    struct kheads y;
    struct kheads x;
    const float *table;
    enum krope layout;
    int64_t n_heads;
    int64_t dim;
};

/* Rotates pair i of one head: numbers a and b of both y and x. */
static void rope_head(const struct rope_job *j, float *y, const float *x, const float *table)
{
    int64_t n = j->dim / 2;
    for (int64_t i = 0; i < n; i++) {
        int64_t a = j->layout == ROPE_PAIRS ? 2 * i : i;
        int64_t b = j->layout == ROPE_PAIRS ? 2 * i + 1 : i + n;
        float xa = x[a];
        float xb = x[b];
        y[a] = xa * table[i] - xb * table[n + i];
        y[b] = xa * table[n + i] + xb * table[i];
    }
}

static void rope_row(void *ctx, int64_t t, int thread)
{
    (void)thread;
    const struct rope_job *j = ctx;
    for (int64_t h = 0; h < j->n_heads; h++)
        rope_head(j, j->y.at + t * j->y.stride + h * j->y.head,
                  j->x.at + t * j->x.stride + h * j->x.head, j->table + t * j->dim);
}

bool cpu_rope(struct kernels *k, struct kheads y, struct kheads x, const float *table,
              enum krope layout, int64_t T, int64_t n_heads, int64_t dim, struct err *e)
{
    (void)e;
    assert(dim % 2 == 0);
    struct rope_job j = {y, x, table, layout, n_heads, dim};
    cpu_run(cpu_of(k), T, n_heads * dim * 4, rope_row, &j);
    return true;
}
