/* The lightning indexer: score every cached key, keep the best.
 *
 * With many rows a task is a run of rows of one request, which share each page of keys while it is
 * in the caches; it scores and selects. With few rows that would leave threads idle and one of them
 * with a long context alone, so scoring is cut by ranges of keys as well, into scores all tasks
 * share, and selecting comes after. A score is the same number either way. */
#include <string.h>

#include "kernels/cpu/cache.h"
#include "kernels/cpu/cpu.h"
#include "kernels/cpu/scalar.h"
#include "kernels/cpu/select.h"

enum {
    RUN = 8,         /* rows of one task */
    RANGE = 64 * 32, /* keys of one task, whole pages */
    HEADS_MOST = 256 /* of the indexer */
};

static_assert((int)CACHE_KEYS == (int)KERNEL_PAGE, "keys side by side are those of a page");

struct select_job {
    struct cpu *cpu;
    const struct kselect *out;
    struct kheads q;
    struct kmat w;
    float scale;
    const struct kpages *cache;
    const struct krows *rows;
    int64_t T;
    int64_t n_heads;
    int64_t topk;
    int64_t n_run;    /* rows of a task */
    int64_t n_ranges; /* of the longest context, when tasks are cut by keys */
};

/* Floats from one row's scores to the next's. */
static int64_t score_stride(int64_t n_cached)
{
    return cpu_round(n_cached, KERNEL_PAGE);
}

/* Scratch of one task: scores of RUN rows, a page of keys twice (side by side, and widened), and
 * what selecting needs for one row. */
int64_t cpu_select_scratch(const struct kernel_limits *most)
{
    int64_t n = score_stride(most->n_cached);
    return (RUN * n + 2 * CACHE_KEYS * most->n_cache_dim) * (int64_t)sizeof(float) +
           select_scratch(most->n_cached);
}

int64_t cpu_select_shared(const struct kernel_limits *most, int n_threads)
{
    int64_t n_rows = most->n_rows < 4L * n_threads ? most->n_rows : 4L * n_threads;
    return n_threads > 1 ? n_rows * score_stride(most->n_cached) : 0;
}

static int64_t n_keys(const struct select_job *j, int64_t t)
{
    return (int64_t)j->rows->position[t] + 1;
}

/* Floats of one page of keys side by side, and of the same widened, where they are not f32. */
static int64_t page_floats(const struct kpages *c)
{
    return (c->type == KV_F32 ? 1 : 2) * CACHE_KEYS * c->dim;
}

/* n keys of one page of row t's request, from key `first` on, side by side in panel. */
static void turn_page(const struct select_job *j, int64_t t, int64_t first, int64_t n, float *panel)
{
    const struct kpages *c = j->cache;
    const unsigned char *row = cpu_cache_row(c, j->rows->slot[t], (int32_t)first);
    int64_t n_bytes = kpages_row_bytes(c);
    float *wide = panel + CACHE_KEYS * c->dim;
    for (int64_t s = 0; c->type != KV_F32 && s < n; s++)
        (void)cpu_cache_load(j->cpu, c, row + s * n_bytes, wide + s * c->dim);
    j->cpu->cache->turn(panel, c->type == KV_F32 ? (const float *)(const void *)row : wide, c->dim,
                        n, c->dim);
}

/* The CACHE_KEYS scores of row t in a page; those beyond its keys are of no use to anyone. */
static void score_page(const struct select_job *j, int64_t t, const float *panel, float *score)
{
    float w[HEADS_MOST];
    for (int64_t h = 0; h < j->n_heads; h++)
        w[h] = j->w.at[t * j->w.stride + h] * j->scale;
    j->cpu->cache->score(score, panel, j->q.at + t * j->q.stride, j->q.head, w, j->n_heads,
                         j->cache->dim);
}

/* Keys [from, to) for row t, from being the first of a page; score has room for whole pages. */
static void score_range(const struct select_job *j, int64_t t, int64_t from, int64_t to,
                        float *score, float *panel)
{
    for (int64_t s = from; s < to; s += KERNEL_PAGE) {
        turn_page(j, t, s, to - s < KERNEL_PAGE ? to - s : KERNEL_PAGE, panel);
        score_page(j, t, panel, score + s);
    }
}

/* The page at key s for all rows of a run; rows of one request share its keys. */
static void score_rows(const struct select_job *j, const int64_t *row, int64_t n_rows, int64_t s,
                       float *score, int64_t stride, float *panel)
{
    int32_t slot = -1;
    int64_t n_had = 0;
    for (int64_t r = 0; r < n_rows; r++) {
        int64_t n = n_keys(j, row[r]) - s;
        n = n < KERNEL_PAGE ? n : KERNEL_PAGE;
        if (n <= 0)
            continue;
        if (j->rows->slot[row[r]] != slot || n > n_had) {
            turn_page(j, row[r], s, n, panel);
            slot = j->rows->slot[row[r]];
            n_had = n;
        }
        score_page(j, row[r], panel, score + r * stride);
    }
}

/* A row that sees no more keys than it may keep keeps them all. */
static bool keep_all(const struct select_job *j, int64_t t)
{
    int64_t n = n_keys(j, t);
    int32_t *out = j->out->at + t * j->out->stride;
    j->out->n[t] = (int32_t)(n < j->topk ? n : j->topk);
    for (int64_t i = 0; n <= j->topk && i < n; i++)
        out[i] = (int32_t)i;
    return n <= j->topk;
}

static void select_run(void *ctx, int64_t task, int thread)
{
    const struct select_job *j = ctx;
    int64_t first = task * j->n_run;
    int64_t end = first + j->n_run < j->T ? first + j->n_run : j->T;
    int64_t row[RUN];
    int64_t n_rows = 0;
    int64_t most = 0;
    for (int64_t t = first; t < end; t++)
        if (!keep_all(j, t)) {
            row[n_rows++] = t;
            most = n_keys(j, t) > most ? n_keys(j, t) : most;
        }
    int64_t stride = score_stride(most);
    int64_t n_floats = n_rows * stride + page_floats(j->cache);
    float *score =
        cpu_scratch(j->cpu, thread, n_floats * (int64_t)sizeof *score + select_scratch(most));
    float *panel = score + n_rows * stride;
    void *work = score + n_floats;
    for (int64_t s = 0; s < most; s += KERNEL_PAGE)
        score_rows(j, row, n_rows, s, score + s, stride, panel);
    for (int64_t r = 0; r < n_rows; r++)
        select_best(score + r * stride, n_keys(j, row[r]), j->topk,
                    j->out->at + row[r] * j->out->stride, j->cpu->cache, work);
}

/* -- few rows ---------------------------------------------------------------------------------- */

static float *shared_scores(const struct select_job *j, int64_t t)
{
    return j->cpu->score + t * score_stride(j->cpu->limits.n_cached);
}

static void score_part(void *ctx, int64_t task, int thread)
{
    const struct select_job *j = ctx;
    int64_t t = task / j->n_ranges;
    int64_t from = task % j->n_ranges * RANGE;
    int64_t n = n_keys(j, t);
    if (n <= j->topk || from >= n)
        return;
    float *panel = cpu_scratch(j->cpu, thread, page_floats(j->cache) * (int64_t)sizeof *panel);
    score_range(j, t, from, from + RANGE < n ? from + RANGE : n, shared_scores(j, t), panel);
}

static void select_one(void *ctx, int64_t t, int thread)
{
    const struct select_job *j = ctx;
    int64_t n = n_keys(j, t);
    if (keep_all(j, t))
        return;
    void *work = cpu_scratch(j->cpu, thread, select_scratch(n));
    select_best(shared_scores(j, t), n, j->topk, j->out->at + t * j->out->stride, j->cpu->cache,
                work);
}

static int64_t longest(const struct krows *rows, int64_t T)
{
    int64_t most = 0;
    for (int64_t t = 0; t < T; t++)
        most = rows->position[t] + 1 > most ? rows->position[t] + 1 : most;
    return most;
}

bool cpu_index_select(struct kernels *k, const struct kselect *out, struct kheads q, struct kmat w,
                      float scale, const struct kpages *cache, const struct krows *rows, int64_t T,
                      int64_t n_heads, int64_t topk, struct err *e)
{
    struct cpu *c = cpu_of(k);
    int64_t most = longest(rows, T);
    assert(topk >= 1 && out->stride >= topk);
    if (n_heads > HEADS_MOST)
        return FAIL(e, ERR_UNSUPPORTED, "%lld heads of the indexer; this build holds %d",
                    (long long)n_heads, HEADS_MOST);
    int64_t n_run = T / (4L * c->n_threads);
    struct select_job j = {.cpu = c,
                           .out = out,
                           .q = q,
                           .w = w,
                           .scale = scale,
                           .cache = cache,
                           .rows = rows,
                           .T = T,
                           .n_heads = n_heads,
                           .topk = topk,
                           .n_run = n_run < 1     ? 1
                                    : n_run < RUN ? n_run
                                                  : RUN,
                           .n_ranges = (most + RANGE - 1) / RANGE};
    int64_t work = n_heads * cache->dim * (most <= topk ? 1 : most);
    if (n_run == 0 && c->n_threads > 1 && most > topk && j.n_ranges > 1) {
        cpu_run(c, T * j.n_ranges, work / j.n_ranges, score_part, &j);
        cpu_run(c, T, 4 * most, select_one, &j);
    } else {
        cpu_run(c, (T + j.n_run - 1) / j.n_run, j.n_run * work, select_run, &j);
    }
    return true;
}
