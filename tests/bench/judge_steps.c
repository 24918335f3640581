#include "tests/bench/judge_steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "graders/judge/bench.h"
#include "graders/judge/task_grader.h"

static const struct {
    const char *task;
    const char *submission;
    double n_tests; /* of the task */
} rows[] = {
    {"icpc/basins", "submissions/accepted/sweep.cpp", 9},    /* comparison with a tolerance */
    {"icpc/queue", "submissions/accepted/odd_even.cpp", 17}, /* an output validator */
    {"icpc/well", "submissions/accepted/bisect.cpp", 6},     /* two programs that talk */
    {"ioi/ridge", "solution/fibonacci.cpp", 11},             /* a manager and FIFOs */
    {"icpc/streak", "submissions/accepted/stack.py", 10},    /* an interpreter */
};

struct judge_steps {
    struct arena keep;
    struct arena tmp;
    char box[LIMIT_PATH_BYTES];
    char work[LIMIT_PATH_BYTES];
    struct grader_env env;
    struct json *key;
    struct json *definition;
};

bool judge_steps_one(struct judge_steps *s, struct err *e)
{
    struct grade g = {0};
    struct chat question;
    enum grade_next next = GRADE_ASK;
    struct grade_in in = {.key = s->key, .definition = s->definition, .env = &s->env};
    TRY(grader_task.judge(&in, &next, &g, &question, &s->keep, s->tmp, e));
    if (g.verdict != VERDICT_RIGHT)
        return FAIL(e, ERR_INPUT, "a right program got: %.*s", STR_ARG(g.reason));
    arena_reset(&s->keep);
    return true;
}

void judge_steps_close(struct judge_steps *s)
{
    struct err ignored = {0};
    task_grader_close();
    bench_close();
    json_free(s->key);
    json_free(s->definition);
    (void)!file_remove_tree(s->work, &ignored);
    arena_fini(&s->keep);
    arena_fini(&s->tmp);
    free(s);
}

static bool prepare(struct judge_steps *s, int variant, struct err *e)
{
    struct json_out w = {0};
    const char *task = arena_fmt(&s->keep, "assets/olympiad_cases/%s", rows[variant].task).at;
    json_open(&w, '{');
    json_pair_str(&w, "task", str_of(task));
    json_pair_str(&w, "submission", str_of(rows[variant].submission));
    json_pair_i64(&w, "time_ms", 20000); /* nothing here is to be measured again alone */
    json_close(&w, '}');
    bool ok = json_parse(buf_str(&w.text), "key", &s->key, e) &&
              json_parse(STR("{}"), "definition", &s->definition, e);
    json_out_free(&w);
    ssize_t n = readlink("/proc/self/exe", s->box, sizeof s->box - 16);
    char *slash = n > 0 ? memrchr(s->box, '/', (size_t)n) : NULL;
    if (!ok || slash == NULL)
        return ok && FAIL(e, ERR_IO, "/proc/self/exe: %m");
    (void)snprintf(slash, 16, "/podium-box");
    s->env = (struct grader_env){.box_path = s->box, .work_dir = s->work};
    return file_temp_dir("/tmp", s->work, sizeof s->work, e);
}

bool judge_steps_open(struct judge_steps **out, int variant, double *n_tests, struct err *e)
{
    struct judge_steps *s = calloc(1, sizeof *s);
    if (s == NULL)
        abort();
    arena_init(&s->keep, "keep", LIMIT_ARENA_ITEM);
    arena_init(&s->tmp, "tmp", LIMIT_ARENA_TMP);
    *out = s;
    *n_tests = rows[variant].n_tests;
    return prepare(s, variant, e) && judge_steps_one(s, e); /* the first compiles */
}
