#include "base/limits.h"
#include "harness/plan.h"
#include "harness/token_list.h"
#include "tests/support/support.h"

static const struct item items[] = {
    {.id = {"a", 1}, .prompt = {"A?", 2}},
    {.id = {"b", 1}, .prompt = {"B?", 2}},
    {.id = {"c", 1}, .prompt = {"C?", 2}},
};

static struct stored row(int64_t i_item, int64_t sample)
{
    return (struct stored){.reply = {.i_item = i_item, .sample = sample}};
}

static void plan_as(enum plan_order order, struct plan *out, const struct stored *rows,
                    int64_t n_rows)
{
    static struct arena keep;
    static struct arena tmp;
    arena_init(&keep, "keep", LIMIT_ARENA_ITEM);
    arena_init(&tmp, "tmp", LIMIT_ARENA_TMP);
    plan_make(out, order, &strategy_sample, items, 3, 2, true, rows, n_rows, &keep, tmp);
}

static void plan(struct plan *out, const struct stored *rows, int64_t n_rows)
{
    plan_as(PLAN_SPREAD, out, rows, n_rows);
}

Test(plan, every_item_is_asked_once_before_any_is_asked_twice)
{
    struct plan p;
    plan(&p, NULL, 0);
    cr_assert_eq(p.n, 6);
    for (int64_t i = 0; i < 6; i++) {
        const struct planned *x = plan_next(&p);
        cr_assert_eq(x->sample, i / 3);
        cr_assert_eq(x->i_item, i % 3);
        cr_assert(x->chat.thinking);
        cr_assert_eq(x->chat.n, 1);
        cr_assert(str_eq(x->chat.at[0].content, items[i % 3].prompt));
    }
    cr_assert_null(plan_next(&p));
}

Test(plan, what_is_stored_is_not_asked)
{
    const struct stored rows[] = {row(0, 1), row(2, 0), row(2, 1)};
    struct plan p;
    plan(&p, rows, 3);
    cr_assert_eq(p.n, 3);
    cr_assert_eq(plan_next(&p)->i_item, 0);
    cr_assert_eq(plan_next(&p)->i_item, 1);
    const struct planned *last = plan_next(&p);
    cr_assert_eq(last->i_item, 1);
    cr_assert_eq(last->sample, 1);
}

Test(plan, grouped_samples_of_an_item_follow_each_other)
{
    struct plan p;
    bool is_seen[3] = {false};
    plan_as(PLAN_GROUPED, &p, NULL, 0);
    cr_assert_eq(p.n, 6);
    for (int64_t i = 0; i < 6; i += 2) {
        const struct planned *x = plan_next(&p);
        const struct planned *y = plan_next(&p);
        cr_assert_eq(x->i_item, y->i_item);
        cr_assert_eq(x->sample, 0);
        cr_assert_eq(y->sample, 1);
        cr_assert_not(is_seen[x->i_item]);
        is_seen[x->i_item] = true;
    }
}

/* a was short, c was long, b is not known and counts as average. */
Test(plan, grouped_long_ones_come_first)
{
    struct stored rows[] = {row(0, 0), row(2, 1)};
    struct plan p;
    rows[0].reply.n_out_tokens = 10;
    rows[1].reply.n_out_tokens = 90;
    plan_as(PLAN_GROUPED, &p, rows, 2);
    cr_assert_eq(p.n, 4);
    const struct planned *first = plan_next(&p);
    cr_assert_eq(first->i_item, 2);
    cr_assert_eq(first->sample, 0);
    cr_assert_eq(plan_next(&p)->i_item, 1);
    cr_assert_eq(plan_next(&p)->i_item, 1);
    cr_assert_eq(plan_next(&p)->i_item, 0);
}

Test(plan, seeds_differ_by_run_item_sample_and_turn_alone)
{
    uint64_t s = plan_seed(1, STR("a"), 0, 0);
    cr_assert_eq(s, plan_seed(1, STR("a"), 0, 0));
    cr_assert_neq(s, plan_seed(2, STR("a"), 0, 0));
    cr_assert_neq(s, plan_seed(1, STR("b"), 0, 0));
    cr_assert_neq(s, plan_seed(1, STR("a"), 1, 0));
    cr_assert_neq(s, plan_seed(1, STR("a"), 0, 1));
    cr_assert_neq(plan_seed(1, STR("a"), 1, 0), plan_seed(1, STR("a"), 0, 1));
}

static void reads(struct str text, int64_t n, int32_t last)
{
    struct tokens ids = {0};
    struct err e = {0};
    ASSERT_OK(token_list_read(text, "test", &ids, &e), e);
    cr_assert_eq(ids.n, n);
    if (n > 0)
        cr_assert_eq(ids.at[n - 1], last);
    tokens_free(&ids);
}

static void refuses(struct str text, const char *want)
{
    struct tokens ids = {0};
    struct err e = {0};
    cr_assert_not(token_list_read(text, "test", &ids, &e));
    cr_assert_str_eq(e.text, want);
    tokens_free(&ids);
}

Test(token_list, spaces_lines_and_json_lists_are_all_fine)
{
    reads(STR("1 2 3\n"), 3, 3);
    reads(STR("[1, 2,\n 2147483647]"), 3, 2147483647);
    reads(STR(" \n"), 0, 0);
    refuses(STR("1 -2"), "test: byte 2: not a token id");
    refuses(STR("1 2147483648"), "test: byte 2: not a token id");
    refuses(STR("1 2.0"), "test: byte 2: not a token id");
}
