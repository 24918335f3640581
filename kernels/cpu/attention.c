/* Attention of one query over selected rows of the cache, in the absorbed form of MLA: keys and
 * values are the same cached row, a value being its first `rank` numbers.
 *
 * A task is one token, or with few tokens one token and some of its heads. It finds the rows once
 * (and widens them, where the cache does not keep f32), then takes CACHE_LANES heads at a time:
 * scores are dot products with the rows, the softmax runs with a head in each lane, and the values
 * are mixed for several heads over each loaded row. Sums go over positions in ascending order and
 * know nothing of pages, groups, tasks or chunks. */
#include "kernels/cpu/cache.h"
#include "kernels/cpu/cpu.h"

struct attend_job {
    struct cpu *cpu;
    struct kheads y;
    struct kheads q;
    float scale;
    const struct kpages *cache;
    const struct krows *rows;
    const struct kselect *which;
    int64_t n_heads;
    int64_t n_heads_task; /* heads of one task */
    int64_t n_parts;      /* tasks of one token */
    int64_t rank;
};

/* Scratch of one task: where scores go and rows lie, the scores of CACHE_LANES heads, and rows as
 * f32 when they are not kept so. */
static int64_t scratch_bytes(int64_t n_selected, int64_t n_widened)
{
    return n_selected * (int64_t)((CACHE_LANES + n_widened) * (int64_t)sizeof(float) +
                                  (int64_t)sizeof(float *) + (int64_t)sizeof(const float *));
}

int64_t cpu_attend_scratch(const struct kernel_limits *most)
{
    return scratch_bytes(most->n_selected, most->n_cache_dim);
}

/* Up to CACHE_LANES heads from h0 on, over n rows. */
static void some_heads(const struct attend_job *j, int64_t t, int64_t h0, int64_t n_heads,
                       const float *const *row, float *const *to, float *p, int64_t n)
{
    float *y[CACHE_LANES];
    const float *q = j->q.at + t * j->q.stride + h0 * j->q.head;
    for (int64_t h = 0; h < n_heads; h++)
        y[h] = j->y.at + t * j->y.stride + (h0 + h) * j->y.head;
    j->cpu->isa->dots(to, row, n, q, j->q.head, n_heads, j->cache->dim);
    j->cpu->cache->softmax(p, n, j->scale, n_heads);
    j->cpu->cache->mix(y, p, n_heads, row, n, j->rank);
}

static void attend_task(void *ctx, int64_t task, int thread)
{
    const struct attend_job *j = ctx;
    int64_t t = task / j->n_parts;
    int64_t first = task % j->n_parts * j->n_heads_task;
    int64_t end = first + j->n_heads_task < j->n_heads ? first + j->n_heads_task : j->n_heads;
    int64_t n = j->which->n[t];
    const int32_t *at = j->which->at + t * j->which->stride;
    int64_t n_wide = j->cache->type == KV_F32 ? 0 : j->cache->dim;
    const float **row = cpu_scratch(j->cpu, thread, scratch_bytes(n, n_wide));
    float **to = (float **)(void *)(row + n);
    float *p = (float *)(void *)(to + n);
    float *wide = p + n * CACHE_LANES;
    for (int64_t s = 0; s < n; s++) {
        const unsigned char *kept = cpu_cache_row(j->cache, j->rows->slot[t], at[s]);
        row[s] = cpu_cache_load(j->cpu, j->cache, kept, wide + s * n_wide);
        to[s] = p + s * CACHE_LANES;
    }
    for (int64_t h = first; h < end; h += CACHE_LANES)
        some_heads(j, t, h, end - h < CACHE_LANES ? end - h : CACHE_LANES, row, to, p, n);
}

/* All heads of a token in one task, unless that leaves threads without any. */
static int64_t heads_of_task(const struct cpu *c, int64_t T, int64_t n_heads)
{
    int64_t n = n_heads;
    while (n > CACHE_HALF && T * ((n_heads + n - 1) / n) < 2 * c->n_threads && c->n_threads > 1)
        n = cpu_round((n + 1) / 2, CACHE_HALF);
    return n;
}

bool cpu_attend(struct kernels *k, struct kheads y, struct kheads q, float scale,
                const struct kpages *cache, const struct krows *rows, const struct kselect *which,
                int64_t T, int64_t n_heads, int64_t rank, struct err *e)
{
    (void)e;
    assert(rank <= cache->dim);
    struct cpu *c = cpu_of(k);
    int64_t n_task = heads_of_task(c, T, n_heads);
    int64_t n_parts = (n_heads + n_task - 1) / n_task;
    struct attend_job j = {c, y, q, scale, cache, rows, which, n_heads, n_task, n_parts, rank};
    cpu_run(c, T * n_parts, n_task * cache->dim * 32, attend_task, &j);
    return true;
}
