/* Requests from submission to the end: stops, limits, errors, cancelling, memory. */
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "tests/support/model_make.h"
#include "tests/support/play.h"
#include "tests/support/support.h"

static struct kernels *k;
static struct engine *g;
static struct engine_info info;
static struct err e;

/* A small model, 4 slots, a cache of 320 tokens. */
static void open_small(void)
{
    static char dir[LIMIT_PATH_BYTES];
    cr_assert(file_join(support_temp(), "model", dir, sizeof dir));
    ASSERT_OK(file_make_dirs(dir, &e), e);
    model_make("sparse_bf16", dir);
    struct engine_config cfg = {
        .weights_dir = dir, .n_slots = 4, .n_kv_tokens = 320, .n_step_tokens = 16};
    ASSERT_OK(kernels_cpu_open(&k, 1, NULL, &e), e);
    ASSERT_OK(engine_open(&g, k, &cfg, &e), e);
    engine_describe(g, &info);
}

static void close_small(void)
{
    engine_close(g);
    kernels_close(k);
}

TestSuite(engine, .init = open_small, .fini = close_small);

static const int32_t prompt[4] = {5, 6, 7, 8};
static const struct sampling plain = {.temperature = 1, .top_p = 1, .seed = 3, .n_out_max = 8};

static void submit(uint64_t ticket, int64_t n_out_max)
{
    struct sampling how = plain;
    how.n_out_max = n_out_max;
    how.seed = ticket;
    ASSERT_OK(engine_submit(g, prompt, 4, &how, ticket, &e), e);
}

static struct finished run_one(void)
{
    struct finished f = {0};
    for (int i = 0; i < 1000 && !engine_take(g, &f); i++)
        ASSERT_OK(engine_step(g, &e), e);
    return f;
}

Test(engine, the_budget_ends_a_request_and_the_end_token_comes_first)
{
    int n_eos = 0;
    int n_length = 0;
    for (uint64_t ticket = 0; ticket < 60; ticket++) {
        submit(ticket, 60);
        struct finished f = run_one();
        cr_assert_eq(f.ticket, ticket);
        cr_assert_eq(f.n_prompt, 4);
        for (int64_t i = 0; i + 1 < f.n; i++)
            cr_assert_neq(f.tokens[i], info.eos);
        if (f.stop == STOP_EOS)
            cr_assert_eq(f.tokens[f.n - 1], info.eos);
        else
            cr_assert_eq(f.n, 60);
        n_eos += f.stop == STOP_EOS;
        n_length += f.stop == STOP_LENGTH;
        for (int64_t i = 0; i < f.n; i++)
            cr_assert(f.logprobs[i] <= 0);
    }
    cr_assert(n_eos > 0, "no request ended by itself: the test sees nothing");
    cr_assert(n_length > 0, "no request met its budget: the test sees nothing");
}

Test(engine, events_are_the_tokens_as_they_are_drawn)
{
    struct finished f = {0};
    int32_t seen[16];
    int64_t n_seen = 0;
    submit(1, 8);
    while (!engine_take(g, &f)) {
        int64_t n = 0;
        ASSERT_OK(engine_step(g, &e), e);
        const struct engine_event *event = engine_events(g, &n);
        cr_assert(n <= 1);
        for (int64_t i = 0; i < n; i++) {
            cr_assert_eq(event[i].ticket, 1);
            seen[n_seen++] = event[i].token;
        }
    }
    cr_assert_eq(n_seen, f.n);
    cr_assert_arr_eq(seen, f.tokens, (size_t)n_seen * sizeof seen[0]);
}

Test(engine, a_full_engine_says_so_and_has_room_again_after_take)
{
    for (uint64_t i = 0; i < 4; i++) {
        cr_assert(engine_has_room(g));
        submit(i, 8);
    }
    cr_assert(!engine_has_room(g));
    cr_assert(!engine_submit(g, prompt, 4, &plain, 9, &e));
    cr_assert_eq(e.cls, ERR_LIMIT);
    cr_assert_eq(engine_n_alive(g), 4);
    (void)run_one();
    cr_assert(engine_has_room(g));
}

Test(engine, requests_share_a_cache_that_would_not_hold_them_together)
{
    struct sampling how = {.top_p = 1, .n_out_max = 300}; /* greedy; 5 pages of 5 each */
    for (uint64_t i = 0; i < 4; i++)
        ASSERT_OK(engine_submit(g, prompt, 4, &how, i, &e), e);
    cr_assert_eq(engine_n_alive(g), 4);
    for (int i = 0; i < 4; i++)
        cr_assert_eq(run_one().stop, STOP_LENGTH, "a request that ends early tests nothing");
    struct engine_stats stats;
    engine_stats(g, &stats);
    cr_assert(stats.n_preempted > 0);
    cr_assert_eq(stats.n_pages_held, 0);
    cr_assert_eq(stats.n_pages_peak, 5);
}

Test(engine, a_cancelled_request_ends_as_such_with_what_it_had)
{
    struct finished f = {0};
    submit(1, 50);
    submit(2, 8);
    for (int i = 0; i < 3; i++)
        ASSERT_OK(engine_step(g, &e), e);
    engine_cancel(g, 1);
    engine_cancel(g, 77); /* nobody: nothing happens */
    cr_assert(engine_take(g, &f));
    cr_assert_eq(f.ticket, 1);
    cr_assert_eq(f.stop, STOP_CANCELLED);
    cr_assert_eq(f.n, 3);
    cr_assert_eq(run_one().ticket, 2);
}

static void expect_input_error(const int32_t *token, int64_t n, struct sampling how,
                               const char *what)
{
    e = (struct err){0};
    cr_assert(!engine_submit(g, token, n, &how, 1, &e), "%s", what);
    cr_assert_eq(e.cls, ERR_INPUT, "%s: %s", what, e.text);
    cr_assert_not_null(strstr(e.text, what), "%s", e.text);
}

Test(engine, impossible_requests_are_refused_by_name)
{
    int32_t outside[2] = {3, (int32_t)info.n_vocab};
    int32_t negative[1] = {-1};
    struct sampling how = plain;
    expect_input_error(outside, 2, plain, "position 1");
    expect_input_error(negative, 1, plain, "token -1");
    expect_input_error(prompt, 0, plain, "at least one token");
    how.n_out_max = 0;
    expect_input_error(prompt, 4, how, "n_out_max");
    how.n_out_max = 317;
    expect_input_error(prompt, 4, how, "320 fit");
    how.n_out_max = INT64_MAX;
    expect_input_error(prompt, 4, how, "320 fit");
    how = plain;
    how.top_p = 0;
    expect_input_error(prompt, 4, how, "top_p");
    how.top_p = 1.01F;
    expect_input_error(prompt, 4, how, "top_p");
    how = plain;
    how.temperature = -1;
    expect_input_error(prompt, 4, how, "temperature");
    cr_assert_eq(engine_n_alive(g), 0);
}

Test(engine, stepping_with_nothing_to_do_is_fine)
{
    int64_t n = 1;
    ASSERT_OK(engine_step(g, &e), e);
    (void)engine_events(g, &n);
    cr_assert_eq(n, 0);
    struct finished f;
    cr_assert(!engine_take(g, &f));
}

Test(engine, logits_want_an_idle_engine_and_tokens_that_fit)
{
    static float out[160];
    static int32_t many[321];
    cr_assert(!engine_logits(g, many, 321, false, out, &e));
    cr_assert_eq(e.cls, ERR_INPUT);
    submit(1, 8);
    cr_assert(!engine_logits(g, prompt, 4, false, out, &e));
    cr_assert_eq(e.cls, ERR_USAGE);
    (void)run_one();
    ASSERT_OK(engine_logits(g, prompt, 4, false, out, &e), e);
}

Test(engine, one_request_after_another_never_runs_out_of_pages)
{
    for (uint64_t i = 0; i < 40; i++) {
        submit(i, 280);
        ASSERT_OK(engine_step(g, &e), e);
        engine_cancel(g, i);
        struct finished f;
        cr_assert(engine_take(g, &f));
    }
}

Test(engine, impossible_configurations_are_refused)
{
    struct engine *none = NULL;
    struct engine_config cfg = {.weights_dir = support_temp(), .n_slots = 1000};
    cr_assert(!engine_open(&none, k, &cfg, &e));
    cr_assert_eq(e.cls, ERR_USAGE);
    cfg = (struct engine_config){.weights_dir = "/nowhere/at/all"};
    cr_assert(!engine_open(&none, k, &cfg, &e));
    cr_assert_eq(e.cls, ERR_IO, "%s", e.text);
    cr_assert_null(none);
}
