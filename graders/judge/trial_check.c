#include "base/file.h"
#include "graders/judge/trial.h"

enum { SHOWN = 60 };

static void close_map(struct file_map *m)
{
    file_map_close(m);
}

static struct str difference_text(const struct difference *d, struct arena *keep)
{
    if (d->want.n == 0)
        return arena_fmt(keep, "piece %lld: \"%.*s\" is too much", (long long)d->i_piece,
                         STR_ARG(str_sub(d->got, 0, SHOWN)));
    if (d->got.n == 0)
        return arena_fmt(keep, "piece %lld: the output ended, \"%.*s\" was to come",
                         (long long)d->i_piece, STR_ARG(str_sub(d->want, 0, SHOWN)));
    return arena_fmt(keep, "piece %lld: \"%.*s\" in place of \"%.*s\"", (long long)d->i_piece,
                     STR_ARG(str_sub(d->got, 0, SHOWN)), STR_ARG(str_sub(d->want, 0, SHOWN)));
}

static bool compare(const struct task_test *test, struct str output, struct check *out,
                    struct arena *keep, struct err *e)
{
    CLEANUP(close_map) struct file_map answer = {0};
    struct difference d = {0};
    *out = (struct check){.outcome = OUTCOME_AC};
    if (test->answer == NULL)
        return FAIL(e, ERR_INPUT, "the test has neither an answer nor a checker");
    TRY(file_map_open(test->answer, &answer, e));
    struct str want = {(const char *)answer.at, answer.n};
    if (compare_output(&test->compare, want, output, &d))
        return true;
    out->outcome = OUTCOME_WA;
    out->message = difference_text(&d, keep);
    return true;
}

void trial_place_checker(const struct trial *t, int64_t i, struct checker_call *call,
                         struct sandbox_job *job, struct sandbox_file **files, struct arena *tmp)
{
    const struct task_test *test = &t->task->tests[i];
    int64_t n = 0;
    checker_call(t->task->protocol, test->flags, test->n_flags, call, tmp);
    trial_task_job(t, &t->checker, call->args, call->n_args, job, tmp);
    *files = NEW(tmp, struct sandbox_file, t->checker.n_files + call->n_folders + 3);
    for (int64_t k = 0; k < t->checker.n_files; k++)
        (*files)[n++] = t->checker.files[k];
    for (int64_t k = 0; k < call->n_folders; k++)
        (*files)[n++] = call->folders[k];
    (*files)[n++] = (struct sandbox_file){.name = STR("input"), .path = test->input};
    (*files)[n++] = (struct sandbox_file){.name = STR("answer"), .path = test->answer};
    job->files = *files;
    job->n_files = n;
    job->takes = call->takes;
    job->n_takes = call->n_takes;
}

enum checker_scores trial_scores(const struct task *t)
{
    for (int64_t i = 0; i < t->n_groups; i++)
        if (t->groups[i].score == GROUP_THRESHOLD)
            return CHECKER_ANY;
    return t->has_score ? CHECKER_PARTIAL : CHECKER_ALL_OR_NOTHING;
}

bool trial_read_checker(const struct trial *t, const struct sandbox_result *r, struct check *out,
                        struct arena *keep, struct err *e)
{
    struct str name = t->task->checker.name;
    if (!checker_read(t->task->protocol, r, trial_scores(t->task), out, keep, e))
        return err_wrap(e, "%.*s", STR_ARG(name));
    return !out->has_next_pass || t->task->kind == TASK_MULTI_PASS ||
           FAIL(e, ERR_INPUT, "%.*s: wrote nextpass.in, but the problem has one pass",
                STR_ARG(name));
}

bool trial_check(const struct trial *t, int64_t i, struct str output, struct check *out,
                 struct arena *keep, struct arena tmp, struct err *e)
{
    const struct task_test *test = &t->task->tests[i];
    struct sandbox_file *files = NULL;
    struct checker_call call;
    struct sandbox_job job;
    struct sandbox_result r;
    if (t->task->protocol == CHECKER_NONE)
        return compare(test, output, out, keep, e);
    trial_place_checker(t, i, &call, &job, &files, &tmp);
    if (call.output_is_stdin)
        job.input = output;
    else
        files[job.n_files++] = (struct sandbox_file){.name = STR("output"), .bytes = output};
    TRY(bench_run(t->bench, &job, &r, &tmp, e));
    return trial_read_checker(t, &r, out, keep, e);
}

void trial_take_check(const struct check *c, struct test_run *out, struct test_score *score)
{
    out->outcome = c->outcome;
    out->message = c->message;
    *score = (struct test_score){.outcome = c->outcome,
                                 .has_score = c->has_score,
                                 .score = c->score,
                                 .has_multiplier = c->has_multiplier,
                                 .multiplier = c->multiplier,
                                 .message = c->message};
}
