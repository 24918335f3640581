#include "tests/support/compile_fixture.h"

#include <stdio.h>

#include "tests/support/support.h"

struct compile_fixture fixture;

void fixture_open(void)
{
    static char box_path[1024];
    struct err e = {0};
    fixture = (struct compile_fixture){0};
    arena_init(&fixture.keep, "keep", 4 * LIMIT_GIB);
    arena_init(&fixture.tmp, "tmp", LIMIT_GIB);
    (void)snprintf(box_path, sizeof box_path, "%s/podium-box", support_build());
    fixture.env = (struct grader_env){.box_path = box_path, .work_dir = support_temp()};
    ASSERT_OK(bench_get(&fixture.env, &fixture.bench, &e), e);
}

void fixture_close(void)
{
    bench_close();
    arena_fini(&fixture.keep);
    arena_fini(&fixture.tmp);
}

struct program fixture_compile(const struct compile_in *in)
{
    struct err e = {0};
    struct program p = {0};
    bool ok = compile(fixture.bench, &fixture.env, in, &p, &fixture.keep, fixture.tmp, &e);
    if (!ok && e.cls == ERR_UNSUPPORTED && str_starts(str_of(e.text), STR("no ")))
        support_skip("toolchain", e.text);
    ASSERT_OK(ok, e);
    return p;
}

struct program fixture_compile_text(enum language l, const char *text)
{
    struct source file = {STR("prog"), str_of(text)};
    struct compile_in in = {.language = l, .files = &file, .n_files = 1};
    return fixture_compile(&in);
}

struct err fixture_compile_fails(const struct compile_in *in)
{
    struct err e = {0};
    struct program p = {0};
    cr_assert_not(compile(fixture.bench, &fixture.env, in, &p, &fixture.keep, fixture.tmp, &e));
    return e;
}

struct sandbox_result fixture_run(const struct program *p, struct str input, int64_t cpu_ms,
                                  int64_t memory_mib, const char *const *words)
{
    struct err e = {0};
    struct sandbox_result r = {0};
    struct program told = *p;
    cr_assert(p->is_ok, "%.*s", STR_ARG(p->messages));
    compile_tell_memory(&told, memory_mib * LIMIT_KIB, &fixture.keep);
    for (; words != NULL && *words != NULL; words++)
        told.argv[told.n_argv++] = str_of(*words);
    struct sandbox_job job = {
        .argv = told.argv,
        .n_argv = told.n_argv,
        .files = told.files,
        .n_files = told.n_files,
        .input = input,
        .work_dir = str_of(fixture.env.work_dir),
        .profile = told.profile,
        .limits = sandbox_limits_run(cpu_ms, memory_mib * LIMIT_KIB + told.memory_more_kib)};
    job.env = compile_env(&job.n_env);
    ASSERT_OK(bench_run(fixture.bench, &job, &r, &fixture.keep, &e), e);
    return r;
}

void fixture_needs_folders(void)
{
    struct err e = {0};
    struct sandbox_result r;
    struct str argv[] = {STR("/bin/true")};
    struct sandbox_file file = {.name = STR("a/b"), .bytes = STR("x")};
    struct sandbox_job job = {.argv = argv,
                              .n_argv = 1,
                              .files = &file,
                              .n_files = 1,
                              .work_dir = str_of(fixture.env.work_dir),
                              .limits = sandbox_limits_run(1000, 64 * LIMIT_KIB)};
    bool ok = bench_run(fixture.bench, &job, &r, &fixture.keep, &e);
    if (!ok && bench_get(&fixture.env, &fixture.bench, &e))
        support_skip("folders", "this box takes no files in folders");
}
