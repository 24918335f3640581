#include "harness/judging.h"

#include <assert.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "harness/interrupt.h"
#include "harness/progress.h"

enum { WAIT_MS = 200 };
#define JUDGING_DEADLINE_MS (4LL * 60 * 60 * 1000) /* one submission with all its tests */

/* --- asking ----------------------------------------------------------------------------------- */

static void put_source(struct json_out *w, const struct judging_source *s)
{
    if (s->has_language)
        json_pair_str(w, "language", str_of(language_name(s->language)));
    if (s->annotated.n > 0)
        json_pair_str(w, "submission", s->annotated);
    else if (s->path != NULL)
        json_pair_str(w, "path", str_of(s->path));
    else {
        json_put_key(w, "files");
        json_open(w, '[');
        for (int64_t i = 0; i < s->n_files; i++) {
            json_open(w, '{');
            json_pair_str(w, "name", s->files[i].name);
            json_pair_str(w, "text", s->files[i].text);
            json_close(w, '}');
        }
        json_close(w, ']');
    }
}

static void submit(struct grade_pool *p, int64_t ticket, const struct judging_job *job,
                   const struct judging_options *o)
{
    struct json_out w = {0};
    int64_t time_ms = job->time_ms > 0 ? job->time_ms : o->time_ms;
    json_open(&w, '{');
    json_pair_str(&w, "task", str_of(job->task->folder));
    put_source(&w, &job->source);
    json_pair_bool(&w, "all", o->runs_all);
    if (time_ms > 0)
        json_pair_i64(&w, "time_ms", time_ms);
    if (o->time_scale > 0)
        json_pair_f64(&w, "time_scale", o->time_scale);
    json_close(&w, '}');
    grade_pool_submit(p, &(struct grade_request){.ticket = ticket,
                                                 .grader = STR("task"),
                                                 .reply = STR(""),
                                                 .key = buf_str(&w.text),
                                                 .definition = STR("{}")});
    json_out_free(&w);
}

/* --- reading the evidence ----------------------------------------------------------------------
 */

static bool read_outcome(const struct json *j, enum outcome *out)
{
    struct str name;
    return json_str(json_get(j, "verdict"), &name) && outcome_from_name(name, out);
}

static void copy_text(const struct json *doc, const char *key, struct str *out, struct arena *keep)
{
    struct str s = {"", 0};
    (void)json_str(json_get(doc, key), &s);
    *out = arena_str(keep, s);
}

static bool read_groups(const struct json *list, struct judging_job *job, struct arena *keep)
{
    const struct task *t = job->task;
    if (list == NULL)
        return true; /* does not compile */
    struct group_result *g = NEW(keep, struct group_result, t->n_groups);
    double *points = NEW(keep, double, t->n_groups);
    if (json_count(list) != t->n_groups)
        return false;
    int64_t i = 0;
    for (const struct json *j = json_first(list); j != NULL; j = json_next(j), i++)
        if (!read_outcome(j, &g[i].outcome) || !json_f64(json_get(j, "score"), &g[i].score) ||
            !json_f64(json_get(j, "points"), &points[i]))
            return false;
    job->found.groups = g;
    job->points = points;
    return true;
}

static void note_use(const struct json *j, struct judging_job *job)
{
    double cpu_ms = 0;
    int64_t kib = 0;
    if (json_f64(json_get(j, "cpu_ms"), &cpu_ms) && cpu_ms * 1000 > (double)job->cpu_max_us)
        job->cpu_max_us = (int64_t)(cpu_ms * 1000);
    if (json_i64(json_get(j, "memory_kb"), &kib) && kib > job->memory_max_kib)
        job->memory_max_kib = kib;
}

static bool read_tests(const struct json *list, struct judging_job *job, struct arena *keep)
{
    const struct task *t = job->task;
    if (list == NULL)
        return true;
    struct test_score *s = NEW(keep, struct test_score, t->n_tests);
    if (json_count(list) != t->n_tests)
        return false;
    int64_t i = 0;
    for (const struct json *j = json_first(list); j != NULL; j = json_next(j), i++) {
        if (!read_outcome(j, &s[i].outcome))
            return false;
        s[i].has_score = json_f64(json_get(j, "score"), &s[i].score);
        copy_text(j, "message", &s[i].message, keep);
        note_use(j, job);
    }
    job->found.tests = s;
    return true;
}

static bool read_evidence(struct judging_job *job, struct arena *keep, struct err *e)
{
    struct json *doc = NULL;
    TRY(json_parse(job->evidence, "evidence", &doc, e));
    bool ok = read_outcome(doc, &job->found.verdict) &&
              read_groups(json_get(doc, "groups"), job, keep) &&
              read_tests(json_get(doc, "tests"), job, keep);
    (void)json_f64(json_get(doc, "score"), &job->score);
    copy_text(doc, "language", &job->language, keep);
    copy_text(doc, "compiler", &job->compiler, keep);
    copy_text(doc, "messages", &job->messages, keep);
    json_free(doc);
    return ok || FAIL(e, ERR_IO, "the evidence does not fit the task: did the package change?");
}

static void take(struct judging_job *job, const struct grade_answer *a, struct arena *keep)
{
    job->is_done = true;
    job->is_judged = a->ok && a->next == GRADE_DONE;
    if (!job->is_judged) {
        job->err = a->err;
        return;
    }
    job->evidence = arena_str(keep, a->grade.evidence);
    job->is_judged = read_evidence(job, keep, &job->err);
}

/* --- the loop -----------------------------------------------------------------------------------
 */

static bool turn_all(struct grade_pool *pool, struct judging_job *jobs, int64_t n,
                     const struct judging_options *o, struct arena *keep, struct err *e)
{
    struct progress p = {.name = str_of(o->name), .n_total = n, .has_no_score = true};
    int64_t i_next = 0;
    bool ok = true;
    progress_begin(&p, o->is_quiet);
    while (ok && p.n_done < n && !interrupt_came()) {
        struct graded g;
        for (; i_next < n && grade_pool_has_room(pool); i_next++)
            submit(pool, i_next, &jobs[i_next], o);
        ok = grade_pool_step(pool, WAIT_MS, e);
        while (ok && grade_pool_take(pool, &g)) {
            assert(g.ticket >= 0 && g.ticket < n);
            take(&jobs[g.ticket], &g.answer, keep);
            p.n_done++;
            p.n_ungraded += !jobs[g.ticket].is_judged;
        }
        progress_show(&p);
    }
    progress_end(&p);
    return ok;
}

static int64_t n_processors(void)
{
    int64_t n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > 64 ? 64 : n;
}

static void conclude(struct judging_machine *m, const struct judging_options *o, struct workers *w,
                     struct arena *keep)
{
    struct buf why = {0};
    workers_unfit(w, &why);
    *m = (struct judging_machine){.machine = w->machine,
                                  .n_graders = w->n_workers,
                                  .time_scale = o->time_scale > 0 ? o->time_scale : 1,
                                  .unfit = arena_str(keep, buf_str(&why))};
    buf_free(&why);
}

bool judging_run(struct judging_job *jobs, int64_t n, const struct judging_options *o,
                 struct judging_machine *m, struct arena *keep, struct err *e)
{
    char dir[LIMIT_PATH_BYTES];
    char run[LIMIT_PATH_BYTES];
    struct err left = {0};
    struct workers w = {0};
    int64_t n_workers = o->n_jobs > 0 ? o->n_jobs : n_processors();
    struct workers_options how = {.n_workers = n_workers < n ? n_workers : n,
                                  .deadline_ms = JUDGING_DEADLINE_MS,
                                  .is_pinned = true,
                                  .measures = true,
                                  .cache = o->cache,
                                  .no_namespaces = o->no_namespaces};
    if (n == 0)
        return true;
    TRY(file_temp_dir("/tmp", dir, sizeof dir, e));
    interrupt_watch();
    bool ok = file_join(dir, "judge", run, sizeof run) && workers_open(&w, run, &how, e) &&
              turn_all(w.pool, jobs, n, o, keep, e);
    conclude(m, o, &w, keep);
    workers_close(&w);
    (void)!file_remove_tree(dir, &left);
    return ok;
}
