/* The box's own processes under attack: killed at any moment, and used for a long time. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/rng.h"
#include "tests/fault/box/attack.h"

enum {
    ROUNDS = 30,
    DELAY_US_MAX = 20000, /* a box is up in a few milliseconds: before, during and after */
    GONE_MS_MAX = 5000,   /* the bound, on a machine that others use too */
    MANY = 300
};

/* --- killed --------------------------------------------------------------------------------- */

/* Burns in two sessions, with the marker in both command lines. */
static struct sandbox_job burners(const char *marker, char line[256], struct str argv[3])
{
    (void)snprintf(line, 256, "(setsid sh -c 'while :; do :; done #%s' &); while :; do :; done #%s",
                   marker, marker);
    argv[0] = STR("/bin/sh");
    argv[1] = STR("-c");
    argv[2] = str_of(line);
    return (struct sandbox_job){.argv = argv,
                                .n_argv = 3,
                                .work_dir = str_of(support_temp()),
                                .limits = sandbox_limits_run(60000, 64 * 1024)};
}

/* Everything below a process, as long as somebody can still say so. */
static int64_t list_below(int64_t pid, int64_t *out, int64_t n, int64_t n_max)
{
    char path[64];
    long long child = 0;
    (void)snprintf(path, sizeof path, "/proc/%lld/task/%lld/children", (long long)pid,
                   (long long)pid);
    FILE *f = fopen(path, "r");
    while (f != NULL && n < n_max && fscanf(f, "%lld", &child) == 1) {
        out[n++] = child;
        n = list_below(child, out, n, n_max);
    }
    if (f != NULL)
        (void)fclose(f);
    return n;
}

/* A zombie that its reaper has not come to yet is dead. */
static bool is_alive(int64_t pid)
{
    char path[64];
    char state = 'X';
    (void)snprintf(path, sizeof path, "/proc/%lld/stat", (long long)pid);
    FILE *f = fopen(path, "r");
    if (f == NULL)
        return false;
    if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
        state = 'X';
    (void)fclose(f);
    return state != 'Z' && state != 'X';
}

static int64_t count_alive(const int64_t *pids, int64_t n)
{
    int64_t n_alive = 0;
    for (int64_t i = 0; i < n; i++)
        n_alive += is_alive(pids[i]);
    return n_alive;
}

static bool is_gone_within(int64_t ms, const char *marker, const int64_t *pids, int64_t n)
{
    int64_t until = clock_ns() + ms * 1000000;
    do {
        if (count_alive(pids, n) == 0 && attack_count_processes(marker) == 0)
            return true;
        (void)usleep(2000);
    } while (clock_ns() < until);
    return false;
}

/* The pids that lived below the keeper when it was killed, through a pipe. */
static void kill_after(int64_t keeper, int64_t us, int tell)
{
    int64_t below[64];
    int64_t until = clock_ns() + us * 1000;
    while (clock_ns() < until)
        (void)usleep(50);
    int64_t n = list_below(keeper, below, 0, 64);
    (void)kill((pid_t)keeper, SIGKILL);
    (void)!write(tell, below, (size_t)n * sizeof *below);
    _exit(0);
}

/* One request, its keeper dead after `us`. What was below it must die, and soon. */
static void kill_once(struct attack *a, int64_t us)
{
    char line[256];
    int64_t below[64];
    int tell[2];
    struct str argv[3];
    struct err e = {0};
    struct sandbox_result r;
    struct sandbox_job job = burners(a->marker, line, argv);
    cr_assert_eq(pipe(tell), 0);
    pid_t killer = fork();
    if (killer == 0)
        kill_after(a->keeper, us, tell[1]);
    (void)close(tell[1]);
    cr_expect_not(sandbox_run(a->box, &job, &r, &a->keep, &e));
    ssize_t n = read(tell[0], below, sizeof below);
    (void)close(tell[0]);
    (void)waitpid(killer, NULL, 0);
    n = n < 0 ? 0 : n / (ssize_t)sizeof *below;
    cr_expect(is_gone_within(GONE_MS_MAX, a->marker, below, n),
              "%lld of %lld processes outlive a keeper killed after %lld us",
              (long long)count_alive(below, n), (long long)n, (long long)us);
    cr_expect_not(sandbox_run(a->box, &job, &r, &a->keep, &e), "a dead box must stay dead");
}

static void kill_keepers(bool no_namespaces)
{
    uint64_t seed = support_seed(20261124);
    for (int i = 0; i < ROUNDS; i++) {
        struct attack a;
        attack_open(&a, no_namespaces);
        /* the first rounds go over the range evenly, so that no run of luck misses the start */
        int64_t us =
            i < 10 ? i * DELAY_US_MAX / 10 : (int64_t)rng_below(seed, 0, (uint64_t)i, DELAY_US_MAX);
        kill_once(&a, us);
        attack_close(&a);
    }
}

Test(keeper, killed_at_any_moment_leaves_nothing)
{
    kill_keepers(false);
}

Test(keeper_fallback, killed_at_any_moment_leaves_nothing)
{
    kill_keepers(true);
}

/* Two programs in boxes of their own, joined by a pipe and a FIFO. */
static void kill_group(int64_t us)
{
    struct attack a;
    char line[2][256];
    int64_t below[64];
    int tell[2];
    struct str argv[2][3];
    struct err e = {0};
    struct sandbox_result r[2];
    attack_open(&a, false);
    struct sandbox_job jobs[] = {burners(a.marker, line[0], argv[0]),
                                 burners(a.marker, line[1], argv[1])};
    struct sandbox_pipe pipes[] = {{.i_from = 0, .from_fd = 1, .i_to = 1, .to_fd = 0}};
    struct str fifo = STR("both");
    struct sandbox_group g = {
        .jobs = jobs, .n_jobs = 2, .pipes = pipes, .n_pipes = 1, .fifos = &fifo, .n_fifos = 1};
    cr_assert_eq(pipe(tell), 0);
    pid_t killer = fork();
    if (killer == 0)
        kill_after(a.keeper, us, tell[1]);
    (void)close(tell[1]);
    cr_expect_not(sandbox_run_group(a.box, &g, r, &a.keep, &e));
    ssize_t n = read(tell[0], below, sizeof below);
    (void)close(tell[0]);
    (void)waitpid(killer, NULL, 0);
    n = n < 0 ? 0 : n / (ssize_t)sizeof *below;
    cr_expect(is_gone_within(GONE_MS_MAX, a.marker, below, n),
              "%lld of %lld processes outlive a keeper killed after %lld us",
              (long long)count_alive(below, n), (long long)n, (long long)us);
    attack_close(&a);
}

Test(keeper, killed_while_a_group_runs_leaves_nothing)
{
    for (int64_t i = 0; i < 12; i++)
        kill_group(i * DELAY_US_MAX / 10);
}

/* The init is killed from outside, as the kernel does when memory is short: our error, no verdict,
 * and nothing left. */
static void kill_init(bool no_namespaces)
{
    struct attack a;
    char line[256];
    struct str argv[3];
    struct err e = {0};
    struct sandbox_result r;
    attack_open(&a, no_namespaces);
    struct sandbox_job job = burners(a.marker, line, argv);
    pid_t killer = fork();
    if (killer == 0) {
        int64_t below[64];
        int64_t n = 0;
        while (attack_count_processes(a.marker) == 0)
            (void)usleep(1000);
        (void)usleep(50000);
        n = list_below(a.keeper, below, 0, 64);
        for (int64_t i = 0; i < n; i++)
            (void)kill((pid_t)below[i], SIGKILL);
        _exit(0);
    }
    cr_expect_not(sandbox_run(a.box, &job, &r, &a.keep, &e), "a verdict without a judge");
    (void)waitpid(killer, NULL, 0);
    cr_expect(is_gone_within(GONE_MS_MAX, a.marker, NULL, 0), "processes outlive the init");
    attack_close(&a);
}

Test(keeper, whose_box_is_killed_under_it_gives_no_verdict)
{
    kill_init(false);
}

Test(keeper_fallback, whose_box_is_killed_under_it_gives_no_verdict)
{
    kill_init(true);
}

/* --- a grading worker ----------------------------------------------------------------------- */

/* Somebody who owns a box dies without closing it, as a killed podium-grader does. */
static void kill_owner(bool no_namespaces, int64_t us)
{
    char marker[64];
    pid_t owner = fork();
    cr_assert_geq(owner, 0);
    if (owner == 0) {
        struct attack a;
        char line[256];
        struct str argv[3];
        struct err e = {0};
        struct sandbox_result r;
        attack_open(&a, no_namespaces);
        struct sandbox_job job = burners(a.marker, line, argv);
        _exit(sandbox_run(a.box, &job, &r, &a.keep, &e) ? 0 : 1);
    }
    (void)snprintf(marker, sizeof marker, "h%d_%d", (int)owner, no_namespaces);
    (void)usleep((useconds_t)us);
    int64_t below[64];
    int64_t n = list_below(owner, below, 0, 64);
    (void)kill(owner, SIGKILL);
    (void)waitpid(owner, NULL, 0);
    cr_expect(is_gone_within(GONE_MS_MAX, marker, below, n),
              "%lld of %lld processes outlive an owner killed after %lld us",
              (long long)count_alive(below, n), (long long)n, (long long)us);
    for (int64_t i = 0; i < n; i++)
        cr_expect(attack_own_cgroups_go(below[i]), "cgroups are left");
}

Test(keeper, ends_with_a_killed_owner)
{
    (void)support_temp(); /* one folder for all, removed by this process */
    for (int64_t i = 0; i < 10; i++)
        kill_owner(false, i * 6000);
}

Test(keeper_fallback, ends_with_a_killed_owner)
{
    (void)support_temp();
    for (int64_t i = 0; i < 10; i++)
        kill_owner(true, i * 6000);
}

/* --- for a long time ------------------------------------------------------------------------ */

struct size {
    int64_t n_descriptors;
    int64_t n_children;
    int64_t n_inside;   /* descriptors of everything below the keeper */
    int64_t keeper_kib; /* with everything below it */
    int64_t our_descriptors;
};

static struct size size_of(const struct attack *a)
{
    int64_t below[64];
    struct size s = {.n_descriptors = attack_count_descriptors(a->keeper),
                     .n_children = list_below(a->keeper, below, 0, 64),
                     .keeper_kib = attack_resident_kib(a->keeper),
                     .our_descriptors = attack_count_descriptors(getpid())};
    for (int64_t i = 0; i < s.n_children; i++) {
        s.keeper_kib += attack_resident_kib(below[i]);
        s.n_inside += attack_count_descriptors(below[i]);
    }
    return s;
}

/* The last run's init may still be taking its mounts down when its answer is here. */
static struct size size_at_rest(const struct attack *a)
{
    struct size least = size_of(a);
    for (int i = 0; i < 20; i++) {
        (void)usleep(20000);
        struct size s = size_of(a);
        if (s.n_children <= least.n_children)
            least = s;
    }
    return least;
}

/* Programs that leave much, again and again: after the first few nothing may grow. */
static void run_many(bool no_namespaces)
{
    static const char *const names[] = {"leaves_zombies", "daemons_outlive_main", "forges_its_exit",
                                        "queues_signals_and_timers", "leaves_a_link_to_take"};
    struct attack a;
    struct str source[5];
    struct size first = {0};
    attack_open(&a, no_namespaces);
    for (int k = 0; k < 5; k++)
        source[k] = attack_source(&a, names[k]);
    for (int64_t i = 0; i < SUPPORT_SIZE(MANY); i++) {
        (void)attack_run(&a, source[i % 5], NULL);
        if (i == 20)
            first = size_at_rest(&a);
    }
    struct size last = size_at_rest(&a);
    cr_expect_eq(last.n_descriptors, first.n_descriptors, "the keeper's descriptors: %lld to %lld",
                 (long long)first.n_descriptors, (long long)last.n_descriptors);
    cr_expect_eq(last.our_descriptors, first.our_descriptors, "ours: %lld to %lld",
                 (long long)first.our_descriptors, (long long)last.our_descriptors);
    cr_expect_eq(last.n_children, first.n_children, "the keeper's children: %lld to %lld",
                 (long long)first.n_children, (long long)last.n_children);
    cr_expect_eq(last.n_inside, first.n_inside, "descriptors below the keeper: %lld to %lld",
                 (long long)first.n_inside, (long long)last.n_inside);
    cr_expect_leq(last.keeper_kib, first.keeper_kib + 1024, "the keeper's memory: %lld to %lld KiB",
                  (long long)first.keeper_kib, (long long)last.keeper_kib);
    attack_close(&a);
}

Test(keeper, does_not_grow_over_many_runs, .timeout = 180)
{
    run_many(false);
}

Test(keeper_fallback, does_not_grow_over_many_runs, .timeout = 180)
{
    run_many(true);
}

/* The kernel may choose the box's own init when its group is out of memory: the verdict is still
 * the program's, and the box serves the next. */
Test(keeper, goes_on_after_losing_its_init_to_the_kernel)
{
    struct attack a;
    attack_open(&a, false);
    if (!a.has_cgroups)
        support_skip("cgroup", "without cgroups nothing is killed by group");
    struct str eater = attack_source(&a, "looks_smaller_than_its_judge");
    struct str harmless = attack_source(&a, "forges_its_exit");
    for (int i = 0; i < 6; i++) {
        struct sandbox_result r = attack_run(&a, eater, NULL);
        attack_check(&a, eater, &r);
        r = attack_run(&a, harmless, NULL);
        attack_check(&a, harmless, &r);
    }
    attack_close(&a);
}

/* --- what comes through --------------------------------------------------------------------- */

/* Every byte value, no newline at the end, CRLF in the middle: output is bytes, not text. */
Test(keeper, passes_on_every_byte_of_output)
{
    struct attack a;
    struct err e = {0};
    struct sandbox_result r;
    char want[256 * 40];
    attack_open(&a, false);
    for (size_t i = 0; i < sizeof want; i++)
        want[i] = (char)(i / 40 + i % 40 * 7);
    struct str argv[] = {STR("/bin/cat")};
    struct sandbox_job job = {.argv = argv,
                              .n_argv = 1,
                              .input = {want, sizeof want},
                              .work_dir = str_of(support_temp()),
                              .limits = sandbox_limits_run(2000, 64 * 1024)};
    ASSERT_OK(sandbox_run(a.box, &job, &r, &a.keep, &e), e);
    cr_expect(str_eq(r.out, (struct str){want, sizeof want}));
    cr_expect_eq(r.end, SANDBOX_EXITED);
    attack_close(&a);
}
