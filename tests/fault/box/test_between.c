/* What one program leaves, the other must not find: after it in the same box, beside it in another
 * box, and beside it in a group, where two are meant to meet in their pipes and nowhere else.
 * programs/between_NAME.c has both parts (see stay in hostile.h). */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "tests/fault/box/attack.h"

enum { ROUNDS = 2, SETTLE_MS = 150 };

static void find(struct attack *a, struct str source)
{
    struct sandbox_result r = attack_run(a, source, "find");
    attack_check(a, source, &r);
}

/* --- one after the other -------------------------------------------------------------------- */

/* Twice, because the second one to leave something may meet what the first one left. */
static void leave_and_find(const char *name, bool no_namespaces)
{
    struct attack a;
    attack_open(&a, no_namespaces);
    struct str source = attack_source(&a, name);
    attack_skip_unless_promised(&a, source);
    find(&a, source);
    for (int i = 0; i < ROUNDS; i++) {
        struct sandbox_result r = attack_run(&a, source, "leave");
        attack_check(&a, source, &r);
        attack_nothing_is_left(&a);
        find(&a, source);
    }
    attack_close(&a);
}

/* An unprivileged caller has one id for all its programs, and the kernel counts by id: per user
 * namespace where there are some, but a group shares one, and the fallback has none. */
static void skip_unless_told_apart(struct attack *a, struct str source, bool is_shared)
{
    struct str beside = attack_tag(a, source, "beside");
    if (is_shared && !a->is_root && attack_has_word(beside, "own-uid"))
        support_skip("root", "not promised to programs that share an id");
}

/* --- side by side --------------------------------------------------------------------------- */

/* A process with a box of its own, in which the program holds what it left until that process is
 * killed. */
static pid_t hold(const char *name, bool no_namespaces, char marker[64])
{
    pid_t pid = fork();
    cr_assert_geq(pid, 0);
    if (pid == 0) {
        struct attack a;
        struct err e = {0};
        struct sandbox_result r;
        attack_open(&a, no_namespaces);
        _exit(attack_try(&a, attack_source(&a, name), "hold", &r, &e) ? 0 : 1);
    }
    (void)snprintf(marker, 64, "./h%d_%d", (int)pid, no_namespaces);
    return pid;
}

static bool comes_true(const char *marker, bool is_there)
{
    int64_t until = clock_ns() + 10000000000LL;
    while (clock_ns() < until) {
        if ((attack_count_processes(marker) > 0) == is_there)
            return true;
        (void)usleep(5000);
    }
    return false;
}

static void hold_and_find(const char *name, bool no_namespaces)
{
    struct attack a;
    char marker[64];
    attack_open(&a, no_namespaces); /* skips, and compiles once for both */
    struct str source = attack_source(&a, name);
    attack_skip_unless_promised(&a, source);
    skip_unless_told_apart(&a, source, no_namespaces);
    find(&a, source);
    attack_close(&a);
    pid_t holder = hold(name, no_namespaces, marker);
    cr_expect(comes_true(marker, true), "the holder was never seen");
    (void)usleep(SETTLE_MS * 1000);
    attack_open(&a, no_namespaces);
    find(&a, attack_source(&a, name));
    cr_expect_gt(attack_count_processes(marker), 0, "the holder did not hold until the end");
    (void)kill(holder, SIGKILL);
    (void)waitpid(holder, NULL, 0);
    cr_expect(comes_true(marker, false), "the holder's program outlives its box");
    attack_close(&a);
}

/* --- in one group --------------------------------------------------------------------------- */

/* The finder is a referee that is never content, so that its end is the holder's. */
static void hold_in_group(const char *name, bool no_namespaces)
{
    struct attack a;
    struct err e = {0};
    struct sandbox_result r[2];
    attack_open(&a, no_namespaces);
    struct str source = attack_source(&a, name);
    attack_skip_unless_promised(&a, source);
    skip_unless_told_apart(&a, source, true);
    struct sandbox_job jobs[] = {attack_job(&a, source, "hold"),
                                 attack_job(&a, source, "find-later")};
    jobs[1].is_referee = true;
    jobs[1].ok_code = 77;
    struct str fifo = STR("both");
    struct sandbox_pipe pipe = {.i_from = 0, .from_fd = 4, .i_to = 1, .to_fd = 5};
    struct sandbox_group g = {
        .jobs = jobs, .n_jobs = 2, .fifos = &fifo, .n_fifos = !no_namespaces, .pipes = &pipe};
    ASSERT_OK(sandbox_run_group(a.box, &g, r, &a.keep, &e), e);
    attack_check(&a, source, &r[1]);
    cr_expect_eq(r[0].end, SANDBOX_STOPPED, "the holder ended %s by itself",
                 sandbox_end_name(r[0].end));
    attack_close(&a);
}

#define BETWEEN(name)                                                                              \
    Test(between_runs, name)                                                                       \
    {                                                                                              \
        leave_and_find("between_" #name, false);                                                   \
    }                                                                                              \
    Test(between_runs_fallback, name)                                                              \
    {                                                                                              \
        leave_and_find("between_" #name, true);                                                    \
    }                                                                                              \
    Test(between_boxes, name)                                                                      \
    {                                                                                              \
        hold_and_find("between_" #name, false);                                                    \
    }                                                                                              \
    Test(between_boxes_fallback, name)                                                             \
    {                                                                                              \
        hold_and_find("between_" #name, true);                                                     \
    }                                                                                              \
    Test(between_jobs, name)                                                                       \
    {                                                                                              \
        hold_in_group("between_" #name, false);                                                    \
    }                                                                                              \
    Test(between_jobs_fallback, name)                                                              \
    {                                                                                              \
        hold_in_group("between_" #name, true);                                                     \
    }

BETWEEN(abstract_sockets)
BETWEEN(disks)
BETWEEN(fifos)
BETWEEN(files)
BETWEEN(instances)
BETWEEN(keys)
BETWEEN(locks)
BETWEEN(maps)
BETWEEN(processes)
BETWEEN(queues)
BETWEEN(settings)
BETWEEN(sysv)
BETWEEN(tasks)

Test(between_runs, every_program_has_its_test)
{
    struct arena keep;
    arena_init(&keep, "list", LIMIT_MIB);
    struct str tests = support_read("tests/fault/box/test_between.c", &keep);
    DIR *d = opendir("tests/fault/box/programs");
    const struct dirent *entry = NULL;
    cr_assert_not_null(d);
    while ((entry = readdir(d)) != NULL) {
        struct str file = str_of(entry->d_name);
        if (!str_starts(file, STR("between_")))
            continue;
        struct str word = str_sub(file, 8, file.n - 2);
        struct str line = arena_fmt(&keep, "\nBETWEEN(%.*s)\n", STR_ARG(word));
        cr_expect(str_find(tests, line, 0) > 0, "%.*s is not run", STR_ARG(file));
    }
    (void)closedir(d);
    arena_fini(&keep);
}
