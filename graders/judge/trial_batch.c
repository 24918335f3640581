#include <assert.h>

#include "graders/judge/trial.h"

enum { STDERR_SHOWN = 300, OUTPUT_FILE_MAX = 1 << 30 };

static struct sandbox_limits limits_of(const struct trial *t)
{
    struct sandbox_limits l =
        sandbox_limits_run(t->kill_ms, t->task->memory_kib + t->program.memory_more_kib);
    l.wall_ms = t->wall_ms;
    l.n_stdout_max = t->task->output_kib * LIMIT_KIB;
    l.file_kib = t->task->output_kib > l.file_kib ? t->task->output_kib : l.file_kib;
    l.n_processes += t->program.n_processes;
    return l;
}

static struct str *words(const struct program *p, const struct str *more, int64_t n_more,
                         struct arena *keep)
{
    struct str *argv = NEW(keep, struct str, p->n_argv + n_more);
    for (int64_t i = 0; i < p->n_argv; i++)
        argv[i] = p->argv[i];
    for (int64_t i = 0; i < n_more; i++)
        argv[p->n_argv + i] = more[i];
    return argv;
}

void trial_job(const struct trial *t, const char *input, const struct str *more, int64_t n_more,
               struct sandbox_job *out, struct arena *keep)
{
    *out = (struct sandbox_job){.argv = words(&t->program, more, n_more, keep),
                                .n_argv = t->program.n_argv + n_more,
                                .files = t->program.files,
                                .n_files = t->program.n_files,
                                .input_path = input,
                                .work_dir = str_of(t->env->work_dir),
                                .limits = limits_of(t),
                                .profile = t->program.profile,
                                .cpu = t->env->cpu};
    out->env = compile_env(&out->n_env);
}

void trial_task_job(const struct trial *t, const struct program *p, const struct str *args,
                    int64_t n_args, struct sandbox_job *out, struct arena *keep)
{
    struct sandbox_limits l =
        sandbox_limits_run(t->task->checker_ms, t->task->checker_memory_kib + p->memory_more_kib);
    l.n_stdout_max = t->task->checker_output_kib * LIMIT_KIB;
    l.n_stderr_max = t->task->checker_output_kib * LIMIT_KIB;
    l.disk_kib = 4 * LIMIT_KIB * LIMIT_KIB; /* its input, the answer and the output lie there */
    l.file_kib = l.disk_kib;
    l.n_processes += p->n_processes;
    *out = (struct sandbox_job){.argv = words(p, args, n_args, keep),
                                .n_argv = p->n_argv + n_args,
                                .files = p->files,
                                .n_files = p->n_files,
                                .work_dir = str_of(t->env->work_dir),
                                .limits = l,
                                .profile = p->profile,
                                .cpu = t->env->cpu};
    out->env = compile_env(&out->n_env);
}

/* A program is stopped above its limit, so "over" is decided here and not by how it ended. */
static enum outcome outcome_in_time(const struct trial *t, const struct sandbox_result *r,
                                    int64_t cpu_us)
{
    enum outcome o = outcome_of_end(r);
    bool is_late = cpu_us > t->time_ms * 1000;
    return is_late && o != OUTCOME_MLE ? OUTCOME_TLE : o;
}

void trial_note(const struct trial *t, const struct sandbox_result *r, struct test_run *out,
                struct arena *keep)
{
    bool is_first = !out->is_run;
    out->is_run = true;
    out->cpu_us += r->cpu_us;
    out->wall_us = r->wall_us > out->wall_us ? r->wall_us : out->wall_us;
    out->memory_kib = r->memory_kib > out->memory_kib ? r->memory_kib : out->memory_kib;
    enum outcome o = outcome_in_time(t, r, out->cpu_us);
    if (!is_first && (out->outcome != OUTCOME_AC || o == OUTCOME_AC))
        return;
    out->outcome = o;
    out->end = r->end;
    out->code = r->code;
    out->signal = r->signal;
    if (o != OUTCOME_AC)
        out->said = arena_str(keep, str_sub(r->err, 0, STDERR_SHOWN));
}

/* Input and output by file instead of the standard streams, where the task says so. */
static void use_files(const struct trial *trial, int64_t i, struct sandbox_job *job,
                      struct sandbox_take *take, struct arena *keep)
{
    const struct task *t = trial->task;
    if (t->input_file.n > 0) {
        struct sandbox_file *files = NEW(keep, struct sandbox_file, job->n_files + 1);
        for (int64_t k = 0; k < job->n_files; k++)
            files[k] = job->files[k];
        files[job->n_files] = trial_input_file(trial, i);
        files[job->n_files++].name = t->input_file;
        job->files = files;
    } else {
        trial_give_input(trial, i, job);
    }
    if (t->output_file.n > 0) {
        *take = (struct sandbox_take){t->output_file, OUTPUT_FILE_MAX};
        job->takes = take;
        job->n_takes = 1;
    }
}

bool trial_batch(const struct trial *t, int64_t i, struct test_run *out, struct check *c,
                 struct arena *keep, struct arena tmp, struct err *e)
{
    const struct task_test *test = &t->task->tests[i];
    struct sandbox_job job;
    struct sandbox_take take;
    struct sandbox_result r;
    trial_job(t, NULL, test->args, test->n_args, &job, &tmp);
    use_files(t, i, &job, &take, &tmp);
    TRY(bench_run(t->bench, &job, &r, &tmp, e));
    trial_note(t, &r, out, keep);
    if (out->outcome != OUTCOME_AC)
        return true;
    struct str output = job.n_takes > 0 ? r.taken[0] : r.out;
    if (output.at == NULL && job.n_takes > 0) {
        out->message = arena_fmt(keep, "it made no file %.*s", STR_ARG(t->task->output_file));
        out->outcome = OUTCOME_WA;
        return true;
    }
    return trial_check(t, i, output, c, keep, tmp, e);
}

/* --- output only ------------------------------------------------------------------------------ */

static const struct source *find_output(const struct trial *t, struct str test, struct arena *tmp)
{
    struct str names[] = {arena_fmt(tmp, "output_%.*s.txt", STR_ARG(test)),
                          arena_fmt(tmp, "%.*s.out", STR_ARG(test)),
                          arena_fmt(tmp, "%.*s.txt", STR_ARG(test))};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        for (int64_t i = 0; i < t->n_outputs; i++) {
            struct str name = t->outputs[i].name;
            int64_t slash = str_rfind(name, STR("/"));
            if (str_eq(str_sub(name, slash + 1, name.n), names[k]))
                return &t->outputs[i];
        }
    return NULL;
}

bool trial_output_only(const struct trial *t, int64_t i, struct test_run *out,
                       struct test_score *score, struct arena *keep, struct arena tmp,
                       struct err *e)
{
    struct check c;
    const struct source *output = find_output(t, t->task->tests[i].name, &tmp);
    if (output == NULL) {
        out->outcome = score->outcome = OUTCOME_WA;
        out->message = STR("no output was submitted for this test");
        return true;
    }
    out->is_run = true;
    TRY(trial_check(t, i, output->text, &c, keep, tmp, e));
    trial_take_check(&c, out, score);
    return true;
}

bool trial_run(const struct trial *t, int64_t i, struct test_run *out, struct test_score *score,
               struct arena *keep, struct arena tmp, struct err *e)
{
    *out = (struct test_run){.outcome = OUTCOME_AC};
    *score = (struct test_score){.outcome = OUTCOME_AC};
    switch (t->task->kind) {
    case TASK_BATCH:
    case TASK_INTERACTIVE:
        return trial_passes(t, i, out, score, keep, tmp, e);
    case TASK_COMMUNICATION:
        return trial_communication(t, i, out, score, keep, tmp, e);
    case TASK_TWO_STEPS:
        return trial_two_steps(t, i, out, score, keep, tmp, e);
    case TASK_OUTPUT_ONLY:
        return trial_output_only(t, i, out, score, keep, tmp, e);
    }
    assert(false);
    return false;
}
