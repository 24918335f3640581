/* Attention of one query over selected rows of the cache, in the absorbed form of MLA: keys and
 * values are the same cached row, a value being its first `rank` numbers.
 *
 * A task is one token, or with few tokens one token and some of its heads. It finds the rows once
 * (and widens them, where the cache does not keep f32). Scores are dot products, ROWS rows at a
 * time for all heads; the softmax runs with a head in each lane; then the values are mixed, again
 * ROWS rows at a time, several heads over each loaded row. So each row comes from memory at most
 * twice, however many heads there are. Sums go over positions in ascending order, continued from
 * one part of the rows to the next, and know nothing of pages, groups, tasks or chunks. */
#include "kernels/cpu/cache.h"
#include "kernels/cpu/cpu.h"

enum {
    ROWS = 128, /* at a time: what all heads then find in the second cache */
    AHEAD = 6,  /* rows asked for while one is widened: fp8 70 -> 80 GFLOP/s over 16k tokens. Before
                 * dots on f32 it gained nothing: those wait for what memory can deliver. */
    LINES = 8   /* of a row asked for; the processor fetches on by itself */
};

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

/* Scratch of one task: where scores go and rows lie, the scores of all heads, and rows as f32 when
 * they are not kept so. */
static int64_t scratch_bytes(int64_t n_selected, int64_t n_widened, int64_t n_heads)
{
    int64_t n_floats = cpu_round(n_heads, CACHE_LANES) + n_widened;
    return n_selected * (n_floats * (int64_t)sizeof(float) + (int64_t)sizeof(const float *)) +
           ROWS * (int64_t)sizeof(float *);
}

int64_t cpu_attend_scratch(const struct kernel_limits *most)
{
    return scratch_bytes(most->n_selected, most->n_cache_dim, most->n_heads);
}

/* The heads of one task over the rows of its token. */
struct attend_task {
    const struct attend_job *j;
    const float *q; /* of the first head */
    float *y;
    int64_t n_heads;
    int64_t n;         /* rows */
    const float **row; /* [n] */
    float *p;          /* [n_heads / CACHE_LANES, rounded up][n][CACHE_LANES] */
    float **to;        /* [ROWS] */
};

/* What is left of the heads from h on, at most CACHE_LANES. */
static int64_t n_lanes(const struct attend_task *a, int64_t h)
{
    return a->n_heads - h < CACHE_LANES ? a->n_heads - h : CACHE_LANES;
}

static void scores(const struct attend_task *a, int64_t from, int64_t n)
{
    const struct attend_job *j = a->j;
    for (int64_t h = 0; h < a->n_heads; h += CACHE_LANES) {
        for (int64_t s = 0; s < n; s++)
            a->to[s] = a->p + h * a->n + (from + s) * CACHE_LANES;
        j->cpu->isa->dots(a->to, a->row + from, n, a->q + h * j->q.head, j->q.head, n_lanes(a, h),
                          j->cache->dim);
    }
}

static void values(const struct attend_task *a, int64_t from, int64_t n)
{
    const struct attend_job *j = a->j;
    float *y[CACHE_LANES];
    for (int64_t h = 0; h < a->n_heads; h += CACHE_LANES) {
        for (int64_t i = 0; i < n_lanes(a, h); i++)
            y[i] = a->y + (h + i) * j->y.head;
        j->cpu->cache->mix(y, a->p + h * a->n + from * CACHE_LANES, n_lanes(a, h), a->row + from, n,
                           j->rank, from > 0);
    }
}

static void attend_rows(const struct attend_task *a)
{
    for (int64_t s = 0; s < a->n; s += ROWS)
        scores(a, s, a->n - s < ROWS ? a->n - s : ROWS);
    for (int64_t h = 0; h < a->n_heads; h += CACHE_LANES)
        a->j->cpu->cache->softmax(a->p + h * a->n, a->n, a->j->scale, n_lanes(a, h));
    for (int64_t s = 0; s < a->n; s += ROWS)
        values(a, s, a->n - s < ROWS ? a->n - s : ROWS);
}

/* The first lines of a row, into the second cache. */
static void ask(const void *row)
{
    for (int64_t i = 0; i < LINES; i++)
        __builtin_prefetch((const char *)row + i * 64, 0, 2);
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
    struct attend_task a = {.j = j,
                            .q = j->q.at + t * j->q.stride + first * j->q.head,
                            .y = j->y.at + t * j->y.stride + first * j->y.head,
                            .n_heads = end - first,
                            .n = n};
    a.row = cpu_scratch(j->cpu, thread, scratch_bytes(n, n_wide, a.n_heads));
    a.to = (float **)(void *)(a.row + n);
    a.p = (float *)(void *)(a.to + ROWS);
    float *wide = a.p + n * cpu_round(a.n_heads, CACHE_LANES);
    for (int64_t s = 0; s < n; s++) {
        const unsigned char *kept = cpu_cache_row(j->cache, j->rows->slot[t], at[s]);
        if (n_wide > 0 && s + AHEAD < n)
            ask(cpu_cache_row(j->cache, j->rows->slot[t], at[s + AHEAD]));
        a.row[s] = cpu_cache_load(j->cpu, j->cache, kept, wide + s * n_wide);
    }
    attend_rows(&a);
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
