#include "graders/judge/generate.h"

#include <stdio.h>

#include "base/file.h"
#include "graders/judge/trial.h"

enum { GENERATOR_MS = 120000 };
#define GENERATED_MAX (1LL * LIMIT_GIB)

struct maker {
    struct bench *bench;
    const struct grader_env *env;
    const struct task *task;
    struct program *generators; /* is_ok false: not compiled yet */
    struct program model;
    char folder[LIMIT_PATH_BYTES]; /* tests/ */
    struct arena keep;
};

static bool put_file(const struct maker *m, struct str name, const char *ending, struct str head,
                     struct str body, struct err *e)
{
    char file[LIMIT_PATH_BYTES];
    char path[LIMIT_PATH_BYTES];
    struct buf text = {0};
    (void)snprintf(file, sizeof file, "%.*s%s", STR_ARG(name), ending);
    if (str_find(name, STR("/"), 0) >= 0 || !file_join(m->folder, file, path, sizeof path))
        return FAIL(e, ERR_INPUT, "test %.*s cannot be a file's name", STR_ARG(name));
    buf_put(&text, head);
    buf_put(&text, body);
    bool ok = file_write(path, buf_str(&text), e);
    buf_free(&text);
    return ok;
}

/* --- inputs ----------------------------------------------------------------------------------- */

static bool run_generator(struct maker *m, const struct task_recipe *r, struct str *out,
                          struct arena *tmp, struct err *e)
{
    const struct task *t = m->task;
    struct sandbox_job job;
    struct sandbox_result got;
    struct trial trial = {.bench = m->bench, .env = m->env, .task = t};
    struct program *p = &m->generators[r->i_generator];
    if (!p->is_ok)
        TRY(evaluate_compile_task(m->bench, m->env, t, &t->generators[r->i_generator], p, &m->keep,
                                  *tmp, e));
    trial_task_job(&trial, p, r->args, r->n_args, &job, tmp);
    job.limits.cpu_ms = GENERATOR_MS;
    job.limits.wall_ms = 3LL * GENERATOR_MS;
    job.limits.n_stdout_max = GENERATED_MAX / 4;
    TRY(bench_run(m->bench, &job, &got, tmp, e));
    if (got.end != SANDBOX_EXITED || got.code != 0)
        return FAIL(e, ERR_INPUT, "%.*s ended by %s, code %lld: %.*s",
                    STR_ARG(t->generators[r->i_generator].name), sandbox_end_name(got.end),
                    (long long)got.code, STR_ARG(str_sub(got.err, 0, 100)));
    *out = got.out;
    return true;
}

static bool make_input(struct maker *m, const struct task_recipe *r, struct arena tmp,
                       struct err *e)
{
    struct str text = {0};
    struct str name = m->task->tests[r->i_test].name;
    bool ok = r->manual != NULL ? file_read(r->manual, &text, &tmp, e)
                                : run_generator(m, r, &text, &tmp, e);
    if (!ok)
        return err_wrap(e, "test %.*s", STR_ARG(name));
    return put_file(m, name, ".in", m->task->input_header, text, e);
}

/* --- answers ---------------------------------------------------------------------------------- */

/* Programs that talk to a manager print no answer: theirs is an empty file. */
static bool has_answers(const struct task *t)
{
    return t->kind == TASK_BATCH && t->i_model >= 0;
}

static bool compile_model(struct maker *m, struct arena tmp, struct err *e)
{
    const struct task *t = m->task;
    if (!has_answers(t))
        return true;
    const struct task_submission *s = &t->submissions[t->i_model];
    struct evaluate_in in = {
        .task = t, .language = s->language, .files = s->files, .n_files = s->n_files};
    TRY(evaluate_compile(m->bench, m->env, &in, &m->model, &m->keep, tmp, e));
    return m->model.is_ok || FAIL(e, ERR_INPUT, "the model solution %.*s does not compile: %.*s",
                                  STR_ARG(s->name), STR_ARG(str_sub(m->model.messages, 0, 120)));
}

static bool make_answer(struct maker *m, struct str name, struct arena tmp, struct err *e)
{
    const struct task *t = m->task;
    struct sandbox_job job;
    struct sandbox_result got;
    int64_t kill_ms = 10 * (t->time_ms > 0 ? t->time_ms : 10000);
    struct trial trial = {.bench = m->bench,
                          .env = m->env,
                          .task = t,
                          .program = m->model,
                          .time_ms = kill_ms,
                          .kill_ms = kill_ms,
                          .wall_ms = 3 * kill_ms};
    if (!has_answers(t))
        return put_file(m, name, ".out", t->output_header, (struct str){"", 0}, e);
    const char *input = arena_fmt(&tmp, "%s/%.*s.in", m->folder, STR_ARG(name)).at;
    trial_job(&trial, input, NULL, 0, &job, &tmp);
    TRY(bench_run(m->bench, &job, &got, &tmp, e));
    if (got.end != SANDBOX_EXITED || got.code != 0)
        return FAIL(e, ERR_INPUT, "test %.*s: the model solution ended by %s, code %lld",
                    STR_ARG(name), sandbox_end_name(got.end), (long long)got.code);
    return put_file(m, name, ".out", t->output_header, got.out, e);
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool put_mapping(const struct maker *m, struct err *e)
{
    const struct task *t = m->task;
    struct buf text = {0};
    for (int64_t i = 0; i < t->n_groups; i++)
        for (int64_t k = 0; t->groups[i].is_subtask && k < t->groups[i].n_members; k++)
            if (!t->groups[i].members[k].is_group)
                buf_fmt(&text, "%.*s %.*s\n", STR_ARG(t->groups[i].name),
                        STR_ARG(t->tests[t->groups[i].members[k].i].name));
    bool ok = put_file(m, STR("mapping"), "", (struct str){"", 0}, buf_str(&text), e);
    buf_free(&text);
    return ok;
}

static bool make_all(struct maker *m, const struct generate_watch *watch, struct arena tmp,
                     struct err *e)
{
    const struct task *t = m->task;
    TRY(compile_model(m, tmp, e));
    for (int64_t i = 0; i < t->n_recipes; i++) {
        struct str name = t->tests[t->recipes[i].i_test].name;
        TRY(make_input(m, &t->recipes[i], tmp, e));
        TRY(make_answer(m, name, tmp, e));
        if (watch != NULL)
            watch->made(watch->who, i + 1, t->n_recipes, name);
    }
    return put_mapping(m, e);
}

bool generate_tests(struct bench *b, const struct grader_env *env, const struct task *t,
                    const struct generate_watch *watch, struct arena tmp, struct err *e)
{
    struct maker m = {.bench = b, .env = env, .task = t};
    if (!t->can_generate)
        return FAIL(e, ERR_USAGE,
                    "%s: nothing to generate (the tests are there, or it has no "
                    "gen/data)",
                    t->folder);
    if (!file_join(t->folder, "tests", m.folder, sizeof m.folder))
        return FAIL(e, ERR_INPUT, "%s: path too long", t->folder);
    TRY(file_make_dirs(m.folder, e));
    arena_init(&m.keep, "generators", LIMIT_GIB);
    m.generators = NEW(&m.keep, struct program, t->n_generators);
    bool ok = make_all(&m, watch, tmp, e);
    arena_fini(&m.keep);
    return ok;
}
