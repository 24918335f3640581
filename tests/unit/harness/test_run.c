#include <stdio.h>

#include "base/file.h"
#include "base/limits.h"
#include "harness/report/report.h"
#include "tests/support/run_fixture.h"
#include "tests/support/support.h"

static const char *path_of(const char *name)
{
    static char path[4][LIMIT_PATH_BYTES];
    static int i;
    i = (i + 1) % 4;
    cr_assert(file_join(support_temp(), name, path[i], LIMIT_PATH_BYTES));
    return path[i];
}

static void go(struct run_fixture *f)
{
    bool ok = run_fixture_go(f);
    cr_assert(ok, "%s", f->e.text);
}

static void same_rows(const char *a, const char *b)
{
    struct buf x = {0};
    struct buf y = {0};
    run_fixture_dump(a, &x);
    run_fixture_dump(b, &y);
    cr_assert_gt(x.n, 0);
    cr_assert(str_eq(buf_str(&x), buf_str(&y)), "%s\n--- against ---\n%s", x.at, y.at);
    buf_free(&x);
    buf_free(&y);
}

Test(run, every_sample_is_asked_stored_and_judged_once)
{
    struct run_fixture f = {.path = path_of("a.db")};
    go(&f);
    cr_assert_eq(f.result.n_new, 60);
    cr_assert_eq(f.result.n_left, 0);
    cr_assert_eq(run_fixture_count(f.path, "SELECT count(*) FROM reply"), 60);
    cr_assert_eq(run_fixture_count(f.path, "SELECT count(DISTINCT key) FROM reply"), 60);
    cr_assert_eq(run_fixture_count(f.path, "SELECT count(*) FROM grade"),
                 run_fixture_count(f.path, "SELECT count(*) FROM reply WHERE ended = 'whole'"));
    cr_assert_eq(run_fixture_count(f.path, "SELECT count(*) FROM reply r JOIN last_grade g ON "
                                           "g.reply = r.id WHERE (verdict = 'right') <> "
                                           "(content LIKE '%{42}%')"),
                 0);
}

Test(run, rows_do_not_depend_on_slots_or_workers)
{
    struct run_fixture a = {.path = path_of("a.db"), .model.n_slots = 1, .n_workers = 1};
    struct run_fixture b = {.path = path_of("b.db"), .model.n_slots = 40, .n_workers = 4};
    struct run_fixture c = {.path = path_of("c.db"), .seed = 1};
    go(&a);
    go(&b);
    go(&c);
    same_rows(a.path, b.path);
    struct buf x = {0};
    struct buf y = {0};
    run_fixture_dump(a.path, &x);
    run_fixture_dump(c.path, &y);
    cr_assert_not(str_eq(buf_str(&x), buf_str(&y)), "another seed must give another run");
    buf_free(&x);
    buf_free(&y);
}

Test(run, a_finished_run_asks_nothing_again)
{
    struct run_fixture f = {.path = path_of("a.db")};
    go(&f);
    f.model.fail_at_step = 1; /* any step would fail */
    go(&f);
    cr_assert_eq(f.result.n_new, 0);
    cr_assert_eq(f.result.n_reused, 60);
    cr_assert_eq(run_fixture_count(f.path, "SELECT count(*) FROM grade"),
                 run_fixture_count(f.path, "SELECT count(*) FROM reply WHERE ended = 'whole'"));
    cr_assert_eq(run_fixture_count(f.path, "SELECT count(*) FROM session"), 2);
}

Test(run, a_device_failure_keeps_what_was_stored)
{
    struct run_fixture whole = {.path = path_of("whole.db")};
    struct run_fixture f = {.path = path_of("a.db"), .model.fail_at_step = 9};
    go(&whole);
    cr_assert_not(run_fixture_go(&f));
    cr_assert_eq(f.e.cls, ERR_DEVICE);
    int64_t n = run_fixture_count(f.path, "SELECT count(*) FROM reply");
    cr_assert(n > 0 && n < 60);
    f.model.fail_at_step = 0;
    go(&f);
    cr_assert_eq(f.result.n_reused, n);
    same_rows(whole.path, f.path);
}

Test(run, another_run_on_the_same_file_is_refused_with_the_differences)
{
    struct run_fixture f = {.path = path_of("a.db")};
    go(&f);
    struct run_fixture other = {
        .path = f.path, .seed = 5, .temperature = 0.5, .model.identity = "script 2"};
    cr_assert_not(run_fixture_go(&other));
    cr_assert_eq(other.e.cls, ERR_USAGE);
    const char *parts[] = {"holds another run", "model is 'script 1' there, 'script 2' here",
                           "seed is 0 there, 5 here", "temperature is 1 there, 0.5 here"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        cr_assert(strstr(other.e.text, parts[i]) != NULL, "%s", other.e.text);
    cr_assert_eq(run_fixture_count(f.path, "SELECT count(*) FROM session"), 1);
    go(&f);
}

Test(run, a_reply_under_another_key_is_not_reused)
{
    struct run_fixture f = {.path = path_of("a.db")};
    go(&f);
    (void)run_fixture_count(f.path, "UPDATE reply SET key = printf('%064d', 7) WHERE item = 3 AND "
                                    "sample = 1 RETURNING 1");
    cr_assert_not(run_fixture_go(&f));
    cr_assert_eq(f.e.cls, ERR_INPUT);
    cr_assert(strstr(f.e.text, "item-003, sample 1") != NULL, "%s", f.e.text);
}

Test(run, ungraded_replies_are_judged_at_the_next_start)
{
    struct run_fixture f = {.path = path_of("a.db")};
    struct run_fixture whole = {.path = path_of("b.db")};
    go(&f);
    go(&whole);
    /* as if killed after the reply was committed, and as if the grader had been broken */
    (void)run_fixture_count(f.path, "DELETE FROM grade WHERE reply % 3 = 0 RETURNING 1");
    (void)run_fixture_count(f.path, "UPDATE grade SET verdict = NULL, score = NULL, trouble = 'x' "
                                    "WHERE reply % 3 = 1 RETURNING 1");
    go(&f);
    cr_assert_eq(f.result.n_new, 0);
    same_rows(whole.path, f.path);
}

static void report(const char *path, struct summary *s, struct arena *keep)
{
    static struct arena tmp;
    struct store *store = NULL;
    struct err e = {0};
    arena_init(keep, "report", LIMIT_ARENA_RUN);
    arena_init(&tmp, "tmp", LIMIT_ARENA_TMP);
    ASSERT_OK(store_open_read(&store, path, &e), e);
    ASSERT_OK(summary_read(store, s, keep, tmp, &e), e);
    store_close(store);
}

Test(run, the_report_counts_what_the_rows_say)
{
    struct run_fixture f = {.path = path_of("a.db"), .n_items = 40};
    struct arena keep;
    struct summary s;
    go(&f);
    report(f.path, &s, &keep);
    struct {
        const char *sql;
        int64_t got;
    } cases[] = {
        {"SELECT count(*) FROM last_grade WHERE verdict = 'right'", s.tally.right},
        {"SELECT count(*) FROM last_grade WHERE verdict = 'wrong'", s.tally.wrong},
        {"SELECT count(*) FROM last_grade WHERE verdict = 'no_answer'", s.tally.no_answer},
        {"SELECT count(*) FROM reply WHERE ended = 'cut'", s.tally.truncated},
        {"SELECT count(*) FROM reply WHERE ended = 'malformed'", s.tally.malformed},
        {"SELECT sum(thinking_tokens) FROM reply", s.n_thinking_tokens},
        {"SELECT sum(out_tokens - thinking_tokens) FROM reply", s.n_answer_tokens},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t want = run_fixture_count(f.path, cases[i].sql);
        cr_assert_gt(want, 0, "%s", cases[i].sql);
        cr_assert_eq(cases[i].got, want, "%s", cases[i].sql);
    }
    double right = (double)s.tally.right;
    cr_assert_float_eq(s.scores.truncated_wrong.mean, right / 120, 1e-12);
    cr_assert_float_eq(s.pass_at[0].value.mean, right / 120, 1e-12);
    cr_assert_gt(s.scores.truncated_out.mean, s.scores.truncated_wrong.mean);
    cr_assert_eq(s.n_pass_at, 3); /* 1, 2, 3 */
    cr_assert_eq(s.n_kinds, 2);
    cr_assert_eq(s.kinds[0].n_items, 20);
    cr_assert(summary_is_whole(&s));
    cr_assert(str_eq(s.graders, STR("script 1")));
    arena_fini(&keep);
}

static void breaking(const struct ask *a, struct script_reply *out)
{
    *out = (struct script_reply){.end = REPLY_WHOLE};
    bool is_seven = strstr(a->chat.at[0].content.at, "question 7?") != NULL;
    (void)snprintf(out->content, sizeof out->content, is_seven ? "BROKEN {42}" : "{42}");
}

Test(run, an_error_is_never_a_score)
{
    struct run_fixture f = {.path = path_of("a.db"), .model.reply = breaking};
    struct arena keep;
    struct summary s;
    go(&f);
    report(f.path, &s, &keep);
    cr_assert_eq(s.tally.ungraded, 3);
    cr_assert_eq(s.tally.right, 57);
    cr_assert_eq(s.scores.truncated_wrong.mean, 1.0);
    cr_assert_eq(s.scores.truncated_wrong.n, 19, "the ungraded item is in no mean");
    cr_assert(str_find(s.trouble, STR("as asked"), 0) >= 0);
    arena_fini(&keep);
}
