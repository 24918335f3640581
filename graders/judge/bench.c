#include "graders/judge/bench.h"

#include <assert.h>
#include <stdio.h>
#include <unistd.h>

enum { VERSION_MEMORY_MIB = 1024, VERSION_STACK_MIB = 8 };

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

bool bench_run(struct bench *b, const struct sandbox_job *job, struct sandbox_result *out,
               struct arena *keep, struct err *e)
{
    assert(b->box != NULL);
    if (sandbox_run(b->box, job, out, keep, e))
        return true;
    sandbox_close(b->box);
    b->box = NULL;
    return false;
}

/* --- tools -------------------------------------------------------------------------------- */

/* How a tool is asked for its version. A JVM reserves a quarter of the machine unless told. */
static const struct {
    const char *name;
    const char *ask[3];
} questions[] = {
    {"go", {"version"}},
    {"javac", {"-J-Xmx64m", "-J-XX:+UseSerialGC", "--version"}},
    {"java", {"-Xmx64m", "-XX:+UseSerialGC", "--version"}},
    {"", {"--version"}},
};

static int64_t ask_argv(const char *name, struct str argv[4], const char *path)
{
    size_t i = 0;
    int64_t n = 1;
    while (questions[i].name[0] != 0 && strcmp(questions[i].name, name) != 0)
        i++;
    argv[0] = str_of(path);
    for (int k = 0; k < 3 && questions[i].ask[k] != NULL; k++)
        argv[n++] = str_of(questions[i].ask[k]);
    return n;
}

/* "v20.19.2" says too little, and "Python 3.9" of pypy3 says something else: the tool's name goes
 * in front of a line that does not begin with it. */
static void keep_version(struct bench_tool *t, const char *name, struct str said)
{
    struct str line = {0};
    struct str word = str_sub(str_of(name), 0, 3);
    (void)str_split(&said, '\n', &line);
    line = str_trim(line);
    bool is_named = line.n >= word.n;
    for (int64_t i = 0; i < word.n && is_named; i++)
        is_named = (line.at[i] | 32) == (word.at[i] | 32);
    if (is_named)
        (void)snprintf(t->version, sizeof t->version, "%.*s", STR_ARG(line));
    else
        (void)snprintf(t->version, sizeof t->version, "%s %.*s", name, STR_ARG(line));
}

static bool ask_version(struct bench *b, struct bench_tool *t, const char *name,
                        const struct grader_env *env, struct err *e)
{
    struct arena tmp;
    struct str argv[4];
    struct str vars[] = {STR("PATH=/usr/local/bin:/usr/bin:/bin"), STR("LC_ALL=C"),
                         STR("HOME=/box")};
    struct sandbox_job job = {.argv = argv,
                              .n_argv = ask_argv(name, argv, t->path),
                              .env = vars,
                              .n_env = 3,
                              .work_dir = str_of(env->work_dir),
                              .profile = SANDBOX_COMPILER,
                              .limits = sandbox_limits_run(10000, VERSION_MEMORY_MIB * LIMIT_KIB)};
    struct sandbox_result r;
    job.limits.stack_kib = VERSION_STACK_MIB * LIMIT_KIB; /* every thread reserves as much */
    arena_init(&tmp, "version", 4 * LIMIT_MIB + job.limits.n_stdout_max);
    bool ok = bench_run(b, &job, &r, &tmp, e);
    if (ok && (r.end != SANDBOX_EXITED || r.code != 0))
        ok = FAIL(e, ERR_UNSUPPORTED, "%s does not run in the box: %.*s", t->path,
                  STR_ARG(str_sub(r.err.n > 0 ? r.err : r.out, 0, 120)));
    if (ok)
        keep_version(t, name, r.out);
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
            TRY(ask_version(b, t, name, env, e));
        *out = t;
        return true;
    }
    return FAIL(e, ERR_UNSUPPORTED, "no %s on this machine", name);
}

/* --- programs ------------------------------------------------------------------------------- */

struct str bench_find(const struct bench *b, const char key[65])
{
    for (int i = 0; i < BENCH_PROGRAMS; i++)
        if (strcmp(b->programs[i].key, key) == 0)
            return buf_str(&b->programs[i].entry);
    return (struct str){0};
}

static void drop(struct bench *b, struct bench_program *p)
{
    b->n_bytes -= p->entry.n;
    buf_free(&p->entry);
    *p = (struct bench_program){0};
}

/* The ring's oldest are next in it: they go until the new one fits, empty places counting too. */
void bench_store(struct bench *b, const char key[65], struct str entry)
{
    if (entry.n > BENCH_BYTES_MAX)
        return;
    struct bench_program *p = &b->programs[b->n_programs % BENCH_PROGRAMS];
    for (int64_t i = 0; i < BENCH_PROGRAMS && (i == 0 || b->n_bytes + entry.n > BENCH_BYTES_MAX);
         i++)
        drop(b, &b->programs[(b->n_programs + i) % BENCH_PROGRAMS]);
    b->n_programs++;
    (void)snprintf(p->key, sizeof p->key, "%s", key);
    buf_put(&p->entry, entry);
    b->n_bytes += entry.n;
    assert(b->n_bytes <= BENCH_BYTES_MAX);
}

void bench_forget(struct bench *b)
{
    for (int i = 0; i < BENCH_PROGRAMS; i++)
        drop(b, &b->programs[i]);
    assert(b->n_bytes == 0);
}

void bench_close(void)
{
    sandbox_close(the_bench.box);
    bench_forget(&the_bench);
    the_bench = (struct bench){0};
}
