#include <math.h>
#include <stdio.h>

#include "base/limits.h"
#include "harness/progress.h"
#include "harness/report/report.h"
#include "tests/support/run_fixture.h"
#include "tests/support/support.h"

/* Two items of one kind, one of another; three samples each:
 *   a  right right cut        b  right wrong malformed        c  cut cut no_answer */
static const struct {
    int item;
    enum reply_end end;
    enum verdict verdict;
} cases[] = {
    {0, REPLY_WHOLE, VERDICT_RIGHT},
    {0, REPLY_WHOLE, VERDICT_RIGHT},
    {0, REPLY_CUT, 0},
    {1, REPLY_WHOLE, VERDICT_RIGHT},
    {1, REPLY_WHOLE, VERDICT_WRONG},
    {1, REPLY_MALFORMED, 0},
    {2, REPLY_CUT, 0},
    {2, REPLY_CUT, 0},
    {2, REPLY_WHOLE, VERDICT_NO_ANSWER},
};

static const struct item items[] = {
    {.id = {"a", 1}, .kind = {"sum", 3}},
    {.id = {"b", 1}, .kind = {"sum", 3}},
    {.id = {"c", 1}, .kind = {"max", 3}},
};

static void put(struct store *s, int64_t i)
{
    struct err e = {0};
    bool is_new = false;
    struct reply_row row = {.i_item = cases[i].item,
                            .sample = i % 3,
                            .end = cases[i].end,
                            .n_prompt_tokens = 10,
                            .n_out_tokens = 8,
                            .n_thinking_tokens = 5};
    struct reply_text text = {0};
    (void)snprintf(row.key, sizeof row.key, "%064d", (int)i);
    ASSERT_OK(store_put_reply(s, &row, &text, &e), e);
    struct grade_row g = {.grader = STR("math"),
                          .version = 2,
                          .verdict = cases[i].verdict,
                          .score = cases[i].verdict == VERDICT_RIGHT};
    if (row.end == REPLY_WHOLE)
        ASSERT_OK(store_put_grade(s, row.id, &g, &is_new, &e), e);
}

static void make(struct summary *out)
{
    static struct arena keep;
    static struct arena tmp;
    struct err e = {0};
    struct store *s = NULL;
    char path[LIMIT_PATH_BYTES];
    struct run_row run = {.suite = STR("hand"),
                          .suite_version = STR("1"),
                          .suite_sha256 = STR("00ff"),
                          .model = STR("script"),
                          .model_dir = STR("nowhere"),
                          .strategy = STR("sample"),
                          .thinking = true,
                          .n_items = 3,
                          .n_samples = 3,
                          .seed = 7,
                          .temperature = 1,
                          .top_p = 0.95,
                          .n_out_max = 100,
                          .definition = STR("{}"),
                          .grader = STR("math")};
    (void)snprintf(path, sizeof path, "%s/hand.db", support_temp());
    arena_init(&keep, "keep", LIMIT_ARENA_ITEM);
    arena_init(&tmp, "tmp", LIMIT_ARENA_TMP);
    ASSERT_OK(store_open_write(&s, path, &e), e);
    ASSERT_OK(store_set_run(s, &run, items, STR("[]"), &e), e);
    for (int64_t i = 0; i < 9; i++)
        put(s, i);
    ASSERT_OK(store_put_time(s, (struct work_time){.wall_ms = 5000, .model_ms = 4000}, &e), e);
    ASSERT_OK(summary_read(s, out, &keep, tmp, &e), e);
    store_close(s);
}

static void near(double got, double want)
{
    cr_assert(fabs(got - want) < 1e-12, "got %.17g, want %.17g", got, want);
}

Test(report, numbers_by_hand)
{
    struct summary s;
    make(&s);
    /* with cut as wrong the items score 2/3, 1/3, 0 */
    near(s.scores.truncated_wrong.mean, 1. / 3);
    near(s.scores.truncated_wrong.se, sqrt((1. / 9 + 1. / 9) / 6));
    /* left out: 2/2, 1/3, 0/1 */
    near(s.scores.truncated_out.mean, 4. / 9);
    near(s.scores.truncated_out.se,
         sqrt((25. / 81 + 1. / 81 + 16. / 81) / 6)); /* around 4/9: 5/9, -1/9, -4/9 */
    cr_assert_eq(s.n_pass_at, 3);
    near(s.pass_at[0].value.mean, 1. / 3);
    near(s.pass_at[1].value.mean, (1 + 2. / 3 + 0) / 3); /* 1 - C(1,2)/3, 1 - C(2,2)/3, 0 */
    cr_assert_eq(s.pass_at[2].k, 3);
    near(s.pass_at[2].value.mean, 2. / 3);
    cr_assert_eq(s.n_kinds, 2);
    near(s.kinds[0].scores.truncated_wrong.mean, 0.5);
    cr_assert_eq(s.kinds[1].tally.truncated, 2);
    cr_assert(isnan(s.kinds[1].scores.truncated_wrong.se), "one item has no error");
    near(summary_tokens_per_s(&s), 18);
}

Test(report, page_to_the_letter)
{
    struct summary s;
    struct buf out = {0};
    make(&s);
    report_page(&s, &out);
    const char *want =
        "hand, version 1\n"
        "  model       nowhere\n"
        "              script\n"
        "  asked       3 items x 3 samples, thinking, temperature 1, top_p 0.95, seed 7, at most "
        "100 tokens\n"
        "  grader      math 2\n"
        "  suite       sha256 00ff\n"
        "\n"
        "  score       33.33 +/- 19.25 %   truncated replies counted as wrong\n"
        "              44.44 +/- 29.40 %   truncated replies left out\n"
        "  pass@1      33.33 +/- 19.25 %   avg@3: the mean over samples\n"
        "  pass@2      55.56 +/- 29.40 %\n"
        "  pass@3      66.67 +/- 33.33 %\n"
        "\n"
        "  kind                  items           score %  right  wrong  part no_answer undecided "
        "truncated malformed ungraded\n"
        "  sum                       2   50.00 +/- 16.67      3      1     0         0         0 "
        "        1         1        0\n"
        "  max                       1              0.00      0      0     0         1         0 "
        "        2         0        0\n"
        "  all                       3   33.33 +/- 19.25      3      1     0         1         0 "
        "        3         1        0\n"
        "\n"
        "  judge       0 verdicts came from a model\n"
        "  tokens      thinking 45 (mean 5.0), answer 27 (mean 3.0), prompt 90 (mean 10.0)\n"
        "  time        0:05, of which the model 0:04, 18 tokens/s\n";
    cr_assert(str_eq(buf_str(&out), str_of(want)), "%s", out.at);
    buf_free(&out);
}

Test(report, json_says_the_same_and_null_for_what_is_unknown)
{
    struct summary s;
    struct json_out w = {0};
    struct json *j = NULL;
    struct err e = {0};
    double x = -1;
    make(&s);
    report_json(&s, &w);
    ASSERT_OK(json_parse(buf_str(&w.text), "report", &j, &e), e);
    cr_assert(json_f64(json_get(json_get(j, "score"), "mean"), &x));
    near(x, 1. / 3);
    const struct json *max = json_next(json_first(json_get(j, "kinds")));
    cr_assert_eq(json_kind(json_get(json_get(max, "score"), "se")), JSON_NULL);
    cr_assert(json_f64(json_get(json_get(json_get(j, "tokens"), "thinking"), "mean"), &x));
    near(x, 5);
    json_free(j);
    json_out_free(&w);
}

Test(progress, times_are_short)
{
    char out[32];
    cr_assert_str_eq(progress_time(0, out), "0:00");
    cr_assert_str_eq(progress_time(125, out), "2:05");
    cr_assert_str_eq(progress_time(3723, out), "1:02:03");
    cr_assert_str_eq(progress_time(-1, out), "-");
    cr_assert_str_eq(progress_time((double)NAN, out), "-");
}
