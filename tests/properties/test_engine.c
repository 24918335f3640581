/* A request's tokens and log-probabilities depend on the request alone. */
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/rng.h"
#include "engine/debug.h"
#include "tests/support/model_make.h"
#include "tests/support/play.h"
#include "tests/support/support.h"

enum { N = 12 };

static struct play_request request[N];
static struct play_result alone[N];
static struct play_result together[N];

static int64_t n_vocab_of(struct engine *g)
{
    struct engine_info info;
    engine_describe(g, &info);
    return info.n_vocab;
}

static void play(const char *dir, const struct play_schedule *how, struct play_result *out)
{
    struct kernels *k = NULL;
    struct engine *g = play_open(dir, how, &k);
    play_run(g, request, N, how, out);
    play_close(g, k);
}

/* Every request alone, prompt in one piece, one thread: what all schedules must reproduce. */
static void play_reference(const char *dir, enum quant quant, uint64_t seed)
{
    struct play_schedule how = {
        .n_threads = 1, .quant = quant, .n_slots = 1, .n_step_tokens = 160, .is_alone = 1};
    struct kernels *k = NULL;
    struct engine *g = play_open(dir, &how, &k);
    play_make(request, N, n_vocab_of(g), 60, 30, seed);
    play_run(g, request, N, &how, alone);
    play_close(g, k);
}

static void random_schedules(const char *name, enum quant quant, uint64_t seed, int n_rounds)
{
    static const int64_t step[] = {1, 7, 32, 640};
    const char *dir = model_made(name);
    play_reference(dir, quant, seed);
    for (int round = 0; round < n_rounds; round++) {
        uint64_t s = rng_mix(seed, 1000 + (uint64_t)round);
        struct play_schedule how = {
            .n_threads = 1 + (int)rng_below(s, 1, 0, 3),
            .quant = quant,
            .n_slots = 1 + (int64_t)rng_below(s, 1, 1, 8),
            .n_step_tokens = step[round % 4],
            .seed = s,
        };
        play(dir, &how, together);
        play_expect_same(alone, together, N, &how);
    }
}

Test(engine_properties, any_schedule_gives_the_bits_of_a_request_alone)
{
    random_schedules("sparse_bf16", QUANT_NONE, support_seed(1), 12);
}

Test(engine_properties, any_schedule_gives_the_bits_of_a_request_alone_in_fp8)
{
    random_schedules("fp8_blocks", QUANT_FP8, support_seed(2), 8);
}

Test(engine_properties, any_schedule_gives_the_bits_with_many_experts)
{
    random_schedules("routing", QUANT_NONE, support_seed(3), 8);
}

/* Small models stay below the size at which threads are woken, so make every call large. */
Test(engine_properties, threads_that_really_share_the_work_change_nothing)
{
    const char *dir = model_made("real_heads");
    play_reference(dir, QUANT_NONE, support_seed(4));
    for (int n_threads = 1; n_threads <= 3; n_threads++) {
        struct play_schedule how = {
            .n_threads = n_threads, .n_slots = 12, .n_step_tokens = 64, .seed = 0};
        play(dir, &how, together);
        play_expect_same(alone, together, N, &how);
    }
}

Test(engine_properties, every_instruction_set_gives_the_same_bits)
{
    const char *dir = model_made("sparse_bf16");
    play_reference(dir, QUANT_NONE, support_seed(5));
    struct play_schedule how = {
        .n_threads = 2, .isa = "portable", .n_slots = 4, .n_step_tokens = 32, .seed = 5};
    play(dir, &how, together);
    play_expect_same(alone, together, N, &how);
}

/* -- whole sequences -------------------------------------------------------------------------- */

enum { N_LONG = 100 };

static void sequence(int32_t *token, int64_t n, int64_t n_vocab, uint64_t seed)
{
    for (int64_t i = 0; i < n; i++)
        token[i] = (int32_t)rng_below(seed, 3, (uint64_t)i, (uint64_t)n_vocab);
}

/* Logits of a whole sequence and the MTP layer's drafts, cut in steps of n_step. */
static void whole(const char *dir, int64_t n_step, int n_threads, uint64_t seed, float *logits,
                  float *drafts)
{
    struct play_schedule how = {.n_threads = n_threads, .n_slots = 1, .n_step_tokens = n_step};
    struct kernels *k = NULL;
    struct err e = {0};
    struct engine *g = play_open(dir, &how, &k);
    int32_t token[N_LONG];
    sequence(token, N_LONG, n_vocab_of(g), seed);
    ASSERT_OK(engine_logits(g, token, N_LONG, true, logits, &e), e);
    ASSERT_OK(engine_mtp_logits(g, token, N_LONG, drafts, &e), e);
    play_close(g, k);
}

Test(engine_properties, chunks_of_a_prompt_do_not_show_in_logits_or_drafts)
{
    static const int64_t step[] = {1, 7, 32};
    enum { V = 160 };
    static float logits[2][N_LONG * V];
    static float drafts[2][(N_LONG - 1) * V];
    uint64_t seed = support_seed(6);
    const char *dir = model_made("fp8_blocks");
    whole(dir, N_LONG, 1, seed, logits[0], drafts[0]);
    for (int i = 0; i < 3; i++) {
        whole(dir, step[i], 1 + i, seed, logits[1], drafts[1]);
        cr_assert(memcmp(logits[0], logits[1], sizeof logits[0]) == 0, "logits, step %d",
                  (int)step[i]);
        cr_assert(memcmp(drafts[0], drafts[1], sizeof drafts[0]) == 0, "drafts, step %d",
                  (int)step[i]);
    }
}

/* What the sampler reports must be what the logits say. */
Test(engine_properties, greedy_tokens_and_logprobs_agree_with_the_logits)
{
    enum { V = 160 };
    static float logits[160 * V];
    uint64_t seed = support_seed(7);
    struct play_schedule how = {.n_threads = 1, .n_slots = 1, .n_step_tokens = 16};
    struct kernels *k = NULL;
    struct err e = {0};
    struct engine *g = play_open(model_made("sparse_bf16"), &how, &k);
    play_make(request, 1, V, 40, 1, seed);
    request[0].how = (struct sampling){.temperature = 0, .top_p = 1, .n_out_max = 30};
    play_run(g, request, 1, &how, alone);
    int32_t all[PLAY_TOKENS];
    int64_t n = request[0].n_prompt;
    memcpy(all, request[0].prompt, (size_t)n * sizeof *all);
    memcpy(all + n, alone[0].token, (size_t)alone[0].n * sizeof *all);
    ASSERT_OK(engine_logits(g, all, n + alone[0].n, true, logits, &e), e);
    for (int64_t i = 0; i < alone[0].n; i++) {
        const float *row = logits + (n - 1 + i) * V;
        double sum = 0;
        for (int v = 0; v < V; v++) {
            cr_assert(row[v] <= row[alone[0].token[i]]);
            sum += exp((double)row[v] - (double)row[alone[0].token[i]]);
        }
        cr_assert_float_eq((double)alone[0].logprob[i], -log(sum), 1e-6);
    }
    play_close(g, k);
}
