#include "graders/judge/code.h"

#include <assert.h>

#include "base/hash.h"
#include "graders/judge/code_tell.h"
#include "graders/judge/fence.h"

enum { STDERR_SHOWN = 300, WORD_BYTES = 32, CHECKER_MS = 10000 };
#define CHECKER_MEMORY_KIB (1024 * LIMIT_KIB)
#define CHECKER_OUTPUT     (8 * LIMIT_MIB)
#define SHARE_DELTA        1e-12 /* a sum of fractions that is this near to all is all */

/* One reply being judged. */
struct judging {
    const struct grade_in *in;
    const struct code_task *t;
    struct bench *b;
    struct program p;
    struct program checker; /* compiled only when the task has one */
    struct str source;
    struct arena *keep; /* until the evidence is written */
};

/* --- one test ------------------------------------------------------------------------------- */

static struct sandbox_job job_of(const struct judging *j, const struct program *p,
                                 struct sandbox_limits limits)
{
    struct sandbox_job job = {.argv = p->argv,
                              .n_argv = p->n_argv,
                              .files = p->files,
                              .n_files = p->n_files,
                              .work_dir = str_of(j->in->env->work_dir),
                              .limits = limits,
                              .profile = p->profile};
    job.env = compile_env(&job.n_env);
    job.limits.n_processes += p->n_processes;
    job.limits.memory_kib += p->memory_more_kib;
    return job;
}

/* A copy that has been told its limit; argv of *p itself stays for the next. */
static struct program told(const struct program *p, int64_t memory_kib, struct arena *keep)
{
    struct program copy = *p;
    compile_tell_memory(&copy, memory_kib, keep);
    return copy;
}

static struct sandbox_limits checker_limits(void)
{
    struct sandbox_limits l = sandbox_limits_run(CHECKER_MS, CHECKER_MEMORY_KIB);
    l.n_stdout_max = CHECKER_OUTPUT;
    l.n_stderr_max = CHECKER_OUTPUT;
    return l;
}

/* An item's tests are worth one each, so a checker's score is a fraction of that. */
static bool take_check(const struct check *c, struct code_row *row, struct arena *keep,
                       struct err *e)
{
    double score = c->has_multiplier ? c->multiplier : c->score;
    row->outcome = c->outcome;
    row->score = c->outcome == OUTCOME_AC ? 1 : 0;
    row->message = arena_str(keep, c->message);
    if (c->has_next_pass)
        return FAIL(e, ERR_INPUT, "the checker asked for a next pass, and there is none");
    if (!c->has_score && !c->has_multiplier)
        return true;
    if (!(score >= 0 && score <= 1))
        return FAIL(e, ERR_INPUT, "the checker gave %g, and a test is worth 1", score);
    row->score = score;
    if (c->outcome == OUTCOME_AC || c->outcome == OUTCOME_PC)
        row->outcome = score >= 1 ? OUTCOME_AC : OUTCOME_PC;
    return true;
}

/* Input, output and answer meet only here, in a box that the submission has never seen. */
static bool run_checker(const struct judging *j, const struct code_test *test, struct str output,
                        struct code_row *row, struct arena tmp, struct err *e)
{
    struct checker_call call;
    struct sandbox_result r;
    struct check c;
    struct program p = told(&j->checker, CHECKER_MEMORY_KIB, &tmp);
    checker_call(j->t->protocol, NULL, 0, &call, &tmp);
    struct sandbox_job job = job_of(j, &p, checker_limits());
    struct sandbox_file *files = NEW(&tmp, struct sandbox_file, p.n_files + call.n_folders + 3);
    struct str *argv = NEW(&tmp, struct str, p.n_argv + call.n_args);
    memcpy(argv, p.argv, (size_t)p.n_argv * sizeof *argv);
    memcpy(argv + p.n_argv, call.args, (size_t)call.n_args * sizeof *argv);
    memcpy(files, p.files, (size_t)p.n_files * sizeof *files);
    int64_t n = p.n_files;
    files[n++] = (struct sandbox_file){.name = STR("input"), .bytes = test->input};
    files[n++] = (struct sandbox_file){.name = STR("answer"), .bytes = test->answer};
    if (!call.output_is_stdin)
        files[n++] = (struct sandbox_file){.name = STR("output"), .bytes = output};
    for (int64_t i = 0; i < call.n_folders; i++)
        files[n++] = call.folders[i];
    job.argv = argv;
    job.n_argv = p.n_argv + call.n_args;
    job.files = files;
    job.n_files = n;
    job.takes = call.takes;
    job.n_takes = call.n_takes;
    job.input = call.output_is_stdin ? output : (struct str){0};
    TRY(bench_run(j->b, &job, &r, &tmp, e));
    TRY(checker_read(j->t->protocol, &r, j->t->is_fraction, &c, &tmp, e));
    return take_check(&c, row, j->keep, e);
}

/* The word around a call's result: new for every test of every submission, and the same when the
 * same is judged again. No program can hold a hash of itself. */
static void word_of(const struct judging *j, const struct code_test *test, char word[65])
{
    struct str fields[] = {STR("call"), j->source, test->input, str_of(j->p.hash)};
    struct hash h = hash_fields(fields, sizeof fields / sizeof *fields);
    hash_hex(&h, word);
    word[WORD_BYTES] = 0;
}

static bool run_call(const struct judging *j, const struct code_test *test, struct code_row *row,
                     struct arena tmp, struct err *e)
{
    char word[65];
    struct call_said said;
    struct program p = told(&j->p, j->t->limits.memory_kib, &tmp);
    struct sandbox_job job = job_of(j, &p, j->t->limits);
    word_of(j, test, word);
    call_prepare(&j->t->call, &p, test->input, str_of(word), &job, &tmp);
    TRY(timed_run(j->b, j->in->env, &job, &row->r, &row->timed, &tmp, e));
    TRY(call_judge(&j->t->call, test->answer, str_of(word), &row->r, &row->outcome, &said, j->keep,
                   tmp, e));
    row->message = said.note;
    row->got = row->outcome == OUTCOME_AC ? (struct str){0} : said.got;
    row->score = row->outcome == OUTCOME_AC ? 1 : 0;
    return true;
}

static bool run_program(const struct judging *j, const struct code_test *test, struct code_row *row,
                        struct arena tmp, struct err *e)
{
    struct program p = told(&j->p, j->t->limits.memory_kib, &tmp);
    struct sandbox_job job = job_of(j, &p, j->t->limits);
    job.input = test->input;
    TRY(timed_run(j->b, j->in->env, &job, &row->r, &row->timed, &tmp, e));
    row->outcome = outcome_of_end(&row->r);
    if (row->outcome != OUTCOME_AC)
        return true;
    if (j->t->protocol != CHECKER_NONE)
        return run_checker(j, test, row->r.out, row, tmp, e);
    if (!compare_output(&j->t->compare, test->answer, row->r.out, &row->d))
        row->outcome = OUTCOME_WA;
    row->score = row->outcome == OUTCOME_AC ? 1 : 0;
    return true;
}

/* What outlives the run is copied, and the outputs are dropped. */
static bool run_test(const struct judging *j, const struct code_test *test, struct code_row *row,
                     struct arena tmp, struct err *e)
{
    if (j->t->has_call)
        TRY(run_call(j, test, row, tmp, e));
    else
        TRY(run_program(j, test, row, tmp, e));
    row->stderr_head = arena_str(j->keep, str_sub(row->r.err, 0, STDERR_SHOWN));
    row->d.got = arena_str(j->keep, row->d.got);
    row->d.want = (struct str){0}; /* nobody is told what was expected */
    struct sandbox_result numbers = {.end = row->r.end,
                                     .code = row->r.code,
                                     .signal = row->r.signal,
                                     .cpu_us = row->r.cpu_us,
                                     .wall_us = row->r.wall_us,
                                     .memory_kib = row->r.memory_kib,
                                     .isolation = arena_str(j->keep, row->r.isolation),
                                     .accounting = arena_str(j->keep, row->r.accounting)};
    row->r = numbers;
    return true;
}

/* --- all tests ------------------------------------------------------------------------------ */

/* A checker that does not compile is the task's fault: nobody is judged by it. */
static bool compile_checker(struct judging *j, struct arena tmp, struct err *e)
{
    const struct code_task *t = j->t;
    if (t->protocol == CHECKER_NONE)
        return true;
    struct compile_in in = {.language = t->checker_language,
                            .style = COMPILE_TASK,
                            .files = t->checker_files,
                            .n_files = 1,
                            .extra = t->checker_files + 1,
                            .n_extra = t->n_checker_files - 1};
    if (!compile(j->b, j->in->env, &in, &j->checker, j->keep, tmp, e))
        return err_wrap(e, "checker");
    struct str said = checker_printable(j->checker.messages, &tmp);
    return j->checker.is_ok ||
           FAIL(e, ERR_INPUT, "checker does not compile: %.*s", STR_ARG(str_sub(said, 0, 120)));
}

static bool compile_submission(struct judging *j, enum language l, struct arena tmp, struct err *e)
{
    struct source file = {STR("prog"), j->source};
    struct compile_in in = {.language = l, .files = &file, .n_files = 1};
    if (j->t->has_call)
        call_compile_in(&j->t->call, l, j->source, &in, j->keep);
    return compile(j->b, j->in->env, &in, &j->p, j->keep, tmp, e);
}

static bool run_tests(const struct judging *j, struct code_row *rows, struct arena tmp,
                      struct err *e)
{
    for (int64_t i = 0; i < j->t->n_tests; i++)
        if (!run_test(j, &j->t->tests[i], &rows[i], tmp, e))
            return err_wrap(e, "test %lld", (long long)i + 1);
    return true;
}

static void conclude(const struct code_task *t, const struct code_row *rows, struct grade *g,
                     struct arena *keep)
{
    int64_t n_right = 0;
    int64_t first = -1;
    double sum = 0;
    for (int64_t i = 0; i < t->n_tests; i++) {
        n_right += rows[i].outcome == OUTCOME_AC;
        sum += rows[i].score;
        if (first < 0 && rows[i].outcome != OUTCOME_AC)
            first = i;
    }
    g->verdict = first < 0 ? VERDICT_RIGHT : VERDICT_WRONG;
    g->score = first < 0 ? 1 : 0;
    if (first < 0) {
        g->reason = arena_fmt(keep, "AC on all %lld tests", (long long)t->n_tests);
        return;
    }
    if (t->is_fraction && sum > SHARE_DELTA) {
        double share = sum / (double)t->n_tests;
        g->verdict = VERDICT_PART;
        g->score = share < 1 - SHARE_DELTA ? share : 1 - SHARE_DELTA;
    }
    g->reason =
        arena_fmt(keep, "test %lld of %lld: %s (%lld passed)", (long long)first + 1,
                  (long long)t->n_tests, outcome_name(rows[first].outcome), (long long)n_right);
}

/* Our own failures get one prefix, so that a report can show them as such. */
static bool judge_program(const struct grade_in *in, const struct code_task *t, enum language l,
                          struct grade *g, struct arena *keep, struct arena tmp, struct err *e)
{
    struct code_row *rows = NEW(&tmp, struct code_row, t->n_tests);
    struct arena kept; /* programs and notes live until the evidence is written */
    arena_init(&kept, "judging", LIMIT_GIB);
    struct judging j = {.in = in, .t = t, .source = g->answer, .keep = &kept};
    bool ok = bench_get(in->env, &j.b, e) && compile_checker(&j, tmp, e) &&
              compile_submission(&j, l, tmp, e) && (!j.p.is_ok || run_tests(&j, rows, tmp, e));
    if (ok) {
        g->evidence =
            code_tell(in->env, j.b, t, &j.p, t->protocol == CHECKER_NONE ? NULL : &j.checker,
                      j.source, j.p.is_ok ? rows : NULL, keep);
        if (j.p.is_ok)
            conclude(t, rows, g, keep);
        else
            *g = (struct grade){VERDICT_WRONG, 0, g->answer, STR("CE"), g->evidence};
    }
    arena_fini(&kept);
    return ok || err_wrap(e, "could not grade");
}

static void scale_time(struct code_task *t, const struct grader_env *env)
{
    if (env == NULL || env->time_scale <= 0)
        return;
    t->limits.cpu_ms = (int64_t)((double)t->limits.cpu_ms * env->time_scale + 0.5);
    t->limits.wall_ms = (int64_t)((double)t->limits.wall_ms * env->time_scale + 0.5);
}

static bool judge(const struct grade_in *in, enum grade_next *next, struct grade *out,
                  struct chat *question, struct arena *keep, struct arena tmp, struct err *e)
{
    (void)question;
    struct code_task t;
    struct fence f;
    TRY(code_task_read(in->key, in->definition, &t, keep, tmp, e));
    scale_time(&t, in->env);
    *next = GRADE_DONE;
    if (!fence_last(in->reply, &f, keep)) {
        *out = (struct grade){.verdict = VERDICT_NO_ANSWER,
                              .reason = STR("no closed fenced block at the end of the reply"),
                              .evidence = STR("{}")};
        return true;
    }
    struct grade g = {.answer = f.text};
    if (f.text.n > LIMIT_SOURCE_BYTES) {
        *out = (struct grade){VERDICT_WRONG, 0, str_sub(f.text, 0, LIMIT_SOURCE_BYTES),
                              STR("CE: the program is longer than 1 MiB"), STR("{}")};
        return true;
    }
    enum language l = t.language;
    enum language named = l;
    if (language_from_name(f.info, &named) && (!t.has_call || call_can(named)))
        l = named;
    TRY(judge_program(in, &t, l, &g, keep, tmp, e));
    *out = g;
    return true;
}

const struct grader grader_code = {.name = "code", .version = 2, .judge = judge};
