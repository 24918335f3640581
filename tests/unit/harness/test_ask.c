/* The road of a grader's question: to the model, into the store, back to the grader. */
#include <assert.h>
#include <stdio.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/rng.h"
#include "harness/grading.h"
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

static bool has(struct str s, const char *word)
{
    return str_find(s, str_of(word), 0) >= 0;
}

/* What the judge says is a function of the letter in the answer it is shown. */
static void judge_says(struct str question, struct script_reply *out)
{
    static const struct {
        const char *letter;
        enum reply_end end;
        const char *says;
    } by_letter[] = {
        {"UNSURE A", REPLY_WHOLE, "yes"},       {"UNSURE B", REPLY_WHOLE, "no"},
        {"UNSURE C", REPLY_WHOLE, "who knows"}, {"UNSURE D", REPLY_CUT, "yes"},
        {"UNSURE E", REPLY_MALFORMED, "yes"},
    };
    *out = (struct script_reply){0};
    for (size_t i = 0; i < sizeof by_letter / sizeof *by_letter; i++) {
        if (!has(question, by_letter[i].letter))
            continue;
        out->end = by_letter[i].end;
        (void)snprintf(out->content, sizeof out->content, "%s", by_letter[i].says);
    }
    if (has(question, "TWICE") && has(question, "asked 1 times"))
        (void)snprintf(out->content, sizeof out->content, "ask again");
}

static void unsure(const struct ask *a, struct script_reply *out)
{
    struct str first = a->chat.at[0].content;
    if (str_starts(first, STR("Is "))) {
        judge_says(first, out);
        return;
    }
    uint64_t dice = rng_below(a->seed, 1, 0, 7);
    *out = (struct script_reply){.end = REPLY_WHOLE};
    if (dice == 6)
        (void)snprintf(out->content, sizeof out->content, "{42}");
    else
        (void)snprintf(out->content, sizeof out->content, "UNSURE %c%s", (char)('A' + dice % 5),
                       dice == 5 ? " TWICE" : "");
}

/* A question of its own for every reply. */
static void unsure_each(const struct ask *a, struct script_reply *out)
{
    if (str_starts(a->chat.at[0].content, STR("Is "))) {
        judge_says(a->chat.at[0].content, out);
        return;
    }
    *out = (struct script_reply){.end = REPLY_WHOLE};
    (void)snprintf(out->content, sizeof out->content, "UNSURE A %llu", (unsigned long long)a->seed);
}

static void go(struct run_fixture *f)
{
    bool ok = run_fixture_go(f);
    cr_assert(ok, "%s", f->e.text);
}

static int64_t count(const struct run_fixture *f, const char *sql)
{
    return run_fixture_count(f->path, sql);
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

#define WITH(letter, verdict)                                                                      \
    "SELECT count(*) FROM reply r JOIN last_grade g ON g.reply = r.id WHERE content LIKE "         \
    "'UNSURE " letter "%' AND verdict " verdict

Test(ask, a_model_decides_what_the_grader_cannot_and_the_grade_says_so)
{
    struct run_fixture f = {.path = path_of("a.db"), .has_judge = true, .model.reply = unsure};
    go(&f);
    cr_assert_eq(count(&f, WITH("A", "<> 'right'")), 0);
    cr_assert_gt(count(&f, WITH("A", "= 'right'")), 1);
    cr_assert_eq(count(&f, WITH("B", "<> 'wrong'")), 0);
    cr_assert_gt(count(&f, WITH("B", "= 'wrong'")), 1);
    const char *undecided[] = {WITH("C", "<> 'undecided'"), WITH("D", "<> 'undecided'"),
                               WITH("E", "<> 'undecided'")};
    for (int i = 0; i < 3; i++) /* no yes or no; a yes that was cut; one that does not parse */
        cr_assert_eq(count(&f, undecided[i]), 0, "%s", undecided[i]);
    cr_assert_eq(count(&f, "SELECT count(*) FROM grade"), count(&f, "SELECT count(*) FROM reply"));
    cr_assert_eq(count(&f, "SELECT count(*) FROM reply r JOIN last_grade g ON g.reply = r.id WHERE "
                           "n_judged <> (content LIKE 'UNSURE%') + (content LIKE '%TWICE')"),
                 0);
    cr_assert_eq(count(&f, "SELECT count(*) FROM last_grade WHERE n_judged > 0 AND "
                           "json_extract(evidence, '$.judge.model') IS NOT 'script 1'"),
                 0, "the evidence names the model");
    cr_assert_eq(count(&f, "SELECT count(*) FROM last_grade g WHERE n_judged > 0 AND NOT EXISTS("
                           "SELECT 1 FROM judgement WHERE question = json_extract(g.evidence, "
                           "'$.judge.questions[0].question'))"),
                 0, "and the question");
    cr_assert_eq(count(&f, "SELECT count(*) FROM last_grade WHERE n_judged > 0 AND "
                           "json_extract(evidence, '$.rule') IS NOT 'unsure'"),
                 0, "beside what the grader says");
}

Test(ask, the_same_question_is_asked_once)
{
    struct run_fixture f = {.path = path_of("a.db"), .has_judge = true, .model.reply = unsure};
    go(&f);
    cr_assert_eq(count(&f, "SELECT count(*) FROM judgement"), 7, "A B C D E, and A TWICE twice");
    cr_assert_eq(count(&f, "SELECT count(*) FROM judgement WHERE json_extract(chat, "
                           "'$[0].content') NOT LIKE 'Is UNSURE % right%'"),
                 0);
    cr_assert_eq(count(&f, "SELECT count(*) FROM judgement j JOIN reply r ON j.key = r.key"), 0);
}

Test(ask, is_off_by_default)
{
    struct run_fixture f = {.path = path_of("a.db"), .model.reply = unsure};
    go(&f);
    cr_assert_eq(count(&f, "SELECT count(*) FROM judgement"), 0);
    cr_assert_eq(count(&f, WITH("%", "<> 'undecided'")), 0);
    cr_assert_eq(count(&f, "SELECT sum(n_judged) FROM grade"), 0);
}

Test(ask, rows_do_not_depend_on_slots_or_workers_or_interruptions)
{
    struct run_fixture whole = {.path = path_of("whole.db"),
                                .has_judge = true,
                                .n_items = 12,
                                .model = {.reply = unsure, .n_slots = 1},
                                .n_workers = 1};
    struct run_fixture wide = whole;
    wide.path = path_of("wide.db");
    wide.model.n_slots = 40;
    wide.n_workers = 4;
    go(&whole);
    go(&wide);
    same_rows(whole.path, wide.path);
    struct run_fixture f = {
        .path = path_of("cut.db"), .has_judge = true, .n_items = 12, .pool = run_fixture_pool()};
    f.model.reply = unsure;
    f.model.step_us = 500;
    int64_t n_failures = 0;
    for (int64_t at = 1; at < 200; at++) { /* a little further each time */
        f.model.fail_at_step = 1 + at / 2;
        if (run_fixture_go(&f))
            break;
        run_fixture_drain(f.pool);
        n_failures++;
    }
    grade_pool_close(f.pool);
    f.pool = NULL;
    cr_assert_gt(n_failures, 3);
    same_rows(whole.path, f.path);
    cr_assert_eq(count(&f, "SELECT count(*) FROM judgement"),
                 count(&whole, "SELECT count(*) FROM judgement"));
}

Test(ask, more_questions_than_places_are_all_answered)
{
    struct run_fixture f = {.path = path_of("a.db"),
                            .has_judge = true,
                            .n_items = 60,
                            .n_workers = 4,
                            .model = {.reply = unsure_each, .n_slots = 8}};
    go(&f);
    static_assert(180 > 2 * LIMIT_ASKED, "or this tests nothing");
    cr_assert_eq(count(&f, "SELECT count(*) FROM judgement"), 180);
    cr_assert_eq(count(&f, "SELECT count(*) FROM last_grade WHERE verdict = 'right'"), 180);
}

static void asking_always(const struct ask *a, struct script_reply *out)
{
    if (str_starts(a->chat.at[0].content, STR("Is "))) {
        judge_says(a->chat.at[0].content, out);
        return;
    }
    *out = (struct script_reply){.end = REPLY_WHOLE, .content = "ASKALWAYS"};
}

Test(ask, a_grader_that_never_stops_asking_is_our_error_and_no_score)
{
    struct run_fixture f = {.path = path_of("a.db"),
                            .has_judge = true,
                            .n_items = 2,
                            .n_samples = 1,
                            .model.reply = asking_always};
    go(&f);
    cr_assert_eq(count(&f, "SELECT count(*) FROM judgement"), LIMIT_QUESTIONS);
    cr_assert_eq(count(&f, "SELECT count(*) FROM last_grade WHERE trouble LIKE '%may not%'"), 2);
}

/* ---- judging again ---- */

static void regrade(const char *path)
{
    struct arena keep;
    struct err e = {0};
    struct store *s = NULL;
    struct item *items = NULL;
    struct stored *rows = NULL;
    int64_t n_items = 0;
    int64_t n_rows = 0;
    arena_init(&keep, "again", LIMIT_ARENA_RUN);
    ASSERT_OK(store_open_grade(&s, path, &e), e);
    ASSERT_OK(store_get_items(s, &items, &n_items, &keep, &e), e);
    ASSERT_OK(store_get_all(s, &rows, &n_rows, &keep, &e), e);
    struct grading g = {.store = s,
                        .pool = run_fixture_pool(),
                        .grader = STR("script"),
                        .definition = STR("{}"),
                        .items = items,
                        .has_judge = true,
                        .judge = STR("script 1")};
    grading_init(&g, n_rows, &keep);
    for (int64_t i = 0; i < n_rows; i++)
        if (rows[i].reply.end == REPLY_WHOLE)
            grading_put(&g, rows[i].reply.id, rows[i].reply.i_item);
    while (grading_n_left(&g) > 0) {
        struct grading_note notes[8];
        int64_t n = 0;
        ASSERT_OK(grading_step(&g, 100, (struct work_time){0}, notes, 8, &n, &e), e);
    }
    grading_fini(&g);
    grade_pool_close(g.pool);
    store_close(s);
    arena_fini(&keep);
}

Test(ask, judging_again_uses_what_is_stored_and_asks_nobody)
{
    struct run_fixture f = {.path = path_of("a.db"), .has_judge = true, .model.reply = unsure};
    struct run_fixture whole = {.path = path_of("b.db"), .has_judge = true, .model.reply = unsure};
    go(&f);
    go(&whole);
    int64_t n = count(&f, "SELECT count(*) FROM grade");
    regrade(f.path);
    same_rows(whole.path, f.path);
    cr_assert_eq(count(&f, "SELECT count(*) FROM grade"), n, "nothing new was said");
    (void)count(&f, "DELETE FROM judgement RETURNING 1");
    regrade(f.path);
    cr_assert_eq(count(&f, WITH("%", "<> 'undecided'")), 0);
    cr_assert_eq(count(&f, "SELECT sum(n_judged) FROM last_grade"), 0);
    cr_assert_gt(count(&f, "SELECT count(*) FROM last_grade WHERE reason = 'nobody was asked'"), 0);
    go(&f); /* with the model again */
    cr_assert_eq(f.result.n_new, 0);
    same_rows(whole.path, f.path);
}

Test(ask, the_report_always_says_how_many_verdicts_a_model_gave)
{
    static struct arena keep;
    static struct arena tmp;
    struct run_fixture f = {.path = path_of("a.db"), .has_judge = true, .model.reply = unsure};
    struct store *store = NULL;
    struct summary s;
    struct err e = {0};
    struct buf page = {0};
    char want[64];
    go(&f);
    arena_init(&keep, "report", LIMIT_ARENA_RUN);
    arena_init(&tmp, "tmp", LIMIT_ARENA_TMP);
    ASSERT_OK(store_open_read(&store, f.path, &e), e);
    ASSERT_OK(summary_read(store, &s, &keep, tmp, &e), e);
    store_close(store);
    int64_t n = count(&f, "SELECT count(*) FROM last_grade WHERE n_judged > 0 AND verdict IN "
                          "('right', 'wrong')");
    cr_assert_gt(n, 5);
    cr_assert_eq(s.tally.by_model, n);
    cr_assert_eq(s.tally.by_model + s.tally.asked,
                 count(&f, "SELECT count(*) FROM last_grade WHERE n_judged > 0"));
    cr_assert_eq(s.judgements.n, 7);
    cr_assert_eq(s.judgements.n_out_tokens, count(&f, "SELECT sum(out_tokens) FROM judgement"));
    report_page(&s, &page);
    (void)snprintf(want, sizeof want, "judge       %lld verdicts came from a model (7 questions",
                   (long long)n);
    cr_assert(has(buf_str(&page), want), "%s", page.at);
    buf_free(&page);
    arena_fini(&keep);
    arena_fini(&tmp);
}
