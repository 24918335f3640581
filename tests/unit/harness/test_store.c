#include <fcntl.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "harness/store/store.h"
#include "tests/support/run_fixture.h"
#include "tests/support/support.h"

static const char *path_of(const char *name)
{
    static char path[LIMIT_PATH_BYTES];
    cr_assert(file_join(support_temp(), name, path, sizeof path));
    return path;
}

static const struct item items[] = {
    {.id = {"one", 3}, .kind = {"k", 1}, .prompt = {"1?", 2}, .key_text = {"{}", 2}},
    {.id = {"two", 3}, .kind = {"k", 1}, .prompt = {"2?", 2}, .key_text = {"{}", 2}},
};

static struct run_row a_run(void)
{
    return (struct run_row){.suite = STR("s"),
                            .suite_version = STR("1"),
                            .suite_identity = STR("i"),
                            .suite_sha256 = STR("h"),
                            .model = STR("m"),
                            .strategy = STR("sample"),
                            .thinking = true,
                            .n_items = 2,
                            .n_samples = 1,
                            .seed = UINT64_MAX,
                            .temperature = 0.7,
                            .top_p = 0.95,
                            .n_out_max = 10,
                            .suite_source = STR("here"),
                            .definition = STR("{}"),
                            .grader = STR("g"),
                            .model_dir = STR("d"),
                            .podium = STR("0"),
                            .created_ms = 123};
}

static struct store *open_run(const char *path)
{
    struct store *s = NULL;
    struct err e = {0};
    struct run_row run = a_run();
    ASSERT_OK(store_open_write(&s, path, &e), e);
    ASSERT_OK(store_set_run(s, &run, items, STR("[]"), &e), e);
    return s;
}

static int64_t put_reply(struct store *s, int64_t i_item, struct str content)
{
    struct err e = {0};
    struct reply_row row = {.i_item = i_item, .seed = UINT64_MAX - 1, .logprob_sum = (double)NAN};
    struct reply_text text = {.raw = STR("raw\0byte"), .content = content};
    (void)snprintf(row.key, sizeof row.key, "%064d", (int)i_item);
    ASSERT_OK(store_begin(s, &e), e);
    ASSERT_OK(store_put_reply(s, &row, &text, &e), e);
    ASSERT_OK(store_commit(s, &e), e);
    return row.id;
}

Test(store, what_goes_in_comes_out)
{
    struct arena keep;
    struct err e = {0};
    struct run_row run;
    struct stored *rows;
    struct reply_text text;
    struct item *got;
    int64_t n = 0;
    arena_init(&keep, "test", LIMIT_ARENA_ITEM);
    struct store *s = open_run(path_of("a.db"));
    int64_t id = put_reply(s, 1, STR("\xff not UTF-8"));
    store_close(s);
    ASSERT_OK(store_open_read(&s, path_of("a.db"), &e), e);
    ASSERT_OK(store_get_run(s, &run, &keep, &e), e);
    cr_assert_eq(run.seed, UINT64_MAX);
    cr_assert_eq(run.temperature, 0.7);
    cr_assert(run.thinking);
    cr_assert(str_eq(run.suite_source, STR("here")));
    ASSERT_OK(store_get_items(s, &got, &n, &keep, &e), e);
    cr_assert_eq(n, 2);
    cr_assert(str_eq(got[1].prompt, STR("2?")));
    ASSERT_OK(store_get_all(s, &rows, &n, &keep, &e), e);
    cr_assert_eq(n, 1);
    cr_assert_eq(rows[0].reply.i_item, 1);
    cr_assert_eq(rows[0].reply.seed, UINT64_MAX - 1);
    cr_assert(isnan(rows[0].reply.logprob_sum));
    cr_assert_not(rows[0].has_grade);
    ASSERT_OK(store_get_text(s, id, &text, &keep, &e), e);
    cr_assert(str_eq(text.raw, STR("raw\0byte")));
    cr_assert(str_eq(text.content, STR("\xff not UTF-8")));
    store_close(s);
    arena_fini(&keep);
}

Test(store, grades_are_appended_and_the_last_one_counts)
{
    struct arena keep;
    struct err e = {0};
    struct stored *rows;
    int64_t n = 0;
    bool is_new = false;
    arena_init(&keep, "test", LIMIT_ARENA_ITEM);
    struct store *s = open_run(path_of("a.db"));
    int64_t id = put_reply(s, 0, STR("x"));
    struct grade_row g = {.grader = STR("g"), .version = 1, .verdict = VERDICT_WRONG};
    ASSERT_OK(store_put_grade(s, id, &g, &is_new, &e), e);
    cr_assert(is_new);
    g.evidence = STR("{\"ms\": 3}");
    ASSERT_OK(store_put_grade(s, id, &g, &is_new, &e), e);
    cr_assert_not(is_new, "only times differ");
    g.trouble = STR("broken");
    ASSERT_OK(store_put_grade(s, id, &g, &is_new, &e), e);
    cr_assert(is_new);
    g = (struct grade_row){.grader = STR("g"), .version = 2, .verdict = VERDICT_PART, .score = 0.5};
    ASSERT_OK(store_put_grade(s, id, &g, &is_new, &e), e);
    cr_assert(is_new);
    ASSERT_OK(store_get_all(s, &rows, &n, &keep, &e), e);
    cr_assert_eq(rows[0].grade.verdict, VERDICT_PART);
    cr_assert_eq(rows[0].grade.score, 0.5);
    cr_assert_eq(rows[0].grade.trouble.n, 0);
    store_close(s);
    cr_assert_eq(run_fixture_count(path_of("a.db"), "SELECT count(*) FROM grade"), 3);
    arena_fini(&keep);
}

Test(store, a_transaction_that_was_not_committed_is_gone)
{
    struct err e = {0};
    struct store *s = open_run(path_of("a.db"));
    struct reply_row row = {0};
    struct reply_text text = {0};
    (void)put_reply(s, 0, STR("kept"));
    (void)snprintf(row.key, sizeof row.key, "%064d", 9);
    row.i_item = 1;
    ASSERT_OK(store_begin(s, &e), e);
    ASSERT_OK(store_put_reply(s, &row, &text, &e), e);
    store_close(s);
    cr_assert_eq(run_fixture_count(path_of("a.db"), "SELECT count(*) FROM reply"), 1);
}

Test(store, one_writer_at_a_time_readers_are_free)
{
    struct err e = {0};
    struct store *other = NULL;
    struct store *s = open_run(path_of("a.db"));
    cr_assert_not(store_open_write(&other, path_of("a.db"), &e));
    cr_assert(strstr(e.text, "another podium is working on it") != NULL, "%s", e.text);
    cr_assert_not(store_open_grade(&other, path_of("a.db"), &e));
    ASSERT_OK(store_open_read(&other, path_of("a.db"), &e), e);
    store_close(other);
    (void)put_reply(s, 0, STR("still writing"));
    store_close(s);
    ASSERT_OK(store_open_write(&other, path_of("a.db"), &e), e);
    store_close(other);
}

static void refused(const char *path, const char *want)
{
    struct err e = {0};
    struct store *s = NULL;
    cr_assert_not(store_open_write(&s, path, &e));
    cr_assert(strstr(e.text, want) != NULL, "%s", e.text);
    cr_assert_not(store_open_read(&s, path, &e));
    cr_assert(strstr(e.text, want) != NULL, "%s", e.text);
}

static void make_database(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
    (void)sqlite3_close(db);
}

Test(store, files_that_are_no_run_are_refused_by_name)
{
    struct err e = {0};
    struct store *s = NULL;
    ASSERT_OK(file_write(path_of("text.db"), STR("this is a text file, not a database\n"), &e), e);
    refused(path_of("text.db"), "text.db: not a podium run (not an SQLite database");
    make_database(path_of("other.db"), "CREATE TABLE t(x); PRAGMA user_version = 1");
    refused(path_of("other.db"), "not a podium run (a database of another program)");
    store_close(open_run(path_of("new.db")));
    make_database(path_of("new.db"), "PRAGMA user_version = 3");
    refused(path_of("new.db"), "written by a newer podium (schema 3, this one knows 2)");
    refused(support_temp(), "is a folder, not a run");
    refused("nowhere/at/all/a.db", "o such file");
    cr_assert_not(store_open_read(&s, path_of("none.db"), &e));
    cr_assert(strstr(e.text, "none.db: no such file") != NULL, "%s", e.text);
}

Test(store, a_new_file_without_a_run_leaves_nothing_behind)
{
    struct err e = {0};
    struct store *s = NULL;
    ASSERT_OK(store_open_write(&s, path_of("a.db"), &e), e);
    store_close(s);
    cr_assert_not(file_exists(path_of("a.db")));
    ASSERT_OK(file_write(path_of("empty.db"), STR(""), &e), e);
    ASSERT_OK(store_open_write(&s, path_of("empty.db"), &e), e);
    store_close(s);
    cr_assert(file_exists(path_of("empty.db")), "it was there before");
}

/* A file as version 1 wrote it: no judgements, no count of them. */
static void make_old(const char *path)
{
    struct err e = {0};
    struct store *s = open_run(path);
    struct grade_row g = {.grader = STR("g"), .version = 1, .verdict = VERDICT_RIGHT, .score = 1};
    bool is_new = false;
    int64_t id = put_reply(s, 0, STR("x"));
    ASSERT_OK(store_put_grade(s, id, &g, &is_new, &e), e);
    store_close(s);
    make_database(path, "DROP TABLE judgement; DROP VIEW last_grade;"
                        "ALTER TABLE grade DROP COLUMN n_judged;"
                        "CREATE VIEW last_grade AS SELECT * FROM grade g"
                        "  WHERE id = (SELECT max(id) FROM grade WHERE reply = g.reply);"
                        "DELETE FROM run WHERE name = 'void_items'; PRAGMA user_version = 1");
}

static void check_old(struct store *s, struct arena *keep)
{
    struct err e = {0};
    struct run_row run = {.n_void = 9};
    struct stored *rows = NULL;
    struct judgement_sum sum = {.n = 9};
    int64_t n = 0;
    ASSERT_OK(store_get_run(s, &run, keep, &e), e);
    ASSERT_OK(store_get_all(s, &rows, &n, keep, &e), e);
    ASSERT_OK(store_sum_judgements(s, &sum, &e), e);
    cr_assert_eq(n, 1);
    cr_assert(rows[0].has_grade);
    cr_assert_eq(rows[0].grade.verdict, VERDICT_RIGHT);
    cr_assert_eq(rows[0].grade.n_judged, 0);
    cr_assert_eq(sum.n, 0);
}

Test(store, a_file_of_version_1_is_read_as_it_is_and_brought_up_to_date_by_writers)
{
    struct arena keep;
    struct err e = {0};
    struct store *s = NULL;
    int64_t id = 7;
    char question[65];
    const char *path = path_of("old.db");
    arena_init(&keep, "old", LIMIT_ARENA_RUN);
    make_old(path);
    ASSERT_OK(store_open_read(&s, path, &e), e);
    check_old(s, &keep);
    store_close(s);
    cr_assert_eq(run_fixture_count(path, "PRAGMA user_version"), 1, "a reader changes nothing");
    (void)snprintf(question, sizeof question, "%064d", 1);
    ASSERT_OK(store_open_grade(&s, path, &e), e);
    check_old(s, &keep);
    ASSERT_OK(store_find_judgement(s, question, &id, &e), e);
    cr_assert_eq(id, 0);
    store_close(s);
    cr_assert_eq(run_fixture_count(path, "PRAGMA user_version"), 2);
    cr_assert_eq(run_fixture_count(path, "SELECT n_judged FROM last_grade"), 0);
    make_old(path_of("older.db"));
    store_close(open_run(path_of("older.db"))); /* the same run goes on */
    cr_assert_eq(run_fixture_count(path_of("older.db"), "PRAGMA user_version"), 2);
    arena_fini(&keep);
}
