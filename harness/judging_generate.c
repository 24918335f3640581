#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "graders/judge/generate.h"
#include "harness/cli.h"
#include "harness/judging_show.h"

bool judging_is_ready(const struct task *t, struct err *e)
{
    const char *advice = t->can_generate ? "; make them with podium judge --generate" : "";
    if (t->n_tests == 0)
        return FAIL(e, ERR_INPUT, "%s has no tests%s", t->folder, advice);
    for (int64_t i = 0; i < t->n_tests; i++)
        if (t->tests[i].input == NULL && t->kind != TASK_OUTPUT_ONLY)
            return FAIL(e, ERR_INPUT, "%s: test %.*s has no input%s", t->folder,
                        STR_ARG(t->tests[i].name), advice);
    return true;
}

bool judging_give_up(int *rc, struct err *e)
{
    if (e->cls != ERR_INPUT && e->cls != ERR_UNSUPPORTED && e->cls != ERR_LIMIT)
        return false;
    (void)fprintf(stderr, "podium: could not grade: %s\n", e->text);
    *rc = EXIT_UNGRADED;
    return true;
}

static void show_made(void *who, int64_t n_made, int64_t n_all, struct str name)
{
    bool is_terminal = *(const bool *)who;
    if (is_terminal)
        (void)fprintf(stderr, "\rmaking tests %lld/%lld  %.*s\033[K%s", (long long)n_made,
                      (long long)n_all, STR_ARG(name), n_made == n_all ? "\n" : "");
    else if (n_made == n_all)
        (void)fprintf(stderr, "made %lld tests\n", (long long)n_all);
}

bool judging_generate(const struct task *t, struct arena tmp, struct err *e)
{
    char box[LIMIT_PATH_BYTES];
    char dir[LIMIT_PATH_BYTES];
    struct bench *b = NULL;
    struct err left = {0};
    bool is_terminal = cli_is_terminal(STDERR_FILENO);
    struct generate_watch watch = {.made = show_made, .who = &is_terminal};
    TRY(workers_beside_us("podium-box", box, e));
    TRY(file_temp_dir("/tmp", dir, sizeof dir, e));
    struct grader_env env = {.box_path = box, .work_dir = dir};
    bool ok = bench_get(&env, &b, e) && generate_tests(b, &env, t, &watch, tmp, e);
    bench_close();
    (void)!file_remove_tree(dir, &left);
    return ok;
}
