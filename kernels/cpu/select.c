/* The topk-th largest is found by its bits, from the top: one pass counts the first eleven of all
 * scores, and only those that share them with the one looked for are counted further. No sorting;
 * a last pass takes what is larger, and of the equal ones the first. */
#include "kernels/cpu/select.h"

#include <assert.h>
#include <string.h>

#include "kernels/cpu/cache.h"

enum { BINS = 1 << 11 };

int64_t select_scratch(int64_t n)
{
    return 2 * n * (int64_t)sizeof(uint32_t);
}

/* The bin that holds the k-th largest; *k becomes its rank inside. */
static uint32_t bin_of(const int32_t *count, int64_t *k)
{
    uint32_t bin = BINS - 1;
    for (; count[bin] < *k; bin--)
        *k -= count[bin];
    return bin;
}

/* Of n numbers, those whose bits from `shift` on are `top`, by the eleven bits below; the k-th
 * largest of them is narrowed down, and what shares its bits goes to `next`. */
static int64_t narrow(const uint32_t *u, int64_t n, int shift, int64_t *k, uint32_t *next,
                      uint32_t *bits)
{
    int32_t count[BINS] = {0};
    int64_t n_next = 0;
    for (int64_t i = 0; i < n; i++)
        count[u[i] >> shift & (BINS - 1)]++;
    *bits = bin_of(count, k);
    for (int64_t i = 0; i < n; i++) {
        next[n_next] = u[i];
        n_next += (u[i] >> shift & (BINS - 1)) == *bits;
    }
    return n_next;
}

/* The k-th largest; *k becomes how many of those equal to it are wanted. */
static uint32_t kth_largest(const uint32_t *u, int64_t n, int64_t *k, uint32_t *work)
{
    uint32_t high = 0;
    uint32_t middle = 0;
    int32_t count[1 << 10] = {0};
    n = narrow(u, n, 21, k, work, &high);
    n = narrow(work, n, 10, k, work, &middle);
    for (int64_t i = 0; i < n; i++)
        count[work[i] & 0x3ff]++;
    uint32_t low = 0x3ff;
    for (; count[low] < *k; low--)
        *k -= count[low];
    return high << 21 | middle << 10 | low;
}

void select_best(const float *score, int64_t n, int64_t topk, int32_t *out,
                 const struct cpu_cache_isa *isa, void *work)
{
    uint32_t *u = work;
    int64_t n_equal = topk;
    int64_t n_out = 0;
    assert(topk >= 1 && topk <= n && n <= INT32_MAX);
    isa->order(u, score, n);
    uint32_t least = kth_largest(u, n, &n_equal, u + n);
    for (int64_t i = 0; i < n && n_out < topk; i++) {
        int64_t is_equal = u[i] == least;
        out[n_out] = (int32_t)i;
        n_out += u[i] > least || (is_equal & (n_equal > 0));
        n_equal -= is_equal;
    }
    assert(n_out == topk);
}
