/* Problems of several passes: the submission is run again, on an input that the validator wrote.
 *
 *     input ─► submission ─► validator ──42, nextpass.in──► input of the next pass ─► submission
 * ... ▲  └── its folder, as an archive ──┐ └──────────────────────────────────┘
 *
 * Limits hold for each pass alone; the first that goes wrong is the test's outcome, else the last
 * one's. Nothing of the submission outlives a pass. All that is in the validator's folder does, but
 * for nextpass.in: names in there are the validator's choice, so it leaves the box as an archive
 * that only the next box unpacks. A shell does that around the validator. It keeps the validator's
 * standard output open, so an interactive one that closes it early is not noticed before it ends.
 */
#include "graders/judge/trial.h"

#define FEEDBACK_BYTES (64 * LIMIT_MIB)
#define BEFORE         "before.tar"
#define AFTER          "after.tar"

/* A validator that does not accept ends the judging: nobody needs its folder. */
static const char keeper[] =
    "[ ! -f " BEFORE " ] || tar -xmf " BEFORE " --no-overwrite-dir -C feedback || exit 1\n"
    "\"$@\"\n"
    "rc=$?\n"
    "[ $rc != 42 ] || tar -cf " AFTER
    " --format=gnu --exclude=./nextpass.in -C feedback . || exit 1\n"
    "exit $rc\n";

void trial_give_input(const struct trial *t, int64_t i, struct sandbox_job *job)
{
    struct sandbox_file f = trial_input_file(t, i);
    job->input = f.bytes;
    job->input_path = f.path;
}

struct sandbox_file trial_input_file(const struct trial *t, int64_t i)
{
    struct sandbox_file f = {.name = STR("input"), .path = t->task->tests[i].input};
    if (t->pass == NULL || t->pass->is_first)
        return f;
    f.path = NULL;
    f.bytes = buf_str(&t->pass->input);
    return f;
}

void trial_keep_feedback(const struct trial_pass *pass, struct sandbox_job *job,
                         struct sandbox_file *files, struct arena *tmp)
{
    struct str first[] = {STR("/bin/sh"), STR("-c"), str_of(keeper), STR("sh")};
    const int64_t n = (int64_t)(sizeof first / sizeof *first);
    struct str *argv = NEW(tmp, struct str, job->n_argv + n);
    struct sandbox_take *takes = NEW(tmp, struct sandbox_take, job->n_takes + 1);
    for (int64_t i = 0; i < n; i++)
        argv[i] = first[i];
    for (int64_t i = 0; i < job->n_argv; i++)
        argv[n + i] = job->argv[i];
    for (int64_t i = 0; i < job->n_takes; i++)
        takes[i] = job->takes[i];
    takes[job->n_takes++] = (struct sandbox_take){STR(AFTER), FEEDBACK_BYTES};
    if (pass->feedback.n > 0)
        files[job->n_files++] =
            (struct sandbox_file){.name = STR(BEFORE), .bytes = buf_str(&pass->feedback)};
    job->argv = argv;
    job->n_argv += n;
    job->takes = takes;
}

bool trial_take_pass(struct trial_pass *pass, const struct sandbox_result *r, const struct check *c,
                     struct err *e)
{
    struct str archive = {0};
    pass->has_next = c->has_next_pass;
    if (!pass->has_next)
        return true;
    archive = r->taken[CHECKER_KATTIS_TAKES];
    if (archive.at == NULL)
        return FAIL(e, ERR_LIMIT, "its feedback folder is larger than %lld MiB",
                    (long long)(FEEDBACK_BYTES / LIMIT_MIB));
    buf_clear(&pass->input);
    buf_put(&pass->input, c->next_pass);
    buf_clear(&pass->feedback);
    buf_put(&pass->feedback, archive);
    return true;
}

/* Of all passes: the slowest, and how the last one ended. */
static void add_pass(const struct test_run *run, int64_t number, struct test_run *out,
                     struct arena *keep)
{
    struct test_run sum = *run;
    sum.n_passes = number;
    sum.cpu_us = run->cpu_us > out->cpu_us ? run->cpu_us : out->cpu_us;
    sum.wall_us = run->wall_us > out->wall_us ? run->wall_us : out->wall_us;
    sum.memory_kib = run->memory_kib > out->memory_kib ? run->memory_kib : out->memory_kib;
    if (run->outcome != OUTCOME_AC)
        sum.message = arena_fmt(keep, "pass %lld%s%.*s", (long long)number,
                                run->message.n > 0 ? ": " : "", STR_ARG(run->message));
    *out = sum;
}

static bool run_pass(const struct trial *t, int64_t i, struct test_run *out,
                     struct test_score *score, struct arena *keep, struct arena tmp, struct err *e)
{
    struct check c = {0};
    if (t->task->kind == TASK_BATCH)
        TRY(trial_batch(t, i, out, &c, keep, tmp, e));
    else
        TRY(trial_interactive(t, i, out, &c, keep, tmp, e));
    *score = (struct test_score){.outcome = out->outcome};
    if (out->outcome == OUTCOME_AC)
        trial_take_check(&c, out, score);
    return true;
}

static bool run_passes(const struct trial *t, int64_t i, struct test_run *out,
                       struct test_score *score, struct arena *keep, struct arena tmp,
                       struct err *e)
{
    struct trial_pass *pass = t->pass;
    for (int64_t k = 1; k <= t->task->n_passes_max; k++) {
        struct test_run run = {.outcome = OUTCOME_AC};
        pass->is_first = k == 1;
        pass->has_next = false;
        if (!run_pass(t, i, &run, score, keep, tmp, e))
            return err_wrap(e, "pass %lld", (long long)k);
        add_pass(&run, k, out, keep);
        if (run.outcome != OUTCOME_AC || !pass->has_next)
            return true;
    }
    return FAIL(e, ERR_INPUT, "%.*s: asked for more than the %lld passes of the problem",
                STR_ARG(t->task->checker.name), (long long)t->task->n_passes_max);
}

bool trial_passes(const struct trial *t, int64_t i, struct test_run *out, struct test_score *score,
                  struct arena *keep, struct arena tmp, struct err *e)
{
    struct trial_pass pass = {0};
    struct trial own = *t;
    if (t->task->n_passes_max <= 1)
        return run_pass(t, i, out, score, keep, tmp, e);
    own.pass = &pass;
    bool ok = run_passes(&own, i, out, score, keep, tmp, e);
    buf_free(&pass.input);
    buf_free(&pass.feedback);
    return ok;
}
