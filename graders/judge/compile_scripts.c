#include "graders/judge/compile_scripts.h"

#include "base/hash.h"
#include "graders/judge/compile_entry.h"
#include "graders/judge/plan.h"
#include "graders/judge/recipe.h"
#include "graders/judge/tar.h"

enum { MESSAGES_KEPT = 4096 };
#define MADE_BYTES_MAX (64 * LIMIT_MIB)
#define MADE           "made.tar"

/* In a copy: what was placed in the box cannot be written to, and a build may want to. */
static const char builder[] =
    "cp -r program made && chmod -R u+w made && cd made || exit 1\n"
    "./build >&2 || exit 1\n"
    "[ -f run ] && [ -x run ] || { echo 'build made no executable run' >&2; exit 1; }\n"
    "exec tar -cf ../" MADE " --format=gnu .\n";

static bool has_file(const struct source *files, int64_t n, struct str name)
{
    for (int64_t i = 0; i < n; i++)
        if (str_eq(files[i].name, name))
            return true;
    return false;
}

static struct str in_folder(struct str name, struct arena *keep)
{
    return arena_fmt(keep, "program/%.*s", STR_ARG(name));
}

/* Packages as they are read have no modes: every file may be started. */
static void place(const struct source *files, int64_t n, struct program *p, struct arena *keep)
{
    struct sandbox_file *placed = NEW(keep, struct sandbox_file, n);
    for (int64_t i = 0; i < n; i++)
        placed[i] = (struct sandbox_file){
            .name = in_folder(files[i].name, keep), .bytes = files[i].text, .is_program = true};
    p->files = placed;
    p->n_files = n;
}

static bool run_build(struct bench *b, const struct grader_env *env, const struct program *given,
                      struct sandbox_result *r, struct arena *tmp, struct err *e)
{
    struct str argv[] = {STR("/bin/sh"), STR("-c"), str_of(builder)};
    struct sandbox_take take = {STR(MADE), MADE_BYTES_MAX};
    struct sandbox_job job = {.argv = argv,
                              .n_argv = 3,
                              .files = given->files,
                              .n_files = given->n_files,
                              .takes = &take,
                              .n_takes = 1,
                              .work_dir = str_of(env->work_dir),
                              .limits = recipe_limits(COMPILE_TASK, 0),
                              .profile = SANDBOX_COMPILER};
    job.env = compile_env(&job.n_env);
    return bench_run(b, &job, r, tmp, e);
}

static void refuse(struct program *p, struct str why)
{
    p->is_ok = false;
    p->messages = why;
    p->n_files = 0;
}

/* Files of the archive that could not have come from a build are left out: they would only hurt
 * the next box. */
static void keep_made(struct str archive, struct program *p, struct arena *keep)
{
    struct tar_file *members = NULL;
    struct err e = {0};
    int64_t n = 0;
    if (!tar_read(archive, &members, &n, keep, &e)) {
        refuse(p, arena_fmt(keep, "what build made came back as %s", e.text));
        return;
    }
    struct source *files = NEW(keep, struct source, n);
    int64_t n_files = 0;
    for (int64_t i = 0; i < n; i++)
        if (plan_name_is_safe(members[i].name))
            files[n_files++] = (struct source){members[i].name, arena_str(keep, members[i].bytes)};
    place(files, n_files, p, keep);
}

static bool build(struct bench *b, const struct grader_env *env, struct program *p,
                  struct arena *keep, struct arena tmp, struct err *e)
{
    struct sandbox_result r;
    TRY(run_build(b, env, p, &r, &tmp, e));
    struct str said = arena_str(keep, str_sub(r.err, 0, MESSAGES_KEPT));
    p->messages = said;
    if (r.end != SANDBOX_EXITED)
        refuse(p, arena_fmt(keep, "build was ended by %s: %.*s", sandbox_end_name(r.end),
                            STR_ARG(said)));
    else if (r.code != 0)
        refuse(p, said);
    else if (r.taken[0].at == NULL)
        refuse(p, STR("build made more than is kept"));
    else
        keep_made(r.taken[0], p, keep);
    return true;
}

static void make_key(const struct source *files, int64_t n, char key[65], struct arena tmp)
{
    struct str *f = NEW(&tmp, struct str, 2 * n + 2);
    f[0] = STR("scripts");
    f[1] = arena_fmt(&tmp, "%d", (int)RECIPE_VERSION);
    for (int64_t i = 0; i < n; i++) {
        f[2 * i + 2] = files[i].name;
        f[2 * i + 3] = files[i].text;
    }
    struct hash h = hash_fields(f, 2 * n + 2);
    hash_hex(&h, key);
}

static void store(struct bench *b, const char key[65], const struct program *p)
{
    struct buf entry = {0};
    entry_put(&entry, p);
    bench_store(b, key, buf_str(&entry));
    buf_free(&entry);
}

bool compile_scripts(struct bench *b, const struct grader_env *env, const struct source *files,
                     int64_t n_files, struct program *out, struct arena *keep, struct arena tmp,
                     struct err *e)
{
    struct program p = {.is_ok = true, .profile = SANDBOX_COMPILER, .tool = STR("its own scripts")};
    make_key(files, n_files, p.hash, tmp);
    struct str kept = bench_find(b, p.hash);
    if (kept.n == 0 || !entry_get(kept, &p, keep)) {
        place(files, n_files, &p, keep);
        p.argv[p.n_argv++] = STR("./program/run");
        if (has_file(files, n_files, STR("build")))
            TRY(build(b, env, &p, keep, tmp, e));
        store(b, p.hash, &p);
    }
    *out = p;
    return true;
}
