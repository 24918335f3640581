/* What is shared, taken away and guessed does not show: requests that begin alike, in pools too
 * small for them, with drafts of each kind, against each of them alone in an engine of its own. */
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/rng.h"
#include "engine/debug.h"
#include "tests/support/model_make.h"
#include "tests/support/play.h"
#include "tests/support/support.h"

enum { N = PLAY_REQUESTS, PROMPT = 80, OUT = 180 };

static struct play_request request[N];
static struct play_result alone[N];
static struct play_result together[N];
static struct engine_stats total; /* over the rounds of a test */

#define SHIPPED "assets/tiny"

static const char *model(const char *name)
{
    return strcmp(name, SHIPPED) == 0 ? name : model_made(name);
}

/* Every request in a fresh engine: no neighbour, no predecessor, no guess, prompt in one piece. */
static void play_oracle(const char *dir, enum quant quant, int64_t n, int64_t n_out_least,
                        uint64_t seed)
{
    struct play_schedule how = {.n_threads = 1,
                                .quant = quant,
                                .n_slots = 1,
                                .n_step_tokens = PLAY_TOKENS,
                                .is_unshared = true};
    play_make_families(request, n, 131, PROMPT, OUT, seed);
    for (int64_t i = 0; i < n; i++) {
        struct kernels *k = NULL;
        if (request[i].how.n_out_max < n_out_least)
            request[i].how.n_out_max = n_out_least;
        struct engine *g = play_open(dir, &how, &k);
        play_run(g, &request[i], 1, &how, &alone[i]);
        play_close(g, k);
    }
}

static void play(const char *dir, const struct play_schedule *how, int64_t n)
{
    struct kernels *k = NULL;
    struct engine_stats stats;
    struct engine *g = play_open(dir, how, &k);
    play_run(g, request, n, how, together);
    play_expect_same(alone, together, n, how);
    engine_stats(g, &stats);
    cr_assert_eq(stats.n_pages_held, 0);
    cr_assert_leq(stats.n_pages_peak, stats.n_pages);
    cr_assert_leq(stats.n_accepted, stats.n_drafted);
    total.n_shared += stats.n_shared;
    total.n_drafted += stats.n_drafted;
    total.n_accepted += stats.n_accepted;
    total.n_preempted += stats.n_preempted;
    total.n_rows += stats.n_rows;
    total.n_steps += stats.n_steps;
    play_close(g, k);
}

/* The smallest pool in which each request fits alone. */
static int64_t least_pool(int64_t n)
{
    int64_t most = 0;
    for (int64_t i = 0; i < n; i++) {
        int64_t all = request[i].n_prompt + request[i].how.n_out_max;
        most = all > most ? all : most;
    }
    return (most + 63) / 64 * 64;
}

static struct play_schedule draw_schedule(uint64_t s, enum quant quant, int64_t n, bool has_mtp)
{
    static const int64_t slots[] = {1, 2, 8, 32};
    static const int64_t step[] = {1, 32, 100, 1000};
    return (struct play_schedule){
        .n_threads = 1 + (int)rng_below(s, 1, 0, 3),
        .quant = quant,
        .n_slots = slots[rng_below(s, 1, 1, 4)],
        .n_step_tokens = step[rng_below(s, 1, 2, 4)],
        .n_kv_tokens = least_pool(n) + 64 * (int64_t)rng_below(s, 1, 3, 6),
        .draft = (enum draft)rng_below(s, 1, 4, has_mtp ? 3 : 2),
        .n_draft = 1 + (int64_t)rng_below(s, 1, 5, 6),
        .is_unshared = rng_below(s, 1, 6, 6) == 0,
        .is_in_order = rng_below(s, 1, 7, 2) == 0,
        .n_cancelled = rng_below(s, 1, 8, 3) == 0 ? 4 : 0,
        .seed = s,
    };
}

/* Where there is an MTP layer, a round without drafts would waste it. */
static void random_schedules(const char *name, enum quant quant, bool has_mtp, int64_t n,
                             int n_rounds, uint64_t seed)
{
    const char *dir = model(name);
    total = (struct engine_stats){0};
    play_oracle(dir, quant, n, 1, seed);
    for (int round = 0; round < n_rounds; round++) {
        uint64_t s = rng_mix(seed, 3000 + (uint64_t)round);
        struct play_schedule how = draw_schedule(s, quant, n, has_mtp);
        if (has_mtp && how.draft == DRAFT_NONE)
            how.draft = DRAFT_MTP;
        play(dir, &how, n);
    }
    support_say("%d rounds: %d rows fed, %d shared, %d of %d guesses right, %d preemptions",
                n_rounds, (int)total.n_rows, (int)total.n_shared, (int)total.n_accepted,
                (int)total.n_drafted, (int)total.n_preempted);
    cr_assert(total.n_shared > 0 && total.n_drafted > 0, "the schedules were too easy");
}

Test(engine_sched, sharing_preemption_and_drafts_never_show)
{
    random_schedules("sparse_bf16", QUANT_NONE, false, N, 24, support_seed(21));
    cr_assert(total.n_preempted > 0 && total.n_accepted > 0, "the schedules were too easy");
}

Test(engine_sched, they_never_show_with_the_mtp_layer_and_fp8)
{
    random_schedules("fp8_blocks", QUANT_FP8, true, 12, 10, support_seed(22));
}

Test(engine_sched, they_never_show_with_heads_of_real_size)
{
    random_schedules("real_heads", QUANT_NONE, true, 8, 6, support_seed(23));
}

/* A trained model, whose MTP layer is often right. */
Test(engine_sched, they_never_show_with_the_shipped_model)
{
    if (!file_exists(SHIPPED "/model.safetensors.index.json"))
        support_skip("model", "the shipped model has no weights here");
    random_schedules(SHIPPED, QUANT_NONE, true, 12, 8, support_seed(26));
    cr_assert(20 * total.n_accepted > total.n_drafted, "the MTP layer guesses nothing");
}

/* Long outputs in a pool that holds the longest alone: everybody but the oldest is sent back again
 * and again. */
Test(engine_sched, a_pool_for_one_serves_eight_and_shows_nothing)
{
    uint64_t seed = support_seed(24);
    const char *dir = model("sparse_bf16");
    total = (struct engine_stats){0};
    play_oracle(dir, QUANT_NONE, 12, OUT, seed);
    for (uint64_t round = 0; round < 6; round++) {
        struct play_schedule how = {.n_threads = 1 + (int)round % 3,
                                    .n_slots = 8,
                                    .n_step_tokens = round % 2 == 0 ? 8 : 100,
                                    .n_kv_tokens = least_pool(12),
                                    .draft = (enum draft)(round % 2),
                                    .is_unshared = round == 5,
                                    .seed = rng_mix(seed, round)};
        play(dir, &how, 12);
    }
    support_say("%d preemptions in 6 rounds", (int)total.n_preempted);
    cr_assert(total.n_preempted >= 12, "%d", (int)total.n_preempted);
}

/* The MTP layer's cache is right in every row: what it guesses depends on the request alone too,
 * whoever fed the prompt and in which pieces. */
Test(engine_sched, guesses_do_not_depend_on_who_fed_the_prompt)
{
    static int64_t n_drafted[12];
    static int64_t n_accepted[12];
    uint64_t seed = support_seed(25);
    const char *dir = model("fp8_blocks");
    play_oracle(dir, QUANT_NONE, 12, 1, seed);
    for (int round = 0; round < 4; round++) {
        struct play_schedule how = {.n_threads = 1,
                                    .n_slots = 12,
                                    .n_step_tokens = round == 2 ? 60 : 2000,
                                    .draft = DRAFT_MTP,
                                    .n_draft = 4,
                                    .is_unshared = round == 0,
                                    .is_alone = round == 2,
                                    .seed = rng_mix(seed, (uint64_t)round)};
        play(dir, &how, 12);
        for (int i = 0; i < 12; i++) {
            if (round == 0) {
                n_drafted[i] = together[i].n_drafted;
                n_accepted[i] = together[i].n_accepted;
            }
            cr_assert_eq(together[i].n_drafted, n_drafted[i], "round %d, request %d", round, i);
            cr_assert_eq(together[i].n_accepted, n_accepted[i], "round %d, request %d", round, i);
        }
    }
}

/* -- what it saves ------------------------------------------------------------------------------
 */

/* n samples of one prompt. */
static void make_samples(int64_t n, int64_t n_prompt, int64_t n_out)
{
    play_make(request, n, 131, 1, 1, 7);
    for (int64_t i = 0; i < n; i++) {
        struct play_request *r = &request[i];
        r->n_prompt = n_prompt;
        for (int64_t t = 0; t < n_prompt; t++)
            r->prompt[t] = (int32_t)(t * 37 % 131);
        r->how = (struct sampling){
            .temperature = 1, .top_p = 1, .seed = (uint64_t)i, .n_out_max = n_out};
    }
}

static struct engine_stats play_samples(const struct play_schedule *how, int64_t n)
{
    struct engine_stats stats;
    struct kernels *k = NULL;
    struct engine *g = play_open(model("sparse_bf16"), how, &k);
    play_run(g, request, n, how, together);
    engine_stats(g, &stats);
    play_close(g, k);
    return stats;
}

/* Rows that must be fed: the prompt once, its last token and all drawn but the last for each. */
Test(engine_sched, samples_of_one_prompt_feed_it_once)
{
    static const int64_t length[] = {17, 64, 65, 100, 128, 150};
    for (size_t i = 0; i < sizeof length / sizeof length[0]; i++) {
        for (int64_t n_step = 16; n_step <= 256; n_step *= 4) {
            struct play_schedule how = {.n_threads = 1, .n_slots = 8, .n_step_tokens = n_step};
            make_samples(8, length[i], 5);
            struct engine_stats stats = play_samples(&how, 8);
            int64_t n_drawn = 0;
            for (int64_t j = 0; j < 8; j++)
                n_drawn += together[j].n - 1;
            cr_assert_eq(stats.n_rows, length[i] + 7 + n_drawn, "prompt %d, step %d: %d rows",
                         (int)length[i], (int)n_step, (int)stats.n_rows);
            cr_assert_eq(stats.n_shared, 7 * (length[i] - 1));
        }
    }
}

/* Submitted one after the other: the cache remembers the prompt after its request has ended. */
Test(engine_sched, a_prompt_is_remembered_after_its_request)
{
    struct play_schedule how = {
        .n_threads = 1, .n_slots = 2, .n_step_tokens = 64, .is_alone = true};
    make_samples(6, 100, 3);
    struct engine_stats stats = play_samples(&how, 6);
    cr_assert_eq(stats.n_shared, 495); /* 99 rows for each of five */
}

/* Followers wait for their leader, others do not: with room for both, a request of another prompt
 * draws its first token in the same step as the leader. */
Test(engine_sched, waiting_for_a_leader_holds_up_nobody_else)
{
    struct play_schedule how = {.n_threads = 1, .n_slots = 4, .n_step_tokens = 256};
    struct kernels *k = NULL;
    struct err e = {0};
    make_samples(4, 60, 3);
    for (int64_t t = 0; t < 60; t++)
        request[3].prompt[t] = (int32_t)(t * 11 % 131 + 1);
    struct engine *g = play_open(model("sparse_bf16"), &how, &k);
    for (uint64_t i = 0; i < 4; i++)
        ASSERT_OK(engine_submit(g, request[i].prompt, 60, &request[i].how, i, &e), e);
    int64_t n = 0;
    ASSERT_OK(engine_step(g, &e), e);
    const struct engine_event *event = engine_events(g, &n);
    cr_assert_eq(n, 2);
    cr_assert_eq(event[0].ticket, 0);
    cr_assert_eq(event[1].ticket, 3);
    ASSERT_OK(engine_step(g, &e), e);
    (void)engine_events(g, &n);
    cr_assert_eq(n, 4);
    play_close(g, k);
}

/* A greedy request that has fallen into a loop is guessed almost always. */
Test(engine_sched, a_loop_is_guessed_from_the_text_itself)
{
    struct play_schedule how = {
        .n_threads = 1, .n_slots = 1, .n_step_tokens = 64, .draft = DRAFT_NGRAM, .n_draft = 4};
    make_samples(1, 20, 120);
    request[0].how.temperature = 0;
    for (int64_t t = 0; t < 20; t++)
        request[0].prompt[t] = (int32_t)(t % 2 + 7);
    struct engine_stats stats = play_samples(&how, 1);
    support_say("%d tokens in %d steps, %d of %d guesses right", (int)together[0].n,
                (int)stats.n_steps, (int)stats.n_accepted, (int)stats.n_drafted);
    cr_assert_eq(stats.n_sampled, together[0].n);
    cr_assert_eq(stats.n_steps + stats.n_accepted, together[0].n);
    cr_assert(stats.n_accepted > 0);
}
