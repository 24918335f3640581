/* The lightning indexer: score every cached key, keep the best.
 *
 * A task is one token. Scores are computed a page of keys at a time, then the topk-th largest is
 * found by its bits, a byte at a time from the top: four passes over the scores, no sorting, and
 * ties fall to the lower position because the last pass takes them in ascending order. */
#include <string.h>

#include "kernels/cpu/cpu.h"
#include "kernels/cpu/scalar.h"

struct select_job {
    struct cpu *cpu;
    const struct kselect *out;
    struct kheads q;
    struct kmat w;
    float scale;
    const struct kpages *cache;
    const struct krows *rows;
    int64_t n_heads;
    int64_t topk;
};

/* Scratch of one task: scores of the context, then products of one page [n_heads][64]. */
int64_t cpu_select_scratch(const struct kernel_limits *most)
{
    int64_t n_scores = cpu_round(most->n_cached, KERNEL_PAGE);
    return (n_scores + most->n_heads * KERNEL_PAGE) * (int64_t)sizeof(float);
}

/* score[s] = sum_h max(0, product[h][s]) * w[h] * scale; heads are added in ascending order. */
static void add_heads(float *score, const float *product, const float *w, float scale,
                      int64_t n_heads, int64_t n)
{
    for (int64_t s = 0; s < n; s++)
        score[s] = 0.0F;
    for (int64_t h = 0; h < n_heads; h++)
        for (int64_t s = 0; s < n; s++) {
            float p = product[h * KERNEL_PAGE + s];
            score[s] += (p > 0.0F ? p : 0.0F) * (w[h] * scale);
        }
}

static void score_page(const struct select_job *j, int64_t t, int64_t first, int64_t n,
                       float *score, float *product)
{
    const float *key = cpu_cache_row(j->cache, j->rows->slot[t], (int32_t)first);
    for (int64_t h0 = 0; h0 < j->n_heads; h0 += CPU_TOKENS) {
        float *y[CPU_TOKENS];
        const float *x[CPU_TOKENS];
        int64_t n_here = j->n_heads - h0 < CPU_TOKENS ? j->n_heads - h0 : CPU_TOKENS;
        for (int64_t h = 0; h < n_here; h++) {
            y[h] = product + (h0 + h) * KERNEL_PAGE;
            x[h] = j->q.at + t * j->q.stride + (h0 + h) * j->q.head;
        }
        j->cpu->isa->dots(y, x, n_here, key, j->cache->dim, n, j->cache->dim);
    }
    add_heads(score + first, product, j->w.at + t * j->w.stride, j->scale, j->n_heads, n);
}

/* Bits that order as the numbers do; -0 and 0 are the same. */
static uint32_t ordered(float f)
{
    uint32_t u = scalar_bits(f + 0.0F);
    return (u & 0x80000000U) != 0 ? ~u : u | 0x80000000U;
}

/* The k-th largest of n scores as ordered bits; *n_equal of those equal to it are wanted. */
static uint32_t kth_largest(const float *score, int64_t n, int64_t k, int64_t *n_equal)
{
    uint32_t prefix = 0;
    for (int shift = 24; shift >= 0; shift -= 8) {
        int64_t count[256] = {0};
        uint32_t known = shift == 24 ? 0 : 0xffffffffU << (shift + 8);
        for (int64_t i = 0; i < n; i++) {
            uint32_t u = ordered(score[i]);
            if ((u & known) == prefix)
                count[u >> shift & 0xff]++;
        }
        int byte = 255;
        for (; count[byte] < k; byte--)
            k -= count[byte];
        prefix |= (uint32_t)byte << shift;
    }
    *n_equal = k;
    return prefix;
}

static void keep_best(const float *score, int64_t n, int64_t topk, int32_t *out)
{
    int64_t n_equal = 0;
    uint32_t least = kth_largest(score, n, topk, &n_equal);
    int64_t n_out = 0;
    for (int64_t i = 0; i < n; i++) {
        uint32_t u = ordered(score[i]);
        if (u > least || (u == least && n_equal-- > 0))
            out[n_out++] = (int32_t)i;
    }
    assert(n_out == topk);
}

static void select_row(void *ctx, int64_t t, int thread)
{
    const struct select_job *j = ctx;
    int64_t n = (int64_t)j->rows->position[t] + 1;
    int32_t *out = j->out->at + t * j->out->stride;
    j->out->n[t] = (int32_t)(n < j->topk ? n : j->topk);
    if (n <= j->topk) {
        for (int64_t i = 0; i < n; i++)
            out[i] = (int32_t)i;
        return;
    }
    int64_t n_scores = cpu_round(n, KERNEL_PAGE);
    float *score =
        cpu_scratch(j->cpu, thread, (n_scores + j->n_heads * KERNEL_PAGE) * (int64_t)sizeof(float));
    for (int64_t s = 0; s < n; s += KERNEL_PAGE)
        score_page(j, t, s, n - s < KERNEL_PAGE ? n - s : KERNEL_PAGE, score, score + n_scores);
    keep_best(score, n, j->topk, out);
}

bool cpu_index_select(struct kernels *k, const struct kselect *out, struct kheads q, struct kmat w,
                      float scale, const struct kpages *cache, const struct krows *rows, int64_t T,
                      int64_t n_heads, int64_t topk, struct err *e)
{
    (void)e;
    assert(topk >= 1 && out->stride >= topk);
    struct select_job j = {cpu_of(k), out, q, w, scale, cache, rows, n_heads, topk};
    cpu_run(j.cpu, T, n_heads * cache->dim * topk, select_row, &j);
    return true;
}
