/* judge: the submissions of a package, or given ones, against a contest's task. */
#include <stdio.h>

#include "base/file.h"
#include "graders/task/sources.h"
#include "graders/task/unzip.h"
#include "harness/command.h"
#include "harness/interrupt.h"
#include "harness/judging.h"
#include "harness/judging_show.h"

struct options {
    const char *package;
    const char *task;
    struct cli_list submissions;
    bool is_json;
    bool runs_all;
    bool shows_tests;
    bool generates;
    bool no_namespaces;
    int64_t n_jobs;
    const char *cache;
    int64_t time_ms;
    double time_scale;
};

/* One row of the result. */
struct row {
    struct str file;
    const struct task_submission *annotated; /* NULL: given on the command line */
    struct judging_job job;
    bool agrees;
    struct str why; /* it does not agree */
};

/* --- which submissions --------------------------------------------------------------------------
 */

/* FILE or FILE:LANG. The path may hold colons; only a known language after the last one counts. */
static bool read_given(const char *text, struct row *row, struct arena *keep, struct err *e)
{
    struct str s = str_of(text);
    int64_t colon = str_rfind(s, STR(":"));
    struct str path = s;
    struct judging_source *src = &row->job.source;
    if (colon > 0 && language_from_name(str_sub(s, colon + 1, s.n), &src->language)) {
        src->has_language = true;
        path = str_sub(s, 0, colon);
    } else if (colon > 0 && !file_exists(text))
        return FAIL(e, ERR_USAGE, "%s: no such file, and no language is called \"%.*s\"", text,
                    STR_ARG(str_sub(s, colon + 1, s.n)));
    row->file = arena_str(keep, path);
    src->path = row->file.at;
    return file_exists(src->path) || FAIL(e, ERR_INPUT, "%s: no such file", src->path);
}

/* One of the package's own, named by its path: then it has an expectation too. */
static const struct task_submission *annotation_of(const struct task *t, struct str path)
{
    struct str folder = str_of(t->folder);
    while (folder.n > 1 && folder.at[folder.n - 1] == '/')
        folder.n--;
    if (!str_starts(path, folder) || path.n <= folder.n || path.at[folder.n] != '/')
        return NULL;
    for (int64_t i = 0; i < t->n_submissions; i++)
        if (str_eq(t->submissions[i].name, str_sub(path, folder.n + 1, path.n)))
            return &t->submissions[i];
    return NULL;
}

static bool make_rows(const struct options *o, struct cli *c, const struct task *t,
                      struct row **out, int64_t *n, struct arena *keep, struct err *e)
{
    int64_t n_given = o->submissions.n + c->n_arguments;
    *n = n_given > 0 ? n_given : t->n_submissions;
    *out = NEW(keep, struct row, *n);
    for (int64_t i = 0; i < *n; i++) {
        struct row *row = &(*out)[i];
        row->job.task = t;
        if (n_given > 0) {
            TRY(read_given(i < o->submissions.n ? o->submissions.at[i]
                                                : c->arguments[i - o->submissions.n],
                           row, keep, e));
            row->annotated = annotation_of(t, row->file);
            continue;
        }
        row->annotated = &t->submissions[i];
        row->file = row->annotated->name;
        row->job.source.annotated = row->file;
    }
    if (*n == 0)
        return FAIL(e, ERR_INPUT, "%s has no submissions; give some with --submission", t->folder);
    return true;
}

/* --- judging ------------------------------------------------------------------------------------
 */

static bool judge_rows(const struct judging_options *o, struct row *rows, int64_t n,
                       struct judging_machine *m, struct arena *keep, struct err *e)
{
    struct judging_job *jobs = NEW(keep, struct judging_job, n);
    for (int64_t i = 0; i < n; i++)
        jobs[i] = rows[i].job;
    TRY(judging_run(jobs, n, o, m, keep, e));
    for (int64_t i = 0; i < n; i++)
        rows[i].job = jobs[i];
    return true;
}

static void compare(struct row *row, struct arena *keep)
{
    row->agrees = true;
    if (row->annotated == NULL || !row->job.is_judged)
        return;
    for (int64_t i = 0; i < row->annotated->n_expects && row->agrees; i++)
        row->agrees = expect_holds(row->job.task, &row->annotated->expects[i], &row->job.found,
                                   &row->why, keep);
}

static bool wants_all_tests(const struct row *rows, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = 0; rows[i].annotated != NULL && k < rows[i].annotated->n_expects; k++)
            if (rows[i].annotated->expects[k].is_per_test)
                return true;
    return false;
}

/* --- showing ------------------------------------------------------------------------------------
 */

static bool has_expectation(const struct row *row)
{
    return row->annotated != NULL && row->annotated->n_expects > 0;
}

static struct str expected_text(const struct row *row)
{
    return has_expectation(row) ? row->annotated->expects[0].label : (struct str){"", 0};
}

static void show_row(const struct row *row, const struct options *o, int width)
{
    const struct judging_job *j = &row->job;
    const char *agrees = !j->is_judged           ? "?"
                         : !has_expectation(row) ? ""
                         : row->agrees           ? "yes"
                                                 : "NO";
    char score[32] = "";
    if (j->is_judged && j->task->has_score)
        (void)snprintf(score, sizeof score, "%.6g", j->score);
    (void)printf("  %-*.*s  %-10.*s %-8s %8s %8.0f ms %8.1f MiB  %-24.*s %s\n", width,
                 STR_ARG(row->file), STR_ARG(j->language),
                 j->is_judged ? outcome_name(j->found.verdict) : "-", score,
                 (double)j->cpu_max_us / 1000, (double)j->memory_max_kib / 1024,
                 STR_ARG(expected_text(row)), agrees);
    if (!j->is_judged)
        (void)printf("      %s\n", j->is_done ? j->err.text : "not judged: interrupted");
    else if (!row->agrees)
        (void)printf("      %.*s\n", STR_ARG(row->why));
    if (j->is_judged)
        judging_show_details(j, o->shows_tests || (!row->agrees && !j->task->has_score));
}

static int width_of(const struct row *rows, int64_t n)
{
    int64_t width = 10;
    for (int64_t i = 0; i < n; i++)
        width = rows[i].file.n > width ? rows[i].file.n : width;
    return (int)(width > 60 ? 60 : width);
}

static void put_row(struct json_out *w, const struct row *row, const struct judging_machine *m)
{
    const struct judging_job *j = &row->job;
    json_open(w, '{');
    json_pair_str(w, "file", row->file);
    json_pair_str(w, "language", j->language);
    json_put_key(w, "expected");
    if (has_expectation(row))
        json_put_str(w, expected_text(row));
    else
        json_put_null(w);
    if (j->is_judged)
        judging_put_result(w, j, row->annotated);
    else
        judging_put_trouble(w, j);
    json_put_key(w, "agrees");
    if (!j->is_judged || !has_expectation(row))
        json_put_null(w);
    else
        json_put_bool(w, row->agrees);
    if (j->is_judged && !row->agrees)
        json_pair_str(w, "why", row->why);
    judging_put_machine(w, m);
    json_close(w, '}');
}

struct counts {
    int64_t n_agree, n_differ, n_broken;
};

static struct counts count(const struct row *rows, int64_t n)
{
    struct counts c = {0};
    for (int64_t i = 0; i < n; i++) {
        c.n_broken += !rows[i].job.is_judged;
        c.n_differ += rows[i].job.is_judged && !rows[i].agrees;
        c.n_agree += rows[i].job.is_judged && rows[i].agrees && has_expectation(&rows[i]);
    }
    return c;
}

static void show(const struct task *t, const struct row *rows, int64_t n, int64_t time_ms,
                 const struct judging_machine *m, const struct options *o)
{
    struct counts c = count(rows, n);
    if (o->is_json) {
        struct json_out w = {0};
        json_open(&w, '[');
        for (int64_t i = 0; i < n; i++)
            put_row(&w, &rows[i], m);
        json_close(&w, ']');
        (void)printf("%.*s\n", STR_ARG(buf_str(&w.text)));
        json_out_free(&w);
        return;
    }
    int width = width_of(rows, n);
    (void)printf("%.*s (%.*s, %s)  time %lld ms%s, memory %lld MiB, %lld tests\n\n",
                 STR_ARG(t->name), STR_ARG(t->format), judging_kind_name(t->kind),
                 (long long)time_ms, t->time_ms == 0 ? " (derived)" : "",
                 (long long)t->memory_kib / 1024, (long long)t->n_tests);
    for (int64_t i = 0; i < t->n_notes; i++)
        (void)printf("  note: %.*s\n", STR_ARG(t->notes[i]));
    (void)printf("  %-*s  %-10s %-8s %8s %11s %12s  %-24s %s\n", width, "submission", "language",
                 "verdict", t->has_score ? "score" : "", "max cpu", "max memory", "expected",
                 "agrees");
    for (int64_t i = 0; i < n; i++)
        show_row(&rows[i], o, width);
    (void)printf("\n%lld judged: %lld agree, %lld differ; %lld could not be judged\n",
                 (long long)(n - c.n_broken), (long long)c.n_agree, (long long)c.n_differ,
                 (long long)c.n_broken);
    judging_show_machine(m);
}

/* --- the command --------------------------------------------------------------------------------
 */

/* A package that came as an archive is unpacked for the time of the command. */
struct unpacked {
    char dir[LIMIT_PATH_BYTES]; /* empty: nothing was unpacked */
};

static void drop_unpacked(struct unpacked *u)
{
    struct err ignored = {0};
    if (u->dir[0] != 0)
        (void)!file_remove_tree(u->dir, &ignored);
}

static bool unpack(const char *path, struct unpacked *u, const char **folder, struct arena *keep,
                   struct arena tmp, struct err *e)
{
    char inner[LIMIT_PATH_BYTES];
    const char *const *found = NULL;
    int64_t n = 0;
    *folder = path;
    if (!str_ends(str_of(path), STR(".zip")) || file_is_dir(path))
        return true;
    TRY(file_temp_dir("/tmp", u->dir, sizeof u->dir, e));
    if (!file_join(u->dir, "package", inner, sizeof inner))
        return FAIL(e, ERR_USAGE, "%s: path too long", u->dir);
    TRY(task_unzip(path, inner, tmp, e));
    if (!task_walk(inner, &found, &n, keep, e))
        return err_wrap(e, "%s", path);
    *folder = found[0];
    return n == 1 ||
           FAIL(e, ERR_INPUT, "%s holds %lld tasks; unpack it and name one", path, (long long)n);
}

static bool open_task(const struct options *o, struct unpacked *u, struct task *t,
                      struct arena *keep, struct arena tmp, struct err *e)
{
    const char *folder = NULL;
    TRY(unpack(o->package != NULL ? o->package : o->task, u, &folder, keep, tmp, e));
    TRY(task_read(folder, t, keep, tmp, e));
    if (o->generates) {
        TRY(judging_generate(t, tmp, e));
        TRY(task_read(folder, t, keep, tmp, e));
    }
    return judging_is_ready(t, e);
}

static bool judge_all(const struct options *o, const struct task *t, struct row *rows, int64_t n,
                      int64_t *time_ms, struct judging_machine *m, struct arena *keep,
                      struct err *e)
{
    struct judging_options how = {.name = "judge",
                                  .n_jobs = o->n_jobs,
                                  .runs_all = o->runs_all || wants_all_tests(rows, n),
                                  .no_namespaces = o->no_namespaces,
                                  .cache = o->cache,
                                  .time_scale = o->time_scale};
    *time_ms = o->time_ms > 0 ? o->time_ms : t->time_ms;
    if (*time_ms == 0 && t->kind != TASK_OUTPUT_ONLY)
        TRY(judging_derive_limit(t, &how, time_ms, keep, e));
    for (int64_t i = 0; i < n; i++)
        rows[i].job.time_ms = *time_ms;
    TRY(judge_rows(&how, rows, n, m, keep, e));
    for (int64_t i = 0; i < n; i++)
        compare(&rows[i], keep);
    return true;
}

static int exit_code(const struct row *rows, int64_t n)
{
    struct counts found = count(rows, n);
    if (interrupt_came())
        return EXIT_INTERRUPTED;
    return found.n_broken > 0 ? EXIT_UNGRADED : found.n_differ > 0 ? EXIT_FAILED : EXIT_DONE;
}

static bool judge(const struct options *o, struct cli *c, int *rc, struct arena *keep,
                  struct arena tmp, struct err *e)
{
    CLEANUP(drop_unpacked) struct unpacked u = {.dir = ""};
    struct task t;
    struct row *rows = NULL;
    struct judging_machine m = {0};
    int64_t n = 0;
    int64_t time_ms = 0;
    if (!open_task(o, &u, &t, keep, tmp, e))
        return judging_give_up(rc, e);
    TRY(make_rows(o, c, &t, &rows, &n, keep, e));
    if (!judge_all(o, &t, rows, n, &time_ms, &m, keep, e))
        return judging_give_up(rc, e);
    show(&t, rows, n, time_ms, &m, o);
    *rc = exit_code(rows, n);
    return true;
}

bool command_judge(struct cli *c, int *rc, struct err *e)
{
    struct options o = {0};
    const struct cli_option options[] = {
        OPTION_TEXT("package", "DIR", &o.package,
                    "the task: a Kattis, tps or CMS folder, or its .zip"),
        OPTION_TEXT("task", "DIR", &o.task, "the same"),
        OPTION_LIST("submission", "FILE[:LANG]", &o.submissions,
                    "judge this file or folder instead of the package's own; repeatable"),
        OPTION_FLAG("json", &o.is_json, "a list of results as JSON"),
        OPTION_FLAG("tests", &o.shows_tests, "show every test"),
        OPTION_FLAG("all", &o.runs_all, "run every test, even where a score is settled"),
        OPTION_FLAG("generate", &o.generates, "make the tests of a tps package first"),
        OPTION_I64("jobs", &o.n_jobs, 1, 256, "how many together (default: one a processor)",
                   .env = true),
        OPTION_I64("time-ms", &o.time_ms, 1, 3600000, "time limit in place of the task's"),
        OPTION_F64("time-scale", &o.time_scale, 0.01, 1000, "factor on the time limit"),
        OPTION_TEXT("cache", "DIR", &o.cache, "keep compiled programs there", .env = true),
        OPTION_FLAG("no-namespaces", &o.no_namespaces, "use the weaker box"),
    };
    c->synopsis = "(--package DIR | --task DIR) [--submission FILE[:LANG]]... [options]";
    c->summary =
        "Judges submissions against a contest's task: the package's own annotated ones, each\n"
        "compared with what the package expects of it, or the given ones. Formats: Kattis\n"
        "(legacy and 2023-07/2025-09), tps, CMS exports. Exit code 1 when a verdict differs,\n"
        "3 when something could not be judged.";
    c->example = "podium judge --package assets/olympiad_cases/icpc/well\n"
                 "podium judge --task assets/olympiad_cases/ioi/orchard --tests\n"
                 "podium judge --task my-task --submission a.cpp --submission b.txt:python --json";
    c->n_arguments_max = CLI_ARGUMENTS;
    CLI_TABLE(c, options);
    TRY(cli_read(c, e));
    if (c->is_help)
        return true;
    if ((o.package == NULL) == (o.task == NULL))
        return FAIL(e, ERR_USAGE, "judge: name the task with --package or --task");
    CLEANUP(arena_fini) struct arena keep = {0};
    CLEANUP(arena_fini) struct arena tmp = {0};
    arena_init(&keep, "judge", LIMIT_ARENA_RUN);
    arena_init(&tmp, "judge, tmp", LIMIT_ARENA_TMP);
    return judge(&o, c, rc, &keep, tmp, e);
}
