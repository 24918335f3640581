#include "graders/judge/compile.h"

#include <assert.h>
#include <stdio.h>

#include "base/hash.h"

enum { MESSAGES_KEPT = 4096, SOURCE_VERSION = 1 /* raised when flags or wrappers change */ };
#define PROGRAM_BYTES_MAX (64 * LIMIT_MIB)

/* How each language is built and started. An empty `made` means that the source itself is run. */
struct recipe {
    const char *name;
    const char *tool;
    const char *source;
    const char *made;
    const char *flags[12]; /* after the tool's path */
    const char *run[3];    /* NULL first: the made file */
    const char *trivial;   /* a program that any working tool accepts */
};

static const struct recipe recipes[] = {
    [LANGUAGE_CPP] = {.name = "cpp",
                      .tool = "g++",
                      .source = "prog.cpp",
                      .made = "prog",
                      .flags = {"-O2", "-std=gnu++17", "-fmax-errors=10",
                                "-fdiagnostics-color=never", "-w", "-DONLINE_JUDGE", "-o", "prog",
                                "prog.cpp"},
                      .trivial = "int main(){}\n"},
    [LANGUAGE_PYTHON] = {.name = "python",
                         .tool = "python3",
                         .source = "prog.py",
                         .flags = {"-I", "-S", "-c",
                                   "compile(open('prog.py','rb').read(),'prog.py','exec')"},
                         .run = {"-B", "prog.py"},
                         .trivial = "pass\n"},
};

const struct str *compile_env(int64_t *n)
{
#define VAR(lit)                                                                                   \
    {                                                                                              \
        (lit), sizeof(lit) - 1                                                                     \
    }
    static const struct str vars[] = {
        VAR("PATH=/usr/local/bin:/usr/bin:/bin"),
        VAR("HOME=/box"),
        VAR("LC_ALL=C.UTF-8"),
        VAR("TMPDIR=."),
        VAR("PYTHONHASHSEED=0"),
        VAR("PYTHONDONTWRITEBYTECODE=1"),
    };
#undef VAR
    *n = (int64_t)(sizeof vars / sizeof *vars);
    return vars;
}

static struct sandbox_limits compile_limits(void)
{
    return (struct sandbox_limits){.cpu_ms = 30000,
                                   .wall_ms = 90000,
                                   .memory_kib = 1024 * LIMIT_KIB,
                                   .stack_kib = 64 * LIMIT_KIB,
                                   .n_processes = 32,
                                   .n_files = 256,
                                   .file_kib = 64 * LIMIT_KIB,
                                   .disk_kib = 256 * LIMIT_KIB,
                                   .n_stdout_max = 64 * LIMIT_KIB,
                                   .n_stderr_max = 256 * LIMIT_KIB};
}

/* One run of the tool over `source`. */
static bool run_tool(struct bench *b, const struct grader_env *env, const struct recipe *how,
                     const struct bench_tool *t, struct str source, struct sandbox_result *r,
                     struct arena *keep, struct err *e)
{
    struct str argv[16] = {str_of(t->path)};
    struct sandbox_file file = {.name = str_of(how->source), .bytes = source};
    struct sandbox_take take = {.name = str_of(how->made), .n_max = PROGRAM_BYTES_MAX};
    struct sandbox_job job = {.argv = argv,
                              .n_argv = 1,
                              .files = &file,
                              .n_files = 1,
                              .takes = &take,
                              .n_takes = how->made != NULL,
                              .work_dir = str_of(env->work_dir),
                              .limits = compile_limits()};
    for (int i = 0; how->flags[i] != NULL; i++)
        argv[job.n_argv++] = str_of(how->flags[i]);
    job.env = compile_env(&job.n_env);
    return bench_run(b, &job, r, keep, e);
}

static bool has_made(const struct recipe *how, const struct sandbox_result *r)
{
    return r->end == SANDBOX_EXITED && r->code == 0 &&
           (how->made == NULL || r->taken[0].at != NULL);
}

static struct str messages_of(const struct sandbox_result *r, struct arena *keep)
{
    struct str said = str_sub(r->err.n > 0 ? r->err : r->out, 0, MESSAGES_KEPT);
    if (r->end == SANDBOX_EXITED)
        return arena_str(keep, said);
    if (r->end == SANDBOX_SIGNALLED)
        return arena_fmt(keep, "the compiler died of signal %lld\n%.*s", (long long)r->signal,
                         STR_ARG(said));
    return arena_fmt(keep, "the compiler was stopped at its %s limit\n%.*s",
                     sandbox_end_name(r->end), STR_ARG(said));
}

/* Before the first CE of a tool is believed, it must compile something trivial. */
static bool prove(struct bench *b, const struct grader_env *env, const struct recipe *how,
                  struct bench_tool *t, struct arena tmp, struct err *e)
{
    struct sandbox_result r;
    if (t->is_proved)
        return true;
    TRY(run_tool(b, env, how, t, str_of(how->trivial), &r, &tmp, e));
    if (!has_made(how, &r))
        return FAIL(e, ERR_UNSUPPORTED, "the %s of this machine does not work: %.*s", how->tool,
                    STR_ARG(str_sub(r.err, 0, 120)));
    t->is_proved = true;
    return true;
}

static void cache_key(const struct recipe *how, const struct bench_tool *t, struct str source,
                      char key[65])
{
    char version[32];
    (void)snprintf(version, sizeof version, "%d", SOURCE_VERSION);
    struct str fields[] = {str_of(how->name), str_of(version), str_of(t->version), source};
    struct hash h = hash_fields(fields, 4);
    hash_hex(&h, key);
}

static bool compile_anew(struct bench *b, const struct grader_env *env, const struct recipe *how,
                         struct bench_tool *t, struct str source, const char key[65],
                         struct arena tmp, struct err *e)
{
    struct sandbox_result r;
    struct arena left = tmp;
    TRY(run_tool(b, env, how, t, source, &r, &left, e));
    /* compilers do not sleep: this one got no processor, which is not the source's fault */
    if (r.end == SANDBOX_WALL)
        return FAIL(e, ERR_LIMIT, "%s got too little of an overloaded machine", how->tool);
    bool is_ok = has_made(how, &r);
    if (!is_ok)
        TRY(prove(b, env, how, t, left, e));
    t->is_proved = true;
    bench_store(b, key, is_ok, how->made != NULL && is_ok ? r.taken[0] : (struct str){0},
                messages_of(&r, &left));
    return true;
}

/* Bytes are borrowed from the cache for as long as *keep lives only if copied: they are. */
static void fill_program(const struct recipe *how, const struct bench_tool *t,
                         const struct bench_program *p, struct str source, struct program *out,
                         struct arena *keep)
{
    out->is_ok = p->is_ok;
    out->messages = arena_str(keep, buf_str(&p->messages));
    out->tool = arena_str(keep, str_of(t->version));
    struct sandbox_file *file = NEW(keep, struct sandbox_file, 1);
    *file = (struct sandbox_file){
        .name = str_of(how->made != NULL ? how->made : how->source),
        .bytes = arena_str(keep, how->made != NULL ? buf_str(&p->bytes) : source),
        .is_program = true};
    out->files = file;
    out->n_files = 1;
    out->argv[0] =
        how->made != NULL ? arena_fmt(keep, "./%s", how->made) : arena_str(keep, str_of(t->path));
    out->n_argv = 1;
    for (int i = 0; i < 3 && how->run[i] != NULL; i++)
        out->argv[out->n_argv++] = str_of(how->run[i]);
}

void compile_tell_memory(struct program *p, int64_t memory_kib, struct arena *keep)
{
    (void)p;
    (void)memory_kib;
    (void)keep;
}

bool compile(struct bench *b, const struct grader_env *env, const struct compile_in *in,
             struct program *out, struct arena *keep, struct arena tmp, struct err *e)
{
    if (in->language > LANGUAGE_PYTHON || in->n_files != 1 || in->n_extra != 0)
        return FAIL(e, ERR_UNSUPPORTED, "%s is not judged yet", language_name(in->language));
    struct str source = in->files[0].text;
    const struct recipe *how = &recipes[in->language];
    struct bench_tool *t = NULL;
    struct program p = {.language = in->language};
    char key[65];
    TRY(bench_tool(b, how->tool, env, &t, e));
    cache_key(how, t, source, key);
    p.was_cached = bench_find(b, key) != NULL;
    if (!p.was_cached)
        TRY(compile_anew(b, env, how, t, source, key, tmp, e));
    fill_program(how, t, bench_find(b, key), source, &p, keep);
    memcpy(p.hash, key, sizeof p.hash);
    *out = p;
    return true;
}
