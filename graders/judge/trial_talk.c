/* Programs that talk while they run: all in one group of boxes on one processor (sandbox.h).
 *
 * Whose fault it is when both sides fail: a contestant that crashes makes its partner see the end
 * of its input, and a manager that dies does the same to the contestant. An interactive validator
 * that turns a submission away stops it before it can notice (sandbox.h), so a submission that
 * ended badly by itself did so first. With a manager ends are ordered by time. What was stopped
 * because the group was over is nobody's failure. */
#include <assert.h>
#include <signal.h>

#include "graders/judge/trial.h"

enum { OUTLIVE_MS = 5000, USERS_MAX = SANDBOX_GROUP_MAX - 1 };

static bool ended_badly(const struct sandbox_result *r)
{
    return r->end != SANDBOX_STOPPED && outcome_of_end(r) != OUTCOME_AC;
}

/* --- interactive ------------------------------------------------------------------------------ */

static void place_validator(const struct trial *t, int64_t i, struct sandbox_job *job,
                            struct arena *tmp)
{
    struct sandbox_file *files = NULL;
    struct checker_call call;
    trial_place_checker(t, &t->checker, i, &call, job, &files, tmp);
    job->is_referee = true;
    job->ok_code = 42;
}

/* results: the submission's, the validator's. A submission that the validator turned away was
 * stopped, and has not failed by itself; one that has failed did so whatever the validator says of
 * it. */
static bool judge_interactive(const struct trial *t, const struct sandbox_result r[2],
                              struct test_run *out, struct check *c, struct arena *keep,
                              struct err *e)
{
    trial_note(t, &r[0], out, keep);
    if (out->outcome == OUTCOME_AC)
        return trial_read_checker(t, &r[1], c, keep, e);
    if (r[0].end == SANDBOX_WALL)
        out->message = STR("wall time: both sides may be waiting for each other");
    return true;
}

bool trial_interactive(const struct trial *t, int64_t i, struct test_run *out, struct check *c,
                       struct arena *keep, struct arena tmp, struct err *e)
{
    const struct task_test *test = &t->task->tests[i];
    struct sandbox_job jobs[2];
    struct sandbox_result r[2];
    struct sandbox_pipe pipes[2] = {{.i_from = 0, .from_fd = 1, .i_to = 1, .to_fd = 0},
                                    {.i_from = 1, .from_fd = 1, .i_to = 0, .to_fd = 0}};
    struct sandbox_group g = {.jobs = jobs, .n_jobs = 2, .pipes = pipes, .n_pipes = 2};
    trial_job(t, NULL, test->args, test->n_args, &jobs[0], &tmp);
    place_validator(t, i, &jobs[1], &tmp);
    jobs[1].limits.wall_ms = jobs[0].limits.wall_ms + OUTLIVE_MS;
    jobs[1].outlive_ms = OUTLIVE_MS;
    TRY(bench_run_group(t->bench, &g, r, &tmp, e));
    return judge_interactive(t, r, out, c, keep, e);
}

/* --- communication -----------------------------------------------------------------------------
 */

/* FIFO names in the order of the manager's words: u0_to_m m_to_u0 u1_to_m ... */
static struct str *fifo_names(int64_t n_users, struct arena *tmp)
{
    struct str *names = NEW(tmp, struct str, 2 * n_users);
    for (int64_t u = 0; u < n_users; u++) {
        names[2 * u] = arena_fmt(tmp, "u%lld_to_m", (long long)u);
        names[2 * u + 1] = arena_fmt(tmp, "m_to_u%lld", (long long)u);
    }
    return names;
}

static struct str *fifo_paths(const struct str *names, int64_t n, struct arena *tmp)
{
    struct str *paths = NEW(tmp, struct str, n);
    for (int64_t i = 0; i < n; i++)
        paths[i] = arena_fmt(tmp, "/fifo/%.*s", STR_ARG(names[i]));
    return paths;
}

/* A submission that uses its standard streams is started by a shell that opens them, input first:
 * managers open theirs in that order and would wait for ever the other way round. */
static void open_streams(struct sandbox_job *job, struct str from, struct str to, struct arena *tmp)
{
    struct str more[] = {
        STR("/bin/sh"), STR("-c"), STR("f=$1 t=$2; shift 2; exec \"$@\" <\"$f\" >\"$t\""),
        STR("sh"),      from,      to};
    const int64_t n = (int64_t)(sizeof more / sizeof *more);
    struct str *argv = NEW(tmp, struct str, job->n_argv + n);
    for (int64_t i = 0; i < n; i++)
        argv[i] = more[i];
    for (int64_t i = 0; i < job->n_argv; i++)
        argv[n + i] = job->argv[i];
    job->argv = argv;
    job->n_argv += n;
}

static void place_user(const struct trial *t, int64_t u, int64_t n_users, const struct str *paths,
                       struct sandbox_job *job, struct arena *tmp)
{
    struct str more[3];
    int64_t n = 0;
    struct str to = paths[2 * u];
    struct str from = paths[2 * u + 1];
    if (t->task->is_fifo_io) {
        more[n++] = from;
        more[n++] = to;
    }
    if (n_users != 1)
        more[n++] = arena_fmt(tmp, "%lld", (long long)u);
    trial_job(t, NULL, more, n, job, tmp);
    if (!t->task->is_fifo_io)
        open_streams(job, from, to, tmp);
}

static void place_manager(const struct trial *t, const char *input, const struct str *paths,
                          int64_t n_users, struct sandbox_job *job, struct arena *tmp)
{
    trial_task_job(t, &t->manager, paths, 2 * n_users, job, tmp);
    int64_t cpu_ms = n_users * (t->kill_ms + 1000);
    job->limits.cpu_ms = cpu_ms > job->limits.cpu_ms ? cpu_ms : job->limits.cpu_ms;
    job->input_path = input;
    job->is_referee = true;
    job->outlive_ms = OUTLIVE_MS;
}

/* The manager's fault is one only when nobody of the submission's failed before it. */
static bool failed_first(const struct sandbox_result *r, int64_t n_users)
{
    for (int64_t u = 0; u < n_users; u++)
        if (ended_badly(&r[u]) && r[u].ended_us <= r[n_users].ended_us)
            return true;
    return false;
}

static bool judge_manager(const struct trial *t, int64_t i, const struct sandbox_result *manager,
                          struct check *c, struct arena *keep, struct arena tmp, struct err *e)
{
    if (!t->task->manager_then_checker)
        return checker_read(CHECKER_CMS, manager, trial_scores(t->task), c, keep, e) ||
               err_wrap(e, "%.*s", STR_ARG(t->task->manager.name));
    if (manager->end != SANDBOX_EXITED || manager->code != 0)
        return FAIL(e, ERR_INPUT, "%.*s ended by %s, code %lld", STR_ARG(t->task->manager.name),
                    sandbox_end_name(manager->end), (long long)manager->code);
    return trial_check(t, i, manager->out, c, keep, tmp, e);
}

bool trial_communication(const struct trial *t, int64_t i, struct test_run *out,
                         struct test_score *score, struct arena *keep, struct arena tmp,
                         struct err *e)
{
    int64_t n = t->task->n_processes;
    struct sandbox_job jobs[SANDBOX_GROUP_MAX];
    struct sandbox_result r[SANDBOX_GROUP_MAX];
    struct check c = {0};
    if (n < 1 || n > USERS_MAX)
        return FAIL(e, ERR_INPUT, "%lld processes of a submission: 1 to %d are possible",
                    (long long)n, USERS_MAX);
    struct str *names = fifo_names(n, &tmp);
    struct str *paths = fifo_paths(names, 2 * n, &tmp);
    for (int64_t u = 0; u < n; u++)
        place_user(t, u, n, paths, &jobs[u], &tmp);
    place_manager(t, t->task->tests[i].input, paths, n, &jobs[n], &tmp);
    jobs[n].limits.wall_ms = jobs[0].limits.wall_ms + OUTLIVE_MS;
    struct sandbox_group g = {.jobs = jobs, .n_jobs = n + 1, .fifos = names, .n_fifos = 2 * n};
    TRY(bench_run_group(t->bench, &g, r, &tmp, e));
    for (int64_t u = 0; u < n; u++)
        trial_note(t, &r[u], out, keep);
    score->outcome = out->outcome;
    bool is_late = out->outcome == OUTCOME_TLE;
    if (is_late || failed_first(r, n))
        return true;
    TRY(judge_manager(t, i, &r[n], &c, keep, tmp, e));
    /* A submission that a manager has turned away may die of writing to nobody: then the manager's
     * word stands. Any other crash is its own, whichever side's end was noticed first. */
    bool is_broken_pipe = out->end == SANDBOX_SIGNALLED && out->signal == SIGPIPE;
    if (out->outcome == OUTCOME_AC || (is_broken_pipe && !scoring_is_accepted(c.outcome)))
        trial_take_check(&c, out, score);
    return true;
}

/* --- two steps ------------------------------------------------------------------------------- */

bool trial_two_steps(const struct trial *t, int64_t i, struct test_run *out,
                     struct test_score *score, struct arena *keep, struct arena tmp, struct err *e)
{
    struct sandbox_job jobs[2];
    struct sandbox_result r[2];
    struct check c;
    struct str fifo = STR("pipe");
    struct str first[] = {STR("0"), STR("/fifo/pipe")};
    struct str second[] = {STR("1"), STR("/fifo/pipe")};
    trial_job(t, t->task->tests[i].input, first, 2, &jobs[0], &tmp);
    trial_job(t, NULL, second, 2, &jobs[1], &tmp);
    for (int k = 0; k < 2; k++) /* one that waits for a dead partner to open the FIFO */
        jobs[k].outlive_ms = t->kill_ms + OUTLIVE_MS;
    struct sandbox_group g = {.jobs = jobs, .n_jobs = 2, .fifos = &fifo, .n_fifos = 1};
    TRY(bench_run_group(t->bench, &g, r, &tmp, e));
    int first_to_fail = ended_badly(&r[1]) && r[1].ended_us < r[0].ended_us ? 1 : 0;
    trial_note(t, &r[first_to_fail], out, keep);
    trial_note(t, &r[1 - first_to_fail], out, keep);
    score->outcome = out->outcome;
    if (out->outcome != OUTCOME_AC)
        return true;
    TRY(trial_check(t, i, r[1].out, &c, keep, tmp, e));
    trial_take_check(&c, out, score);
    return true;
}
