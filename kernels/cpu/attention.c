/* Attention of one query over selected rows of the cache, in the absorbed form of MLA: keys and
 * values are the same cached row, a value being its first `rank` numbers.
 *
 * A task is one token and a group of heads. Scores are dot products with the rows where they
 * lie; the softmax takes its maximum and its sum (double) in ascending position; the values are
 * mixed in ascending position. Sums know nothing of pages, groups or chunks. */
#include "kernels/cpu/cpu.h"
#include "kernels/cpu/scalar.h"

enum { HEADS = 8 }; /* of one task */

struct attend_job {
    struct cpu *cpu;
    struct kheads y;
    struct kheads q;
    float scale;
    const struct kpages *cache;
    const struct krows *rows;
    const struct kselect *which;
    int64_t n_heads;
    int64_t n_groups;
    int64_t rank;
};

/* Scratch of one task: scores [n_selected][HEADS], pointers to them and to the rows. */
static int64_t scratch_bytes(int64_t n_selected)
{
    return n_selected * (int64_t)(HEADS * sizeof(float) + sizeof(float *) + sizeof(const float *));
}

int64_t cpu_attend_scratch(const struct kernel_limits *most)
{
    return scratch_bytes(most->n_selected);
}

/* Scores of one head, `HEADS` apart, to probabilities. */
static void softmax(float *p, int64_t n, float scale)
{
    float top = p[0];
    for (int64_t s = 1; s < n; s++)
        top = p[s * HEADS] > top ? p[s * HEADS] : top;
    double sum = 0.0;
    for (int64_t s = 0; s < n; s++) {
        double v = scalar_exp((p[s * HEADS] - top) * scale);
        p[s * HEADS] = (float)v;
        sum += v;
    }
    float inverse = (float)(1.0 / sum);
    for (int64_t s = 0; s < n; s++)
        p[s * HEADS] *= inverse;
}

static void attend_group(void *ctx, int64_t task, int thread)
{
    const struct attend_job *j = ctx;
    int64_t t = task / j->n_groups;
    int64_t h0 = task % j->n_groups * HEADS;
    int64_t n_heads = j->n_heads - h0 < HEADS ? j->n_heads - h0 : HEADS;
    int64_t n = j->which->n[t];
    const int32_t *at = j->which->at + t * j->which->stride;
    const float **row = cpu_scratch(j->cpu, thread, scratch_bytes(n));
    float **to = (float **)(void *)(row + n);
    float *p = (float *)(void *)(to + n);
    for (int64_t s = 0; s < n; s++) {
        row[s] = cpu_cache_row(j->cache, j->rows->slot[t], at[s]);
        to[s] = p + s * HEADS;
    }
    const float *q = j->q.at + t * j->q.stride + h0 * j->q.head;
    j->cpu->isa->dots(to, row, n, q, j->q.head, n_heads, j->cache->dim);
    for (int64_t h = 0; h < n_heads; h++) {
        softmax(p + h, n, j->scale);
        float *y = j->y.at + t * j->y.stride + (h0 + h) * j->y.head;
        j->cpu->isa->mix(y, p + h, HEADS, row, n, j->rank);
    }
}

bool cpu_attend(struct kernels *k, struct kheads y, struct kheads q, float scale,
                const struct kpages *cache, const struct krows *rows, const struct kselect *which,
                int64_t T, int64_t n_heads, int64_t rank, struct err *e)
{
    (void)e;
    assert(rank <= cache->dim);
    int64_t n_groups = (n_heads + HEADS - 1) / HEADS;
    struct attend_job j = {cpu_of(k), y, q, scale, cache, rows, which, n_heads, n_groups, rank};
    cpu_run(j.cpu, T * n_groups, n_heads * cache->dim * 32, attend_group, &j);
    return true;
}
