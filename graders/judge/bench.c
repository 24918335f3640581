#include "graders/judge/bench.h"

#include <assert.h>
#include <stdio.h>
#include <unistd.h>

static struct bench the_bench;

bool bench_get(const struct grader_env *env, struct bench **out, struct err *e)
{
    if (env == NULL || env->box_path == NULL)
        return FAIL(e, ERR_UNSUPPORTED, "programs cannot be run: no podium-box");
    if (the_bench.box == NULL) {
        struct sandbox_options o = {.box_path = env->box_path, .no_namespaces = env->no_namespaces};
        TRY(sandbox_open(&the_bench.box, &o, e));
    }
    *out = &the_bench;
    return true;
}

static bool or_close(struct bench *b, bool ok)
{
    if (!ok) {
        sandbox_close(b->box);
        b->box = NULL;
    }
    return ok;
}

bool bench_run(struct bench *b, const struct sandbox_job *job, struct sandbox_result *out,
               struct arena *keep, struct err *e)
{
    assert(b->box != NULL);
    return or_close(b, sandbox_run(b->box, job, out, keep, e));
}

bool bench_run_group(struct bench *b, const struct sandbox_group *g, struct sandbox_result *out,
                     struct arena *keep, struct err *e)
{
    assert(b->box != NULL);
    return or_close(b, sandbox_run_group(b->box, g, out, keep, e));
}

void bench_close(void)
{
    sandbox_close(the_bench.box);
    for (int i = 0; i < BENCH_PROGRAMS; i++) {
        buf_free(&the_bench.programs[i].bytes);
        buf_free(&the_bench.programs[i].messages);
    }
    the_bench = (struct bench){0};
}

static bool ask_version(struct bench *b, struct bench_tool *t, const struct grader_env *env,
                        struct err *e)
{
    struct arena tmp;
    struct str argv[] = {str_of(t->path), STR("--version")};
    struct str vars[] = {STR("PATH=/usr/local/bin:/usr/bin:/bin"), STR("LC_ALL=C")};
    struct sandbox_job job = {.argv = argv,
                              .n_argv = 2,
                              .env = vars,
                              .n_env = 2,
                              .work_dir = str_of(env->work_dir),
                              .limits = sandbox_limits_run(10000, 512 * LIMIT_KIB)};
    struct sandbox_result r;
    arena_init(&tmp, "version", 4 * LIMIT_MIB + job.limits.n_stdout_max);
    bool ok = bench_run(b, &job, &r, &tmp, e);
    if (ok && (r.end != SANDBOX_EXITED || r.code != 0))
        ok = FAIL(e, ERR_UNSUPPORTED, "%s does not run in the box", t->path);
    if (ok) {
        struct str line = {0};
        (void)str_split(&r.out, '\n', &line);
        (void)snprintf(t->version, sizeof t->version, "%.*s", STR_ARG(line));
    }
    arena_fini(&tmp);
    return ok;
}

/* The record of `path`, new or old. */
static struct bench_tool *record_of(struct bench *b, const char *path)
{
    int i = 0;
    while (b->tools[i].path[0] != 0 && strcmp(b->tools[i].path, path) != 0)
        i++;
    assert(i < BENCH_TOOLS);
    (void)snprintf(b->tools[i].path, sizeof b->tools[i].path, "%s", path);
    return &b->tools[i];
}

bool bench_tool(struct bench *b, const char *name, const struct grader_env *env,
                struct bench_tool **out, struct err *e)
{
    static const char *const folders[] = {"/usr/bin", "/usr/local/bin"};
    char path[64];
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folders[i], name);
        if (access(path, X_OK) != 0)
            continue;
        struct bench_tool *t = record_of(b, path);
        if (t->version[0] == 0)
            TRY(ask_version(b, t, env, e));
        *out = t;
        return true;
    }
    return FAIL(e, ERR_UNSUPPORTED, "no %s on this machine", name);
}

const struct bench_program *bench_find(const struct bench *b, const char key[65])
{
    for (int i = 0; i < BENCH_PROGRAMS; i++)
        if (strcmp(b->programs[i].key, key) == 0)
            return &b->programs[i];
    return NULL;
}

void bench_store(struct bench *b, const char key[65], bool is_ok, struct str bytes,
                 struct str messages)
{
    struct bench_program *p = &b->programs[b->n_programs++ % BENCH_PROGRAMS];
    (void)snprintf(p->key, sizeof p->key, "%s", key);
    p->is_ok = is_ok;
    buf_clear(&p->bytes);
    buf_put(&p->bytes, bytes);
    buf_clear(&p->messages);
    buf_put(&p->messages, messages);
}
