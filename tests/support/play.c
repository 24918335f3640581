#include "tests/support/play.h"

#include <string.h>

#include "base/hash.h"
#include "base/rng.h"
#include "engine/debug.h"
#include "tests/support/support.h"

struct engine *play_open(const char *dir, const struct play_schedule *how, struct kernels **k)
{
    struct err e = {0};
    struct engine *g = NULL;
    struct engine_config cfg = {
        .weights_dir = dir,
        .weights = how->weights,
        .quant = how->quant,
        .n_slots = how->n_slots,
        .n_kv_tokens = how->n_kv_tokens > 0 ? how->n_kv_tokens : how->n_slots * 2 * PLAY_TOKENS,
        .n_step_tokens = how->n_step_tokens,
        .kv = how->kv,
        .draft = how->draft,
        .n_draft = how->n_draft,
        .is_unshared = how->is_unshared,
        .is_traced = true,
    };
    ASSERT_OK(kernels_cpu_open(k, how->n_threads, how->isa, &e), e);
    ASSERT_OK(engine_open(&g, *k, &cfg, &e), e);
    return g;
}

void play_close(struct engine *g, struct kernels *k)
{
    engine_close(g);
    kernels_close(k);
}

static void make_sampling(struct sampling *how, int64_t n_out_max, uint64_t s)
{
    static const float temperature[] = {0.0F, 1.0F, 0.7F, 1.5F};
    static const float top_p[] = {1.0F, 0.95F, 0.5F};
    how->temperature = temperature[rng_below(s, 3, 0, 4)];
    how->top_p = top_p[rng_below(s, 3, 1, 3)];
    how->seed = s;
    how->n_out_max = 1 + (int64_t)rng_below(s, 3, 2, (uint64_t)n_out_max);
}

void play_make(struct play_request *out, int64_t n, int64_t n_vocab, int64_t n_prompt_max,
               int64_t n_out_max, uint64_t seed)
{
    for (int64_t i = 0; i < n; i++) {
        uint64_t s = rng_mix(seed, (uint64_t)i);
        struct play_request *r = &out[i];
        r->n_prompt = 1 + (int64_t)rng_below(s, 1, 0, (uint64_t)n_prompt_max);
        for (int64_t t = 0; t < r->n_prompt; t++)
            r->prompt[t] = (int32_t)rng_below(s, 2, (uint64_t)t, (uint64_t)n_vocab);
        make_sampling(&r->how, n_out_max, s);
    }
}

void play_make_families(struct play_request *out, int64_t n, int64_t n_vocab, int64_t n_prompt_max,
                        int64_t n_out_max, uint64_t seed)
{
    uint64_t few = (uint64_t)n_vocab < 9 ? (uint64_t)n_vocab : 9;
    play_make(out, n, n_vocab, n_prompt_max, n_out_max, seed);
    for (int64_t i = 0; i < n; i++) {
        uint64_t s = rng_mix(seed, 500 + (uint64_t)i);
        struct play_request *r = &out[i];
        const struct play_request *kin = &out[i > 0 ? rng_below(s, 1, 0, (uint64_t)i) : 0];
        bool is_new = i == 0 || rng_below(s, 1, 1, 4) == 0;
        bool is_equal = !is_new && rng_below(s, 1, 2, 3) == 0;
        int64_t n_kept = is_new ? 0 : (int64_t)rng_below(s, 1, 3, (uint64_t)kin->n_prompt + 1);
        if (is_equal)
            n_kept = r->n_prompt = kin->n_prompt;
        else if (is_new)
            r->n_prompt = n_prompt_max; /* something to begin like */
        n_kept = n_kept < r->n_prompt ? n_kept : r->n_prompt;
        memcpy(r->prompt, kin->prompt, (size_t)n_kept * sizeof r->prompt[0]);
        for (int64_t t = n_kept; t < r->n_prompt; t++)
            r->prompt[t] = (int32_t)rng_below(s, 2, (uint64_t)t, few);
    }
}

static void collect(struct engine *g, struct play_result *out, int64_t *n_done)
{
    struct finished f;
    while (engine_take(g, &f)) {
        struct play_result *r = &out[f.ticket];
        cr_assert(!r->is_there, "request %d ended twice", (int)f.ticket);
        cr_assert(f.n <= PLAY_TOKENS);
        r->stop = f.stop;
        r->n = f.n;
        r->is_there = true;
        r->n_drafted = f.n_drafted;
        r->n_accepted = f.n_accepted;
        memcpy(r->token, f.tokens, (size_t)f.n * sizeof r->token[0]);
        cr_assert(r->n_heard == f.n);
        cr_assert(memcmp(r->heard, f.tokens, (size_t)f.n * sizeof r->heard[0]) == 0);
        memcpy(r->logprob, f.logprobs, (size_t)f.n * sizeof r->logprob[0]);
        ++*n_done;
    }
}

static uint64_t way_of(const struct engine *g, const struct engine_event *ev)
{
    struct engine_info info;
    uint64_t digest;
    engine_describe(g, &info);
    int64_t n = info.n_layers > info.n_dense_layers ? info.n_layers - info.n_dense_layers : 0;
    struct str part[] = {
        {(const char *)ev->experts, n * info.n_experts_used * (int64_t)sizeof(int32_t)},
        {(const char *)ev->kept, ev->n_kept * (int64_t)sizeof(int32_t)}};
    struct hash h = hash_fields(part, 2);
    memcpy(&digest, h.at, sizeof digest);
    return digest;
}

/* Events must be the tokens of the result, in order: the first part of them when none is done. */
static void hear(const struct engine *g, struct play_result *out, int64_t n)
{
    int64_t n_events = 0;
    const struct engine_event *event = engine_events(g, &n_events);
    for (int64_t i = 0; i < n_events; i++) {
        cr_assert(event[i].ticket < (uint64_t)n);
        struct play_result *r = &out[event[i].ticket];
        cr_assert(!r->is_there && r->n_heard < PLAY_TOKENS);
        r->way[r->n_heard] = way_of(g, &event[i]);
        r->heard[r->n_heard++] = event[i].token;
    }
}

/* The first n_cancelled tickets of the seed's own order, each at a step of its own. */
static void cancel_some(struct engine *g, int64_t n, const struct play_schedule *how, uint64_t step)
{
    for (int64_t i = 0; i < how->n_cancelled; i++)
        if (step == rng_below(how->seed, 11, (uint64_t)i, 60))
            engine_cancel(g, rng_below(how->seed, 12, (uint64_t)i, (uint64_t)n));
}

/* Submission order: a permutation drawn from the seed. */
static void shuffle(int64_t *order, int64_t n, uint64_t seed)
{
    for (int64_t i = 0; i < n; i++)
        order[i] = i;
    for (int64_t i = n - 1; i > 0 && seed != 0; i--) {
        int64_t j = (int64_t)rng_below(seed, 7, (uint64_t)i, (uint64_t)i + 1);
        int64_t t = order[i];
        order[i] = order[j];
        order[j] = t;
    }
}

void play_run(struct engine *g, const struct play_request *request, int64_t n,
              const struct play_schedule *how, struct play_result *out)
{
    struct err e = {0};
    int64_t order[PLAY_REQUESTS];
    int64_t n_in = 0;
    int64_t n_done = 0;
    cr_assert(n <= PLAY_REQUESTS);
    memset(out, 0, (size_t)n * sizeof *out);
    shuffle(order, n, how->is_in_order ? 0 : how->seed);
    for (uint64_t step = 0; n_done < n; step++) {
        cr_assert(step < 100000, "the engine makes no progress");
        bool is_held =
            how->is_alone ? n_in > n_done : how->seed != 0 && rng_below(how->seed, 8, step, 3) == 0;
        while (n_in < n && !is_held && engine_has_room(g)) {
            const struct play_request *r = &request[order[n_in]];
            ASSERT_OK(engine_submit(g, r->prompt, r->n_prompt, &r->how, (uint64_t)order[n_in], &e),
                      e);
            n_in++;
            is_held = how->is_alone || (how->seed != 0 && rng_below(how->seed, 9, step, 2) == 0);
        }
        ASSERT_OK(engine_step(g, &e), e);
        hear(g, out, n);
        cancel_some(g, n, how, step);
        collect(g, out, &n_done);
        engine_check(g);
    }
    cr_assert_eq(engine_n_alive(g), 0);
    for (int64_t i = 0; i < n; i++)
        cr_assert_eq(out[i].n_heard, out[i].n, "request %d: events and result differ", (int)i);
}

void play_expect_same(const struct play_result *a, const struct play_result *b, int64_t n,
                      const struct play_schedule *how)
{
    for (int64_t i = 0; i < n; i++) {
        const char *isa = how->isa == NULL ? "best" : how->isa;
        bool is_whole = a[i].n == b[i].n && a[i].stop == b[i].stop;
        bool is_cut = how->n_cancelled > 0 && b[i].stop == STOP_CANCELLED && b[i].n <= a[i].n;
        cr_assert((is_whole || is_cut) &&
                      memcmp(a[i].token, b[i].token, (size_t)b[i].n * sizeof(int32_t)) == 0 &&
                      memcmp(a[i].logprob, b[i].logprob, (size_t)b[i].n * sizeof(float)) == 0 &&
                      memcmp(a[i].way, b[i].way, (size_t)b[i].n * sizeof(uint64_t)) == 0,
                  "request %d differs: %d threads, %s, %d slots, %d tokens a step, cache %d, "
                  "draft %d x %d, %d cancelled, seed %llu",
                  (int)i, how->n_threads, isa, (int)how->n_slots, (int)how->n_step_tokens,
                  (int)how->n_kv_tokens, (int)how->draft, (int)how->n_draft, (int)how->n_cancelled,
                  (unsigned long long)how->seed);
    }
}
