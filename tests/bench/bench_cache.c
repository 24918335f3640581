/* Attention and the lightning indexer over a long context, one thread: the shapes of ds-mini (16
 * heads; indexer 16 x 128, 512 kept) and of the released model (128 heads; 64 x 128, 2048 kept),
 * rows of 576 numbers of which 512 are values.
 *
 * "1 row" is decoding, more rows are a chunk of one prompt that ends where the context does. Pages
 * lie in random order. The indexer's rate counts its products alone, so that selecting and widening
 * show as a lower rate. Rates are per second of the thread's own time: a busy machine disturbs
 * them less. Time of a step: size / rate. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/rng.h"
#include "kernels/kernels.h"
#include "tests/bench/bench.h"

enum { DIM = 576, RANK = 512, KEY = 128, SEED = 9, STEP_MS = 20 };

enum what { ATTEND, INDEX };
enum shape { MINI, REAL };

static const struct shape_sizes {
    int64_t n_heads;
    int64_t n_index_heads;
    int64_t topk;
} shapes[] = {{16, 16, 512}, {128, 64, 2048}};

struct state {
    struct kernels *k;
    struct kpages cache;
    struct krows rows;
    struct kselect which;
    void *pool;
    int32_t *table;
    int32_t *slot;
    int32_t *position;
    float *q;
    float *w;
    float *y;
    enum what what;
    int64_t T;
    int64_t n_heads;
    int64_t topk;
};

/* A variant: context in thousands, rows, format, shape, op. */
enum { BY_ROWS = 100, BY_TYPE = 100000, BY_SHAPE = 1000000, BY_WHAT = 10000000 };

static int64_t thread_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void close_cache(struct bench_run *r)
{
    struct state *s = r->state;
    kernels_close(s->k);
    free(s->pool);
    free(s->table);
    free(s->slot);
    free(s->position);
    free(s->which.at);
    free(s->which.n);
    free(s->q);
    free(s->w);
    free(s->y);
    free(s);
}

static bool numbers(int64_t n, uint64_t which, float **out, struct err *e)
{
    *out = aligned_alloc(64, (size_t)(n + 15) / 16 * 64);
    if (*out == NULL)
        return FAIL(e, ERR_IO, "no memory for a bench");
    for (int64_t i = 0; i < n; i++)
        (*out)[i] = (float)rng_unit(SEED, which, (uint64_t)i) - 0.5F;
    return true;
}

static bool integers(int64_t n, int32_t **out, struct err *e)
{
    *out = calloc((size_t)n, sizeof **out);
    return *out != NULL || FAIL(e, ERR_IO, "no memory for a bench");
}

/* Pages in random order, rows drawn and stored through the op. */
static bool fill_cache(struct state *s, int64_t n_cached, struct err *e)
{
    int64_t n_pages = n_cached / KERNEL_PAGE;
    int64_t n_bytes = n_cached * kpages_row_bytes(&s->cache);
    s->pool = aligned_alloc(64, (size_t)(n_bytes + 63) / 64 * 64);
    if (s->pool == NULL)
        return FAIL(e, ERR_IO, "no memory for a bench");
    TRY(integers(n_pages, &s->table, e));
    for (int64_t i = 0; i < n_pages; i++) {
        int64_t from = (int64_t)rng_below(SEED, 1, (uint64_t)i, (uint64_t)i + 1);
        s->table[i] = s->table[from];
        s->table[from] = (int32_t)i;
    }
    s->cache.pool = s->pool;
    s->cache.table = s->table;
    s->cache.n_table = n_pages;
    float *x = NULL;
    TRY(numbers(KERNEL_PAGE * s->cache.dim, 2, &x, e));
    bool ok = true;
    for (int32_t i = 0; ok && i < n_cached; i++) {
        int32_t slot = 0;
        struct krows where = {&slot, &i};
        struct kmat row = {x + i % KERNEL_PAGE * s->cache.dim, s->cache.dim};
        row.at[i % s->cache.dim] += 0.01F; /* no two rows alike */
        ok = s->k->ops->cache_put(s->k, &s->cache, &where, row, 1, e);
    }
    free(x);
    return ok;
}

/* Each row's positions, spread over all it sees. */
static void choose(struct state *s)
{
    for (int64_t t = 0; t < s->T; t++) {
        int64_t n_seen = s->position[t] + 1;
        int64_t n = n_seen < s->topk ? n_seen : s->topk;
        s->which.n[t] = (int32_t)n;
        for (int64_t i = 0; i < n; i++) {
            int64_t from = i * n_seen / n;
            uint64_t gap = (uint64_t)((i + 1) * n_seen / n - from);
            uint64_t jump = rng_below(SEED, 3 + (uint64_t)t, (uint64_t)i, gap);
            s->which.at[t * s->topk + i] = (int32_t)(from + (int64_t)jump);
        }
    }
}

static bool open_rows(struct state *s, int64_t n_cached, struct err *e)
{
    TRY(integers(s->T, &s->slot, e) && integers(s->T, &s->position, e) &&
        integers(s->T * s->topk, &s->which.at, e) && integers(s->T, &s->which.n, e));
    for (int64_t t = 0; t < s->T; t++)
        s->position[t] = (int32_t)(n_cached - s->T + t);
    s->rows = (struct krows){s->slot, s->position};
    s->which.stride = s->topk;
    choose(s);
    return numbers(s->T * s->n_heads * s->cache.dim, 4, &s->q, e) &&
           numbers(s->T * s->n_heads, 5, &s->w, e) &&
           numbers(s->T * s->n_heads * RANK, 6, &s->y, e);
}

static double work_of(const struct state *s)
{
    double flops = 0;
    for (int64_t t = 0; t < s->T; t++)
        flops += s->what == ATTEND ? 2.0 * (DIM + RANK) * s->which.n[t]
                                   : 2.0 * KEY * ((double)s->position[t] + 1);
    return flops * (double)s->n_heads;
}

static bool open_state(struct bench_run *r, struct err *e)
{
    struct state *s = r->state;
    int64_t n_cached = (int64_t)(r->variant % BY_ROWS) * 1024;
    const struct shape_sizes *z = &shapes[r->variant / BY_SHAPE % 10];
    s->what = (enum what)(r->variant / BY_WHAT);
    s->T = r->variant % BY_TYPE / BY_ROWS;
    s->n_heads = s->what == ATTEND ? z->n_heads : z->n_index_heads;
    s->topk = z->topk;
    s->cache.dim = s->what == ATTEND ? DIM : KEY;
    s->cache.rank = s->what == ATTEND ? RANK : KEY;
    s->cache.type = (enum kv_type)(r->variant / BY_TYPE % 10);
    struct kernel_limits most = {.n_rows = s->T,
                                 .n_in = DIM,
                                 .n_selected = s->topk,
                                 .n_cached = n_cached,
                                 .n_cache_dim = DIM,
                                 .n_heads = s->n_heads};
    TRY(kernels_cpu_open(&s->k, 1, NULL, e));
    TRY(s->k->ops->reserve(s->k, &most, e));
    TRY(fill_cache(s, n_cached, e));
    TRY(open_rows(s, n_cached, e));
    r->work = work_of(s);
    return true;
}

static bool open_cache(struct bench_run *r, struct err *e)
{
    r->state = calloc(1, sizeof(struct state));
    if (r->state == NULL)
        return FAIL(e, ERR_IO, "no memory for a bench");
    if (open_state(r, e))
        return true;
    close_cache(r);
    return false;
}

static bool call(struct state *s, struct err *e)
{
    struct kheads q = {s->q, s->n_heads * s->cache.dim, s->cache.dim};
    struct kheads y = {s->y, s->n_heads * RANK, RANK};
    struct kmat w = {s->w, s->n_heads};
    if (s->what == ATTEND)
        return s->k->ops->attend(s->k, y, q, 0.05F, &s->cache, &s->rows, &s->which, s->T,
                                 s->n_heads, RANK, e);
    return s->k->ops->index_select(s->k, &s->which, q, w, 0.1F, &s->cache, &s->rows, s->T,
                                   s->n_heads, s->topk, e);
}

static bool step_cache(struct bench_run *r, struct err *e)
{
    int64_t n = 0;
    int64_t from = thread_ns();
    int64_t spent;
    do {
        TRY(call(r->state, e));
        n++;
        spent = thread_ns() - from;
    } while (spent < (int64_t)STEP_MS * 1000000);
    r->has_value = true;
    r->value = r->work * (double)n / (double)spent;
    return true;
}

#define ROW(op, what, shape, name, type, tname, rows, ctx)                                         \
    {                                                                                              \
        "cache/" op " " name " " tname ", " #rows " rows, " #ctx "k", "GFLOP/s", 1e9,              \
            ctx + BY_ROWS *(rows) + BY_TYPE *(type) + BY_SHAPE *(shape) + BY_WHAT *(what),         \
            open_cache, step_cache, close_cache                                                    \
    }
#define FOUR(op, what, shape, name, rows)                                                          \
    ROW(op, what, shape, name, KV_F32, "f32", rows, 1),                                            \
        ROW(op, what, shape, name, KV_F32, "f32", rows, 4),                                        \
        ROW(op, what, shape, name, KV_F32, "f32", rows, 16),                                       \
        ROW(op, what, shape, name, KV_F32, "f32", rows, 32)
#define NARROW(op, what, shape, name, rows, ctx)                                                   \
    ROW(op, what, shape, name, KV_BF16, "bf16", rows, ctx),                                        \
        ROW(op, what, shape, name, KV_FP8, "fp8", rows, ctx)

const struct bench bench_cache[] = {
    FOUR("attend", ATTEND, MINI, "mini", 1),
    FOUR("attend", ATTEND, MINI, "mini", 32),
    FOUR("attend", ATTEND, MINI, "mini", 512),
    FOUR("attend", ATTEND, REAL, "real", 1),
    FOUR("attend", ATTEND, REAL, "real", 32),
    NARROW("attend", ATTEND, MINI, "mini", 1, 16),
    NARROW("attend", ATTEND, MINI, "mini", 32, 16),
    NARROW("attend", ATTEND, REAL, "real", 1, 16),
    FOUR("index", INDEX, MINI, "mini", 1),
    FOUR("index", INDEX, MINI, "mini", 32),
    FOUR("index", INDEX, MINI, "mini", 512),
    FOUR("index", INDEX, REAL, "real", 1),
    FOUR("index", INDEX, REAL, "real", 32),
    NARROW("index", INDEX, MINI, "mini", 1, 32),
    NARROW("index", INDEX, MINI, "mini", 32, 32),
    NARROW("index", INDEX, REAL, "real", 1, 32),
    {0},
};
