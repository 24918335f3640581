/* kill -9 at any moment: the same command goes on, and ends where an undisturbed run ends. */
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/rng.h"
#include "tests/support/run_fixture.h"
#include "tests/support/support.h"

static const char *path_of(const char *name)
{
    static char path[4][LIMIT_PATH_BYTES];
    static int i;
    i = (i + 1) % 4;
    cr_assert(file_join(support_temp(), name, path[i], LIMIT_PATH_BYTES));
    return path[i];
}

static void same_rows(const char *a, const char *b)
{
    struct buf x = {0};
    struct buf y = {0};
    run_fixture_dump(a, &x);
    run_fixture_dump(b, &y);
    cr_assert_gt(x.n, 0);
    cr_assert(str_eq(buf_str(&x), buf_str(&y)), "%s\n--- against ---\n%s", x.at, y.at);
    buf_free(&x);
    buf_free(&y);
}

static void remove_run(const char *path)
{
    char name[LIMIT_PATH_BYTES];
    const char *ends[] = {"", "-wal", "-shm"};
    for (int i = 0; i < 3; i++) {
        (void)snprintf(name, sizeof name, "%s%s", path, ends[i]);
        (void)unlink(name);
    }
}

/* In a process of its own; ends with 0 when the run is done. */
static pid_t start(struct run_fixture *f)
{
    pid_t pid = fork();
    cr_assert_geq(pid, 0);
    if (pid > 0)
        return pid;
    bool ok = run_fixture_go(f);
    if (!ok)
        (void)fprintf(stderr, "child: %s\n", f->e.text);
    _exit(ok ? 0 : 1);
}

/* Killed again and again, later and later, until it comes to its end. Returns how often. */
static int64_t run_under_fire(struct run_fixture *f, uint64_t seed, uint64_t round, int64_t run_us)
{
    int64_t n_kills = 0;
    int status = -1;
    for (uint64_t n = 0; status != 0; n++) {
        pid_t pid = start(f);
        (void)usleep((unsigned)rng_below(seed, round, n, (uint64_t)run_us * (n + 2) / 4));
        (void)kill(pid, SIGKILL);
        cr_assert_eq(waitpid(pid, &status, 0), pid);
        cr_assert(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
        n_kills += WIFSIGNALED(status);
    }
    return n_kills;
}

Test(run_killed, at_random_moments_nothing_is_lost_or_repeated, .timeout = 60)
{
    enum { ROUNDS = 4, STOP_AFTER_S = 25 };
    uint64_t seed = support_seed(20261123);
    struct run_fixture whole = {
        .path = path_of("whole.db"), .n_items = 15, .n_samples = 2, .model.step_us = 3000};
    int64_t began = clock_ns();
    cr_assert(run_fixture_go(&whole), "%s", whole.e.text);
    int64_t run_us = (clock_ns() - began) / 1000;
    int64_t n_kills = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct run_fixture f = whole;
        f.path = path_of("killed.db");
        remove_run(f.path);
        n_kills += run_under_fire(&f, seed, round, run_us);
        same_rows(whole.path, f.path);
        cr_assert_eq(run_fixture_count(f.path, "SELECT count(*) FROM grade"),
                     run_fixture_count(f.path, "SELECT count(*) FROM reply WHERE ended='whole'"),
                     "no reply is judged twice");
        if (clock_ns() - began > STOP_AFTER_S * 1000000000LL)
            break; /* a slow machine or sanitizer: fewer rounds */
    }
    cr_assert_gt(n_kills, 2, "only %lld kills", (long long)n_kills);
}

/* Half of the answers need a judge; every question is its own. */
static void unsure(const struct ask *a, struct script_reply *out)
{
    struct str first = a->chat.at[0].content;
    *out = (struct script_reply){.end = REPLY_WHOLE};
    if (str_starts(first, STR("Is ")))
        (void)snprintf(out->content, sizeof out->content, a->seed % 2 == 0 ? "yes" : "no");
    else
        (void)snprintf(out->content, sizeof out->content,
                       a->seed % 2 == 0 ? "{42}" : "UNSURE TWICE %llu",
                       (unsigned long long)a->seed);
}

Test(run_killed, between_questions_of_graders_nothing_is_lost_or_asked_twice, .timeout = 60)
{
    uint64_t seed = support_seed(20261125);
    struct run_fixture whole = {.path = path_of("whole.db"),
                                .n_items = 15,
                                .n_samples = 2,
                                .has_judge = true,
                                .model = {.reply = unsure, .step_us = 3000}};
    int64_t began = clock_ns();
    cr_assert(run_fixture_go(&whole), "%s", whole.e.text);
    int64_t run_us = (clock_ns() - began) / 1000;
    int64_t n_kills = 0;
    for (uint64_t round = 0; round < 3 && clock_ns() - began < 20000000000LL; round++) {
        struct run_fixture f = whole;
        f.path = path_of("killed.db");
        remove_run(f.path);
        n_kills += run_under_fire(&f, seed, round, run_us);
        same_rows(whole.path, f.path);
        cr_assert_gt(run_fixture_count(f.path, "SELECT count(*) FROM judgement"), 10);
    }
    cr_assert_gt(n_kills, 2, "only %lld kills", (long long)n_kills);
}

Test(run_killed, a_full_disk_stops_the_run_and_loses_nothing, .timeout = 60)
{
    struct grade_pool *pool = run_fixture_pool();
    struct run_fixture whole = {.path = path_of("whole.db"), .n_items = 40, .pool = pool};
    struct run_fixture f = {.path = path_of("full.db"), .n_items = 40, .pool = pool};
    struct rlimit was;
    cr_assert(run_fixture_go(&whole), "%s", whole.e.text);
    (void)signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &was), 0);
    int64_t n_before = -1;
    int64_t n_failures = 0;
    for (rlim_t kib = 8; kib < 4096; kib += kib / 4) { /* the disk grows from start to start */
        struct rlimit limit = {.rlim_cur = kib * 1024, .rlim_max = was.rlim_max};
        cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
        bool ok = run_fixture_go(&f);
        cr_assert_eq(setrlimit(RLIMIT_FSIZE, &was), 0);
        run_fixture_drain(pool);
        if (ok)
            break;
        n_failures++;
        cr_assert_eq(f.e.cls, ERR_IO, "%s", f.e.text);
        cr_assert(strstr(f.e.text, "full.db: cannot ") != NULL, "%s", f.e.text);
        if (n_before < 0 && strstr(f.e.text, "create the run") != NULL)
            continue; /* not even the run fitted */
        if (!file_exists(f.path) ||
            run_fixture_count(f.path, "SELECT count(*) FROM sqlite_schema WHERE name='reply'") == 0)
            continue;
        int64_t n = run_fixture_count(f.path, "SELECT count(*) FROM reply");
        cr_assert_geq(n, n_before, "stored replies went away");
        n_before = n;
    }
    cr_assert_gt(n_failures, 3);
    cr_assert(run_fixture_go(&f), "%s", f.e.text);
    same_rows(whole.path, f.path);
    grade_pool_close(pool);
}
