/* What a run cost, and what is left of the control groups that counted it. */
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

static void open_box(bool no_namespaces, bool no_cgroups)
{
    static char path[1024];
    struct err e = {0};
    if (keep.first == NULL)
        arena_init(&keep, "test", LIMIT_GIB);
    (void)snprintf(path, sizeof path, "%s/podium-box", support_build());
    struct sandbox_options o = {
        .box_path = path, .no_namespaces = no_namespaces, .no_cgroups = no_cgroups};
    ASSERT_OK(sandbox_open(&box, &o, &e), e);
}

static bool counts_in_groups(void)
{
    struct sandbox_description d;
    sandbox_describe(box, &d);
    return str_starts(d.accounting, STR("cgroup"));
}

static void needs_groups(void)
{
    struct sandbox_description d;
    sandbox_describe(box, &d);
    if (!counts_in_groups())
        support_skip("cgroups", arena_fmt(&keep, "no control groups: %.*s; %.*s",
                                          STR_ARG(d.cgroup1), STR_ARG(d.cgroup2))
                                    .at);
}

static struct sandbox_result run_job(struct sandbox_job *job)
{
    struct err e = {0};
    struct sandbox_result r;
    static const struct str env[] = {{"PATH=/usr/bin:/bin", 18}, {"TMPDIR=.", 8}};
    job->env = env;
    job->n_env = 2;
    job->work_dir = str_of(support_temp());
    ASSERT_OK(sandbox_run(box, job, &r, &keep, &e), e);
    return r;
}

static struct sandbox_result shell(const char *line, struct sandbox_limits l)
{
    struct str argv[] = {STR("/bin/sh"), STR("-c"), str_of(line)};
    struct sandbox_job job = {.argv = argv, .n_argv = 3, .limits = l};
    return run_job(&job);
}

/* Each way burns 0.3 s of CPU by the kernel's own clocks, and says when it is done. */
static const char burner[] =
    "#include <pthread.h>\n#include <signal.h>\n#include <string.h>\n#include <time.h>\n"
    "#include <unistd.h>\n"
    "static double at(clockid_t c) { struct timespec t; clock_gettime(c, &t);"
    "    return t.tv_sec + t.tv_nsec * 1e-9; }\n"
    "static void *burn(void *s) { double t = at(CLOCK_THREAD_CPUTIME_ID) + *(double *)s;"
    "    while (at(CLOCK_THREAD_CPUTIME_ID) < t); return 0; }\n"
    "static double all = 0.3, half = 0.15;\n"
    "int main(int n, char **a) {\n"
    "    int p[2]; char c; pthread_t t[2];\n"
    "    if (n < 2 || pipe(p)) return 1;\n"
    "    if (!strcmp(a[1], \"single\")) burn(&all);\n"
    "    if (!strcmp(a[1], \"threads\")) for (int i = 0; i < 2; i++)\n"
    "        if (pthread_create(&t[i], 0, burn, &half)) return 1;\n"
    "    if (!strcmp(a[1], \"threads\")) for (int i = 0; i < 2; i++) pthread_join(t[i], 0);\n"
    "    if (!strcmp(a[1], \"daemon\") && fork() == 0) {\n"
    "        setsid(); close(p[0]); if (fork() == 0) burn(&all); _exit(0); }\n"
    "    if (!strcmp(a[1], \"forgotten\")) { signal(SIGCHLD, SIG_IGN);\n"
    "        if (fork() == 0) { close(p[0]); burn(&all); _exit(0); } }\n"
    "    close(p[1]); (void)!read(p[0], &c, 1); return 0; }\n";

static struct str build_burner(void)
{
    if (access("/usr/bin/gcc", X_OK) != 0)
        support_skip("gcc", "no gcc on this machine");
    struct str argv[] = {STR("/usr/bin/gcc"), STR("-O1"), STR("-pthread"),
                         STR("-o"),           STR("b"),   STR("b.c")};
    struct sandbox_file file = {.name = STR("b.c"), .bytes = str_of(burner)};
    struct sandbox_take take = {STR("b"), LIMIT_MIB};
    struct sandbox_job job = {.argv = argv,
                              .n_argv = 6,
                              .files = &file,
                              .n_files = 1,
                              .takes = &take,
                              .n_takes = 1,
                              .profile = SANDBOX_COMPILER,
                              .limits = sandbox_limits_run(20000, 1024 * 1024)};
    struct sandbox_result r = run_job(&job);
    cr_assert(r.taken[0].at != NULL, "%.*s", STR_ARG(r.err));
    return r.taken[0];
}

static struct sandbox_result burn(struct str program, const char *how, int64_t cpu_ms)
{
    struct str argv[] = {STR("./b"), str_of(how)};
    struct sandbox_file file = {.name = STR("b"), .bytes = program, .is_program = true};
    struct sandbox_job job = {.argv = argv,
                              .n_argv = 2,
                              .files = &file,
                              .n_files = 1,
                              .limits = sandbox_limits_run(cpu_ms, 64 * 1024)};
    return run_job(&job);
}

static void check_burners(int64_t least_us, int64_t most_us)
{
    static const char *const ways[] = {"single", "threads", "daemon", "forgotten"};
    struct str program = build_burner();
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct sandbox_result r = burn(program, ways[i], 5000);
        cr_expect_eq(r.end, SANDBOX_EXITED, "%s: %s", ways[i], sandbox_end_name(r.end));
        cr_expect_eq(r.code, 0);
        /* exec, the dynamic linker and exit come on top */
        cr_expect(r.cpu_us >= least_us && r.cpu_us <= 300000 + most_us, "%s: %lld us", ways[i],
                  (long long)r.cpu_us);
    }
    sandbox_close(box);
}

Test(sandbox_account, cpu_is_exact_however_it_is_burnt)
{
    open_box(false, false);
    needs_groups();
    check_burners(300000, 10000);
}

Test(sandbox_account, cpu_is_nearly_exact_without_groups)
{
    open_box(false, true);
    /* between two looks some of what is forgotten may go unseen */
    check_burners(280000, 40000);
}

Test(sandbox_account, cpu_is_exact_in_the_fallback_with_groups)
{
    open_box(true, false);
    needs_groups();
    check_burners(300000, 10000);
}

static void check_stops(void)
{
    struct str program = build_burner();
    struct sandbox_result r = burn(program, "daemon", 100);
    cr_expect_eq(r.end, SANDBOX_CPU, "%s", sandbox_end_name(r.end));
    cr_expect(r.cpu_us >= 100000 && r.cpu_us < 160000, "%lld us", (long long)r.cpu_us);
    r = burn(program, "forgotten", 100);
    cr_expect_eq(r.end, SANDBOX_CPU, "%s", sandbox_end_name(r.end));
    sandbox_close(box);
}

Test(sandbox_account, daemons_are_stopped_at_the_limit)
{
    open_box(false, false);
    check_stops();
}

Test(sandbox_account, daemons_are_stopped_without_groups)
{
    open_box(false, true);
    check_stops();
}

Test(sandbox_account, daemons_are_stopped_without_groups_and_namespaces)
{
    open_box(true, true);
    check_stops();
}

Test(sandbox_account, memory_is_bounded_without_groups)
{
    open_box(false, true);
    struct sandbox_result r = shell("dd if=/dev/zero of=/dev/null bs=200M count=100 2>&1",
                                    sandbox_limits_run(5000, 64 * 1024));
    cr_expect_eq(r.end, SANDBOX_MEMORY, "%s", sandbox_end_name(r.end));
    sandbox_close(box);
}

Test(sandbox_account, files_in_memory_are_memory)
{
    struct sandbox_limits l = sandbox_limits_run(5000, 128 * 1024);
    open_box(false, false);
    needs_groups();
    struct sandbox_result r = shell("head -c 40000000 /dev/zero >/tmp/x", l);
    cr_expect_eq(r.end, SANDBOX_EXITED);
    cr_expect(r.memory_kib >= 39000 && r.memory_kib < 48000, "%lld KiB", (long long)r.memory_kib);
    r = shell("true", l);
    cr_expect_lt(r.memory_kib, 8000, "%lld KiB are left", (long long)r.memory_kib);
    l.memory_kib = 16 * 1024;
    r = shell("head -c 40000000 /dev/zero >/tmp/x; sleep 1", l);
    cr_expect_eq(r.end, SANDBOX_MEMORY, "%s", sandbox_end_name(r.end));
    r = shell("echo fine", l);
    cr_expect(str_eq(r.out, STR("fine\n")), "the box goes on");
    sandbox_close(box);
}

/* The kernel's count of kills is the evidence, not what the first process makes of it. */
Test(sandbox_account, a_child_that_runs_out_of_memory_is_noticed)
{
    open_box(false, false);
    needs_groups();
    struct sandbox_result r = shell("dd if=/dev/zero of=/dev/null bs=200M count=1 2>&1; echo well",
                                    sandbox_limits_run(5000, 64 * 1024));
    cr_expect(str_find(r.out, STR("well\n"), 0) >= 0, "%.*s", STR_ARG(r.out));
    cr_expect_eq(r.end, SANDBOX_MEMORY, "%s", sandbox_end_name(r.end));
    cr_expect_eq(r.memory_kib, 64 * 1024);
    sandbox_close(box);
}

/* A program's input files are charged to its group and not to it. */
Test(sandbox_account, what_is_placed_in_the_box_costs_the_program_nothing)
{
    static char bytes[30 << 20];
    open_box(false, false);
    needs_groups();
    struct str argv[] = {STR("/bin/sh"), STR("-c"), STR("cat data | wc -c")};
    struct sandbox_file file = {.name = STR("data"), .bytes = {bytes, sizeof bytes}};
    struct sandbox_job job = {.argv = argv,
                              .n_argv = 3,
                              .files = &file,
                              .n_files = 1,
                              .limits = sandbox_limits_run(5000, 16 * 1024)};
    struct sandbox_result r = run_job(&job);
    cr_expect_eq(r.end, SANDBOX_EXITED, "%s", sandbox_end_name(r.end));
    cr_expect(str_eq(r.out, STR("31457280\n")));
    cr_expect_lt(r.memory_kib, 8 * 1024, "%lld KiB", (long long)r.memory_kib);
    sandbox_close(box);
}

/* --- what is left ---------------------------------------------------------------------------- */

static bool has_groups(pid_t of)
{
    char line[160];
    (void)snprintf(line, sizeof line,
                   "find /sys/fs/cgroup -name 'podium-box-%d-*' 2>/dev/null | grep -q .", (int)of);
    return system(line) == 0;
}

static bool groups_go_within(pid_t of, int64_t ms)
{
    int64_t until = clock_ns() + ms * 1000000;
    while (has_groups(of)) {
        if (clock_ns() > until)
            return false;
        (void)usleep(10000);
    }
    return true;
}

static pid_t first_child(pid_t of, const char *name)
{
    char line[200];
    int pid = -1;
    (void)snprintf(line, sizeof line,
                   "for p in $(cat /proc/%d/task/%d/children); do"
                   " grep -q %s /proc/$p/comm && echo $p; done",
                   (int)of, (int)of, name);
    FILE *f = popen(line, "r");
    if (f == NULL || fscanf(f, "%d", &pid) != 1)
        pid = -1;
    if (f != NULL)
        (void)pclose(f);
    return pid;
}

Test(sandbox_account, a_closed_box_leaves_no_group)
{
    open_box(false, false);
    needs_groups();
    pid_t keeper = first_child(getpid(), "podium-box");
    (void)shell("true", sandbox_limits_run(1000, 64 * 1024));
    cr_assert(has_groups(keeper));
    sandbox_close(box);
    cr_expect_not(has_groups(keeper));
}

Test(sandbox_account, a_killed_keeper_leaves_no_group)
{
    open_box(false, false);
    needs_groups();
    pid_t keeper = first_child(getpid(), "podium-box");
    cr_assert(has_groups(keeper));
    (void)kill(keeper, SIGKILL);
    cr_expect(groups_go_within(keeper, 10000));
    sandbox_close(box);
}

Test(sandbox_account, what_nobody_could_remove_the_next_box_does)
{
    open_box(false, false);
    needs_groups();
    pid_t keeper = first_child(getpid(), "podium-box");
    pid_t guard = first_child(keeper, "podium-guard");
    cr_assert_gt(guard, 0);
    (void)kill(guard, SIGKILL);
    (void)kill(keeper, SIGKILL);
    sandbox_close(box);
    (void)usleep(100000); /* its last process is gone, and maybe a box beside this swept already */
    open_box(false, false);
    cr_expect(groups_go_within(keeper, 1000));
    sandbox_close(box);
}

/* The kernel may choose it when memory runs out. */
Test(sandbox_account, a_slot_that_lost_its_process_gets_another)
{
    for (int fallback = 0; fallback < 2; fallback++) {
        open_box(fallback, false);
        pid_t keeper = first_child(getpid(), "podium-box");
        (void)shell("true", sandbox_limits_run(1000, 64 * 1024));
        pid_t zygote = first_child(keeper, "podium-box");
        cr_assert_gt(zygote, 0);
        (void)kill(zygote, SIGKILL);
        (void)usleep(200000); /* to die takes a moment; one that dies under a run fails the run */
        struct sandbox_result r = shell("echo here", sandbox_limits_run(1000, 64 * 1024));
        cr_expect(str_eq(r.out, STR("here\n")));
        sandbox_close(box);
    }
}

static bool folders_go_within(pid_t of, int64_t ms)
{
    char line[160];
    int64_t until = clock_ns() + ms * 1000000;
    (void)snprintf(line, sizeof line,
                   "ls -d /tmp/podium-box-%d-* %s/podium-box-%d-* 2>/dev/null |"
                   " grep -q .",
                   (int)of, support_temp(), (int)of);
    while (system(line) == 0) {
        if (clock_ns() > until)
            return false;
        (void)usleep(10000);
    }
    return true;
}

/* At different moments of a stream of short runs. */
Test(sandbox_account, a_keeper_killed_at_any_moment_leaves_no_folder)
{
    for (int i = 0; i < 12; i++) {
        struct err e = {0};
        struct sandbox_result r;
        open_box(true, false);
        pid_t keeper = first_child(getpid(), "podium-box");
        struct str argv[] = {STR("/bin/sh"), STR("-c"), STR("mkdir -p a/b; echo x >a/b/c")};
        struct sandbox_job job = {.argv = argv,
                                  .n_argv = 3,
                                  .work_dir = str_of(support_temp()),
                                  .limits = sandbox_limits_run(5000, 64 * 1024)};
        pid_t killer = fork();
        if (killer == 0) {
            (void)usleep((unsigned)(1000 + 1700 * i));
            _exit(kill(keeper, SIGKILL) == 0 ? 0 : 1);
        }
        while (sandbox_run(box, &job, &r, &keep, &e))
            ;
        (void)waitpid(killer, NULL, 0);
        sandbox_close(box);
        cr_expect(folders_go_within(keeper, 10000), "killed after %d us", 1000 + 1700 * i);
        cr_expect(groups_go_within(keeper, 10000));
    }
}

Test(sandbox_account, a_machine_is_described)
{
    struct sandbox_description d;
    open_box(false, true);
    sandbox_describe(box, &d);
    cr_expect(str_eq(d.accounting, STR("wait+proc")));
    cr_expect(str_eq(d.cgroup1, STR("no: not wanted")));
    cr_expect(str_eq(d.cgroup2, STR("no: not wanted")));
    cr_expect_eq(d.is_root, geteuid() == 0);
    cr_expect_geq(d.n_uids, 1);
    sandbox_close(box);
    open_box(false, false);
    sandbox_describe(box, &d);
    cr_expect_gt(d.cgroup1.n, 0);
    cr_expect_gt(d.cgroup2.n, 0);
    sandbox_close(box);
}
