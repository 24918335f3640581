/* Every solution of the stdio and call items in assets/olympiad_cases gets the verdict, the score
 * and the first test verdict that expected.json says.
 *
 * A row whose toolchain is missing is left out with the grader's words, and its test is skipped
 * when all other rows have passed; rust and go, which a machine may well lack, have tests of their
 * own. */
#include <dirent.h>
#include <stdio.h>

#include "base/json.h"
#include "datasets/suite.h"
#include "graders/judge/bench.h"
#include "graders/judge/code.h"
#include "tests/support/support.h"

static struct arena keep;
static struct arena tmp;
static char box_path[1024];
static struct grader_env env;

static void setup(void)
{
    arena_init(&keep, "keep", LIMIT_GIB);
    arena_init(&tmp, "tmp", LIMIT_GIB);
    (void)snprintf(box_path, sizeof box_path, "%s/podium-box", support_build());
    env = (struct grader_env){.box_path = box_path, .work_dir = support_temp()};
}

static void teardown(void)
{
    bench_close();
    arena_fini(&keep);
    arena_fini(&tmp);
}

TestSuite(cases_code, .init = setup, .fini = teardown, .timeout = 600);

/* One row of expected.json; test_verdict is empty when every test is AC or none was run. */
struct row {
    struct str file;
    struct str language;
    struct str verdict;
    struct str test_verdict;
    double score;
};

static struct row read_row(const struct json *j)
{
    struct row r = {.test_verdict = STR("")};
    bool is_whole =
        json_str(json_get(j, "file"), &r.file) && json_str(json_get(j, "language"), &r.language) &&
        json_str(json_get(j, "verdict"), &r.verdict) && json_f64(json_get(j, "score"), &r.score);
    cr_assert(is_whole, "a row lacks a field");
    (void)json_str(json_get(j, "test_verdict"), &r.test_verdict);
    return r;
}

static struct json *read_json(const char *path)
{
    struct json *doc = NULL;
    struct err e = {0};
    ASSERT_OK(json_parse(support_read(path, &keep), path, &doc, &e), e);
    return doc;
}

/* "reply" is a whole reply; everything else is a program, sent in one block. */
static struct str reply_of(const struct row *r, const char *folder)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%.*s", folder, STR_ARG(r->file));
    struct str text = support_read(path, &keep);
    if (str_eq(r->language, STR("reply")))
        return text;
    return arena_fmt(&keep, "```%.*s\n%.*s\n```\n", STR_ARG(r->language), STR_ARG(text));
}

/* The first verdict in the evidence that is not AC; CE stands before all tests. */
static struct str first_not_ac(struct str evidence)
{
    struct json *doc = NULL;
    struct err e = {0};
    struct str v = STR("");
    ASSERT_OK(json_parse(evidence, "evidence", &doc, &e), e);
    (void)json_str(json_get(doc, "verdict"), &v);
    for (const struct json *t = json_first(json_get(doc, "tests")); t != NULL; t = json_next(t)) {
        cr_assert(json_str(json_get(t, "verdict"), &v), "a test without a verdict");
        if (!str_eq(v, STR("AC")))
            break;
        v = STR("");
    }
    v = arena_str(&keep, v);
    json_free(doc);
    return v;
}

/* False: the toolchain is missing, see e. */
static bool row_is_judged(const struct suite *s, const struct item *item, const struct row *r,
                          const char *folder, struct err *e)
{
    struct grade_in in = {.key = item->key, .definition = s->definition, .env = &env};
    enum grade_next next = GRADE_ASK;
    struct grade g = {0};
    struct chat question;
    in.reply = reply_of(r, folder);
    bool ok = grader_code.judge(&in, &next, &g, &question, &keep, tmp, e);
    if (!ok && e->cls == ERR_UNSUPPORTED)
        return false;
    cr_assert(ok, "%.*s/%.*s: %s", STR_ARG(item->id), STR_ARG(r->file), e->text);
    struct str first = first_not_ac(g.evidence);
    cr_expect(next == GRADE_DONE && str_eq(verdict_name(g.verdict), r->verdict) &&
                  g.score == r->score && str_eq(first, r->test_verdict),
              "%.*s/%.*s: want %.*s %g %.*s, got %.*s %g %.*s: %.*s %.1500s", STR_ARG(item->id),
              STR_ARG(r->file), STR_ARG(r->verdict), r->score, STR_ARG(r->test_verdict),
              STR_ARG(verdict_name(g.verdict)), g.score, STR_ARG(first), STR_ARG(g.reason),
              g.evidence.at);
    return true;
}

static const struct item *find_item(const struct suite *s, const char *id)
{
    for (int64_t i = 0; i < s->n_items; i++)
        if (str_eq(s->items[i].id, str_of(id)))
            return &s->items[i];
    cr_assert_fail("no item %s", id);
    return NULL;
}

/* `languages` is a list with a space around each. */
static bool is_among(struct str language, const char *languages)
{
    char word[64];
    (void)snprintf(word, sizeof word, " %.*s ", STR_ARG(language));
    return str_find(str_of(languages), str_of(word), 0) >= 0;
}

static void judge_rows(const struct suite *s, const struct item *item, const char *folder,
                       const struct json *rows, const char *languages)
{
    struct err e = {0};
    struct err missing = {0};
    int64_t n_rows = 0;
    int64_t n_missing = 0;
    for (const struct json *j = json_first(rows); j != NULL; j = json_next(j)) {
        struct row r = read_row(j);
        if (!is_among(r.language, languages))
            continue;
        n_rows++;
        if (row_is_judged(s, item, &r, folder, &e))
            continue;
        n_missing++;
        missing = e;
    }
    cr_assert(n_rows > 0);
    if (n_missing > 0) {
        struct str why = arena_fmt(&keep, "%lld of %lld solutions: %s", (long long)n_missing,
                                   (long long)n_rows, missing.text);
        support_skip("toolchain", why.at);
    }
}

static void judge_item(const char *suite, const char *id, const char *languages)
{
    struct suite s = {0};
    struct err e = {0};
    char path[256];
    (void)snprintf(path, sizeof path, "assets/olympiad_cases/%s/%s.json", suite, suite);
    ASSERT_OK(suite_open(&s, path, &keep, tmp, &e), e);
    (void)snprintf(path, sizeof path, "assets/olympiad_cases/%s/expected.json", suite);
    struct json *expected = read_json(path);
    cr_assert_eq(json_count(expected), s.n_items, "expected.json is not of this suite");
    (void)snprintf(path, sizeof path, "assets/olympiad_cases/%s/solutions/%s", suite, id);
    judge_rows(&s, find_item(&s, id), path, json_get(expected, id), languages);
    json_free(expected);
    suite_close(&s);
}

/* Three tests an item: each has three minutes, and a loaded machine needs them. */
#define ITEM(name, suite, id)                                                                      \
    Test(cases_code, name##_in_c_and_cpp)                                                          \
    {                                                                                              \
        judge_item(suite, id, " c cpp ");                                                          \
    }                                                                                              \
    Test(cases_code, name##_in_python)                                                             \
    {                                                                                              \
        judge_item(suite, id, " python ");                                                         \
    }                                                                                              \
    Test(cases_code, name##_in_java_and_others)                                                    \
    {                                                                                              \
        judge_item(suite, id, " java javascript reply ");                                          \
    }

ITEM(planks_compare_by_tokens, "stdio", "stdio-planks")
ITEM(a_sign_compares_byte_for_byte, "stdio", "stdio-sign")
ITEM(a_circle_compares_within_a_tolerance, "stdio", "stdio-circle")
ITEM(an_order_is_checked_as_by_kattis, "stdio", "stdio-order")
ITEM(stalls_get_points_as_by_cms, "stdio", "stdio-stalls")
ITEM(a_harbor_has_a_large_input, "stdio", "stdio-harbor")
ITEM(a_call_gives_and_takes_lists, "calls", "calls-smaller")
ITEM(a_call_gives_and_takes_texts, "calls", "calls-joined")
ITEM(a_call_returns_about_the_right_number, "calls", "calls-level")
ITEM(a_call_returns_pairs_in_any_order, "calls", "calls-pairs")

Test(cases_code, planks_in_rust)
{
    judge_item("stdio", "stdio-planks", " rust ");
}

Test(cases_code, planks_in_go)
{
    judge_item("stdio", "stdio-planks", " go ");
}

static bool is_listed(const struct json *rows, struct str file)
{
    for (const struct json *j = json_first(rows); j != NULL; j = json_next(j))
        if (str_eq(read_row(j).file, file))
            return true;
    return false;
}

static void lists_the_folder(const struct json *rows, const char *path)
{
    int64_t n_files = 0;
    DIR *d = opendir(path);
    cr_assert_not_null(d, "%s", path);
    for (struct dirent *f = readdir(d); f != NULL; f = readdir(d)) {
        if (f->d_name[0] == '.')
            continue;
        n_files++;
        cr_expect(is_listed(rows, str_of(f->d_name)), "%s/%s is not listed", path, f->d_name);
    }
    (void)closedir(d);
    cr_expect_eq(json_count(rows), n_files, "%s: a solution is listed that is not there", path);
}

/* Else a solution that nobody lists would be judged by nobody. */
Test(cases_code, every_solution_is_listed)
{
    static const char *const suites[] = {"stdio", "calls"};
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++) {
        char path[256];
        (void)snprintf(path, sizeof path, "assets/olympiad_cases/%s/expected.json", suites[i]);
        struct json *expected = read_json(path);
        for (const struct json *rows = json_first(expected); rows != NULL; rows = json_next(rows)) {
            (void)snprintf(path, sizeof path, "assets/olympiad_cases/%s/solutions/%s", suites[i],
                           json_key(rows).at);
            lists_the_folder(rows, path);
        }
        json_free(expected);
    }
}
