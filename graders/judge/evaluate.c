#include "graders/judge/evaluate.h"

#include <assert.h>
#include <stdio.h>

#include "base/hash.h"
#include "graders/judge/compile_scripts.h"
#include "graders/judge/quiet.h"
#include "graders/judge/timed.h"
#include "graders/judge/trial.h"

/* What scoring's callback needs. */
struct work {
    const struct trial *trial;
    struct test_run *runs;
    struct arena *keep;
    struct arena tmp;
};

/* --- preparing -------------------------------------------------------------------------------- */

static enum language family(enum language l)
{
    return l == LANGUAGE_CPP20 || l == LANGUAGE_CPP23 ? LANGUAGE_CPP : l;
}

static const struct task_grader *grader_for(const struct task *t, enum language l)
{
    for (int64_t i = 0; i < t->n_graders; i++)
        if (family(t->graders[i].language) == family(l))
            return &t->graders[i];
    return NULL;
}

/* A grader calls or includes the submission by the task's name, whatever the file was called. */
static const struct source *named_for_grader(const struct evaluate_in *in, struct arena *keep)
{
    struct str name = in->files[0].name;
    int64_t dot = str_rfind(name, STR("."));
    if (in->n_files != 1 || dot < 0)
        return in->files;
    struct source *s = NEW(keep, struct source, 1);
    s->text = in->files[0].text;
    s->name =
        arena_fmt(keep, "%.*s%.*s", STR_ARG(in->task->name), STR_ARG(str_sub(name, dot, name.n)));
    return s;
}

bool evaluate_compile(struct bench *b, const struct grader_env *env, const struct evaluate_in *in,
                      struct program *out, struct arena *keep, struct arena tmp, struct err *e)
{
    const struct task *t = in->task;
    const struct task_grader *g = grader_for(t, in->language);
    bool is_ioi = t->n_graders > 0 && !str_starts(t->format, STR("kattis"));
    struct compile_in how = {.language = in->language,
                             .style = is_ioi ? COMPILE_CMS : COMPILE_SUBMISSION,
                             .files = in->files,
                             .n_files = in->n_files,
                             .entry = in->entry,
                             .compile_ms = t->compile_ms};
    if (is_ioi && g == NULL)
        return FAIL(e, ERR_UNSUPPORTED, "task %.*s has no grader for %s", STR_ARG(t->name),
                    language_name(in->language));
    if (g != NULL) {
        how.extra = g->files;
        how.n_extra = g->n_files;
    }
    if (is_ioi) {
        how.files = named_for_grader(in, keep);
        how.entry = t->entry;
    }
    TRY(compile(b, env, &how, out, keep, tmp, e));
    compile_tell_memory(out, t->memory_kib, keep);
    return true;
}

bool evaluate_compile_task(struct bench *b, const struct grader_env *env, const struct task *t,
                           const struct task_program *p, struct program *out, struct arena *keep,
                           struct arena tmp, struct err *e)
{
    struct compile_in how = {
        .language = p->language, .style = COMPILE_TASK, .files = p->files, .n_files = p->n_files};
    if (p->n_files == 0)
        return true;
    bool ok = p->is_scripted ? compile_scripts(b, env, p->files, p->n_files, out, keep, tmp, e)
                             : compile(b, env, &how, out, keep, tmp, e);
    if (!ok)
        return err_wrap(e, "%.*s", STR_ARG(p->name));
    if (!out->is_ok)
        return FAIL(e, ERR_INPUT, "%.*s does not compile: %.*s", STR_ARG(p->name),
                    STR_ARG(str_sub(out->messages, 0, 150)));
    if (!p->is_scripted)
        compile_tell_memory(out, t->checker_memory_kib, keep);
    return true;
}

static bool is_too_long(const struct evaluate_in *in)
{
    int64_t n = 0;
    for (int64_t i = 0; i < in->n_files; i++)
        n += in->files[i].text.n;
    return n > in->task->code_kib * LIMIT_KIB;
}

static void hash_source(const struct evaluate_in *in, char out[65], struct arena tmp)
{
    struct str *fields = NEW(&tmp, struct str, 2 * in->n_files);
    for (int64_t i = 0; i < in->n_files; i++) {
        fields[2 * i] = in->files[i].name;
        fields[2 * i + 1] = in->files[i].text;
    }
    struct hash h = hash_fields(fields, 2 * in->n_files);
    hash_hex(&h, out);
}

static const char *profile_name(enum sandbox_profile p)
{
    static const char *const names[] = {"native", "compiler", "jvm", "interpreter"};
    assert((int)p >= 0);
    assert((size_t)p < sizeof names / sizeof *names);
    return names[p];
}

static void refuse(struct evaluation *out, struct str why)
{
    out->verdict = OUTCOME_CE;
    out->messages = why;
}

/* Of the one checker; of several, and of a grader of groups beside them, a hash of theirs. */
static void hash_checkers(const struct trial *trial, char out[65], struct arena tmp)
{
    int64_t n = 0;
    int64_t n_others = trial->task->n_other_checkers;
    struct str *hashes = NEW(&tmp, struct str, n_others + 2);
    hashes[n++] = str_of(trial->checker.hash);
    for (int64_t i = 0; i < n_others; i++)
        hashes[n++] = str_of(trial->others[i].hash);
    if (trial->group_grader.n_files > 0)
        hashes[n++] = str_of(trial->group_grader.hash);
    struct hash h = hash_fields(hashes, n);
    if (n > 1)
        hash_hex(&h, out);
    else
        (void)snprintf(out, 65, "%s", trial->checker.hash);
}

static bool prepare_judges(struct trial *trial, struct evaluation *out, struct arena *keep,
                           struct arena tmp, struct err *e)
{
    const struct task *t = trial->task;
    struct bench *b = trial->bench;
    const struct grader_env *env = trial->env;
    struct program *others = NEW(keep, struct program, t->n_other_checkers);
    TRY(evaluate_compile_task(b, env, t, &t->checker, &trial->checker, keep, tmp, e));
    for (int64_t i = 0; i < t->n_other_checkers; i++)
        TRY(evaluate_compile_task(b, env, t, &t->other_checkers[i], &others[i], keep, tmp, e));
    trial->others = others;
    TRY(evaluate_compile_task(b, env, t, &t->group_grader, &trial->group_grader, keep, tmp, e));
    TRY(evaluate_compile_task(b, env, t, &t->manager, &trial->manager, keep, tmp, e));
    hash_checkers(trial, out->checker_hash, tmp);
    (void)snprintf(out->manager_hash, sizeof out->manager_hash, "%s", trial->manager.hash);
    return true;
}

static bool prepare(struct bench *b, const struct grader_env *env, const struct evaluate_in *in,
                    struct trial *trial, struct evaluation *out, struct arena *keep,
                    struct arena tmp, struct err *e)
{
    const struct task *t = in->task;
    *trial = (struct trial){.bench = b, .env = env, .task = t, .time_ms = out->time_ms};
    trial->kill_ms = timed_kill_ms(out->time_ms);
    trial->wall_ms = 2 * trial->kill_ms + 2000;
    TRY(prepare_judges(trial, out, keep, tmp, e));
    if (t->kind == TASK_OUTPUT_ONLY) {
        trial->outputs = in->files;
        trial->n_outputs = in->n_files;
        out->is_compiled = true;
        return true;
    }
    if (in->n_files == 0 || is_too_long(in)) {
        refuse(out, in->n_files == 0 ? STR("there is no source")
                                     : arena_fmt(keep, "the source is longer than %lld KiB",
                                                 (long long)t->code_kib));
        return true;
    }
    TRY(evaluate_compile(b, env, in, &trial->program, keep, tmp, e));
    out->compiler = trial->program.tool;
    (void)snprintf(out->program_hash, sizeof out->program_hash, "%s", trial->program.hash);
    out->is_compiled = trial->program.is_ok;
    if (!out->is_compiled)
        refuse(out, trial->program.messages);
    return true;
}

/* --- running ---------------------------------------------------------------------------------- */

static bool is_near(const struct trial *t, const struct test_run *r)
{
    bool is_timed = r->outcome <= OUTCOME_WA || r->outcome == OUTCOME_TLE;
    return is_timed && timed_is_near(t->time_ms, r->cpu_us, r->end);
}

static bool run_held(const struct trial *t, bool alone, int64_t i, struct test_run *run,
                     struct test_score *score, struct arena *keep, struct arena tmp, struct err *e)
{
    struct quiet q;
    TRY(quiet_enter(t->env->quiet, alone, &q, e));
    bool ok = trial_run(t, i, run, score, keep, tmp, e);
    quiet_leave(&q);
    return ok;
}

static bool judge_test(void *who, int64_t i, struct test_score *out, struct err *e)
{
    struct work *w = who;
    struct test_run *run = &w->runs[i];
    const struct task_test *test = &w->trial->task->tests[i];
    if (!run_held(w->trial, false, i, run, out, w->keep, w->tmp, e))
        return err_wrap(e, "test %.*s", STR_ARG(test->name));
    if (!is_near(w->trial, run))
        return true;
    struct test_run first = *run;
    struct trial again = *w->trial;
    again.wall_ms = TIMED_PATIENCE * again.kill_ms;
    if (!run_held(&again, true, i, run, out, w->keep, w->tmp, e))
        return err_wrap(e, "test %.*s, again", STR_ARG(test->name));
    run->was_rerun = true;
    run->cpu_first_us = first.cpu_us;
    run->wall_first_us = first.wall_us;
    return true;
}

static bool grade_group(void *who, int64_t i, const struct group_result *members, int64_t n,
                        struct group_result *out, struct err *e)
{
    struct work *w = who;
    const struct task_group *g = &w->trial->task->groups[i];
    return trial_grade(w->trial, i, members, n, out, w->tmp, e) ||
           err_wrap(e, "group %.*s", STR_ARG(g->name.n > 0 ? g->name : STR("data")));
}

static int64_t limit_of(const struct evaluate_in *in)
{
    int64_t ms = in->options.time_ms > 0 ? in->options.time_ms : in->task->time_ms;
    double scale = in->options.time_scale > 0 ? in->options.time_scale : 1;
    return (int64_t)((double)ms * scale + 0.5);
}

/* A test without its files is found before anything runs, not in the middle. */
static bool check_tests(const struct task *t, struct err *e)
{
    if (t->n_tests == 0)
        return FAIL(e, ERR_INPUT, "task %.*s has no tests%s", STR_ARG(t->name),
                    t->can_generate ? "; podium judge --generate makes them" : "");
    for (int64_t i = 0; i < t->n_tests; i++)
        if (t->tests[i].input == NULL)
            return FAIL(e, ERR_INPUT, "test %.*s has no input%s", STR_ARG(t->tests[i].name),
                        t->can_generate ? "; podium judge --generate makes it" : "");
    return true;
}

static void conclude(const struct task *t, struct evaluation *out)
{
    const struct group_result *root = &out->groups[0];
    out->verdict = root->outcome;
    out->score = t->has_score ? root->score : root->outcome == OUTCOME_AC;
}

bool evaluate(struct bench *b, const struct grader_env *env, const struct evaluate_in *in,
              struct evaluation *out, struct arena *keep, struct arena tmp, struct err *e)
{
    const struct task *t = in->task;
    struct trial trial;
    struct evaluation v = {.language = in->language,
                           .time_ms = limit_of(in),
                           .time_scale = in->options.time_scale > 0 ? in->options.time_scale : 1};
    TRY(check_tests(t, e));
    if (v.time_ms <= 0 && t->kind != TASK_OUTPUT_ONLY)
        return FAIL(e, ERR_INPUT, "task %.*s says no time limit", STR_ARG(t->name));
    TRY(prepare(b, env, in, &trial, &v, keep, tmp, e));
    struct sandbox_description d;
    sandbox_describe(b->box, &d);
    v.isolation = arena_str(keep, d.isolation);
    v.accounting = arena_str(keep, d.accounting);
    v.profile = profile_name(trial.program.profile);
    hash_source(in, v.source_hash, tmp);
    v.runs = NEW(keep, struct test_run, t->n_tests);
    if (v.is_compiled) {
        struct work w = {.trial = &trial, .runs = v.runs, .keep = keep, .tmp = tmp};
        struct scoring s = {.task = t,
                            .runs_all = in->options.runs_all,
                            .judge = judge_test,
                            .grade = grade_group,
                            .who = &w};
        TRY(scoring_run(&s, &v.tests, &v.groups, keep, e));
        conclude(t, &v);
    }
    *out = v;
    return true;
}
