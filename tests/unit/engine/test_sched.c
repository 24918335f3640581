/* Who is in the next step, and in which order. */
#include "engine/sched.h"
#include "tests/support/support.h"

static struct sched s;
static struct err e;
static const int32_t prompt[20] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
static const struct sampling how = {.top_p = 1, .n_out_max = 5};

static void open_sched(void)
{
    ASSERT_OK(sched_open(&s, 3, 8, 32, &e), e);
}

static void close_sched(void)
{
    sched_close(&s);
}

TestSuite(sched, .init = open_sched, .fini = close_sched);

static void expect_row(int64_t i, int32_t slot, int32_t position)
{
    cr_assert_eq(s.batch.slot[i], slot, "row %d", (int)i);
    cr_assert_eq(s.batch.position[i], position, "row %d", (int)i);
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
    for (int step = 0; step < 3; step++) {
        sched_plan(&s);
        cr_assert_eq(s.batch.T, step < 2 ? 8 : 1);
        expect_row(0, 0, 8 * step);
        cr_assert_eq(s.batch.id[0], 8 * step);
        cr_assert_eq(s.n_wanted, step == 2);
    }
    cr_assert_eq(s.wanted[0].slot, 0);
    cr_assert_eq(s.wanted[0].row, 0);
}

Test(sched, waiting_tokens_go_before_prompts_and_old_prompts_before_new)
{
    sched_admit(&s, 2, prompt, 3, &how, 1);
    sched_plan(&s);
    cr_assert_eq(s.n_wanted, 1);
    sched_append(&s, 2, 40, -1.0F);
    sched_admit(&s, 1, prompt, 6, &how, 2);
    sched_admit(&s, 0, prompt, 6, &how, 3);
    sched_plan(&s);
    cr_assert_eq(s.batch.T, 8);
    expect_row(0, 2, 3);
    cr_assert_eq(s.batch.id[0], 40);
    expect_row(1, 1, 0);
    expect_row(6, 1, 5);
    expect_row(7, 0, 0);
    cr_assert_eq(s.n_wanted, 2);
    cr_assert_eq(s.wanted[1].row, 6);
}

Test(sched, every_waiting_token_has_a_row_however_long_the_prompts)
{
    for (int64_t i = 0; i < 3; i++)
        sched_admit(&s, i, prompt, i == 0 ? 17 : 1, &how, (uint64_t)i);
    sched_plan(&s); /* one-token prompts count as waiting */
    expect_row(0, 1, 0);
    expect_row(1, 2, 0);
    expect_row(2, 0, 0);
    cr_assert_eq(s.n_wanted, 2);
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
    cr_assert_eq(sched_count(&s, SLOT_FEEDING), 1);
    cr_assert_eq(sched_find(&s, SLOT_FREE), 1);
}
