/* One compile, from the top down: which files (plan.c), under which key, is it kept already
 * (bench.c, compile_cache.c), else one run of the tool in the box, what that run means, and what of
 * it is kept.
 *
 * Whose fault a failure is gets decided here, once. A tool's refusal is believed only after the
 * tool has compiled something trivial with the same flags. A tool that was stopped at a limit is
 * CE; only when it hit its wall limit while even the trivial program crawls is it the machine. */
#include "graders/judge/compile.h"

#include <assert.h>
#include <stdio.h>

#include "base/file.h"
#include "base/hash.h"
#include "graders/judge/compile_cache.h"
#include "graders/judge/compile_entry.h"
#include "graders/judge/compile_pch.h"
#include "graders/judge/java.h"
#include "graders/judge/plan.h"
#include "graders/judge/tar.h"

enum { MESSAGES_KEPT = 4096, ARGV_FIXED = 44, KEY_FIELDS = 48, HEADER_AT_PROGRAM = 3 };
#define PROGRAM_BYTES_MAX (64 * LIMIT_MIB)

static_assert(COMPILE_TASK + 1 == BENCH_STYLES, "a header for each style");

/* One run of the tool. */
struct errand {
    const struct sandbox_file *files;
    int64_t n_files;
    const struct str *sources;
    int64_t n_sources;
    int64_t cpu_ms;                    /* 0: the usual */
    const struct bench_header *header; /* to use; NULL: none */
    bool makes_header;
};

/* Everything about one call of compile. */
struct order {
    struct bench *b;
    const struct grader_env *env;
    const struct compile_in *in;
    struct plan plan;
    struct bench_tool *tool;
    struct bench_tool *runner; /* NULL: what is made runs itself */
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
        VAR("GOMAXPROCS=1"),           /* a judged program has one processor */
        VAR("OPENSSL_CONF=/dev/null"), /* node does not start when it may not read the real one */
    };
#undef VAR
    *n = (int64_t)(sizeof vars / sizeof *vars);
    return vars;
}

/* --- the command line --------------------------------------------------------------------- */

static void push(struct str *argv, int64_t *n, const char *const *flags, int64_t n_max)
{
    for (int64_t i = 0; i < n_max && flags[i] != NULL; i++)
        argv[(*n)++] = str_of(flags[i]);
}

static bool is_static(const struct order *o)
{
    const char *const *style = o->plan.how->style[o->in->style];
    for (int i = 0; i < 4 && style[i] != NULL; i++)
        if (strcmp(style[i], "-static") == 0)
            return true;
    return false;
}

static void push_style(const struct order *o, struct str *argv, int64_t *n)
{
    const char *const *style = o->plan.how->style[o->in->style];
    for (int i = 0; i < 4 && style[i] != NULL; i++)
        if (!o->tool->no_static || strcmp(style[i], "-static") != 0)
            argv[(*n)++] = str_of(style[i]);
}

static struct str *make_argv(const struct order *o, const struct errand *a, int64_t *n,
                             struct arena *tmp)
{
    static const char *const make_header[] = {"-x", "c++-header"};
    static const char *const use_header[] = {PCH_FLAG};
    const struct recipe *how = o->plan.how;
    struct str *argv = NEW(tmp, struct str, ARGV_FIXED + a->n_sources);
    *n = 0;
    if (how->shell != NULL) {
        argv[(*n)++] = STR("/bin/sh");
        argv[(*n)++] = STR("-c");
        argv[(*n)++] = str_of(how->shell);
    }
    argv[(*n)++] = str_of(o->tool->path);
    push(argv, n, how->flags, RECIPE_FLAGS);
    push_style(o, argv, n);
    push(argv, n, make_header, a->makes_header ? 2 : 0);
    push(argv, n, use_header, a->header != NULL ? 1 : 0);
    for (int64_t i = 0; i < a->n_sources; i++)
        argv[(*n)++] = a->sources[i];
    push(argv, n, how->after, 4);
    assert(*n <= ARGV_FIXED + a->n_sources);
    return argv;
}

/* --- running the tool --------------------------------------------------------------------- */

/* The header lies in the box's memory and on its disk: it must not make either tighter. */
static struct sandbox_limits limits_of(const struct order *o, const struct errand *a)
{
    struct sandbox_limits l = recipe_limits(o->in->style, a->cpu_ms);
    int64_t header_kib = a->header != NULL ? a->header->n_bytes / LIMIT_KIB + 1 : 0;
    if (a->makes_header) {
        header_kib = PCH_BYTES_MAX / LIMIT_KIB;
        l.file_kib = header_kib;
    }
    l.memory_kib += header_kib;
    l.disk_kib += header_kib;
    return l;
}

static bool run_tool(const struct order *o, const struct errand *a, struct sandbox_result *r,
                     struct arena *keep, struct err *e)
{
    const struct recipe *how = o->plan.how;
    int64_t n_max = a->makes_header ? PCH_BYTES_MAX : PROGRAM_BYTES_MAX;
    struct sandbox_take take = {.name = str_of(how->made), .n_max = n_max};
    struct sandbox_file *files = NEW(keep, struct sandbox_file, a->n_files + 1);
    struct sandbox_job job = {.files = files,
                              .takes = &take,
                              .n_takes = how->made != NULL,
                              .work_dir = str_of(o->env->work_dir),
                              .profile = how->compiling,
                              .limits = limits_of(o, a)};
    for (int64_t i = 0; i < a->n_files; i++)
        files[job.n_files++] = a->files[i];
    if (a->header != NULL)
        files[job.n_files++] =
            (struct sandbox_file){.name = STR(PCH_NAME), .path = a->header->path};
    job.argv = make_argv(o, a, &job.n_argv, keep);
    job.env = compile_env(&job.n_env);
    return bench_run(o->b, &job, r, keep, e);
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

static bool run_trivial(const struct order *o, struct sandbox_result *r, struct arena *keep,
                        struct err *e)
{
    const struct recipe *how = o->plan.how;
    struct str name = str_of(how->trivial_name);
    struct sandbox_file file = {.name = name, .bytes = str_of(how->trivial)};
    struct errand a = {.files = &file, .n_files = 1, .sources = &name, .n_sources = 1};
    return run_tool(o, &a, r, keep, e);
}

static bool is_proved(const struct order *o)
{
    return o->tool->is_proved[o->in->language] &&
           (!is_static(o) || o->tool->has_static || o->tool->no_static);
}

static void note_proved(const struct order *o)
{
    o->tool->is_proved[o->in->language] = true;
    o->tool->has_static = o->tool->has_static || (is_static(o) && !o->tool->no_static);
}

/* Before the first CE of a tool is believed, it must compile something trivial, with the same
 * flags. One that can do it only without -static is used without. */
static bool prove(const struct order *o, struct arena tmp, struct err *e)
{
    struct sandbox_result r;
    if (is_proved(o))
        return true;
    TRY(run_trivial(o, &r, &tmp, e));
    bool ok = has_made(o->plan.how, &r);
    if (!ok && is_static(o) && !o->tool->no_static) {
        o->tool->no_static = true;
        TRY(run_trivial(o, &r, &tmp, e));
        ok = has_made(o->plan.how, &r);
        o->tool->no_static = ok;
    }
    if (!ok)
        return FAIL(e, ERR_UNSUPPORTED, "the %s of this machine cannot compile %s: %.*s",
                    o->plan.how->tool, language_name(o->in->language),
                    STR_ARG(str_sub(messages_of(&r, &tmp), 0, 120)));
    note_proved(o);
    return true;
}

/* The wall limit was hit. A compiler that waits for itself (it was told to read what it writes) is
 * the source's doing; one that waits for a processor is not, and then a trivial program waits too.
 */
static bool blame_wall(const struct order *o, struct arena tmp, struct err *e)
{
    struct sandbox_result r;
    TRY(run_trivial(o, &r, &tmp, e));
    if (!has_made(o->plan.how, &r) || r.wall_us > 4 * r.cpu_us + 2000000)
        return FAIL(e, ERR_LIMIT, "%s got too little of an overloaded machine", o->plan.how->tool);
    return true;
}

/* --- what came of it ---------------------------------------------------------------------- */

static struct str tool_name(const struct order *o, struct arena *keep)
{
    return o->tool->no_static && is_static(o)
               ? arena_fmt(keep, "%s, not static: no static libraries", o->tool->version)
               : arena_str(keep, str_of(o->tool->version));
}

static void refuse(struct program *p, struct str why)
{
    p->is_ok = false;
    p->messages = why;
    p->n_files = 0;
    p->n_argv = 0;
}

static void start_with_runner(const struct order *o, struct program *p, struct str what)
{
    p->argv[p->n_argv++] = str_of(o->runner->path);
    push(p->argv, &p->n_argv, o->plan.how->run, RECIPE_FLAGS);
    p->argv[p->n_argv++] = what;
    assert(p->n_argv < PROGRAM_ARGS);
}

/* Class files lie in the box as they lay where javac put them. */
static void keep_classes(const struct order *o, struct str archive, struct program *p,
                         struct arena *keep)
{
    struct tar_file *members = NULL;
    struct err e = {0};
    struct str name = {0};
    struct str stem = o->plan.main;
    int64_t n = 0;
    if (!tar_read(archive, &members, &n, keep, &e)) {
        refuse(p, arena_fmt(keep, "the class files came back as %s", e.text));
        return;
    }
    struct sandbox_file *files = NEW(keep, struct sandbox_file, n);
    for (int64_t i = 0; i < n; i++)
        if (str_ends(members[i].name, STR(".class")) && plan_name_is_safe(members[i].name))
            files[p->n_files++] =
                (struct sandbox_file){.name = members[i].name, .bytes = members[i].bytes};
    p->files = files;
    stem = str_sub(stem, str_rfind(stem, STR("/")) + 1, str_rfind(stem, STR(".")));
    if (java_main_class(files, p->n_files, o->in->entry, stem, &name, keep))
        start_with_runner(o, p, name);
    else
        refuse(p, STR("no class has a method \"public static void main(String[])\""));
}

static void keep_made(const struct order *o, const struct sandbox_result *r, struct program *p,
                      struct arena *keep)
{
    if (o->in->language == LANGUAGE_JAVA) {
        keep_classes(o, r->taken[0], p, keep);
        return;
    }
    if (o->plan.how->made == NULL) { /* what was checked is what runs */
        p->files = o->plan.files;
        p->n_files = o->plan.n_files;
        start_with_runner(o, p, o->plan.main);
        return;
    }
    struct sandbox_file *file = NEW(keep, struct sandbox_file, 1);
    *file = (struct sandbox_file){
        .name = str_of(o->plan.how->made), .bytes = r->taken[0], .is_program = true};
    p->files = file;
    p->n_files = 1;
    p->argv[p->n_argv++] = arena_fmt(keep, "./%s", o->plan.how->made);
}

/* --- keys and caches ---------------------------------------------------------------------- */

/* Everything that could make a difference to the result, by value. */
static void make_key(const struct order *o, char key[65], struct arena tmp)
{
    const struct plan *p = &o->plan;
    struct str *f = NEW(&tmp, struct str, KEY_FIELDS + 2 * p->n_files + ARGV_FIXED + p->n_sources);
    int64_t n_argv = 0;
    int64_t n = 0;
    struct errand a = {.sources = p->sources, .n_sources = p->n_sources};
    struct str *argv = make_argv(o, &a, &n_argv, &tmp);
    f[n++] = arena_fmt(&tmp, "%d %lld", (int)RECIPE_VERSION, (long long)o->in->compile_ms);
    f[n++] = str_of(p->how->name);
    f[n++] = str_of(o->tool->version);
    f[n++] = str_of(o->runner == NULL ? "" : o->runner->path);
    f[n++] = str_of(o->runner == NULL ? "" : o->runner->version);
    push(f, &n, p->how->run, RECIPE_FLAGS);
    f[n++] = o->in->entry;
    f[n++] = p->main;
    f[n++] = p->why_not;
    f[n++] = arena_fmt(&tmp, "%lld", (long long)n_argv);
    for (int64_t i = 0; i < n_argv; i++)
        f[n++] = argv[i];
    for (int64_t i = 0; i < p->n_files; i++) {
        f[n++] = p->files[i].name;
        f[n++] = p->files[i].bytes;
    }
    struct hash h = hash_fields(f, n);
    hash_hex(&h, key);
}

static bool find_kept(const struct order *o, const char key[65], struct program *p,
                      struct arena *keep, struct arena tmp)
{
    struct str entry = bench_find(o->b, key);
    if (entry.n > 0 && entry_get(entry, p, keep))
        return true;
    if (o->env->cache_dir == NULL || !cache_find(o->env->cache_dir, key, &entry, &tmp) ||
        !entry_get(entry, p, keep))
        return false;
    bench_store(o->b, key, entry);
    return true;
}

static void keep_program(const struct order *o, const char key[65], const struct program *p,
                         bool is_final, struct arena tmp)
{
    struct buf entry = {0};
    entry_put(&entry, p);
    bench_store(o->b, key, buf_str(&entry));
    if (is_final && o->env->cache_dir != NULL)
        cache_store(o->env->cache_dir, key, buf_str(&entry), tmp);
    buf_free(&entry);
}

/* --- the header that is read once --------------------------------------------------------- */

static void make_header_key(const struct order *o, char key[65], struct arena tmp)
{
    struct errand a = {.makes_header = true};
    int64_t n = 0;
    struct str *f = make_argv(o, &a, &n, &tmp);
    f[n++] = STR("header");
    f[n++] = str_of(o->tool->version);
    f[n++] = arena_fmt(&tmp, "%d", (int)RECIPE_VERSION);
    struct hash h = hash_fields(f, n);
    hash_hex(&h, key);
}

/* Making it costs as much as three compiles: so it is made for the third that wants it, once, and
 * when it cannot be made it is done without. */
static bool make_header(const struct order *o, const char key[65], struct arena tmp, struct err *e)
{
    struct sandbox_result r;
    struct str name = STR("header.h");
    struct sandbox_file file = {.name = name, .bytes = STR(PCH_HEADER)};
    struct errand a = {
        .files = &file, .n_files = 1, .sources = &name, .n_sources = 1, .makes_header = true};
    TRY(run_tool(o, &a, &r, &tmp, e));
    if (has_made(o->plan.how, &r))
        pch_store(o->env->cache_dir, key, r.taken[0], tmp);
    return true;
}

/* The header for this program; NULL: it wants none, or there is none. */
static bool find_header(const struct order *o, const struct bench_header **out, struct arena tmp,
                        struct err *e)
{
    struct bench_header *h = &o->b->headers[o->in->language][o->in->style];
    char key[65];
    *out = NULL;
    if (o->env->cache_dir == NULL || !language_is_cpp(o->in->language) || o->plan.n_sources != 1 ||
        h->is_given_up)
        return true;
    for (int64_t i = 0; i < o->plan.n_files; i++)
        if (str_eq(o->plan.files[i].name, o->plan.sources[0]) && !pch_fits(o->plan.files[i].bytes))
            return true;
    if (!h->is_there) {
        make_header_key(o, key, tmp);
        h->is_there = pch_find(o->env->cache_dir, key, h->path, &h->n_bytes, tmp);
    }
    if (!h->is_there && ++h->n_wanted >= HEADER_AT_PROGRAM) {
        TRY(make_header(o, key, tmp, e));
        h->is_there = pch_find(o->env->cache_dir, key, h->path, &h->n_bytes, tmp);
        h->is_given_up = !h->is_there;
    }
    /* somebody may have emptied the folder since */
    h->is_there = h->is_there && file_exists(h->path);
    *out = h->is_there ? h : NULL;
    return true;
}

/* --- the whole ---------------------------------------------------------------------------- */

/* A failure with the header proves nothing: it is asked again without. */
static bool run_compiler(const struct order *o, struct sandbox_result *r, struct arena *keep,
                         struct err *e)
{
    struct errand a = {.files = o->plan.files,
                       .n_files = o->plan.n_files,
                       .sources = o->plan.sources,
                       .n_sources = o->plan.n_sources,
                       .cpu_ms = o->in->compile_ms};
    TRY(find_header(o, &a.header, *keep, e));
    TRY(run_tool(o, &a, r, keep, e));
    if (a.header == NULL || has_made(o->plan.how, r))
        return true;
    a.header = NULL;
    return run_tool(o, &a, r, keep, e);
}

/* Texts of *p from *keep; *is_final: the same would come of it on any machine with these tools. */
static bool compile_anew(const struct order *o, struct program *p, bool *is_final,
                         struct arena *keep, struct err *e)
{
    struct sandbox_result r;
    bool had_static = !o->tool->no_static;
    TRY(run_compiler(o, &r, keep, e));
    if (r.end == SANDBOX_WALL)
        TRY(blame_wall(o, *keep, e));
    bool ok = has_made(o->plan.how, &r);
    if (!ok)
        TRY(prove(o, *keep, e));
    if (!ok && had_static && o->tool->no_static) {
        TRY(run_compiler(o, &r, keep, e));
        ok = has_made(o->plan.how, &r);
    }
    if (ok)
        note_proved(o);
    p->is_ok = ok;
    p->messages = messages_of(&r, keep);
    p->tool = tool_name(o, keep);
    *is_final = r.end == SANDBOX_EXITED && !(is_static(o) && o->tool->no_static);
    if (ok)
        keep_made(o, &r, p, keep);
    return true;
}

static void refused_by_plan(const struct order *o, struct program *p, struct arena *keep)
{
    refuse(p, arena_str(keep, o->plan.why_not));
    p->tool = tool_name(o, keep);
}

bool compile(struct bench *b, const struct grader_env *env, const struct compile_in *in,
             struct program *out, struct arena *keep, struct arena tmp, struct err *e)
{
    struct order o = {.b = b, .env = env, .in = in};
    TRY(plan_files(in, &o.plan, &tmp, e));
    const struct recipe *how = o.plan.how;
    TRY(bench_tool(b, how->tool, env, &o.tool, e));
    if (how->runner != NULL)
        TRY(bench_tool(b, how->runner, env, &o.runner, e));
    struct program p = {.language = in->language,
                        .profile = how->running,
                        .n_processes = how->n_processes,
                        .memory_more_kib = how->memory_more_kib};
    make_key(&o, p.hash, tmp);
    if (o.plan.why_not.n > 0) {
        refused_by_plan(&o, &p, keep);
    } else if (find_kept(&o, p.hash, &p, keep, tmp)) {
        p.was_cached = true;
    } else {
        struct program made = p; /* its texts die with tmp; an entry's are copied to *keep */
        bool is_final = false;
        struct arena left = tmp;
        TRY(compile_anew(&o, &made, &is_final, &left, e));
        keep_program(&o, p.hash, &made, is_final, left);
        if (!find_kept(&o, p.hash, &p, keep, left))
            return FAIL(e, ERR_LIMIT, "a program of more than %lld bytes",
                        (long long)BENCH_BYTES_MAX);
    }
    *out = p;
    return true;
}

/* --- limits that runtimes must be told ------------------------------------------------------ */

/* Before the last argument, which is the class or the script. */
static void insert(struct program *p, struct str flag)
{
    assert(p->n_argv >= 2);
    assert(p->n_argv < PROGRAM_ARGS);
    p->argv[p->n_argv] = p->argv[p->n_argv - 1];
    p->argv[p->n_argv - 1] = flag;
    p->n_argv++;
}

static int64_t clamp(int64_t v, int64_t low, int64_t high)
{
    return v < low ? low : v > high ? high : v;
}

void compile_tell_memory(struct program *p, int64_t memory_kib, struct arena *keep)
{
    /* all the memory may be stack, as elsewhere in the box; a JVM takes no more than 1 GiB */
    int64_t stack_kib = clamp(memory_kib, LIMIT_KIB, LIMIT_MIB - LIMIT_KIB);
    int64_t heap_kib = clamp(memory_kib, 8 * LIMIT_KIB, 1LL << 40);
    if (!p->is_ok)
        return;
    if (p->language == LANGUAGE_JAVA) {
        insert(p, arena_fmt(keep, "-Xmx%lldk", (long long)heap_kib));
        /* the launcher makes the main thread of the first, the JVM all others of the second */
        insert(p, arena_fmt(keep, "-Xss%lldk", (long long)stack_kib));
        insert(p, STR("-XX:ThreadStackSize=16384"));
    }
    if (p->language == LANGUAGE_JAVASCRIPT) {
        insert(p, arena_fmt(keep, "--max-old-space-size=%lld", (long long)(heap_kib / LIMIT_KIB)));
        insert(p, arena_fmt(keep, "--stack-size=%lld", (long long)stack_kib));
    }
}
