/* Running alone waits for all others, and others wait for it. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "graders/judge/quiet.h"
#include "tests/support/support.h"

static const char *path_of(struct arena *keep)
{
    arena_init(keep, "keep", LIMIT_MIB);
    return arena_fmt(keep, "%s/quiet", support_temp()).at;
}

/* A process that holds the lock until it is killed; returns when it has it. */
static pid_t hold(const char *path, bool alone)
{
    int told[2];
    cr_assert_eq(pipe(told), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct quiet q;
        struct err e = {0};
        bool ok = quiet_enter(path, alone, &q, &e);
        (void)!write(told[1], "x", ok ? 1 : 0);
        (void)close(told[1]);
        (void)pause();
        _exit(0);
    }
    char byte = 0;
    (void)close(told[1]);
    cr_assert_eq(read(told[0], &byte, 1), 1);
    (void)close(told[0]);
    return pid;
}

static void end(pid_t pid)
{
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
}

/* A process that wants the lock; true when it gets it within 200 ms. */
static bool gets(const char *path, bool alone)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct quiet q;
        struct err e = {0};
        _exit(quiet_enter(path, alone, &q, &e) ? 0 : 1);
    }
    int64_t until = clock_ns() + 200000000;
    pid_t gone = 0;
    while (gone == 0 && clock_ns() < until) {
        gone = waitpid(pid, NULL, WNOHANG);
        (void)usleep(1000);
    }
    if (gone == 0)
        end(pid);
    return gone == pid;
}

Test(quiet, runs_share_and_alone_excludes)
{
    struct arena keep;
    const char *path = path_of(&keep);
    pid_t other = hold(path, false);
    cr_expect(gets(path, false));
    cr_expect_not(gets(path, true));
    end(other);
    cr_expect(gets(path, true));
    other = hold(path, true);
    cr_expect_not(gets(path, false));
    cr_expect_not(gets(path, true));
    end(other); /* killed while holding: nothing is held any more */
    cr_expect(gets(path, true));
}

Test(quiet, without_a_path_nobody_waits)
{
    struct quiet q;
    struct err e = {0};
    ASSERT_OK(quiet_enter(NULL, true, &q, &e), e);
    quiet_leave(&q);
}
