#include "tests/support/play.h"

#include <string.h>

#include "base/rng.h"
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
        .n_kv_tokens = how->n_slots * 2 * PLAY_TOKENS,
        .n_step_tokens = how->n_step_tokens,
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

void play_make(struct play_request *out, int64_t n, int64_t n_vocab, int64_t n_prompt_max,
               int64_t n_out_max, uint64_t seed)
{
    static const float temperature[] = {0.0F, 1.0F, 0.7F, 1.5F};
    static const float top_p[] = {1.0F, 0.95F, 0.5F};
    for (int64_t i = 0; i < n; i++) {
        uint64_t s = rng_mix(seed, (uint64_t)i);
        struct play_request *r = &out[i];
        r->n_prompt = 1 + (int64_t)rng_below(s, 1, 0, (uint64_t)n_prompt_max);
        for (int64_t t = 0; t < r->n_prompt; t++)
            r->prompt[t] = (int32_t)rng_below(s, 2, (uint64_t)t, (uint64_t)n_vocab);
        r->how.temperature = temperature[rng_below(s, 3, 0, 4)];
        r->how.top_p = top_p[rng_below(s, 3, 1, 3)];
        r->how.seed = s;
        r->how.n_out_max = 1 + (int64_t)rng_below(s, 3, 2, (uint64_t)n_out_max);
    }
}

static void collect(struct engine *g, struct play_result *out, int64_t *n_done)
{
    struct finished f;
    while (engine_take(g, &f)) {
        struct play_result *r = &out[f.ticket];
        cr_assert(!r->is_there, "request %d ended twice", (int)f.ticket);
        cr_assert(f.n <= PLAY_TOKENS);
        *r = (struct play_result){.stop = f.stop, .n = f.n, .is_there = true};
        memcpy(r->token, f.tokens, (size_t)f.n * sizeof r->token[0]);
        memcpy(r->logprob, f.logprobs, (size_t)f.n * sizeof r->logprob[0]);
        ++*n_done;
    }
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
    shuffle(order, n, how->seed);
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
        collect(g, out, &n_done);
    }
    cr_assert_eq(engine_n_alive(g), 0);
}

void play_expect_same(const struct play_result *a, const struct play_result *b, int64_t n,
                      const struct play_schedule *how)
{
    for (int64_t i = 0; i < n; i++) {
        const char *isa = how->isa == NULL ? "best" : how->isa;
        cr_assert(a[i].n == b[i].n && a[i].stop == b[i].stop &&
                      memcmp(a[i].token, b[i].token, (size_t)a[i].n * sizeof(int32_t)) == 0 &&
                      memcmp(a[i].logprob, b[i].logprob, (size_t)a[i].n * sizeof(float)) == 0,
                  "request %d differs: %d threads, %s, %d slots, %d tokens a step, seed %llu",
                  (int)i, how->n_threads, isa, (int)how->n_slots, (int)how->n_step_tokens,
                  (unsigned long long)how->seed);
    }
}
