/* The box from the caller's side. What hostile programs try is tests/fault/box. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
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
    arena_init(&keep, "test", LIMIT_GIB);
    open_box(false);
}

static void setup_fallback(void)
{
    arena_init(&keep, "test", LIMIT_GIB);
    open_box(true);
}

static void teardown(void)
{
    sandbox_close(box);
    arena_fini(&keep);
}

TestSuite(sandbox, .init = setup, .fini = teardown);
TestSuite(sandbox_fallback, .init = setup_fallback, .fini = teardown);

/* Runs a shell line with input. */
static struct sandbox_result shell(const char *line, struct str input, struct sandbox_limits l)
{
    struct err e = {0};
    struct str argv[] = {STR("/bin/sh"), STR("-c"), str_of(line)};
    struct str env[] = {STR("PATH=/usr/bin:/bin"), STR("COLOUR=blue sky")};
    struct sandbox_job job = {.argv = argv,
                              .n_argv = 3,
                              .env = env,
                              .n_env = 2,
                              .input = input,
                              .work_dir = str_of(support_temp()),
                              .limits = l};
    struct sandbox_result r;
    ASSERT_OK(sandbox_run(box, &job, &r, &keep, &e), e);
    return r;
}

static struct sandbox_limits usual(void)
{
    return sandbox_limits_run(2000, 256 * 1024);
}

static void check_streams(void)
{
    struct sandbox_result r =
        shell("read a; echo got $a; echo oops >&2; exit 3", STR("42\n"), usual());
    cr_assert_eq(r.end, SANDBOX_EXITED);
    cr_assert_eq(r.code, 3);
    cr_assert(str_eq(r.out, STR("got 42\n")), "%.*s", STR_ARG(r.out));
    cr_assert(str_eq(r.err, STR("oops\n")), "%.*s", STR_ARG(r.err));
}

Test(sandbox, input_goes_in_and_both_outputs_come_out)
{
    check_streams();
}

Test(sandbox_fallback, input_goes_in_and_both_outputs_come_out)
{
    struct str isolation;
    struct str why;
    sandbox_isolation(box, &isolation, &why);
    cr_assert(str_find(isolation, STR("namespaces"), 0) < 0);
    cr_assert(str_eq(why, STR("not wanted")));
    check_streams();
}

Test(sandbox, the_environment_is_what_was_given_and_no_more)
{
    struct sandbox_result r = shell("env | grep -v -e ^PWD= -e ^_=", (struct str){0}, usual());
    cr_assert(str_eq(r.out, STR("PATH=/usr/bin:/bin\nCOLOUR=blue sky\n")) ||
                  str_eq(r.out, STR("COLOUR=blue sky\nPATH=/usr/bin:/bin\n")),
              "%.*s", STR_ARG(r.out));
}

Test(sandbox, dev_stdin_can_be_opened_by_name)
{
    struct sandbox_result r = shell("cat /dev/stdin", STR("by name\n"), usual());
    struct str isolation;
    struct str why;
    sandbox_isolation(box, &isolation, &why);
    if (r.code != 0)
        support_skip("proc", "this machine lets no box have its own /proc");
    cr_assert(str_eq(r.out, STR("by name\n")), "%.*s", STR_ARG(r.out));
}

Test(sandbox, large_input_and_output_arrive_whole)
{
    static char input[20 << 20];
    for (size_t i = 0; i < sizeof input; i++)
        input[i] = (char)(i * 2654435761U >> 24);
    struct str in = {input, sizeof input};
    struct sandbox_result r = shell("cat", in, usual());
    cr_assert_eq(r.end, SANDBOX_EXITED, "%s", sandbox_end_name(r.end));
    cr_assert(str_eq(r.out, in));
    /* what the keeper carried must not count as the program's memory */
    cr_assert_lt(r.memory_kib, 20 * 1024, "%lld KiB", (long long)r.memory_kib);
    r = shell("true", (struct str){0}, usual());
    cr_assert_lt(r.memory_kib, 20 * 1024, "%lld KiB", (long long)r.memory_kib);
}

Test(sandbox, output_is_kept_to_the_byte_and_one_more_is_too_much)
{
    struct sandbox_limits l = usual();
    l.n_stdout_max = 100000;
    struct sandbox_result r = shell("head -c 100000 /dev/zero", (struct str){0}, l);
    cr_assert_eq(r.end, SANDBOX_EXITED);
    cr_assert_eq(r.out.n, 100000);
    r = shell("head -c 100001 /dev/zero", (struct str){0}, l);
    cr_assert_eq(r.end, SANDBOX_OUTPUT);
    cr_assert_eq(r.out.n, 100000);
    l.n_stderr_max = 10;
    r = shell("echo 12345678901 >&2", (struct str){0}, l);
    cr_assert_eq(r.end, SANDBOX_OUTPUT);
}

static void check_limits(void)
{
    struct sandbox_limits l = usual();
    l.cpu_ms = 200;
    struct sandbox_result r = shell("while :; do :; done", (struct str){0}, l);
    cr_assert_eq(r.end, SANDBOX_CPU);
    cr_assert_geq(r.cpu_us, 200000);
    cr_assert_lt(r.cpu_us, 260000, "%lld us", (long long)r.cpu_us);
    l = usual();
    l.wall_ms = 300;
    r = shell("sleep 100", (struct str){0}, l);
    cr_assert_eq(r.end, SANDBOX_WALL);
    cr_assert_geq(r.wall_us, 300000);
    r = shell("kill -SEGV $$", (struct str){0}, usual());
    cr_assert_eq(r.end, SANDBOX_SIGNALLED);
    cr_assert_eq(r.signal, SIGSEGV);
}

Test(sandbox, each_limit_has_its_end)
{
    check_limits();
}

Test(sandbox_fallback, each_limit_has_its_end)
{
    check_limits();
}

static void check_account(void)
{
    struct sandbox_limits l = usual();
    l.cpu_ms = 20000;
    /* `times` of the shell itself: "0m0.123s 0m0.004s" for it, then for its children */
    struct sandbox_result r =
        shell("i=0; while [ $i -lt 150000 ]; do i=$((i+1)); done; times", (struct str){0}, l);
    double user = 0;
    double sys = 0;
    char line[64] = {0};
    memcpy(line, r.out.at, (size_t)(r.out.n < 63 ? r.out.n : 63));
    cr_assert_eq(sscanf(line, "0m%lfs 0m%lfs", &user, &sys), 2, "%s", line);
    double told_ms = (user + sys) * 1e3;
    double ours_ms = (double)r.cpu_us / 1e3;
    /* the shell's clock ticks in 10 ms, and ours has exec and exit in it */
    cr_assert(ours_ms > told_ms - 12 && ours_ms < told_ms + 25, "told %.1f ms, ours %.1f ms",
              told_ms, ours_ms);
}

Test(sandbox, cpu_time_agrees_with_the_programs_own_clock)
{
    check_account();
}

Test(sandbox, files_go_in_and_come_out)
{
    struct err e = {0};
    struct str argv[] = {STR("/bin/sh"), STR("-c"), STR("cat data > copy; ./tool; rm -f gone")};
    struct sandbox_file files[] = {
        {.name = STR("data"), .bytes = STR("a\0b")},
        {.name = STR("tool"), .bytes = STR("#!/bin/sh\necho ran > more\n"), .is_program = true}};
    struct sandbox_take takes[] = {
        {STR("copy"), 100}, {STR("more"), 100}, {STR("gone"), 100}, {STR("copy"), 2}};
    struct sandbox_job job = {.argv = argv,
                              .n_argv = 3,
                              .files = files,
                              .n_files = 2,
                              .takes = takes,
                              .n_takes = 4,
                              .work_dir = str_of(support_temp()),
                              .limits = usual()};
    struct sandbox_result r;
    ASSERT_OK(sandbox_run(box, &job, &r, &keep, &e), e);
    cr_assert_eq(r.code, 0, "%.*s", STR_ARG(r.err));
    cr_assert(str_eq(r.taken[0], STR("a\0b")));
    cr_assert(str_eq(r.taken[1], STR("ran\n")));
    cr_assert_null(r.taken[2].at);
    cr_assert_null(r.taken[3].at, "larger than asked for");
}

Test(sandbox, nothing_is_kept_from_one_run_to_the_next)
{
    (void)shell("echo x > /tmp/a; echo x > here; mkdir -p /tmp/d/e", (struct str){0}, usual());
    struct sandbox_result r = shell("ls -A /tmp . | grep -v :", (struct str){0}, usual());
    cr_assert_eq(str_trim(r.out).n, 0, "%.*s", STR_ARG(r.out));
}

Test(sandbox, a_job_that_cannot_start_is_our_error_and_the_box_goes_on)
{
    struct err e = {0};
    struct sandbox_result r;
    struct str missing[] = {STR("./nothing")};
    struct sandbox_job job = {
        .argv = missing, .n_argv = 1, .work_dir = str_of(support_temp()), .limits = usual()};
    cr_assert_not(sandbox_run(box, &job, &r, &keep, &e));
    cr_assert(str_find(str_of(e.text), STR("./nothing"), 0) >= 0, "%s", e.text);
    struct sandbox_file bad = {.name = STR("../escape"), .bytes = STR("x")};
    job.files = &bad;
    job.n_files = 1;
    check_streams();
}

Test(sandbox, a_file_name_with_a_slash_is_refused)
{
    struct err e = {0};
    struct sandbox_result r;
    struct str argv[] = {STR("/bin/true")};
    struct sandbox_file bad = {.name = STR("../escape"), .bytes = STR("x")};
    struct sandbox_job job = {.argv = argv,
                              .n_argv = 1,
                              .files = &bad,
                              .n_files = 1,
                              .work_dir = str_of(support_temp()),
                              .limits = usual()};
    cr_assert_not(sandbox_run(box, &job, &r, &keep, &e));
}

Test(sandbox, a_box_that_is_not_there_is_an_error)
{
    struct err e = {0};
    struct sandbox *other = NULL;
    struct sandbox_options o = {.box_path = "/nonexistent/podium-box"};
    cr_assert_not(sandbox_open(&other, &o, &e));
    cr_assert(str_find(str_of(e.text), STR("/nonexistent"), 0) >= 0, "%s", e.text);
    o.box_path = "/bin/true";
    cr_assert_not(sandbox_open(&other, &o, &e));
}

/* A worker is killed in the middle of a run: its box must notice and take the program along. */
static void check_orphaned_box(bool no_namespaces)
{
    static char line[128];
    char word[64];
    (void)snprintf(word, sizeof word, "orphan_%d_%d", (int)getpid(), no_namespaces);
    (void)snprintf(line, sizeof line, "echo started >&2; while :; do :; done # %s", word);
    pid_t worker = fork();
    if (worker == 0) {
        struct sandbox_limits l = sandbox_limits_run(60000, 64 * 1024);
        open_box(no_namespaces);
        (void)shell(line, (struct str){0}, l);
        _exit(0);
    }
    (void)usleep(500000);
    (void)kill(worker, SIGKILL);
    (void)waitpid(worker, NULL, 0);
    char command[160];
    (void)snprintf(command, sizeof command, "grep -lsa '[o]%s' /proc/[0-9]*/cmdline >/dev/null",
                   word + 1);
    int64_t until = clock_ns() + 5000000000LL;
    while (clock_ns() < until && system(command) == 0)
        (void)usleep(20000);
    cr_assert_neq(system(command), 0, "the program outlives its worker");
}

Test(sandbox, a_worker_that_dies_takes_its_run_along)
{
    check_orphaned_box(false);
}

Test(sandbox_fallback, a_worker_that_dies_takes_its_run_along)
{
    check_orphaned_box(true);
}
