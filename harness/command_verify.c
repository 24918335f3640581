/* verify: a second verdict on a contest's final submissions. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>

#include "harness/command.h"
#include "harness/expected.h"
#include "harness/interrupt.h"
#include "harness/judging_show.h"
#include "harness/submissions.h"

struct options {
    const char *tasks;
    const char *expect;
    const char *medals;
    bool is_json;
    bool shows_tests;
    bool no_namespaces;
    int64_t n_jobs;
    const char *cache;
    double time_scale;
};

struct contest {
    struct task *tasks;
    int64_t n_tasks;
    struct submissions submissions;
    struct judging_job *jobs; /* one per submission */
    int64_t *i_task;          /* of each; -1: no such task */
    struct standing standing;
    double cutoffs[3]; /* gold, silver, bronze; points or problems solved */
    int64_t n_cutoffs;
    struct judging_machine machine;
    int64_t n_broken; /* submissions that could not be judged */
    bool is_compared; /* with an expectation */
    struct str *differences;
    int64_t n_differences;
};

/* --- names --------------------------------------------------------------------------------------
 */

/* Lower-case letters and digits only: "Orchard_2" is "orchard 2". */
static bool is_same_name(struct str a, struct str b)
{
    int64_t i = 0;
    int64_t k = 0;
    for (;;) {
        while (i < a.n && !isalnum((unsigned char)a.at[i]))
            i++;
        while (k < b.n && !isalnum((unsigned char)b.at[k]))
            k++;
        if (i == a.n || k == b.n)
            return i == a.n && k == b.n && a.n > 0 && b.n > 0;
        if (tolower((unsigned char)a.at[i++]) != tolower((unsigned char)b.at[k++]))
            return false;
    }
}

static struct str base_of(const char *folder)
{
    struct str s = str_of(folder);
    while (s.n > 1 && s.at[s.n - 1] == '/')
        s.n--;
    return str_sub(s, str_rfind(s, STR("/")) + 1, s.n);
}

/* "A" is the folder "A-alphabet" or "a_alphabet". */
static bool is_letter_of(struct str letter, struct str folder)
{
    return letter.n == 1 && folder.n > 1 && (folder.at[1] == '-' || folder.at[1] == '_') &&
           tolower((unsigned char)letter.at[0]) == tolower((unsigned char)folder.at[0]);
}

static int64_t find_task(const struct contest *c, struct str problem)
{
    for (int64_t i = 0; i < c->n_tasks; i++)
        if (str_eq(c->tasks[i].name, problem))
            return i;
    for (int64_t i = 0; i < c->n_tasks; i++)
        if (is_same_name(c->tasks[i].name, problem) || is_same_name(c->tasks[i].title, problem) ||
            is_same_name(base_of(c->tasks[i].folder), problem))
            return i;
    for (int64_t i = 0; i < c->n_tasks; i++)
        if (is_letter_of(problem, base_of(c->tasks[i].folder)))
            return i;
    return -1;
}

/* --- reading ------------------------------------------------------------------------------------
 */

static bool read_tasks(struct contest *c, const char *folder, struct arena *keep, struct arena tmp,
                       struct err *e)
{
    const char *const *folders = NULL;
    TRY(task_walk(folder, &folders, &c->n_tasks, keep, e));
    c->tasks = NEW(keep, struct task, c->n_tasks);
    for (int64_t i = 0; i < c->n_tasks; i++)
        TRY(task_read(folders[i], &c->tasks[i], keep, tmp, e));
    return c->n_tasks > 0 ||
           FAIL(e, ERR_INPUT, "%s: no tasks; each is a folder with problem.yaml or problem.json",
                folder);
}

static bool read_cutoffs(struct contest *c, const char *text, struct err *e)
{
    struct str rest = str_of(text);
    struct str piece;
    while (text != NULL && str_split(&rest, ',', &piece)) {
        if (c->n_cutoffs >= 3 || !str_f64(str_trim(piece), &c->cutoffs[c->n_cutoffs]))
            return FAIL(e, ERR_USAGE, "--medals %s: GOLD[,SILVER[,BRONZE]] in points or problems",
                        text);
        c->n_cutoffs++;
    }
    return true;
}

/* What can be judged gets a job; the rest gets a reason. */
static void make_job(struct contest *c, int64_t i)
{
    const struct submission *s = &c->submissions.at[i];
    struct judging_job *job = &c->jobs[i];
    c->i_task[i] = find_task(c, s->problem);
    job->source = (struct judging_source){.path = s->path,
                                          .files = s->files,
                                          .n_files = s->n_files,
                                          .has_language = s->has_language,
                                          .language = s->language};
    if (c->i_task[i] < 0) {
        job->is_done = true;
        (void)FAIL(&job->err, ERR_INPUT, "%.*s: no task is called \"%.*s\"", STR_ARG(s->where),
                   STR_ARG(str_sub(s->problem, 0, 60)));
        return;
    }
    job->task = &c->tasks[c->i_task[i]];
    if (!s->has_language && job->task->kind != TASK_OUTPUT_ONLY) {
        job->is_done = true;
        (void)FAIL(&job->err, ERR_UNSUPPORTED, "%.*s: %s \"%.*s\"", STR_ARG(s->where),
                   s->language_text.n > 0 ? "not judged in language" : "no language could be told;",
                   STR_ARG(s->language_text));
    }
}

/* Tasks that name no limit get one before anything of theirs is judged. */
static bool derive_limits(struct contest *c, const struct judging_options *how, struct arena *keep,
                          struct err *e)
{
    for (int64_t t = 0; t < c->n_tasks; t++) {
        int64_t time_ms = 0;
        for (int64_t i = 0; i < c->submissions.n; i++) {
            if (c->i_task[i] != t || c->jobs[i].is_done || c->tasks[t].time_ms > 0 ||
                c->tasks[t].kind == TASK_OUTPUT_ONLY)
                continue;
            if (time_ms == 0)
                TRY(judging_derive_limit(&c->tasks[t], how, &time_ms, keep, e));
            c->jobs[i].time_ms = time_ms;
        }
    }
    return true;
}

static bool judge_jobs(struct contest *c, const struct options *o, struct arena *keep,
                       struct err *e)
{
    int64_t n = 0;
    struct judging_job *jobs = NEW(keep, struct judging_job, c->submissions.n);
    int64_t *from = NEW(keep, int64_t, c->submissions.n);
    struct judging_options how = {.name = "verify",
                                  .n_jobs = o->n_jobs,
                                  .no_namespaces = o->no_namespaces,
                                  .cache = o->cache,
                                  .time_scale = o->time_scale};
    TRY(derive_limits(c, &how, keep, e));
    for (int64_t i = 0; i < c->submissions.n; i++)
        if (!c->jobs[i].is_done) {
            from[n] = i;
            jobs[n++] = c->jobs[i];
        }
    TRY(judging_run(jobs, n, &how, &c->machine, keep, e));
    for (int64_t k = 0; k < n; k++)
        c->jobs[from[k]] = jobs[k];
    for (int64_t i = 0; i < c->submissions.n; i++)
        c->n_broken += !c->jobs[i].is_judged;
    return true;
}

/* --- scores -------------------------------------------------------------------------------------
 */

static void score(struct contest *c, struct arena *keep)
{
    struct standing_problem *problems = NEW(keep, struct standing_problem, c->n_tasks);
    struct standing_attempt *attempts = NEW(keep, struct standing_attempt, c->submissions.n);
    struct standing *s = &c->standing;
    s->problems = problems;
    s->jobs = c->jobs;
    s->n_jobs = c->submissions.n;
    for (int64_t t = 0; t < c->n_tasks; t++) {
        int64_t n = 0;
        for (int64_t i = 0; i < c->submissions.n; i++)
            if (c->i_task[i] == t)
                attempts[n++] = (struct standing_attempt){
                    &c->jobs[i], c->submissions.at[i].has_minutes, c->submissions.at[i].minutes};
        if (n == 0)
            continue;
        struct standing_problem *p = &problems[s->n_problems++];
        standing_of(&c->tasks[t], attempts, n, p, keep);
        if (c->tasks[t].has_score)
            s->total += p->score;
        s->n_solved += p->is_solved && !c->tasks[t].has_score;
        s->penalty += c->tasks[t].has_score ? 0 : p->penalty;
    }
}

static bool has_points(const struct contest *c)
{
    for (int64_t i = 0; i < c->standing.n_problems; i++)
        if (c->standing.problems[i].task->has_score)
            return true;
    return false;
}

static const char *medal_of(const struct contest *c)
{
    static const char *const names[] = {"gold", "silver", "bronze"};
    double got = has_points(c) ? c->standing.total : (double)c->standing.n_solved;
    for (int64_t i = 0; i < c->n_cutoffs && i < 3; i++)
        if (got >= c->cutoffs[i])
            return names[i];
    return c->n_cutoffs > 0 ? "none" : NULL;
}

/* --- for people ---------------------------------------------------------------------------------
 */

static void show_attempt(const struct contest *c, int64_t i, bool with_tests)
{
    const struct judging_job *j = &c->jobs[i];
    if (!j->is_judged) {
        (void)printf("    %-30.*s not judged: %s\n", STR_ARG(c->submissions.at[i].where),
                     j->is_done ? j->err.text : "interrupted");
        return;
    }
    (void)printf("    %-30.*s %-10.*s %-4s", STR_ARG(c->submissions.at[i].where),
                 STR_ARG(j->language), outcome_name(j->found.verdict));
    if (j->task->has_score)
        (void)printf(" %8.6g", j->score);
    (void)printf("  max cpu %.0f ms, %lld MiB\n", (double)j->cpu_max_us / 1000,
                 (long long)j->memory_max_kib / 1024);
    if (with_tests || j->found.groups == NULL)
        judging_show_details(j, with_tests);
}

static void show_problem(const struct contest *c, const struct standing_problem *p, bool with_tests)
{
    const struct task *t = p->task;
    if (t->has_score)
        (void)printf("\n%.*s  %.10g", STR_ARG(t->name), p->score);
    else
        (void)printf("\n%.*s  %s", STR_ARG(t->name), p->is_solved ? "solved" : "not solved");
    if (t->has_score && !isnan(t->full_score))
        (void)printf(" of %.10g", t->full_score);
    if (t->has_score && p->n_subtasks > 0 && p->best_single < p->score)
        (void)printf(", the best submission alone %.10g", p->best_single);
    if (!t->has_score && p->is_solved)
        (void)printf(", penalty %.10g", p->penalty);
    (void)printf("   (%s, %lld submissions%s)\n", judging_kind_name(t->kind),
                 (long long)p->n_attempts, p->is_complete ? "" : ", not all judged");
    for (int64_t k = 0; k < p->n_subtasks; k++) {
        const struct task_group *g = &t->groups[p->subtasks[k].i_group];
        (void)printf("    subtask %-20.*s %8.6g of %g\n", STR_ARG(g->name), p->subtasks[k].score,
                     p->subtasks[k].points);
    }
    for (int64_t i = 0; i < c->submissions.n; i++)
        if (c->i_task[i] >= 0 && &c->tasks[c->i_task[i]] == t)
            show_attempt(c, i, with_tests);
}

static void show(const struct contest *c, bool with_tests)
{
    const struct standing *s = &c->standing;
    (void)printf("read %.*s\n", STR_ARG(c->submissions.read_as));
    for (int64_t i = 0; i < s->n_problems; i++)
        show_problem(c, &s->problems[i], with_tests);
    for (int64_t i = 0; i < c->submissions.n; i++)
        if (c->i_task[i] < 0)
            (void)printf("\nnot judged: %s\n", c->jobs[i].err.text);
    (void)printf("\n");
    if (has_points(c))
        (void)printf("total %.10g\n", s->total);
    if (s->n_solved > 0 || !has_points(c))
        (void)printf("solved %lld, penalty %.10g\n", (long long)s->n_solved, s->penalty);
    if (medal_of(c) != NULL)
        (void)printf("medal %s\n", medal_of(c));
    if (c->is_compared && c->n_differences == 0)
        (void)printf("%s\n", c->n_broken == 0 ? "as expected" : "what was judged is as expected");
    for (int64_t i = 0; i < c->n_differences; i++)
        (void)printf("differs: %.*s\n", STR_ARG(c->differences[i]));
    if (c->n_broken > 0)
        (void)printf("%lld submissions could not be judged\n", (long long)c->n_broken);
    judging_show_machine(&c->machine);
}

/* --- for programs -------------------------------------------------------------------------------
 */

static void put_attempts(struct json_out *w, const struct contest *c, const struct task *t)
{
    json_put_key(w, "submissions");
    json_open(w, '[');
    for (int64_t i = 0; i < c->submissions.n; i++) {
        if (c->i_task[i] < 0 || &c->tasks[c->i_task[i]] != t)
            continue;
        json_open(w, '{');
        json_pair_str(w, "file", c->submissions.at[i].where);
        json_pair_str(w, "language", c->jobs[i].language);
        if (c->jobs[i].is_judged)
            judging_put_result(w, &c->jobs[i], NULL);
        else
            judging_put_trouble(w, &c->jobs[i]);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void put_problem(struct json_out *w, const struct contest *c,
                        const struct standing_problem *p)
{
    json_open(w, '{');
    json_pair_str(w, "problem", p->task->name);
    json_pair_str(w, "kind", str_of(judging_kind_name(p->task->kind)));
    json_pair_f64(w, "score", p->score);
    json_pair_f64(w, "full_score", p->task->has_score ? p->task->full_score : 1);
    json_pair_f64(w, "best_submission", p->best_single);
    json_pair_bool(w, "solved", p->is_solved);
    json_pair_f64(w, "penalty", p->penalty);
    json_pair_bool(w, "complete", p->is_complete);
    json_put_key(w, "subtasks");
    json_open(w, '[');
    for (int64_t k = 0; k < p->n_subtasks; k++) {
        json_open(w, '{');
        json_pair_str(w, "name", p->task->groups[p->subtasks[k].i_group].name);
        json_pair_f64(w, "score", p->subtasks[k].score);
        json_pair_f64(w, "points", p->subtasks[k].points);
        json_close(w, '}');
    }
    json_close(w, ']');
    put_attempts(w, c, p->task);
    json_close(w, '}');
}

static void put_unmatched(struct json_out *w, const struct contest *c)
{
    json_put_key(w, "not_judged");
    json_open(w, '[');
    for (int64_t i = 0; i < c->submissions.n; i++)
        if (!c->jobs[i].is_judged)
            json_put_str(w, str_of(c->jobs[i].is_done ? c->jobs[i].err.text : "interrupted"));
    json_close(w, ']');
}

static void print_json(const struct contest *c)
{
    struct json_out w = {0};
    json_open(&w, '{');
    json_pair_str(&w, "read_as", c->submissions.read_as);
    json_put_key(&w, "problems");
    json_open(&w, '[');
    for (int64_t i = 0; i < c->standing.n_problems; i++)
        put_problem(&w, c, &c->standing.problems[i]);
    json_close(&w, ']');
    json_pair_f64(&w, "total", c->standing.total);
    json_pair_i64(&w, "solved", c->standing.n_solved);
    json_pair_f64(&w, "penalty", c->standing.penalty);
    if (medal_of(c) != NULL)
        json_pair_str(&w, "medal", str_of(medal_of(c)));
    judging_put_machine(&w, &c->machine);
    put_unmatched(&w, c);
    json_put_key(&w, "differences");
    json_open(&w, '[');
    for (int64_t i = 0; i < c->n_differences; i++)
        json_put_str(&w, c->differences[i]);
    json_close(&w, ']');
    json_close(&w, '}');
    (void)printf("%.*s\n", STR_ARG(buf_str(&w.text)));
    json_out_free(&w);
}

/* --- the command --------------------------------------------------------------------------------
 */

static void close_expected(struct expected **x)
{
    expected_close(*x);
}

static bool verify(const struct options *o, const char *path, int *rc, struct arena *keep,
                   struct arena tmp, struct err *e)
{
    struct contest c = {0};
    CLEANUP(close_expected) struct expected *x = NULL;
    TRY(read_cutoffs(&c, o->medals, e));
    if (o->expect != NULL)
        TRY(expected_open(o->expect, &x, keep, e));
    if (!read_tasks(&c, o->tasks, keep, tmp, e))
        return judging_give_up(rc, e);
    TRY(submissions_read(path, &c.submissions, keep, e));
    c.jobs = NEW(keep, struct judging_job, c.submissions.n);
    c.i_task = NEW(keep, int64_t, c.submissions.n);
    for (int64_t i = 0; i < c.submissions.n; i++)
        make_job(&c, i);
    TRY(judge_jobs(&c, o, keep, e));
    score(&c, keep);
    c.is_compared = x != NULL;
    if (x != NULL)
        expected_compare(x, &c.standing, &c.differences, &c.n_differences, keep);
    if (o->is_json)
        print_json(&c);
    else
        show(&c, o->shows_tests);
    *rc = interrupt_came()      ? EXIT_INTERRUPTED
          : c.n_differences > 0 ? EXIT_FAILED
          : c.n_broken > 0      ? EXIT_UNGRADED
                                : EXIT_DONE;
    return true;
}

bool command_verify(struct cli *c, int *rc, struct err *e)
{
    struct options o = {0};
    const struct cli_option options[] = {
        OPTION_TEXT("tasks", "DIR", &o.tasks, "a task's folder, or a folder of tasks"),
        OPTION_TEXT("expect", "FILE", &o.expect, "scores that must come out (JSON)"),
        OPTION_TEXT("medals", "G,S,B", &o.medals, "cut-offs in points, or in problems solved"),
        OPTION_FLAG("json", &o.is_json, "everything as JSON"),
        OPTION_FLAG("tests", &o.shows_tests, "show subtasks and tests of every submission"),
        OPTION_I64("jobs", &o.n_jobs, 1, 256, "how many together (default: one a processor)",
                   .env = true),
        OPTION_F64("time-scale", &o.time_scale, 0.01, 1000, "factor on every time limit"),
        OPTION_TEXT("cache", "DIR", &o.cache, "keep compiled programs there", .env = true),
        OPTION_FLAG("no-namespaces", &o.no_namespaces, "use the weaker box"),
    };
    c->synopsis = "SUBMISSIONS --tasks DIR [--expect EXPECTED.json] [options]";
    c->summary =
        "Judges a contest's final submissions a second time. SUBMISSIONS is JSON (a list of\n"
        "{problem, language, code}, or objects by problem, or a line each) or a folder tree\n"
        "PROBLEM/file.cpp; how it was read is said. IOI tasks take the best of every subtask\n"
        "over the submissions; ICPC problems count solved ones and penalty. Exit code 1 when a\n"
        "score differs from the expectation, 3 when a submission could not be judged.";
    c->example = "podium verify assets/olympiad_cases/verify/submissions.json \\\n"
                 "    --tasks assets/olympiad_cases/ioi --expect "
                 "assets/olympiad_cases/verify/EXPECTED.json\n"
                 "podium verify finals/ --tasks icpc --medals 9,7,5 --json";
    c->n_arguments_min = 1;
    c->n_arguments_max = 1;
    CLI_TABLE(c, options);
    TRY(cli_read(c, e));
    if (c->is_help)
        return true;
    if (o.tasks == NULL)
        return FAIL(e, ERR_USAGE, "verify: name the tasks with --tasks DIR");
    CLEANUP(arena_fini) struct arena keep = {0};
    CLEANUP(arena_fini) struct arena tmp = {0};
    arena_init(&keep, "verify", LIMIT_ARENA_RUN);
    arena_init(&tmp, "verify, tmp", LIMIT_ARENA_TMP);
    return verify(&o, c->arguments[0], rc, &keep, tmp, e);
}
