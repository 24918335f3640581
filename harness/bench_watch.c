#include "harness/bench_watch.h"

#include <assert.h>
#include <string.h>

enum { EXPERTS_MAX = 4096, CHOICES_MAX = 1 << 16 };

static struct {
    const struct kernel_ops *below; /* NULL: nobody is watched */
    struct kernel_ops ops;
    double n_distinct;
    double n_calls;
} watch;

static double count(const int32_t *expert, int64_t n, int64_t n_experts)
{
    static unsigned char seen[EXPERTS_MAX];
    double n_seen = 0;
    memset(seen, 0, (size_t)n_experts);
    for (int64_t i = 0; i < n; i++) {
        n_seen += seen[expert[i]] == 0 ? 1 : 0;
        seen[expert[i]] = 1;
    }
    return n_seen;
}

static bool experts(struct kernels *k, struct kmat y, struct kmat x, const struct kroute *route,
                    const struct kmlp *all, int64_t n_experts, bool is_quant, int64_t T,
                    struct err *e)
{
    static int32_t chosen[CHOICES_MAX];
    int64_t n = T * route->n_used;
    if (n <= CHOICES_MAX && n_experts <= EXPERTS_MAX) {
        TRY(watch.below->get(k, chosen, route->expert, n * (int64_t)sizeof *chosen, e));
        watch.n_distinct += count(chosen, n, n_experts);
        watch.n_calls++;
    }
    return watch.below->experts(k, y, x, route, all, n_experts, is_quant, T, e);
}

void bench_watch_begin(struct kernels *k)
{
    assert(watch.below == NULL);
    watch.below = k->ops;
    watch.ops = *k->ops;
    watch.ops.experts = experts;
    k->ops = &watch.ops;
    bench_watch_reset();
}

void bench_watch_end(struct kernels *k)
{
    if (k == NULL || k->ops != &watch.ops)
        return;
    k->ops = watch.below;
    watch.below = NULL;
}

void bench_watch_reset(void)
{
    watch.n_distinct = 0;
    watch.n_calls = 0;
}

double bench_watch_distinct(void)
{
    return watch.n_calls > 0 ? watch.n_distinct / watch.n_calls : 0;
}
