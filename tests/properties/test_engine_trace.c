/* What an event says of its token: the kept set against the definition applied to the model's own
 * logits, the experts against routers whose choice is known, and rows against the same rows fed as
 * a prompt. (That a schedule does not show in them is asked by test_engine_sched.) */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/rng.h"
#include "tests/support/model_make.h"
#include "tests/support/play.h"
#include "tests/support/support.h"

#define SHIPPED "assets/tiny"
enum { PROMPT = 9, OUT = 24, VOCAB_MOST = 2048, ROUTES_MOST = 64 };

static const float *order_of; /* what by_probability sorts by */

static int by_probability(const void *x, const void *y)
{
    int32_t a = *(const int32_t *)x;
    int32_t b = *(const int32_t *)y;
    if (order_of[a] != order_of[b])
        return order_of[a] > order_of[b] ? -1 : 1;
    return (a > b) - (a < b);
}

static int by_id(const void *x, const void *y)
{
    int32_t a = *(const int32_t *)x;
    int32_t b = *(const int32_t *)y;
    return (a > b) - (a < b);
}

/* The shortest prefix in falling probability that holds top_p. *slack: how far the decisive sum was
 * from top_p, which rounding may decide either way when it is tiny. */
static int64_t nucleus(const float *logit, int64_t V, const struct sampling *how, int32_t *out,
                       double *slack)
{
    double top = -HUGE_VAL;
    double sum = 0;
    double held = 0;
    int64_t n = 0;
    for (int64_t i = 0; i < V; i++) {
        out[i] = (int32_t)i;
        top = (double)logit[i] > top ? (double)logit[i] : top;
    }
    order_of = logit;
    qsort(out, (size_t)V, sizeof *out, by_probability);
    for (int64_t i = 0; i < V; i++)
        sum += exp(((double)logit[i] - top) / (double)how->temperature);
    *slack = 1;
    while (n < V && held / sum < (double)how->top_p) {
        held += exp(((double)logit[out[n++]] - top) / (double)how->temperature);
        *slack = fmin(*slack, fabs(held / sum - (double)how->top_p));
    }
    qsort(out, (size_t)n, sizeof *out, by_id);
    return n;
}

/* One request's events, copied. */
struct heard {
    int64_t n;
    int32_t token[OUT];
    int32_t experts[OUT][ROUTES_MOST];
    int64_t n_kept[OUT];
    int32_t kept[OUT][VOCAB_MOST];
};

static int64_t n_routes_of(const struct engine *g)
{
    struct engine_info info;
    engine_describe(g, &info);
    return (info.n_layers - info.n_dense_layers) * info.n_experts_used;
}

static void listen(const struct engine *g, struct heard *h)
{
    int64_t n = 0;
    const struct engine_event *ev = engine_events(g, &n);
    for (int64_t i = 0; i < n; i++, h->n++) {
        cr_assert(h->n < OUT && ev[i].experts != NULL && ev[i].kept != NULL);
        h->token[h->n] = ev[i].token;
        h->n_kept[h->n] = ev[i].n_kept;
        memcpy(h->experts[h->n], ev[i].experts, (size_t)n_routes_of(g) * sizeof(int32_t));
        memcpy(h->kept[h->n], ev[i].kept, (size_t)ev[i].n_kept * sizeof(int32_t));
    }
}

static void hear_one(struct engine *g, const int32_t *prompt, int64_t n, const struct sampling *how,
                     struct heard *out)
{
    struct err e = {0};
    struct finished done;
    out->n = 0;
    ASSERT_OK(engine_submit(g, prompt, n, how, 1, &e), e);
    while (engine_n_alive(g) > 0) {
        ASSERT_OK(engine_step(g, &e), e);
        listen(g, out);
    }
    cr_assert(engine_take(g, &done));
}

static void make_prompt(int32_t *out, uint64_t seed, int64_t V)
{
    for (int i = 0; i < PROMPT; i++)
        out[i] = (int32_t)rng_below(seed, 1, (uint64_t)i, (uint64_t)(V < 160 ? V : 160));
}

static void check_kept(struct engine *g, const int32_t *prompt, const struct sampling *how,
                       const struct heard *h, int64_t V, int64_t *n_compared)
{
    struct err e = {0};
    int32_t all[PROMPT + OUT];
    static float logits[(PROMPT + OUT) * VOCAB_MOST];
    static int32_t want[VOCAB_MOST];
    bool is_masked = how->temperature > 0.0F && how->top_p < 1.0F;
    memcpy(all, prompt, PROMPT * sizeof *all);
    memcpy(all + PROMPT, h->token, (size_t)h->n * sizeof *all);
    ASSERT_OK(engine_logits(g, all, PROMPT + h->n - 1, true, logits, &e), e);
    for (int64_t i = 0; i < h->n; i++) {
        double slack = 1;
        int64_t n = 0;
        if (is_masked)
            n = nucleus(logits + (PROMPT + i - 1) * V, V, how, want, &slack);
        if (slack < 1e-9)
            continue;
        cr_assert_eq(h->n_kept[i], n, "token %lld: %lld kept, expected %lld", (long long)i,
                     (long long)h->n_kept[i], (long long)n);
        cr_assert(memcmp(h->kept[i], want, (size_t)n * sizeof *want) == 0);
        *n_compared += is_masked;
    }
}

Test(engine_trace, kept_sets_are_the_nucleus)
{
    static const struct sampling hows[] = {{0.0F, 0.9F, 1, OUT},  {1.0F, 1.0F, 2, OUT},
                                           {1.0F, 0.95F, 3, OUT}, {3.0F, 0.9F, 4, OUT},
                                           {5.0F, 0.5F, 5, OUT},  {1.5F, 0.999F, 6, OUT}};
    struct play_schedule open = {
        .n_threads = 1, .n_slots = 2, .n_step_tokens = 64, .draft = DRAFT_NGRAM, .n_draft = 4};
    struct kernels *k = NULL;
    static struct heard h;
    struct engine_info info;
    int64_t n_compared = 0;
    uint64_t seed = support_seed(3);
    struct engine *g = play_open(SHIPPED, &open, &k);
    engine_describe(g, &info);
    cr_assert_leq(info.n_vocab, VOCAB_MOST);
    for (uint64_t i = 0; i < 24; i++) {
        int32_t prompt[PROMPT];
        make_prompt(prompt, seed + i, info.n_vocab);
        hear_one(g, prompt, PROMPT, &hows[i % 6], &h);
        check_kept(g, prompt, &hows[i % 6], &h, info.n_vocab, &n_compared);
    }
    cr_expect_gt(n_compared, 100);
    play_close(g, k);
}

/* Token i's experts are those of the row before it: the row that a request with exactly those
 * tokens as its prompt draws its first token from. */
Test(engine_trace, experts_are_of_the_row_before)
{
    struct play_schedule open = {
        .n_threads = 2, .n_slots = 1, .n_step_tokens = 64, .draft = DRAFT_MTP, .n_draft = 2};
    struct sampling how = {1.0F, 0.95F, 7, OUT};
    struct sampling once = {0.0F, 1.0F, 8, 1};
    struct kernels *k = NULL;
    static struct heard h, one;
    int32_t all[PROMPT + OUT];
    struct engine *g = play_open(SHIPPED, &open, &k);
    int64_t n_routes = n_routes_of(g);
    int64_t n_other = 0;
    make_prompt(all, support_seed(4), 160);
    hear_one(g, all, PROMPT, &how, &h);
    memcpy(all + PROMPT, h.token, (size_t)h.n * sizeof *all);
    for (int64_t i = 0; i < h.n; i++) {
        size_t n_bytes = (size_t)n_routes * sizeof(int32_t);
        hear_one(g, all, PROMPT + i, &once, &one);
        cr_expect(memcmp(one.experts[0], h.experts[i], n_bytes) == 0, "token %lld", (long long)i);
        n_other += i > 0 && memcmp(h.experts[i - 1], h.experts[i], n_bytes) != 0;
    }
    cr_expect_gt(n_other, 0, "rows that are all routed alike show nothing");
    play_close(g, k);
}

/* Two of each of four groups, other ones in the second layer. */
static const int32_t forced[2][8] = {{0, 1, 8, 9, 16, 17, 24, 25},
                                     {38, 39, 46, 47, 54, 55, 62, 63}};

static void force(struct made *m, int layer, struct arena *keep)
{
    static const unsigned char one_hundred[2] = {0xC8, 0x42}; /* upper half of 100.0F */
    const char *name =
        arena_fmt(keep, "model.layers.%d.mlp.gate.e_score_correction_bias", layer).at;
    struct made_tensor *t = made_find(m, name);
    cr_assert(t != NULL, "%s", name);
    int64_t width = t->n_bytes / t->shape[0];
    memset(t->at, 0, (size_t)t->n_bytes);
    for (int i = 0; i < 8; i++)
        memcpy(t->at + forced[layer][i] * width + width - 2, one_hundred, 2);
}

Test(engine_trace, experts_are_the_routers_layer_by_layer)
{
    CLEANUP(arena_fini) struct arena keep = {0};
    struct play_schedule open = {.n_threads = 1, .n_slots = 1, .n_step_tokens = 64};
    struct sampling how = {1.0F, 0.9F, 9, 8};
    struct kernels *k = NULL;
    static struct heard h;
    struct made m;
    struct make make;
    struct str config;
    int32_t prompt[PROMPT];
    arena_init(&keep, "test", LIMIT_ARENA_ITEM);
    model_read_golden("routing", &config, &make, &keep);
    model_build(&m, config, &make, &keep);
    force(&m, 0, &keep);
    force(&m, 1, &keep);
    model_write(&m, support_temp());
    struct engine *g = play_open(support_temp(), &open, &k);
    make_prompt(prompt, 5, 160);
    cr_assert_eq(n_routes_of(g), 16);
    hear_one(g, prompt, PROMPT, &how, &h);
    for (int64_t i = 0; i < h.n; i++)
        cr_expect_arr_eq(h.experts[i], forced, sizeof forced, "token %lld", (long long)i);
    play_close(g, k);
}

Test(engine_trace, nothing_is_told_unasked)
{
    struct kernels *k = NULL;
    struct engine *g = NULL;
    struct err e = {0};
    struct engine_config cfg = {.weights_dir = SHIPPED, .n_slots = 1};
    struct sampling how = {1.0F, 0.9F, 9, 2};
    int32_t prompt[PROMPT];
    int64_t n = 0;
    ASSERT_OK(kernels_cpu_open(&k, 1, NULL, &e), e);
    ASSERT_OK(engine_open(&g, k, &cfg, &e), e);
    make_prompt(prompt, 5, 160);
    ASSERT_OK(engine_submit(g, prompt, PROMPT, &how, 1, &e), e);
    ASSERT_OK(engine_step(g, &e), e);
    const struct engine_event *ev = engine_events(g, &n);
    cr_assert_eq(n, 1);
    cr_expect(ev->experts == NULL && ev->kept == NULL && ev->n_kept == 0);
    play_close(g, k);
}
