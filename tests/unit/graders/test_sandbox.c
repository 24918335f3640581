/* The box from the caller's side. What hostile programs try is tests/fault/box. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "graders/sandbox/sandbox.h"
#include "tests/support/support.h"

static struct arena keep;
static struct sandbox *box;

static void open_box(bool no_namespaces)
{
    static char path[1024];
    struct err e = {0};
    (void)snprintf(path, sizeof path, "%s/podium-box", support_build());
    struct sandbox_options o = {.box_path = path, .no_namespaces = no_namespaces};
    ASSERT_OK(sandbox_open(&box, &o, &e), e);
}

static void setup(void)
{
    arena_init(&keep, "test", 512 * LIMIT_MIB);
    open_box(false);
}

static void setup_fallback(void)
{
    arena_init(&keep, "test", 512 * LIMIT_MIB);
    open_box(true);
}

static void teardown(void)
{
    sandbox_close(box);
    arena_fini(&keep);
}

/* Runs a shell line with input. */
static struct sandbox_result shell(const char *line, struct str input, struct sandbox_limits l)
{
    struct err e = {0};
    struct str argv[] = {STR("/bin/sh"), STR("-c"), str_of(line)};
    struct sandbox_job job = {
        .argv = argv, .n_argv = 3, .input = input, .work_dir = str_of(support_temp()), .limits = l};
    struct sandbox_result r;
    ASSERT_OK(sandbox_run(box, &job, &r, &keep, &e), e);
    return r;
}

static struct sandbox_limits usual(void)
{
    return sandbox_limits_run(2000, 256 * 1024);
}

TestSuite(sandbox, .init = setup, .fini = teardown);
TestSuite(sandbox_fallback, .init = setup_fallback, .fini = teardown);

Test(sandbox, input_goes_in_and_both_outputs_come_out)
{
    struct sandbox_result r =
        shell("read a; echo got $a; echo oops >&2; exit 3", STR("42\n"), usual());
    cr_assert_eq(r.end, SANDBOX_EXITED);
    cr_assert_eq(r.code, 3);
    cr_assert(str_eq(r.out, STR("got 42\n")), "%.*s", STR_ARG(r.out));
    cr_assert(str_eq(r.err, STR("oops\n")), "%.*s", STR_ARG(r.err));
}
