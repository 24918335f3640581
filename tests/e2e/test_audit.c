/* Suites whose golds are doubted: errata, the audit, and a model as judge, from a definition file
 * to what `podium` prints. Runs are made with the real grading worker and a scripted model. */
#include <stdio.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "datasets/suite.h"
#include "tests/support/run_fixture.h"
#include "tests/support/shell.h"
#include "tests/support/support.h"

static struct arena keep;
static struct arena tmp;
static struct err e;

static void set_up(void)
{
    arena_init(&keep, "keep", LIMIT_ARENA_RUN);
    arena_init(&tmp, "tmp", LIMIT_ARENA_TMP);
    e = (struct err){0};
}

static void tear_down(void)
{
    arena_fini(&keep);
    arena_fini(&tmp);
}

TestSuite(audit, .init = set_up, .fini = tear_down, .timeout = 60);
TestSuite(judge_model, .init = set_up, .fini = tear_down, .timeout = 60);
TestSuite(explain, .init = set_up, .fini = tear_down, .timeout = 60);

static const char *in_temp(const char *name)
{
    char path[LIMIT_PATH_BYTES];
    cr_assert(file_join(support_temp(), name, path, sizeof path));
    return arena_str(&keep, str_of(path)).at;
}

static void write_file(const char *name, struct str text)
{
    ASSERT_OK(file_write(in_temp(name), text, &e), e);
}

/* "w.json" with these golds (JSON values), items i0, i1, ...; `more` are further members of the
 * definition. */
static const char *make_suite(const char *const *golds, int64_t n, const char *grader,
                              const char *more)
{
    struct buf data = {0};
    char hex[65];
    for (int64_t i = 0; i < n; i++)
        buf_fmt(&data, "{\"id\": \"i%d\", \"problem\": \"Problem %d\", \"answer\": %s}\n", (int)i,
                (int)i, golds[i]);
    struct hash h = hash_bytes(buf_str(&data));
    hash_hex(&h, hex);
    write_file("w.jsonl", buf_str(&data));
    struct str text = arena_fmt(
        &keep,
        "{\"name\": \"w\", \"version\": 1, \"data\": \"w.jsonl\", \"sha256\": \"%s\", \"source\": "
        "\"this test\", \"prompt\": \"{problem}?\", \"mode\": \"chat\", \"grader\": \"%s\", "
        "\"fields\": {\"answer\": \"answer\"}, \"samples\": 4, \"sampling\": {\"temperature\": 1, "
        "\"top_p\": 1, \"max_tokens\": 99}%s}",
        hex, grader, more);
    write_file("w.json", text);
    buf_free(&data);
    return in_temp("w.json");
}

static struct shell podium(int rc, const char *fmt, const char *a, const char *b)
{
    struct str args =
        arena_fmt(&keep, "%s%s%s%s", fmt, a, b != NULL ? " " : "", b != NULL ? b : "");
    struct shell s = shell_podium(args.at, STR(""));
    cr_assert_eq(s.rc, rc, "podium %s ended with %d: %s%s", args.at, s.rc, s.out.at, s.err.at);
    return s;
}

static bool has(const struct shell *s, const char *words)
{
    return str_find(buf_str(&s->out), str_of(words), 0) >= 0;
}

/* ---- the audit ---- */

static const struct {
    const char *gold;
    const char *flag; /* what the audit says about it; NULL: nothing */
} golds[] = {
    {"\"1\"", NULL},
    {"\"1/2\"", NULL},
    {"\"\\\\frac{3}{4}\"", NULL},
    {"\"\\\\sqrt{2}\"", NULL},
    {"7", NULL},
    {"\"5/6\"", NULL},
    {"\"x^2+1\"", NULL},
    {"\"(1, 2)\"", NULL},
    {"\"2/7\"", NULL},
    {"\"10^{20}\"", NULL},
    {"\"100000000000000000000\"", NULL},
    {"\"3\"", NULL},
    {"\"4\"", NULL},
    {"\"6\"", NULL},
    {"\"9\"", NULL},
    {"\"0.5\"", "unlike"},
    {"\"1-Mar\"", "damaged"},
    {"\"Mar-04\"", "damaged"},
    {"\"3/4/2024\"", "damaged"},
    {"\"2024-03-04 00:00:00\"", "damaged"},
    {"\"#REF!\"", "damaged"},
    {"\"nan\"", "damaged"},
    {"\"\xc3\x83\xc2\xa9\"", "damaged"},
    {"\"12345678901234500000\"", "doubtful"},
    {"\"\"", "unusable"},
    {"\"\\\\frac{1}{\"", "unusable"},
    {"[1]", "unusable"},
    {"\"1 +\"", "not understood"},
};
enum { N_GOLDS = sizeof golds / sizeof *golds };

static const char *gold_suite(void)
{
    const char *all[N_GOLDS];
    for (int i = 0; i < N_GOLDS; i++)
        all[i] = golds[i].gold;
    return make_suite(all, N_GOLDS, "math", "");
}

/* The kinds said of an item, each followed by a comma. */
static struct str said_of(const struct json *audit, const char *id)
{
    struct buf b = {0};
    const struct json *f = json_first(json_get(audit, "flags"));
    for (; f != NULL; f = json_next(f)) {
        struct str item = {0};
        struct str what = {0};
        cr_assert(json_str(json_get(f, "item"), &item) && json_str(json_get(f, "what"), &what));
        if (str_eq(item, str_of(id)))
            buf_fmt(&b, "%.*s,", STR_ARG(what));
    }
    struct str s = arena_str(&keep, buf_str(&b));
    buf_free(&b);
    return s;
}

Test(audit, flags_what_is_damaged_and_leaves_the_rest_alone)
{
    struct shell s = podium(1, "suites --json --audit ", gold_suite(), NULL);
    struct json *j = NULL;
    ASSERT_OK(json_parse(buf_str(&s.out), "audit", &j, &e), e);
    for (int i = 0; i < N_GOLDS; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "i%d", i);
        struct str said = said_of(j, id);
        if (golds[i].flag == NULL)
            cr_assert_eq(said.n, 0, "%s: %.*s", golds[i].gold, STR_ARG(said));
        else
            cr_assert(str_find(said, str_of(golds[i].flag), 0) >= 0, "%s: %.*s, not %s",
                      golds[i].gold, STR_ARG(said), golds[i].flag);
    }
    json_free(j);
    shell_free(&s);
}

Test(audit, notes_are_not_flags_and_a_clean_suite_is_0)
{
    const char *all[12] = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "\"1/2\""};
    struct shell s = podium(0, "suites --audit ", make_suite(all, 12, "math", ""), NULL);
    cr_assert(has(&s, "written as fraction; 11 of 12 golds as integer"), "%s", s.out.at);
    cr_assert(has(&s, "0 flags, 1 notes"), "%s", s.out.at);
    shell_free(&s);
    all[11] = "\"43891\"";
    s = podium(0, "suites --audit ", make_suite(all, 12, "math", ""), NULL);
    cr_assert(has(&s, "doubtful"), "a day's number among small ones: %s", s.out.at);
    shell_free(&s);
    all[10] = "12345";
    s = podium(0, "suites --audit ", make_suite(all, 12, "math", ""), NULL);
    cr_assert(has(&s, "0 flags, 0 notes"), "one among large ones: %s", s.out.at);
    shell_free(&s);
}

Test(audit, a_choice_must_name_an_option)
{
    const char *all[] = {"\"A\"", "\"(B)\"", "\"7\""};
    struct shell s = podium(1, "suites --audit ", make_suite(all, 3, "choice", ""), NULL);
    cr_assert(has(&s, "i2 "), "%s", s.out.at);
    cr_assert(has(&s, "1 flags, 0 notes"), "%s", s.out.at);
    shell_free(&s);
}

Test(audit, misuse_is_2)
{
    struct shell s = podium(2, "suites --audit", "", NULL);
    shell_free(&s);
    s = podium(2, "suites --audit ", "programs", NULL);
    shell_free(&s);
    s = podium(2, "suites arith x.db", "", NULL);
    shell_free(&s);
}

/* ---- runs ---- */

/* Item 0 is answered right; of item 1 most say 5, written in two ways; of item 2 half say 9; item 3
 * is answered in a way nobody can tell from the gold. */
static void mostly(const struct ask *a, struct script_reply *out)
{
    struct str p = a->chat.at[0].content;
    bool is_odd = a->seed % 2 == 1;
    *out = (struct script_reply){.end = REPLY_WHOLE};
    const char *says = "\\boxed{1}";
    if (str_find(p, STR("Problem 1"), 0) >= 0)
        says = is_odd ? "So \\boxed{5}" : "So \\boxed{10/2}";
    else if (str_find(p, STR("Problem 2"), 0) >= 0)
        says = is_odd ? "\\boxed{9}" : "I do not know.";
    else if (str_find(p, STR("Problem 3"), 0) >= 0)
        says = "\\boxed{3}";
    (void)snprintf(out->content, sizeof out->content, "%s", says);
}

/* The real worker. */
static struct grade_pool *open_pool(void)
{
    static char program[LIMIT_PATH_BYTES];
    static const char *argv[] = {program, "--work", NULL, NULL};
    struct grade_pool *p = NULL;
    cr_assert(file_join(support_build(), "podium-grader", program, sizeof program));
    argv[2] = in_temp("work");
    ASSERT_OK(file_make_dirs(argv[2], &e), e);
    struct grade_pool_config c = {.argv = argv, .n_workers = 2, .deadline_ms = 30000};
    ASSERT_OK(grade_pool_open(&p, &c, &e), e);
    return p;
}

static const char *run_suite(const char *definition, const char *db, int64_t n_samples,
                             void (*reply)(const struct ask *, struct script_reply *))
{
    struct suite s = {0};
    ASSERT_OK(suite_open(&s, definition, &keep, tmp, &e), e);
    struct run_fixture f = {.path = in_temp(db),
                            .suite = &s,
                            .n_samples = n_samples,
                            .pool = open_pool(),
                            .model.reply = reply};
    bool ok = run_fixture_go(&f);
    cr_assert(ok, "%s", f.e.text);
    grade_pool_close(f.pool);
    suite_close(&s);
    return in_temp(db);
}

Test(audit, a_majority_of_stored_samples_is_told)
{
    const char *all[] = {"1", "2", "3", "\"3 cm\""};
    const char *path = make_suite(all, 4, "math", ", \"policies\": {\"units\": \"strict\"}");
    const char *a = run_suite(path, "a.db", 6, mostly);
    (void)run_fixture_count(a, "UPDATE reply SET content = CASE WHEN sample < 3 THEN '\\boxed{9}' "
                               "ELSE '' END WHERE item = 2 RETURNING 1");
    struct shell s = podium(0, "suites --audit ", path, NULL);
    shell_free(&s);
    s = podium(1, "suites --audit ", path, arena_fmt(&keep, "--runs %s", a).at);
    cr_assert(has(&s, "runs        1, with 24 samples"), "%s", s.out.at);
    cr_assert(has(&s, "6 of 6 samples say "), "both ways of writing 5 are one: %s", s.out.at);
    cr_assert(has(&s, "which is another answer"), "%s", s.out.at);
    cr_assert(has(&s, "6 of 6 samples say 3, which nobody can tell from the gold"), "%s", s.out.at);
    cr_assert(has(&s, "2 flags, 0 notes"), "right answers, and no majority, are no flag: %s",
              s.out.at);
    shell_free(&s);
    struct shell twice =
        podium(1, "suites --audit ", path, arena_fmt(&keep, "--runs %s %s", a, a).at);
    cr_assert(has(&twice, "runs        2, with 48 samples"), "%s", twice.out.at);
    shell_free(&twice);
    twice = podium(2, "suites --audit arith --runs ", a, NULL);
    shell_free(&twice);
    (void)run_fixture_count(a, "UPDATE item SET prompt = 'Another one?' WHERE i = 1 RETURNING 1");
    s = podium(1, "suites --audit ", path, arena_fmt(&keep, "--runs %s", a).at);
    cr_assert(has(&s, "runs        1, with 18 samples"), "%s", s.out.at);
    cr_assert(has(&s, "1 flags, 0 notes"), "what was asked otherwise does not count: %s", s.out.at);
    shell_free(&s);
}

/* ---- errata ---- */

Test(audit, errata_are_shown_used_and_counted)
{
    const char *all[] = {"1", "2", "3", "4"};
    const char *path = make_suite(all, 4, "math", "");
    write_file("w.errata.json",
               STR("{\"version\": 3, \"items\": {\"i1\": {\"answer\": \"5\", \"reason\": \"typo\"},"
                   "\"i2\": {\"void\": true, \"reason\": \"two solutions\"}}}"));
    struct shell s = podium(0, "suites ", path, NULL);
    cr_assert(has(&s, "w, version 1+errata.3"), "%s", s.out.at);
    cr_assert(has(&s, "1 golds replaced, 1 items void"), "%s", s.out.at);
    cr_assert(has(&s, "i1: \"5\", was 2 (typo)"), "%s", s.out.at);
    cr_assert(has(&s, "i2: void (two solutions)"), "%s", s.out.at);
    shell_free(&s);
    const char *db = run_suite(path, "e.db", 2, mostly);
    cr_assert_eq(run_fixture_count(db, "SELECT count(*) FROM item"), 3);
    cr_assert_eq(run_fixture_count(db,
                                   "SELECT count(*) FROM reply r JOIN last_grade g ON g.reply = "
                                   "r.id WHERE item = 1 AND verdict = 'right'"),
                 2, "the new gold counts");
    s = podium(0, "report ", db, NULL);
    cr_assert(has(&s, "w, version 1+errata.3"), "%s", s.out.at);
    cr_assert(has(&s, "errata      1 items of the suite are void: not asked, not scored"), "%s",
              s.out.at);
    shell_free(&s);
    s = podium(0, "report --json ", db, NULL);
    cr_assert(has(&s, "\"void_items\": 1"), "%s", s.out.at);
    shell_free(&s);
    s = podium(0, "grade --explain i1 ", db, NULL);
    cr_assert(has(&s, "erratum     the answer was 2: typo"), "%s", s.out.at);
    shell_free(&s);
    s = podium(0, "suites --audit ", path, NULL);
    cr_assert(has(&s, "errata      1 golds replaced, 1 items void"), "%s", s.out.at);
    shell_free(&s);
}

/* ---- explain ---- */

Test(explain, shows_every_step_of_math)
{
    const char *all[] = {"1", "\"\\\\frac{11}{2}\"", "3", "\"3 cm\""};
    const char *db = run_suite(make_suite(all, 4, "math", ""), "x.db", 2, mostly);
    struct shell s = podium(0, "grade --explain i1 ", db, NULL);
    const char *words[] = {"w, item i1",
                           "sample 0: wrong",
                           "sample 1: wrong",
                           "level       D2, proved different",
                           "So \\boxed{>>>",
                           "read as 11/2",
                           "compared    as number",
                           "policies    {",
                           "(rule boxed, bytes 10 to 1"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        cr_assert(has(&s, words[i]), "no \"%s\" in %s", words[i], s.out.at);
    shell_free(&s);
    s = podium(0, "grade --json --sample 1 --explain i2 ", db, NULL);
    struct json *j = NULL;
    ASSERT_OK(json_parse(buf_str(&s.out), "explain", &j, &e), e);
    const struct json *sample = json_first(json_get(j, "samples"));
    struct str stored = {0};
    struct str now = {0};
    bool agrees = false;
    cr_assert_eq(json_count(json_get(j, "samples")), 1);
    cr_assert(json_str(json_get(sample, "stored"), &stored));
    cr_assert(json_str(json_get(json_get(sample, "now"), "verdict"), &now));
    cr_assert(json_bool(json_get(sample, "agrees"), &agrees) && agrees);
    cr_assert_eq(str_eq(stored, STR("wrong")), str_eq(now, STR("different")));
    json_free(j);
    shell_free(&s);
    (void)run_fixture_count(db, "UPDATE grade SET verdict = 'right', score = 1 WHERE reply IN "
                                "(SELECT id FROM reply WHERE item = 1) RETURNING 1");
    s = podium(0, "grade --explain i1 ", db, NULL);
    cr_assert(has(&s, "NOTE        this podium comes to another verdict"), "%s", s.out.at);
    shell_free(&s);
    s = podium(2, "grade --explain i9 ", db, NULL);
    cr_assert(str_find(buf_str(&s.err), STR("nearest: \"i"), 0) > 0, "%s", s.err.at);
    shell_free(&s);
    s = podium(2, "grade --sample 1 ", db, NULL);
    shell_free(&s);
}

Test(explain, of_other_graders_says_what_it_has)
{
    struct run_fixture f = {.path = in_temp("s.db"), .n_items = 2, .n_samples = 2};
    bool ok = run_fixture_go(&f);
    cr_assert(ok, "%s", f.e.text);
    struct shell s = podium(0, "grade --explain item-001 ", f.path, NULL);
    cr_assert(has(&s, "grader      script"), "%s", s.out.at);
    cr_assert(has(&s, "sample 0: "), "%s", s.out.at);
    shell_free(&s);
}

/* ---- a model as judge, over the real grader ---- */

/* As the judge: yes to item 0, no to item 1, and no clear word to item 2. */
static void judge_says(struct str question, struct script_reply *out)
{
    const char *says = "I would say yes.";
    if (str_find(question, STR("Problem 0"), 0) >= 0)
        says = "Both are three.\nVERDICT: YES\n";
    else if (str_find(question, STR("Problem 1"), 0) >= 0)
        says = "VERDICT: NO";
    (void)snprintf(out->content, sizeof out->content, "%s", says);
}

static void undecidable(const struct ask *a, struct script_reply *out)
{
    struct str text = a->chat.at[0].content;
    *out = (struct script_reply){.end = REPLY_WHOLE};
    if (str_find(text, STR("VERDICT: YES"), 0) >= 0)
        judge_says(text, out);
    else
        (void)snprintf(out->content, sizeof out->content, "\\boxed{3}");
}

Test(judge_model, decides_what_math_cannot_and_only_that)
{
    const char *all[] = {"\"3 cm\"", "\"3 dm\"", "\"3 km\"", "\"3\"", "\"4\""};
    const char *more = ", \"policies\": {\"units\": \"strict\"}, \"judge\": \"model\"";
    const char *path = make_suite(all, 5, "math", more);
    const char *db = run_suite(path, "j.db", 3, undecidable);
    const char *counts[] = {"item = 0 AND verdict = 'right' AND n_judged = 1",
                            "item = 1 AND verdict = 'wrong' AND n_judged = 1",
                            "item = 2 AND verdict = 'undecided' AND n_judged = 1",
                            "item = 3 AND verdict = 'right' AND n_judged = 0",
                            "item = 4 AND verdict = 'wrong' AND n_judged = 0"};
    for (int i = 0; i < 5; i++)
        cr_assert_eq(run_fixture_count(db, arena_fmt(&keep,
                                                     "SELECT count(*) FROM reply r JOIN last_grade "
                                                     "g ON g.reply = r.id WHERE %s",
                                                     counts[i])
                                               .at),
                     3, "%s", counts[i]);
    cr_assert_eq(run_fixture_count(db, "SELECT count(*) FROM judgement"), 3);
    cr_assert_eq(run_fixture_count(db, "SELECT count(*) FROM last_grade WHERE n_judged > 0 AND "
                                       "json_extract(evidence, '$.judge.model') = 'script 1'"),
                 9);
    struct shell s = podium(0, "report ", db, NULL);
    cr_assert(has(&s, "judge       6 verdicts came from a model (3 questions, 3 of its replies"),
              "%s", s.out.at);
    shell_free(&s);
    s = podium(0, "grade ", db, NULL); /* without a model: what is stored is used */
    cr_assert(has(&s, "15 replies judged again: 0 changed sides"), "%s", s.out.at);
    shell_free(&s);
    s = podium(0, "grade --explain i0 ", db, NULL);
    cr_assert(has(&s, "1 replies of a judge model went into it"), "%s", s.out.at);
    cr_assert(!has(&s, "NOTE"), "that math alone says undecided is no surprise: %s", s.out.at);
    shell_free(&s);
    (void)run_fixture_count(db, "DELETE FROM judgement RETURNING 1");
    s = podium(0, "grade ", db, NULL);
    cr_assert(has(&s, "3 changed sides (0 to right, 3 from right)"), "%s", s.out.at);
    shell_free(&s);
    cr_assert_eq(run_fixture_count(db, "SELECT count(*) FROM last_grade WHERE verdict = "
                                       "'undecided' AND n_judged = 0"),
                 9);
    s = podium(0, "suites ", path, NULL);
    cr_assert(has(&s, "grader    math, then a model where it cannot decide"), "%s", s.out.at);
    shell_free(&s);
}
