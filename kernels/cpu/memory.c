/* The CPU as a machine: its memory, its threads, its choice of instruction set. */
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/limits.h"
#include "kernels/cpu/cache.h"
#include "kernels/cpu/cpu.h"

enum { LARGE_PAGE = 2 << 20 };

/* Stands in front of every piece handed out, because munmap wants to know where and how much. */
struct piece {
    void *start;
    int64_t n_bytes;
};
static_assert(sizeof(struct piece) <= CPU_ALIGN, "the header fits in front of aligned memory");

/* Fresh pages from the system: zero, and resident only once touched, so that a large cache pool
 * costs nothing until it is used. Large pieces begin at a large page and ask for large ones:
 * reading weights in pages of 4 KiB costs a fifth of the bandwidth. */
bool cpu_alloc(struct kernels *k, int64_t n_bytes, void **out, struct err *e)
{
    (void)k;
    assert(n_bytes >= 0);
    bool is_large = n_bytes >= LARGE_PAGE;
    size_t n = (size_t)n_bytes + CPU_ALIGN + (is_large ? LARGE_PAGE : 0);
    void *p =
        mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        return FAIL(e, ERR_DEVICE, "no memory for %lld bytes: %m", (long long)n_bytes);
    unsigned char *at = p;
    if (is_large) {
        at += (LARGE_PAGE - (uintptr_t)p % LARGE_PAGE) % LARGE_PAGE;
        (void)madvise(at, (size_t)n_bytes + CPU_ALIGN, MADV_HUGEPAGE); /* a wish, not a need */
    }
    *(struct piece *)(void *)at = (struct piece){p, (int64_t)n};
    *out = at + CPU_ALIGN;
    return true;
}

void cpu_release(struct kernels *k, void *m)
{
    (void)k;
    if (m == NULL)
        return;
    struct piece p = *(struct piece *)(void *)((unsigned char *)m - CPU_ALIGN);
    (void)munmap(p.start, (size_t)p.n_bytes);
}

static bool copy(struct kernels *k, void *dst, const void *src, int64_t n, struct err *e)
{
    (void)k;
    (void)e;
    assert(n >= 0);
    if (n > 0)
        memcpy(dst, src, (size_t)n);
    return true;
}

static bool adopt(struct kernels *k, const void *host, int64_t n, const void **out, struct err *e)
{
    (void)k;
    (void)n;
    (void)e;
    *out = host;
    return true;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Every engine on this machine gets at least what it asks for: limits only grow. */
static struct kernel_limits merge(const struct kernel_limits *a, const struct kernel_limits *b)
{
    return (struct kernel_limits){
        .n_rows = larger(a->n_rows, b->n_rows),
        .n_in = larger(a->n_in, b->n_in),
        .n_selected = larger(a->n_selected, b->n_selected),
        .n_cached = larger(a->n_cached, b->n_cached),
        .n_cache_dim = larger(a->n_cache_dim, b->n_cache_dim),
        .n_heads = larger(a->n_heads, b->n_heads),
        .n_experts = larger(a->n_experts, b->n_experts),
        .n_used = larger(a->n_used, b->n_used),
        .n_inner = larger(a->n_inner, b->n_inner),
    };
}

static void give_back(struct cpu *c)
{
    cpu_moe_close(c);
    cpu_release(&c->base, c->scratch);
    cpu_release(&c->base, c->score);
    c->scratch = NULL;
    c->score = NULL;
}

static bool reserve(struct kernels *k, const struct kernel_limits *wanted, struct err *e)
{
    struct cpu *c = cpu_of(k);
    struct kernel_limits most = merge(&c->limits, wanted);
    int64_t n = larger(cpu_linear_scratch(&most), cpu_moe_scratch(&most));
    n = larger(n, larger(cpu_select_scratch(&most), cpu_attend_scratch(&most)));
    void *p = NULL;
    give_back(c);
    c->limits = most;
    c->n_scratch = cpu_round(n, 4096);
    TRY(cpu_alloc(k, c->n_scratch * c->n_threads, &p, e));
    c->scratch = p;
    TRY(cpu_alloc(k, cpu_select_shared(&most, c->n_threads) * (int64_t)sizeof(float), &p, e));
    c->score = p;
    return most.n_experts == 0 || cpu_moe_open(c, &most, e);
}

static void close_cpu(struct kernels *k)
{
    struct cpu *c = cpu_of(k);
    give_back(c);
    pool_close(c->pool);
    free(c);
}

static const struct kernel_ops ops = {
    .alloc = cpu_alloc,
    .release = cpu_release,
    .put = copy,
    .get = copy,
    .copy = cpu_copy,
    .adopt = adopt,
    .reserve = reserve,
    .embed = cpu_embed,
    .gather = cpu_gather,
    .add = cpu_add,
    .rms_norm = cpu_rms_norm,
    .layer_norm = cpu_layer_norm,
    .act_quant = cpu_act_quant,
    .hadamard = cpu_hadamard,
    .rope_table = cpu_rope_table,
    .rope = cpu_rope,
    .linear = cpu_linear,
    .linear_heads = cpu_linear_heads,
    .swiglu = cpu_swiglu,
    .cache_put = cpu_cache_put,
    .index_select = cpu_index_select,
    .attend = cpu_attend,
    .route = cpu_route,
    .experts = cpu_experts,
    .close = close_cpu,
};

void cpu_run(struct cpu *c, int64_t n_tasks, int64_t work, pool_fn *fn, void *ctx)
{
    if (n_tasks * work < CPU_GRAIN)
        for (int64_t i = 0; i < n_tasks; i++)
            fn(ctx, i, 0);
    else
        pool_run(c->pool, n_tasks, fn, ctx);
}

static bool has_isa(const struct cpu_isa *isa)
{
    if (isa == &cpu_avx512)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
    if (isa == &cpu_avx2)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    return true;
}

static bool choose_isa(const struct cpu_isa **out, const char *wanted, struct err *e)
{
    static const struct cpu_isa *const best_first[] = {&cpu_avx512, &cpu_avx2, &cpu_portable};
    for (size_t i = 0; i < sizeof best_first / sizeof best_first[0]; i++) {
        bool is_named = wanted != NULL && strcmp(wanted, best_first[i]->name) == 0;
        if (is_named && !has_isa(best_first[i]))
            return FAIL(e, ERR_UNSUPPORTED, "this processor has no %s", wanted);
        if (is_named || (wanted == NULL && has_isa(best_first[i]))) {
            *out = best_first[i];
            return true;
        }
    }
    return FAIL(e, ERR_USAGE, "no such instruction set: %s (portable, avx2, avx512)", wanted);
}

static int count_processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int n = CPU_COUNT(&set);
    return n < 1 ? 1 : n > LIMIT_THREADS ? LIMIT_THREADS : n;
}

bool kernels_cpu_open(struct kernels **out, int n_threads, const char *isa, struct err *e)
{
    if (n_threads < 0 || n_threads > LIMIT_THREADS)
        return FAIL(e, ERR_USAGE, "%d threads: 1 to %d are possible", n_threads, LIMIT_THREADS);
    const struct cpu_isa *chosen = NULL;
    TRY(choose_isa(&chosen, isa, e));
    struct cpu *c = calloc(1, sizeof *c);
    if (c == NULL)
        return FAIL(e, ERR_IO, "no memory for the CPU kernels");
    c->base = (struct kernels){.ops = &ops, .name = chosen->name};
    c->isa = chosen;
    c->cache = cache_isa(chosen->name);
    c->n_threads = n_threads == 0 ? count_processors() : n_threads;
    if (!pool_open(&c->pool, c->n_threads, e)) {
        free(c);
        return false;
    }
    *out = &c->base;
    return true;
}

void kernels_close(struct kernels *k)
{
    if (k != NULL)
        k->ops->close(k);
}
