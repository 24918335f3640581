#include "harness/bench_kernels.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "kernels/kernels.h"

enum { ROWS_MOST = 512, CACHED = 16384, SEED = 13, ALIGN = 64 };

static const double repeat_s = 0.03;

/* One machine and everything its ops read and write; float pointers are the machine's. */
struct bed {
    struct bench_kernels *b;
    struct kernels *k;
    int n_threads;
    const unsigned char *region;
    int64_t n_region;
    int64_t at; /* where the next matrix begins */
    float *x;   /* [ROWS_MOST][widest] */
    float *y;
    int64_t widest;
    /* what is being measured */
    int64_t T;
    struct kweight w;
    struct kmlp *mlp;
    struct kroute route;
    /* the cache: one request of CACHED positions */
    struct kpages latent;
    struct kpages keys;
    int32_t *table;
    int32_t *slot;
    int32_t *position;
    struct kselect which;
    float *iw;
};

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static void close_bed(struct bed *d)
{
    void *owned[] = {d->x,           d->y,         d->route.expert, d->route.weight,
                     d->latent.pool, d->keys.pool, d->table,        d->slot,
                     d->position,    d->which.at,  d->which.n,      d->iw};
    for (size_t i = 0; d->k != NULL && i < sizeof owned / sizeof *owned; i++)
        d->k->ops->release(d->k, owned[i]);
    kernels_close(d->k);
    free(d->mlp);
}

/* n numbers of 4 bytes on the machine, filled from host's if that is not NULL. */
static bool take(struct bed *d, int64_t n, void *out, const void *host, struct err *e)
{
    void *p = NULL;
    TRY(d->k->ops->alloc(d->k, n * 4, &p, e));
    *(void **)out = p;
    return host == NULL || d->k->ops->put(d->k, p, host, n * 4, e);
}

static int64_t widest_of(const struct model_config *c)
{
    int64_t n = larger(c->n_hidden, c->dense_inner);
    n = larger(n, c->n_heads * (c->kv_rank + c->rope_dim));
    n = larger(n, larger(c->n_heads * c->v_dim, c->n_heads * (c->nope_dim + c->rope_dim)));
    return larger(n, larger(c->index_n_heads * c->index_dim, c->shared_inner));
}

static bool open_rows(struct bed *d, struct err *e)
{
    int64_t n = ROWS_MOST * d->widest;
    float *host = calloc((size_t)n, sizeof *host);
    if (host == NULL)
        return FAIL(e, ERR_IO, "no memory to measure with");
    for (int64_t i = 0; i < n; i++)
        host[i] = (float)(rng_unit(SEED, 0, (uint64_t)i) - 0.5);
    bool is_done = take(d, n, &d->x, host, e) && take(d, n, &d->y, NULL, e) &&
                   take(d, ROWS_MOST * d->b->c->index_n_heads, &d->iw, host, e);
    free(host);
    return is_done;
}

/* Every row routed to n_used experts of its own draw, ascending. */
static bool open_route(struct bed *d, struct err *e)
{
    const struct model_config *c = d->b->c;
    int64_t n = ROWS_MOST * c->n_experts_used;
    int32_t *expert = calloc((size_t)(2 * n), sizeof *expert);
    if (expert == NULL)
        return FAIL(e, ERR_IO, "no memory to measure with");
    float *weight = (float *)(void *)(expert + n);
    for (int64_t t = 0; t < ROWS_MOST; t++) {
        int64_t k = 0; /* chosen so far; each of the rest is taken with the chance that is left */
        for (int64_t i = 0; i < c->n_experts && k < c->n_experts_used; i++)
            if ((int64_t)rng_below(SEED, 3, (uint64_t)(t * c->n_experts + i),
                                   (uint64_t)(c->n_experts - i)) < c->n_experts_used - k) {
                weight[t * c->n_experts_used + k] = 0.3F;
                expert[t * c->n_experts_used + k++] = (int32_t)i;
            }
    }
    d->route.n_used = c->n_experts_used;
    bool is_done =
        take(d, n, &d->route.expert, expert, e) && take(d, n, &d->route.weight, weight, e);
    free(expert);
    d->mlp = calloc((size_t)c->n_experts, sizeof *d->mlp);
    return is_done && (d->mlp != NULL || FAIL(e, ERR_IO, "no memory to measure with"));
}

static bool open_pages(struct bed *d, struct kpages *p, int64_t dim, struct err *e)
{
    *p = (struct kpages){.table = d->table, .n_table = CACHED / KERNEL_PAGE, .dim = dim};
    TRY(take(d, CACHED * dim, &p->pool, NULL, e));
    for (int64_t at = 0; at < CACHED * dim * 4; at += d->n_region) {
        int64_t n = CACHED * dim * 4 - at;
        n = n < d->n_region ? n : d->n_region;
        TRY(d->k->ops->put(d->k, (unsigned char *)p->pool + at, d->region, n, e));
    }
    return true;
}

/* T rows at the end of a context; each has chosen positions of its own, evenly spread. */
static bool open_cache(struct bed *d, struct err *e)
{
    const struct model_config *c = d->b->c;
    int64_t topk = c->index_topk < CACHED ? c->index_topk : CACHED;
    int64_t n = larger(ROWS_MOST * topk, CACHED);
    int32_t *host = calloc((size_t)n, sizeof *host);
    if (host == NULL)
        return FAIL(e, ERR_IO, "no memory to measure with");
    for (int64_t i = 0; i < CACHED / KERNEL_PAGE; i++)
        host[i] = (int32_t)i;
    bool is_done = take(d, CACHED / KERNEL_PAGE, &d->table, host, e);
    for (int64_t i = 0; i < ROWS_MOST; i++)
        host[i] = CACHED - 1;
    is_done = is_done && take(d, ROWS_MOST, &d->position, host, e) &&
              take(d, ROWS_MOST, &d->slot, NULL, e);
    for (int64_t i = 0; i < ROWS_MOST; i++)
        host[i] = (int32_t)topk;
    is_done = is_done && take(d, ROWS_MOST, &d->which.n, host, e);
    for (int64_t i = 0; i < ROWS_MOST * topk; i++)
        host[i] = (int32_t)((i % topk) * (CACHED / topk) +
                            (int64_t)rng_below(SEED, 4, (uint64_t)i, (uint64_t)(CACHED / topk)));
    d->which.stride = topk;
    is_done = is_done && take(d, ROWS_MOST * topk, &d->which.at, host, e);
    free(host);
    return is_done && open_pages(d, &d->latent, c->kv_rank + c->rope_dim, e) &&
           open_pages(d, &d->keys, c->index_dim, e);
}

static bool open_bed(struct bed *d, struct bench_kernels *b, int n_threads, struct err *e)
{
    const struct model_config *c = b->c;
    *d = (struct bed){.b = b, .n_threads = n_threads, .widest = widest_of(c)};
    d->region = ceilings_region(b->ceilings, &d->n_region);
    struct kernel_limits most = {
        .n_rows = ROWS_MOST,
        .n_in = d->widest,
        .n_selected = c->index_topk,
        .n_cached = CACHED,
        .n_heads = larger(c->n_heads, c->index_n_heads),
        .n_experts = c->n_experts,
        .n_used = c->n_experts_used,
        .n_inner = c->expert_inner,
    };
    TRY(kernels_cpu_open(&d->k, n_threads, NULL, e));
    TRY(d->k->ops->reserve(d->k, &most, e));
    return open_rows(d, e) && open_route(d, e) && open_cache(d, e);
}

/* The next matrix of that size; round the region's end it begins anew. */
static struct kweight next_weight(struct bed *d, enum dtype dtype, int64_t n_out, int64_t n_in)
{
    static float ones[1 << 16];
    int64_t n = (n_out * n_in * dtype_size(dtype) + ALIGN - 1) / ALIGN * ALIGN;
    struct kweight w = {.dtype = dtype, .n_out = n_out, .n_in = n_in};
    d->at = d->at + n > d->n_region ? 0 : d->at;
    w.at = d->region + d->at;
    d->at += n;
    for (int i = 0; ones[0] == 0 && i < 1 << 16; i++)
        ones[i] = 0.0625F;
    w.scale = dtype == DTYPE_F8_E4M3 ? ones : NULL;
    return w;
}

static const char *dtype_word(enum dtype t)
{
    static const char *const words[] = {"f32", "f16", "bf16", "fp8"};
    return words[t];
}

/* Measures and prints; gbytes and gflop are r's. */
static bool finish(struct bed *d, struct bench_row *r, bench_step *step, struct err *e)
{
    r->n_threads = d->n_threads;
    TRY(bench_measure(&r->time, d->n_threads, d->b->o->n_repeats, repeat_s, step, d, e));
    r->floor_s = bench_floor(d->b->most, r->gbytes, r->gflop, d->n_threads > 1, &r->bound);
    bool by_memory = r->bound[0] == 'm';
    r->unit = by_memory ? "GB/s" : "GFLOP/s";
    r->work = by_memory ? r->gbytes : r->gflop;
    bench_table_put(d->b->table, r);
    return true;
}

/* ---- linear */

static bool linear(void *ctx, struct err *e)
{
    struct bed *d = ctx;
    struct kweight w = next_weight(d, d->w.dtype, d->w.n_out, d->w.n_in);
    return d->k->ops->linear(d->k, (struct kmat){d->y, w.n_out}, (struct kmat){d->x, w.n_in}, &w,
                             d->T, e);
}

static bool linear_row(struct bed *d, const char *name, enum dtype dtype, int64_t n_out,
                       int64_t n_in, int64_t T, struct err *e)
{
    struct bench_row r = {0};
    (void)snprintf(r.name, sizeof r.name, "linear %s %lldx%lld %s, %lld rows", name,
                   (long long)n_out, (long long)n_in, dtype_word(dtype), (long long)T);
    int64_t n_bytes = n_out * n_in * dtype_size(dtype);
    if (!bench_table_wants(d->b->table, r.name) || n_bytes > d->n_region || n_out > d->widest)
        return true;
    d->w = (struct kweight){.dtype = dtype, .n_out = n_out, .n_in = n_in};
    d->T = T;
    r.gbytes = (double)n_bytes / 1e9;
    r.gflop = 2.0 * (double)(n_out * n_in * T) / 1e9;
    return finish(d, &r, linear, e);
}

static bool linear_rows(struct bed *d, struct err *e)
{
    static const enum dtype dtypes[] = {DTYPE_BF16, DTYPE_F8_E4M3, DTYPE_F32};
    static const int64_t rows[] = {1, 8, 64, 512};
    const struct model_config *c = d->b->c;
    const struct {
        const char *name;
        int64_t n_out;
        int64_t n_in;
    } shapes[] = {
        {"expert gate", c->expert_inner, c->n_hidden},
        {"q_b", c->n_heads * (c->nope_dim + c->rope_dim), c->q_rank},
        {"o", c->n_hidden, c->n_heads * c->v_dim},
    };
    int n_shapes = d->b->o->is_quick ? 1 : (int)(sizeof shapes / sizeof *shapes);
    for (int t = 0; t < 3; t++)
        for (int i = 0; i < n_shapes; i++)
            for (int r = 0; r < 4; r++)
                TRY(linear_row(d, shapes[i].name, dtypes[t], shapes[i].n_out, shapes[i].n_in,
                               rows[r], e));
    return true;
}

/* ---- experts */

static bool experts(void *ctx, struct err *e)
{
    struct bed *d = ctx;
    const struct model_config *c = d->b->c;
    for (int64_t i = 0; i < c->n_experts; i++) {
        d->mlp[i].gate = next_weight(d, d->w.dtype, c->expert_inner, c->n_hidden);
        d->mlp[i].up = next_weight(d, d->w.dtype, c->expert_inner, c->n_hidden);
        d->mlp[i].down = next_weight(d, d->w.dtype, c->n_hidden, c->expert_inner);
    }
    return d->k->ops->experts(d->k, (struct kmat){d->y, c->n_hidden},
                              (struct kmat){d->x, c->n_hidden}, &d->route, d->mlp, c->n_experts,
                              false, d->T, e);
}

/* Of the first T rows; the draw is the same on every machine. */
static bool count_distinct(const struct bed *d, int64_t T, double *out, struct err *e)
{
    int64_t n = T * d->route.n_used;
    int32_t *chosen = calloc((size_t)(n + d->b->c->n_experts), sizeof *chosen);
    if (chosen == NULL)
        return FAIL(e, ERR_IO, "no memory to measure with");
    bool is_done = d->k->ops->get(d->k, chosen, d->route.expert, n * 4, e);
    for (int64_t i = 0; i < n; i++) {
        *out += chosen[n + chosen[i]] == 0 ? 1 : 0;
        chosen[n + chosen[i]] = 1;
    }
    free(chosen);
    return is_done;
}

static bool expert_rows(struct bed *d, struct err *e)
{
    static const int64_t rows[] = {1, 8, 32, 512};
    const struct model_config *c = d->b->c;
    d->w.dtype = DTYPE_BF16;
    for (int i = 0; i < 4; i++) {
        struct bench_row r = {0};
        double n_distinct = 0;
        double n_one = 3.0 * (double)(c->n_hidden * c->expert_inner);
        (void)snprintf(r.name, sizeof r.name, "experts %lld of %lld bf16, %lld rows",
                       (long long)c->n_experts_used, (long long)c->n_experts, (long long)rows[i]);
        if (!bench_table_wants(d->b->table, r.name))
            continue;
        TRY(count_distinct(d, rows[i], &n_distinct, e));
        d->T = rows[i];
        r.gbytes = n_distinct * n_one * 2 / 1e9;
        r.gflop = 2 * n_one * (double)(rows[i] * c->n_experts_used) / 1e9;
        TRY(finish(d, &r, experts, e));
    }
    return true;
}

/* ---- attention */

static struct krows rows_of(const struct bed *d)
{
    return (struct krows){d->slot, d->position};
}

static bool attend(void *ctx, struct err *e)
{
    struct bed *d = ctx;
    const struct model_config *c = d->b->c;
    int64_t dim = c->kv_rank + c->rope_dim;
    struct krows rows = rows_of(d);
    struct kheads y = {d->y, c->n_heads * c->kv_rank, c->kv_rank};
    struct kheads q = {d->x, c->n_heads * dim, dim};
    return d->k->ops->attend(d->k, y, q, c->softmax_scale, &d->latent, &rows, &d->which, d->T,
                             c->n_heads, c->kv_rank, e);
}

/* into: which positions were chosen, over what attend() used; it comes last */
static bool index_select(void *ctx, struct err *e)
{
    struct bed *d = ctx;
    const struct model_config *c = d->b->c;
    struct krows rows = rows_of(d);
    struct kheads q = {d->x, c->index_n_heads * c->index_dim, c->index_dim};
    struct kmat w = {d->iw, c->index_n_heads};
    return d->k->ops->index_select(d->k, &d->which, q, w, 0.02F, &d->keys, &rows, d->T,
                                   c->index_n_heads, d->which.stride, e);
}

static bool attention_rows(struct bed *d, struct err *e)
{
    static const int64_t rows[] = {1, 8, 64};
    const struct model_config *c = d->b->c;
    double n_selected = (double)d->which.stride;
    for (int i = 0; i < 3; i++) {
        struct bench_row r = {0};
        (void)snprintf(r.name, sizeof r.name, "attend to %lld of %d, %lld rows",
                       (long long)d->which.stride, CACHED, (long long)rows[i]);
        d->T = rows[i];
        double n_read =
            (double)rows[i] * n_selected < CACHED ? (double)rows[i] * n_selected : CACHED;
        r.gbytes = n_read * (double)(c->kv_rank + c->rope_dim) * sizeof(float) / 1e9;
        r.gflop = (double)rows[i] * n_selected *
                  (double)(2 * c->n_heads * (2 * c->kv_rank + c->rope_dim)) / 1e9;
        if (bench_table_wants(d->b->table, r.name))
            TRY(finish(d, &r, attend, e));
    }
    for (int i = 0; i < 3; i++) {
        struct bench_row r = {0};
        (void)snprintf(r.name, sizeof r.name, "index_select %lld of %d, %lld rows",
                       (long long)d->which.stride, CACHED, (long long)rows[i]);
        d->T = rows[i];
        r.gbytes = (double)CACHED * (double)c->index_dim * sizeof(float) / 1e9;
        r.gflop = (double)rows[i] * CACHED * (double)(2 * c->index_n_heads * c->index_dim) / 1e9;
        if (bench_table_wants(d->b->table, r.name))
            TRY(finish(d, &r, index_select, e));
    }
    return true;
}

bool bench_kernel_rows(struct bench_kernels *b, int n_threads, struct err *e)
{
    CLEANUP(close_bed) struct bed d = {0};
    TRY(open_bed(&d, b, n_threads, e));
    TRY(bench_refresh_most(b->most, b->ceilings, e));
    bench_table_head(b->table, "kernels");
    return linear_rows(&d, e) && expert_rows(&d, e) && attention_rows(&d, e);
}
