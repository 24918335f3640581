/* Who is in the next step, in which order, on which pages. */
#include "engine/sched.h"
#include "tests/support/support.h"

enum { SLOTS = 4, STEP = 8, TABLE = 6 };

static struct kernels *k;
static struct kv *kv;
static struct sched s;
static struct err e;
static int32_t prompt[300];
static const struct sampling how = {.top_p = 1, .n_out_max = 15};

static void open_with(int64_t n_pages, bool is_unshared, bool is_mtp)
{
    struct kv_shape shape = {.n_layers = 1,
                             .n_slots = SLOTS,
                             .n_pages = n_pages,
                             .n_table = TABLE,
                             .latent_dim = 1,
                             .key_dim = 1};
    struct sched_shape c = {.n_slots = SLOTS,
                            .n_step = STEP,
                            .n_context = TABLE * KERNEL_PAGE,
                            .is_unshared = is_unshared,
                            .is_mtp = is_mtp};
    ASSERT_OK(kernels_cpu_open(&k, 1, NULL, &e), e);
    ASSERT_OK(kv_open(&kv, k, &shape, &e), e);
    ASSERT_OK(sched_open(&s, kv, &c, &e), e);
    for (int i = 0; i < 300; i++)
        prompt[i] = i;
}

static void open_sched(void)
{
    open_with(20, true, false);
}

static void close_sched(void)
{
    sched_close(&s);
    kv_close(kv);
    kernels_close(k);
}

TestSuite(sched, .init = open_sched, .fini = close_sched);

static void expect_row(int64_t i, int32_t slot, int32_t position)
{
    cr_assert_eq(s.batch.slot[i], slot, "row %d", (int)i);
    cr_assert_eq(s.batch.position[i], position, "row %d", (int)i);
}

/* What the engine does with a step: a draw for every wanted row up to the first wrong guess, the
 * token being 1000 + its position. */
static void finish_step(void)
{
    ASSERT_OK(kv_sync(kv, &e), e);
    for (int64_t i = 0; i < s.n_wanted; i++) {
        struct slot *r = &s.slot[s.wanted[i].slot];
        int32_t token = 1000 + (int32_t)r->n_tokens;
        if (r->is_closed)
            continue;
        r->is_closed = r->n_drawn >= r->n_draft_rows || r->draft[r->n_drawn] != token;
        r->n_drawn++;
        sched_append(&s, s.wanted[i].slot, token, -1.0F);
    }
    for (int64_t i = 0; i < SLOTS; i++)
        if (s.slot[i].n_rows > 0)
            (void)sched_settle(&s, i);
    pages_check(kv_pages(kv));
}

static void step(void)
{
    sched_plan(&s);
    finish_step();
}

Test(sched, an_empty_schedule_plans_nothing)
{
    sched_plan(&s);
    cr_assert_eq(s.batch.T, 0);
    cr_assert_eq(s.n_wanted, 0);
    cr_assert_eq(sched_first_done(&s), -1);
}

Test(sched, a_prompt_is_cut_where_the_step_is_full)
{
    sched_admit(&s, 0, prompt, 17, &how, 7);
    for (int i = 0; i < 3; i++) {
        sched_plan(&s);
        cr_assert_eq(s.batch.T, i < 2 ? 8 : 1);
        expect_row(0, 0, 8 * i);
        cr_assert_eq(s.batch.id[0], 8 * i);
        cr_assert_eq(s.n_wanted, i == 2);
        finish_step();
    }
    cr_assert_eq(s.wanted[0].slot, 0);
    cr_assert_eq(s.wanted[0].row, 0);
}

Test(sched, waiting_tokens_come_before_prompts_and_old_prompts_before_new)
{
    sched_admit(&s, 2, prompt, 3, &how, 1);
    step();
    sched_admit(&s, 1, prompt, 6, &how, 2);
    sched_admit(&s, 0, prompt, 6, &how, 3);
    sched_plan(&s);
    cr_assert_eq(s.batch.T, 8);
    expect_row(0, 2, 3);
    cr_assert_eq(s.batch.id[0], 1003);
    expect_row(1, 1, 0);
    expect_row(6, 1, 5);
    expect_row(7, 0, 0);
    cr_assert_eq(s.n_wanted, 2);
    cr_assert_eq(s.wanted[1].row, 6);
}

Test(sched, every_waiting_token_has_a_row_however_long_the_prompts)
{
    for (int64_t i = 0; i < 3; i++)
        sched_admit(&s, i, prompt, 1, &how, (uint64_t)i);
    step();
    sched_admit(&s, 3, prompt, 100, &how, 3);
    for (int i = 0; i < 5; i++) {
        sched_plan(&s);
        cr_assert_eq(s.batch.T, 8);
        cr_assert_eq(s.n_wanted, 3);
        cr_assert_eq(s.slot[3].n_rows, 5);
        finish_step();
    }
}

Test(sched, results_come_in_the_order_of_finishing)
{
    for (int64_t i = 0; i < 3; i++)
        sched_admit(&s, i, prompt, 1, &how, (uint64_t)i);
    sched_finish(&s, 1, STOP_CANCELLED);
    sched_finish(&s, 0, STOP_CANCELLED);
    cr_assert_eq(sched_first_done(&s), 1);
    sched_free(&s, 1);
    cr_assert_eq(sched_first_done(&s), 0);
    cr_assert_eq(sched_n_alive(&s), 1);
    cr_assert_eq(sched_find(&s, SLOT_FREE), 1);
}

/* Two requests that would need eight pages in six. The younger gives way when the older needs a
 * page, is fed again when there is room, and has the tokens it had. */
Test(sched, the_youngest_gives_its_pages_to_the_oldest_and_starts_again)
{
    struct sampling much = {.top_p = 1, .n_out_max = 100};
    close_sched();
    open_with(6, true, false);
    sched_admit(&s, 1, prompt, 130, &much, 1);
    sched_admit(&s, 0, prompt + 1, 120, &much, 2);
    while (s.n_preempted == 0)
        step();
    int64_t n_had = s.slot[0].n_tokens;
    cr_assert_eq(s.slot[0].state, SLOT_WAITING);
    cr_assert_eq(s.slot[1].state, SLOT_FEEDING);
    cr_assert(n_had > 120);
    step();
    cr_assert_eq(s.slot[0].state, SLOT_WAITING); /* four pages are held, three are needed */
    sched_finish(&s, 1, STOP_LENGTH);
    while (s.slot[0].n_tokens == n_had)
        step();
    cr_assert_eq(s.slot[0].n_fed, n_had);
    for (int64_t i = 0; i < n_had; i++)
        cr_assert_eq(s.slot[0].token[i], i < 120 ? i + 1 : 1000 + i);
    cr_assert_eq(s.n_preempted, 1);
}

Test(sched, guesses_take_what_place_the_step_has_left)
{
    sched_admit(&s, 0, prompt, 2, &how, 1);
    sched_admit(&s, 1, prompt, 3, &how, 2);
    step();
    sched_admit(&s, 2, prompt, 3, &how, 3);
    for (int i = 0; i < 2; i++) {
        s.slot[i].n_drafts = 2;
        s.slot[i].draft[0] = 1003 + i; /* what will be drawn */
        s.slot[i].draft[1] = i == 0 ? 1004 : 5;
    }
    sched_plan(&s);
    cr_assert_eq(s.batch.T, 8); /* 1 + 1 + 3 of a prompt, so 2 and 1 guesses */
    cr_assert_eq(s.slot[0].n_draft_rows, 2);
    cr_assert_eq(s.slot[1].n_draft_rows, 1);
    cr_assert_eq(s.n_wanted, 6);
    finish_step();
    cr_assert_eq(s.slot[0].n_tokens, 2 + 1 + 3);
    cr_assert_eq(s.slot[0].n_fed, 5);
    cr_assert_eq(s.slot[1].n_tokens, 3 + 1 + 2);
}

/* Only what was right can be found by another. */
Test(sched, wrong_guesses_are_never_shared)
{
    close_sched();
    open_with(20, false, false);
    sched_admit(&s, 0, prompt, 20, &how, 1);
    for (int i = 0; i < 3; i++)
        step();
    s.slot[0].n_drafts = 3;
    s.slot[0].draft[0] = 1021;
    s.slot[0].draft[1] = 77;
    s.slot[0].draft[2] = 78;
    step();
    cr_assert_eq(s.slot[0].n_fed, 22); /* the token drawn first and the guess that was right */
    int32_t text[24];
    for (int i = 0; i < 24; i++)
        text[i] = i < 20 ? i : 1000 + i;
    cr_assert_eq(pages_find(kv_pages(kv), text, 24).n_rows, 22);
    text[22] = 77;
    text[23] = 78;
    cr_assert_eq(pages_find(kv_pages(kv), text, 24).n_rows, 22);
}

/* With the MTP layer the row before the last common token depends on what follows it. */
Test(sched, one_row_less_is_shared_where_rows_know_the_next_token)
{
    for (int is_mtp = 0; is_mtp < 2; is_mtp++) {
        close_sched();
        open_with(20, false, is_mtp);
        sched_admit(&s, 0, prompt, 40, &how, 1);
        for (int i = 0; i < 5; i++)
            step();
        sched_admit(&s, 1, prompt, 40, &how, 2); /* the whole of it: all but the last is shared */
        prompt[30] = 99;
        sched_admit(&s, 2, prompt, 40, &how, 3); /* 30 tokens of it */
        step();
        cr_assert_eq(s.slot[1].n_shared, 39);
        cr_assert_eq(s.slot[2].n_shared, is_mtp ? 29 : 30);
    }
}
