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

void trial_place_checker(const struct trial *t, const struct program *checker, int64_t i,
                         struct checker_call *call, struct sandbox_job *job,
                         struct sandbox_file **files, struct arena *tmp)
{
    const struct task_test *test = &t->task->tests[i];
    int64_t n = 0;
    checker_call(t->task->protocol, test->flags, test->n_flags, call, tmp);
    trial_task_job(t, checker, call->args, call->n_args, job, tmp);
    *files = NEW(tmp, struct sandbox_file, checker->n_files + call->n_folders + 4);
    for (int64_t k = 0; k < checker->n_files; k++)
        (*files)[n++] = checker->files[k];
    for (int64_t k = 0; k < call->n_folders; k++)
        (*files)[n++] = call->folders[k];
    (*files)[n++] = trial_input_file(t, i);
    (*files)[n++] = (struct sandbox_file){.name = STR("answer"), .path = test->answer};
    job->files = *files;
    job->n_files = n;
    job->takes = call->takes;
    job->n_takes = call->n_takes;
    if (t->pass != NULL)
        trial_keep_feedback(t->pass, job, *files, tmp);
}

enum checker_scores trial_scores(const struct task *t)
{
    for (int64_t i = 0; i < t->n_groups; i++)
        if (t->groups[i].score == GROUP_THRESHOLD)
            return CHECKER_ANY;
    return t->has_score ? CHECKER_PARTIAL : CHECKER_ALL_OR_NOTHING;
}

/* The formats whose checkers speak testlib make a test worth a share of its subtask: what is all
 * of it is accepted, and more is no share. */
static bool settle_points(struct check *c, struct err *e)
{
    if (!c->has_score)
        return true;
    if (c->score > 1)
        return FAIL(e, ERR_INPUT, "the checker gave %g points, and a test is worth 1", c->score);
    c->outcome = c->score >= 1 ? OUTCOME_AC : c->score > 0 ? OUTCOME_PC : OUTCOME_WA;
    return true;
}

static bool read_word(const struct trial *t, const struct sandbox_result *r, struct check *out,
                      struct arena *keep, struct err *e)
{
    TRY(checker_read(t->task->protocol, r, trial_scores(t->task), out, keep, e));
    if (t->task->protocol == CHECKER_TESTLIB)
        return settle_points(out, e);
    if (t->pass != NULL)
        return trial_take_pass(t->pass, r, out, e);
    return !out->has_next_pass ||
           FAIL(e, ERR_INPUT, "wrote nextpass.in, but the problem has one pass");
}

bool trial_read_checker(const struct trial *t, const struct sandbox_result *r, struct check *out,
                        struct arena *keep, struct err *e)
{
    return read_word(t, r, out, keep, e) || err_wrap(e, "%.*s", STR_ARG(t->task->checker.name));
}

static bool run_checker(const struct trial *t, const struct program *checker, int64_t i,
                        struct str output, struct check *out, struct arena *keep, struct arena tmp,
                        struct err *e)
{
    struct sandbox_file *files = NULL;
    struct checker_call call;
    struct sandbox_job job;
    struct sandbox_result r;
    trial_place_checker(t, checker, i, &call, &job, &files, &tmp);
    if (call.output_is_stdin)
        job.input = output;
    else
        files[job.n_files++] = (struct sandbox_file){.name = STR("output"), .bytes = output};
    TRY(bench_run(t->bench, &job, &r, &tmp, e));
    return read_word(t, &r, out, keep, e);
}

bool trial_check(const struct trial *t, int64_t i, struct str output, struct check *out,
                 struct arena *keep, struct arena tmp, struct err *e)
{
    const struct task *task = t->task;
    if (task->protocol == CHECKER_NONE)
        return compare(&task->tests[i], output, out, keep, e);
    if (!run_checker(t, &t->checker, i, output, out, keep, tmp, e))
        return err_wrap(e, "%.*s", STR_ARG(task->checker.name));
    for (int64_t k = 0; k < task->n_other_checkers && out->outcome == OUTCOME_AC; k++)
        if (!run_checker(t, &t->others[k], i, output, out, keep, tmp, e))
            return err_wrap(e, "%.*s", STR_ARG(task->other_checkers[k].name));
    return true;
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
