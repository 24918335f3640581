/* Caches in every format: what is stored, what attention and the indexer make of it, and that no
 * instruction set, thread, neighbour or cut shows in a bit.
 *
 * The truth is plain code in double over rows rounded here, from the definitions of the formats. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "kernels/cpu/cache.h"
#include "kernels/cpu/cpu.h"
#include "kernels/cpu/select.h"
#include "tests/support/support.h"
#include "tests/support/tensor.h"

enum {
    CACHED = 4500, /* more than two ranges of keys of the indexer */
    TABLE = 72,    /* pages of one request */
    SLOTS = 2,
    T_ODD = 7, /* rows of any length */
    T = 40,    /* the others are a chunk, so that rows share pages of keys */
    TOPK = 300,
    N_HEADS = 19,
    INDEX_HEADS = 5,
    DIM_MOST = 576
};

static const char *const isa_name[] = {"portable", "avx2", "avx512"};
static const char *const type_name[] = {"f32", "bf16", "fp8"};
static int32_t some_slot[T] = {0, 1, 1, 1, 0, 1, 0};
static int32_t some_position[T] = {0, 298, 299, 300, 4499, 2048, 4472};
static struct err e;

/* The chunk crosses the end of a page, and ends in rows of the other request. */
static void lay_out_rows(void)
{
    for (int32_t t = T_ODD; t < T; t++) {
        some_slot[t] = t < T - 5;
        some_position[t] = 370 + t - T_ODD;
    }
}

TestSuite(kernels_cache, .init = lay_out_rows);

/* -- the formats, by definition ---------------------------------------------------------------- */

/* x to the nearest multiple of step, ties to even. Exact: step is a power of two. */
static double to_step(double x, double step)
{
    return nearbyint(x / step) * step;
}

static double as_bf16(double x)
{
    return x == 0 ? x : to_step(x, exp2(floor(log2(fabs(x))) - 7));
}

static double as_e4m3(double x, double scale)
{
    double v = fabs(x) / scale;
    double step = v < 0x1p-6 ? 0x1p-9 : exp2(floor(log2(v)) - 3);
    return copysign(fmin(to_step(v, step), 448) * scale, x);
}

static double scale_of(const float *x, int64_t n)
{
    double amax = 1e-4;
    for (int64_t i = 0; i < n; i++)
        amax = fmax(amax, fabs((double)x[i]));
    return exp2(ceil(log2(amax / 448)));
}

static void keep(enum kv_type type, int64_t dim, int64_t rank, const float *x, double *out)
{
    for (int64_t i = 0; i < dim; i++) {
        int64_t block = i / KERNEL_BLOCK * KERNEL_BLOCK;
        int64_t n = rank - block < KERNEL_BLOCK ? rank - block : KERNEL_BLOCK;
        out[i] = type == KV_F32                 ? (double)x[i]
                 : type == KV_BF16 || i >= rank ? as_bf16((double)x[i])
                                                : as_e4m3((double)x[i], scale_of(x + block, n));
    }
}

/* Magnitudes from far below a step to the largest, by blocks; zeros of both signs. */
static void draw_row(float *x, int64_t dim, uint64_t seed, uint64_t which)
{
    for (int64_t i = 0; i < dim; i++) {
        double size = exp2((double)rng_below(seed, 2 * which, (uint64_t)i, 24) - 16);
        x[i] = (float)((rng_unit(seed, 2 * which + 1, (uint64_t)i) - 0.5) * size);
        if (i % 31 == 3)
            x[i] = i % 2 == 0 ? 0.0F : -0.0F;
    }
}

/* -- a machine and a cache in it --------------------------------------------------------------- */

static struct kernels *open_machine(const char *isa, int n_threads)
{
    struct kernels *k = NULL;
    struct kernel_limits most = {.n_rows = T,
                                 .n_in = DIM_MOST,
                                 .n_selected = TOPK,
                                 .n_cached = CACHED,
                                 .n_cache_dim = DIM_MOST,
                                 .n_heads = N_HEADS};
    if (!kernels_cpu_open(&k, n_threads, isa, &e))
        return NULL; /* not on this processor */
    ASSERT_OK(k->ops->reserve(k, &most, &e), e);
    return k;
}

struct bank {
    struct kpages pages;
    int32_t table[SLOTS * TABLE];
    float *x;     /* [SLOTS][CACHED][dim] as put */
    double *kept; /* the same as kept */
};

static struct bank *open_bank(struct kernels *k, enum kv_type type, int64_t dim, int64_t rank,
                              uint64_t seed)
{
    struct bank *b = calloc(1, sizeof *b);
    cr_assert_not_null(b);
    for (int32_t i = 0; i < SLOTS * TABLE; i++) /* 5 and 144 share no divisor */
        b->table[i] = i * 5 % (SLOTS * TABLE);
    b->pages = (struct kpages){
        .table = b->table, .n_table = TABLE, .dim = dim, .type = type, .rank = rank};
    b->pages.pool =
        calloc((size_t)SLOTS * TABLE * KERNEL_PAGE, (size_t)kpages_row_bytes(&b->pages));
    b->x = tensor_random(SLOTS * CACHED * dim, 1, seed, 50);
    b->kept = calloc((size_t)(SLOTS * CACHED * dim), sizeof *b->kept);
    cr_assert(b->pages.pool != NULL && b->kept != NULL);
    for (int32_t i = 0; i < SLOTS * CACHED; i++) {
        int32_t slot = i / CACHED;
        int32_t position = i % CACHED;
        struct krows where = {&slot, &position};
        struct kmat row = {b->x + i * dim, dim};
        ASSERT_OK(k->ops->cache_put(k, &b->pages, &where, row, 1, &e), e);
        keep(type, dim, rank, row.at, b->kept + i * dim);
    }
    return b;
}

static void close_bank(struct bank *b)
{
    free(b->pages.pool);
    free(b->x);
    free(b->kept);
    free(b);
}

static const double *kept_row(const struct bank *b, int32_t slot, int64_t position)
{
    return b->kept + (slot * (int64_t)CACHED + position) * b->pages.dim;
}

/* -- rows -------------------------------------------------------------------------------------- */

static void check_rows(const char *isa, enum kv_type type, int64_t dim, int64_t rank, uint64_t seed)
{
    struct kernels *k = open_machine(isa, 1);
    if (k == NULL)
        return;
    struct kpages c = {.dim = dim, .type = type, .rank = rank};
    unsigned char *row = aligned_alloc(64, 4096);
    float x[DIM_MOST];
    float wide[DIM_MOST];
    double want[DIM_MOST];
    cr_assert(row != NULL && kpages_row_bytes(&c) < 4096);
    for (uint64_t i = 0; i < 50; i++) {
        draw_row(x, dim, seed, i);
        memset(row, 0xa5, 4096);
        cpu_cache_store(&c, row, x);
        cr_assert_eq(row[kpages_row_bytes(&c)], 0xa5, "%s writes past its row", type_name[type]);
        const float *got = cpu_cache_load(cpu_of(k), &c, row, wide);
        keep(type, dim, rank, x, want);
        for (int64_t n = 0; n < dim; n++)
            cr_assert_eq((double)got[n], want[n], "%s %s [%d of %d|%d]: %a becomes %a, not %a", isa,
                         type_name[type], (int)n, (int)rank, (int)dim, (double)x[n], (double)got[n],
                         want[n]);
    }
    free(row);
    kernels_close(k);
}

Test(kernels_cache, rows_are_rounded_as_their_format_says)
{
    uint64_t seed = support_seed(21);
    for (size_t i = 0; i < 3; i++)
        for (int type = KV_F32; type <= KV_FP8; type++) {
            check_rows(isa_name[i], (enum kv_type)type, 576, 512, seed);
            check_rows(isa_name[i], (enum kv_type)type, 128, 128, seed + 1);
            check_rows(isa_name[i], (enum kv_type)type, 40, 32, seed + 2);
            check_rows(isa_name[i], (enum kv_type)type, 157, 130, seed + 3);
            check_rows(isa_name[i], (enum kv_type)type, 19, 19, seed + 4);
        }
}

/* What FlashMLA's kernels would read: 512 codes, 4 scales, 64 numbers of BF16. */
Test(kernels_cache, an_fp8_row_has_the_public_layout)
{
    struct kpages c = {.dim = 576, .type = KV_FP8, .rank = 512};
    unsigned char row[656];
    float x[576];
    double want[576];
    draw_row(x, 576, support_seed(22), 0);
    cpu_cache_store(&c, row, x);
    keep(KV_FP8, 576, 512, x, want);
    for (int i = 0; i < 512; i++) {
        float scale;
        memcpy(&scale, row + 512 + i / 128 * 4, 4);
        int exponent = row[i] >> 3 & 15;
        double mantissa = (row[i] & 7) / 8.0;
        double size = exponent == 0 ? mantissa * 0x1p-6 : (1 + mantissa) * exp2(exponent - 7);
        cr_assert_eq((row[i] >> 7 != 0 ? -size : size) * (double)scale, want[i], "number %d", i);
    }
    for (int i = 0; i < 64; i++) {
        uint32_t bits = (uint32_t)row[528 + 2 * i] << 16 | (uint32_t)row[529 + 2 * i] << 24;
        float v;
        memcpy(&v, &bits, 4);
        cr_assert_eq((double)v, want[512 + i], "number %d", 512 + i);
    }
}

Test(kernels_cache, a_row_that_act_quant_rounded_loses_nothing)
{
    struct kernels *k = open_machine(NULL, 1);
    struct kpages c = {.dim = 576, .type = KV_FP8, .rank = 512};
    _Alignas(64) unsigned char row[656];
    float x[576];
    float wide[576];
    uint64_t seed = support_seed(23);
    for (uint64_t i = 0; i < 200; i++) {
        struct kmat at = {x, 576};
        draw_row(x, 576, seed, i);
        ASSERT_OK(k->ops->act_quant(k, at, at, 1, 512, KERNEL_BLOCK, &e), e);
        cpu_cache_store(&c, row, x);
        tensor_expect_same_bits(cpu_cache_load(cpu_of(k), &c, row, wide), x, 512, "latent");
    }
    kernels_close(k);
}

/* -- attention --------------------------------------------------------------------------------- */

/* Rows with few and many positions, ascending. */
static void choose(struct kselect *which)
{
    for (int t = 0; t < T; t++) {
        int32_t *at = which->at + t * which->stride;
        which->n[t] = 0;
        for (int32_t s = t % 3; s <= some_position[t] && which->n[t] < TOPK - t; s += 1 + 3 * t)
            at[which->n[t]++] = s;
        if (which->n[t] == 0)
            at[which->n[t]++] = 0;
    }
}

static void attend_plainly(const struct bank *b, const float *q, double scale,
                           const struct kselect *which, int64_t t, int64_t rank, double *want)
{
    static double p[TOPK];
    double top = -INFINITY;
    double sum = 0;
    const int32_t *at = which->at + t * which->stride;
    for (int32_t j = 0; j < which->n[t]; j++) {
        const double *row = kept_row(b, some_slot[t], at[j]);
        p[j] = 0;
        for (int64_t i = 0; i < b->pages.dim; i++)
            p[j] += (double)q[i] * row[i] * scale;
        top = fmax(top, p[j]);
    }
    for (int32_t j = 0; j < which->n[t]; j++)
        sum += p[j] = exp(p[j] - top);
    for (int64_t i = 0; i < rank; i++) {
        want[i] = 0;
        for (int32_t j = 0; j < which->n[t]; j++)
            want[i] += p[j] / sum * kept_row(b, some_slot[t], at[j])[i];
    }
}

/* All rows in one call, or each in its own. */
static void attend(struct kernels *k, const struct bank *b, const float *q,
                   const struct kselect *which, int64_t rank, bool is_alone, float *y)
{
    int64_t dim = b->pages.dim;
    int64_t n_calls = is_alone ? T : 1;
    for (int64_t t = 0; t < n_calls; t++) {
        struct krows rows = {some_slot + t, some_position + t};
        struct kheads qs = {(float *)q + t * N_HEADS * dim, N_HEADS * dim, dim};
        struct kheads ys = {y + t * N_HEADS * rank, N_HEADS * rank, rank};
        struct kselect one = {which->at + t * which->stride, which->n + t, which->stride};
        ASSERT_OK(k->ops->attend(k, ys, qs, 0.3F, &b->pages, &rows, &one, is_alone ? 1 : T, N_HEADS,
                                 rank, &e),
                  e);
    }
}

static void check_attend(enum kv_type type, int64_t dim, int64_t rank, uint64_t seed)
{
    struct kernels *k = open_machine("portable", 1);
    struct bank *b = open_bank(k, type, dim, rank, seed);
    static int32_t at[T * TOPK];
    static int32_t n[T];
    struct kselect which = {at, n, TOPK};
    float *q = tensor_random(T * N_HEADS * dim, 1, seed, 1);
    float *y = tensor_random(T * N_HEADS * rank, 1, seed, 2);
    float *z = tensor_random(T * N_HEADS * rank, 1, seed, 3);
    double want[DIM_MOST];
    choose(&which);
    attend(k, b, q, &which, rank, true, y);
    for (int64_t i = 0; i < T * N_HEADS; i++) {
        attend_plainly(b, q + i * dim, (double)0.3F, &which, i / N_HEADS, rank, want);
        tensor_expect_close(y + i * rank, want, rank, 3e-6, type_name[type]);
    }
    kernels_close(k);
    for (int m = 0; m < 18; m++) { /* instruction sets x threads x alone or together */
        k = open_machine(isa_name[m / 6], 1 + m % 3);
        if (k == NULL)
            continue;
        memset(z, 0, (size_t)(T * N_HEADS * rank) * sizeof *z);
        attend(k, b, q, &which, rank, m % 6 < 3, z);
        tensor_expect_same_bits(z, y, T * N_HEADS * rank, isa_name[m / 6]);
        kernels_close(k);
    }
    close_bank(b);
    free(q);
    free(y);
    free(z);
}

Test(kernels_cache, attention_is_right_and_the_same_however_it_is_cut)
{
    uint64_t seed = support_seed(24);
    for (int type = KV_F32; type <= KV_FP8; type++) {
        check_attend((enum kv_type)type, 40, 32, seed);
        check_attend((enum kv_type)type, 157, 130, seed + 1);
    }
}

/* -- the indexer ------------------------------------------------------------------------------- */

static void select_rows(struct kernels *k, const struct bank *b, const float *q, const float *w,
                        bool is_alone, struct kselect *out)
{
    int64_t dim = b->pages.dim;
    int64_t n_calls = is_alone ? T : 1;
    memset(out->at, 0xff, (size_t)(T * out->stride) * sizeof *out->at);
    for (int64_t t = 0; t < n_calls; t++) {
        struct krows rows = {some_slot + t, some_position + t};
        struct kheads qs = {(float *)q + t * INDEX_HEADS * dim, INDEX_HEADS * dim, dim};
        struct kmat ws = {(float *)w + t * INDEX_HEADS, INDEX_HEADS};
        struct kselect one = {out->at + t * out->stride, out->n + t, out->stride};
        ASSERT_OK(k->ops->index_select(k, &one, qs, ws, 0.25F, &b->pages, &rows, is_alone ? 1 : T,
                                       INDEX_HEADS, TOPK, &e),
                  e);
    }
}

/* Every position that was kept scores no less than any that was not, up to rounding. */
static void expect_best(const struct bank *b, const float *q, const float *w, int64_t t,
                        const struct kselect *got)
{
    static double score[CACHED];
    static bool is_kept[CACHED];
    const int32_t *at = got->at + t * got->stride;
    int32_t n_seen = some_position[t] + 1;
    cr_assert_eq(got->n[t], n_seen < TOPK ? n_seen : TOPK, "row %d", (int)t);
    memset(is_kept, 0, sizeof is_kept);
    for (int32_t i = 0; i < got->n[t]; i++) {
        cr_assert(at[i] > (i == 0 ? -1 : at[i - 1]) && at[i] < n_seen, "row %d", (int)t);
        is_kept[at[i]] = true;
    }
    double least = INFINITY;
    double size = 0;
    double best = -INFINITY;
    for (int32_t s = 0; s < n_seen; s++) {
        score[s] = 0;
        for (int h = 0; h < INDEX_HEADS; h++) {
            double dot = 0;
            for (int64_t i = 0; i < b->pages.dim; i++)
                dot += (double)q[(t * INDEX_HEADS + h) * b->pages.dim + i] *
                       kept_row(b, some_slot[t], s)[i];
            score[s] += fmax(0, dot) * (double)w[t * INDEX_HEADS + h] * 0.25;
        }
        size = fmax(size, fabs(score[s]));
        if (is_kept[s])
            least = fmin(least, score[s]);
        else
            best = fmax(best, score[s]);
    }
    cr_assert(best <= least + 1e-6 * size, "row %d: kept %g, left %g", (int)t, least, best);
}

static void check_index(enum kv_type type, int64_t dim, uint64_t seed)
{
    struct kernels *k = open_machine("portable", 1);
    struct bank *b = open_bank(k, type, dim, dim, seed);
    static int32_t at[2][T * TOPK];
    static int32_t n[2][T];
    struct kselect want = {at[0], n[0], TOPK};
    struct kselect got = {at[1], n[1], TOPK};
    float *q = tensor_random(T * INDEX_HEADS * dim, 1, seed, 1);
    float *w = tensor_random(T * INDEX_HEADS, 1, seed, 2);
    select_rows(k, b, q, w, true, &want);
    for (int64_t t = 0; t < T; t++)
        expect_best(b, q, w, t, &want);
    kernels_close(k);
    for (int m = 0; m < 18; m++) {
        k = open_machine(isa_name[m / 6], 1 + m % 3);
        if (k == NULL)
            continue;
        select_rows(k, b, q, w, m % 6 < 3, &got);
        cr_assert_arr_eq(n[1], n[0], sizeof n[0]);
        cr_assert_arr_eq(at[1], at[0], sizeof at[0], "%s %s, %d threads", type_name[type],
                         isa_name[m / 6], 1 + m % 3);
        kernels_close(k);
    }
    close_bank(b);
    free(q);
    free(w);
}

Test(kernels_cache, the_indexer_keeps_the_best_however_it_is_cut)
{
    uint64_t seed = support_seed(25);
    for (int type = KV_F32; type <= KV_FP8; type++) {
        check_index((enum kv_type)type, 128, seed);
        check_index((enum kv_type)type, 37, seed + 1);
    }
}

/* -- selection --------------------------------------------------------------------------------- */

struct scored {
    float score;
    int32_t at;
};

static int by_score(const void *x, const void *y)
{
    const struct scored *a = x;
    const struct scored *b = y;
    return a->score != b->score ? (a->score < b->score) - (a->score > b->score)
                                : (a->at > b->at) - (a->at < b->at);
}

static int by_position(const void *x, const void *y)
{
    const struct scored *a = x;
    const struct scored *b = y;
    return (a->at > b->at) - (a->at < b->at);
}

/* Few distinct scores, so that the last place is nearly always tied; 0 and -0 are the same. */
static float draw_score(uint64_t seed, uint64_t round, uint64_t i)
{
    static const float odd[] = {0.0F, -0.0F, 1e-40F, -1e-40F, INFINITY, -INFINITY, 3.4e38F, 1.0F};
    uint64_t kind = rng_below(seed, round, 0, 3);
    if (kind == 0)
        return (float)(rng_unit(seed, round + 1000, i) - 0.5);
    if (kind == 1)
        return odd[rng_below(seed, round + 1000, i, 8)];
    return (float)rng_below(seed, round + 1000, i, 5) * 0x1p-20F + 1.0F;
}

Test(kernels_cache, selecting_agrees_with_sorting)
{
    enum { MOST = 3000 };
    static struct scored sorted[MOST];
    static float score[MOST];
    static int32_t out[MOST];
    uint64_t seed = support_seed(26);
    void *work = malloc((size_t)select_scratch(MOST));
    cr_assert_not_null(work);
    for (uint64_t round = 0; round < 300; round++) {
        int64_t n = 1 + (int64_t)rng_below(seed, 1, round, round % 2 == 0 ? 40 : MOST);
        int64_t topk = 1 + (int64_t)rng_below(seed, 2, round, (uint64_t)n);
        const char *isa = isa_name[round % 3];
        struct kernels *k = open_machine(isa, 1);
        if (k == NULL)
            continue;
        for (int64_t i = 0; i < n; i++) {
            score[i] = draw_score(seed, round + 10, (uint64_t)i);
            sorted[i] = (struct scored){score[i], (int32_t)i};
        }
        qsort(sorted, (size_t)n, sizeof *sorted, by_score);
        qsort(sorted, (size_t)topk, sizeof *sorted, by_position);
        select_best(score, n, topk, out, cpu_of(k)->cache, work);
        for (int64_t i = 0; i < topk; i++)
            cr_assert_eq(out[i], sorted[i].at, "round %d, %s, %d of %d, place %d", (int)round, isa,
                         (int)topk, (int)n, (int)i);
        kernels_close(k);
    }
    free(work);
}

/* -- the inner loops, bit for bit -------------------------------------------------------------- */

/* The loops of an instruction set, or NULL where the processor has it not. */
static const struct cpu_cache_isa *loops(const char *name)
{
    struct kernels *k = NULL;
    if (!kernels_cpu_open(&k, 1, name, &e))
        return NULL;
    const struct cpu_cache_isa *isa = cpu_of(k)->cache;
    kernels_close(k);
    return isa;
}

/* Scores of ordinary and of extreme size: exp from 1 down to nothing. */
static void softmax_alike(const struct cpu_cache_isa *isa, int64_t n, int64_t n_heads, double size,
                          uint64_t seed)
{
    float *a = tensor_random(n * CACHE_LANES, size, seed, 1);
    float *b = tensor_random(n * CACHE_LANES, size, seed, 1);
    cache_portable.softmax(a, n, 0.7F, n_heads);
    isa->softmax(b, n, 0.7F, n_heads);
    tensor_expect_same_bits(a, b, n * CACHE_LANES, "softmax");
    free(a);
    free(b);
}

static void mix_alike(const struct cpu_cache_isa *isa, int64_t J, int64_t n_heads, int64_t n,
                      uint64_t seed)
{
    float *p = tensor_random(J * CACHE_LANES, 1, seed, 1);
    float *x = tensor_random(J * n, 1, seed, 2);
    float *y[2] = {tensor_random(CACHE_LANES * n, 1, seed, 3),
                   tensor_random(CACHE_LANES * n, 1, seed, 3)};
    const float *row[64];
    float *to[2][CACHE_LANES];
    for (int64_t j = 0; j < J; j++)
        row[j] = x + j * n;
    for (int64_t i = 0; i < 2 * CACHE_LANES; i++)
        to[i % 2][i / 2] = y[i % 2] + i / 2 * n;
    cache_portable.mix(to[0], p, n_heads, row, J, n, false);
    isa->mix(to[1], p, n_heads, row, J, n, false);
    tensor_expect_same_bits(y[0], y[1], CACHE_LANES * n, "mix"); /* heads beyond are left alone */
    int64_t half = J / 2;
    isa->mix(to[1], p, n_heads, row, half, n, false);
    isa->mix(to[1], p + half * CACHE_LANES, n_heads, row + half, J - half, n, true);
    tensor_expect_same_bits(y[0], y[1], CACHE_LANES * n, "mix in two parts");
    free(p);
    free(x);
    free(y[0]);
    free(y[1]);
}

static void score_alike(const struct cpu_cache_isa *isa, int64_t n, int64_t dim, int64_t n_heads,
                        uint64_t seed)
{
    static float panel[2][DIM_MOST * CACHE_KEYS];
    float score[2][CACHE_KEYS];
    float *key = tensor_random(n * dim, 1, seed, 1);
    float *q = tensor_random(n_heads * (dim + 3), 1, seed, 2);
    float *w = tensor_random(n_heads, 1, seed, 3);
    key[0] = INFINITY; /* times 0 below: no number, which the ReLU takes for 0 everywhere */
    q[0] = 0.0F;
    cache_portable.turn(panel[0], key, dim, n, dim);
    isa->turn(panel[1], key, dim, n, dim);
    tensor_expect_same_bits(panel[0], panel[1], dim * CACHE_KEYS, "turn");
    cr_expect_eq(panel[0][(dim - 1) * CACHE_KEYS + n - 1], key[n * dim - 1]);
    cache_portable.score(score[0], panel[0], q, dim + 3, w, n_heads, dim);
    isa->score(score[1], panel[1], q, dim + 3, w, n_heads, dim);
    tensor_expect_same_bits(score[0], score[1], CACHE_KEYS, "score");
    free(key);
    free(q);
    free(w);
}

static void order_alike(const struct cpu_cache_isa *isa, int64_t n, uint64_t seed)
{
    float x[70];
    uint32_t a[70];
    uint32_t b[70];
    for (int64_t i = 0; i < n; i++) {
        uint32_t bits = (uint32_t)rng_u64(seed, 9, (uint64_t)i);
        bits = i % 7 == 0 ? 0x80000000U : i % 7 == 1 ? 0x7fc00000U : bits;
        memcpy(&x[i], &bits, sizeof bits);
    }
    cache_portable.order(a, x, n);
    isa->order(b, x, n);
    cr_assert_arr_eq(a, b, (size_t)n * sizeof *a, "order of %d", (int)n);
}

static void loops_alike(const struct cpu_cache_isa *isa, uint64_t seed)
{
    static const int64_t some[] = {1, 2, 7, 15, 16, 17, 31, 47, 48, 63, 64};
    for (uint64_t i = 0; i < 11; i++)
        for (int64_t n_heads = 1; n_heads <= CACHE_LANES; n_heads += i % 2 == 0 ? 1 : 5) {
            softmax_alike(isa, some[i], n_heads, i % 3 == 0 ? 1e4 : 8, seed + i);
            mix_alike(isa, some[i], n_heads, 5 + 13 * (int64_t)i, seed + i);
            score_alike(isa, some[i], 3 + 12 * (int64_t)i, n_heads, seed + i);
        }
    for (int64_t n = 1; n <= 70; n++)
        order_alike(isa, n, seed + (uint64_t)n);
}

Test(kernels_cache, inner_loops_with_avx2_give_the_bits_of_portable_c)
{
    const struct cpu_cache_isa *isa = loops("avx2");
    if (isa == NULL)
        support_skip("avx2", e.text);
    loops_alike(isa, support_seed(27));
}

Test(kernels_cache, inner_loops_with_avx512_give_the_bits_of_portable_c)
{
    const struct cpu_cache_isa *isa = loops("avx512");
    if (isa == NULL)
        support_skip("avx512", e.text);
    loops_alike(isa, support_seed(28));
}
