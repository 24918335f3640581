/* The sandbox: boxes per second beside plain processes and bubblewrap, how exact its account is,
 * and how soon after a limit a program is dead.
 *
 * A pooled box is sandbox_run of /bin/true on an open sandbox: fresh pid, ipc and mount namespaces,
 * fresh /box, /tmp and /proc, own init, filter, limits, account. A cold one is sandbox_open, one
 * such run and sandbox_close: the start of podium-box and its namespaces are in it. With control
 * groups of version 1 a cold box also waits for the kernel to let its first process in (10 ms and
 * more on an idle machine); the line "without groups" leaves that out.
 *
 * Ratios are taken run by run in turn, so that a busy machine slows both sides. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "graders/sandbox/sandbox.h"
#include "tests/bench/bench.h"

enum { NO_GROUPS = 1, NO_NAMESPACES = 2 };
enum { BURN_MS = 1000, LIMIT_MS = 200, RATIO_RUNS = 20 };

struct state {
    struct arena keep;
    struct sandbox *box;
    char box_path[1024];
    struct str burner;
};

static struct state *new_state(struct bench_run *r)
{
    struct state *s = calloc(1, sizeof *s);
    if (s == NULL)
        abort();
    arena_init(&s->keep, "bench", LIMIT_GIB);
    ssize_t n = readlink("/proc/self/exe", s->box_path, sizeof s->box_path - 16);
    char *slash = n > 0 ? memrchr(s->box_path, '/', (size_t)n) : NULL;
    if (slash != NULL)
        (void)snprintf(slash, 16, "/podium-box");
    r->state = s;
    r->work = 1;
    return s;
}

static bool open_sandbox(struct state *s, int variant, struct err *e)
{
    struct sandbox_options o = {.box_path = s->box_path,
                                .no_namespaces = variant & NO_NAMESPACES,
                                .no_cgroups = variant & NO_GROUPS};
    return sandbox_open(&s->box, &o, e);
}

static void close_state(struct bench_run *r)
{
    struct state *s = r->state;
    sandbox_close(s->box);
    arena_fini(&s->keep);
    free(s);
}

static bool run_true(struct state *s, struct err *e)
{
    struct str argv = STR("/bin/true");
    struct sandbox_job job = {.argv = &argv,
                              .n_argv = 1,
                              .work_dir = STR("/tmp"),
                              .limits = sandbox_limits_run(1000, 256 * 1024)};
    struct sandbox_result r;
    TRY(sandbox_run(s->box, &job, &r, &s->keep, e));
    arena_reset(&s->keep);
    if (r.end != SANDBOX_EXITED || r.code != 0)
        return FAIL(e, ERR_IO, "true is not true: %s", sandbox_end_name(r.end));
    return true;
}

static bool spawn(const char *const *argv, struct err *e)
{
    pid_t pid = 0;
    int status = 1;
    char *env[] = {NULL};
    if (posix_spawn(&pid, argv[0], NULL, NULL, (char *const *)(void *)argv, env) != 0 ||
        waitpid(pid, &status, 0) != pid || status != 0)
        return FAIL(e, ERR_IO, "%s failed: status %d", argv[0], status);
    return true;
}

static bool spawn_true(struct err *e)
{
    static const char *const argv[] = {"/bin/true", NULL};
    return spawn(argv, e);
}

static const char *const bubblewrap[] = {"/usr/bin/bwrap",
                                         "--unshare-all",
                                         "--die-with-parent",
                                         "--ro-bind",
                                         "/usr",
                                         "/usr",
                                         "--symlink",
                                         "usr/bin",
                                         "/bin",
                                         "--symlink",
                                         "usr/lib",
                                         "/lib",
                                         "--symlink",
                                         "usr/lib64",
                                         "/lib64",
                                         "--proc",
                                         "/proc",
                                         "--dev",
                                         "/dev",
                                         "--tmpfs",
                                         "/tmp",
                                         "--tmpfs",
                                         "/box",
                                         "/bin/true",
                                         NULL};

/* --- speed ----------------------------------------------------------------------------------- */

static bool pooled_open(struct bench_run *r, struct err *e)
{
    return open_sandbox(new_state(r), r->variant, e);
}

static bool pooled_step(struct bench_run *r, struct err *e)
{
    return run_true(r->state, e);
}

static bool cold_open(struct bench_run *r, struct err *e)
{
    (void)e;
    (void)new_state(r);
    return true;
}

static bool cold_step(struct bench_run *r, struct err *e)
{
    struct state *s = r->state;
    TRY(open_sandbox(s, r->variant, e));
    bool ok = run_true(s, e);
    sandbox_close(s->box);
    s->box = NULL;
    return ok;
}

static bool plain_step(struct bench_run *r, struct err *e)
{
    (void)r;
    return spawn_true(e);
}

static bool bubblewrap_open(struct bench_run *r, struct err *e)
{
    struct err lost = {0};
    (void)e;
    if (access(bubblewrap[0], X_OK) != 0)
        r->skip = "no bubblewrap on this machine";
    else if (!spawn(bubblewrap, &lost))
        r->skip = "bubblewrap does not work on this machine";
    else
        (void)new_state(r);
    return true;
}

static bool bubblewrap_step(struct bench_run *r, struct err *e)
{
    (void)r;
    return spawn(bubblewrap, e);
}

/* How many times as long as a plain process. */
static bool ratio_step(struct bench_run *r, struct err *e)
{
    int64_t box_ns = 0;
    int64_t plain_ns = 0;
    for (int i = 0; i < RATIO_RUNS; i++) {
        int64_t from = clock_ns();
        TRY(spawn_true(e));
        int64_t between = clock_ns();
        TRY(run_true(r->state, e));
        plain_ns += between - from;
        box_ns += clock_ns() - between;
    }
    r->has_value = true;
    r->value = (double)box_ns / (double)plain_ns;
    return true;
}

static bool ratio_bubblewrap_open(struct bench_run *r, struct err *e)
{
    TRY(bubblewrap_open(r, e));
    return r->skip != NULL || open_sandbox(r->state, 0, e);
}

static bool ratio_bubblewrap_step(struct bench_run *r, struct err *e)
{
    int64_t box_ns = 0;
    int64_t other_ns = 0;
    for (int i = 0; i < RATIO_RUNS; i++) {
        int64_t from = clock_ns();
        TRY(spawn(bubblewrap, e));
        int64_t between = clock_ns();
        TRY(run_true(r->state, e));
        other_ns += between - from;
        box_ns += clock_ns() - between;
    }
    r->has_value = true;
    r->value = (double)other_ns / (double)box_ns;
    return true;
}

/* --- the account ----------------------------------------------------------------------------- */

/* Burns a second: alone, in two threads, in a daemon. At its end each process writes what the
 * kernel says it has used, and the sum of that is what the box's figure is compared with. What the
 * box counts beyond is each process's exit; what it leaves out is the main one's own start until
 * exec, which is the box's doing. */
static const char burner[] =
    "#include <pthread.h>\n#include <stdio.h>\n#include <sys/resource.h>\n#include <time.h>\n"
    "#include <unistd.h>\n"
    "static double at(clockid_t c) { struct timespec t; clock_gettime(c, &t);"
    "    return t.tv_sec + t.tv_nsec * 1e-9; }\n"
    "static void *burn(void *s) { double t = at(CLOCK_THREAD_CPUTIME_ID) + *(double *)s;"
    "    while (at(CLOCK_THREAD_CPUTIME_ID) < t); return 0; }\n"
    "static double all = 1, half = 0.5;\n"
    "static int say(void) { struct rusage u; char s[32]; getrusage(RUSAGE_SELF, &u);"
    "    int n = sprintf(s, \"%ld\\n\", (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000"
    "        + u.ru_utime.tv_usec + u.ru_stime.tv_usec);"
    "    return write(1, s, n) != n; }\n"
    "int main(int n, char **a) {\n"
    "    int p[2]; char c; pthread_t t[2];\n"
    "    if (n < 2 || pipe(p)) return 1;\n"
    "    if (*a[1] == '0') burn(&all);\n"
    "    if (*a[1] == '1') for (int i = 0; i < 2; i++)\n"
    "        if (pthread_create(&t[i], 0, burn, &half)) return 1;\n"
    "    if (*a[1] == '1') for (int i = 0; i < 2; i++) pthread_join(t[i], 0);\n"
    "    if (*a[1] == '2' && fork() == 0) {\n"
    "        setsid(); close(p[0]); if (fork() == 0) burn(&all); _exit(say()); }\n"
    "    close(p[1]); (void)!read(p[0], &c, 1); return say(); }\n";

static bool build_burner(struct state *s, struct err *e)
{
    struct str argv[] = {STR("/usr/bin/gcc"), STR("-O1"), STR("-static"), STR("-pthread"),
                         STR("-o"),           STR("b"),   STR("b.c")};
    struct str env[] = {STR("PATH=/usr/bin:/bin"), STR("TMPDIR=.")};
    struct sandbox_file file = {.name = STR("b.c"), .bytes = str_of(burner)};
    struct sandbox_take take = {STR("b"), 8 * LIMIT_MIB};
    struct sandbox_job job = {.argv = argv,
                              .n_argv = 7,
                              .env = env,
                              .n_env = 2,
                              .files = &file,
                              .n_files = 1,
                              .takes = &take,
                              .n_takes = 1,
                              .work_dir = STR("/tmp"),
                              .profile = SANDBOX_COMPILER,
                              .limits = sandbox_limits_run(20000, LIMIT_MIB)};
    struct sandbox_result r;
    TRY(sandbox_run(s->box, &job, &r, &s->keep, e));
    s->burner = r.taken[0];
    return s->burner.at != NULL || FAIL(e, ERR_IO, "the burner does not compile");
}

static bool burner_open(struct bench_run *r, struct err *e)
{
    if (access("/usr/bin/gcc", X_OK) != 0) {
        r->skip = "no gcc on this machine";
        return true;
    }
    struct state *s = new_state(r);
    return open_sandbox(s, 0, e) && build_burner(s, e);
}

static bool sum_lines(struct str text, int64_t *sum, struct err *e)
{
    struct str line;
    *sum = 0;
    while (text.n > 0 && str_split(&text, '\n', &line)) {
        int64_t us = 0;
        if (!str_i64(line, &us))
            return FAIL(e, ERR_IO, "the burner says %.*s", STR_ARG(line));
        *sum += us;
    }
    return *sum >= BURN_MS * 1000 || FAIL(e, ERR_IO, "the burner did not burn");
}

static bool burner_step(struct bench_run *r, struct err *e)
{
    struct state *s = r->state;
    struct arena tmp = s->keep; /* by value: given back on return */
    struct str argv[] = {STR("./b"), arena_fmt(&tmp, "%d", r->variant)};
    struct sandbox_file file = {.name = STR("b"), .bytes = s->burner, .is_program = true};
    struct sandbox_job job = {.argv = argv,
                              .n_argv = 2,
                              .files = &file,
                              .n_files = 1,
                              .work_dir = STR("/tmp"),
                              .limits = sandbox_limits_run(10000, 64 * 1024)};
    struct sandbox_result got;
    TRY(sandbox_run(s->box, &job, &got, &tmp, e));
    if (got.end != SANDBOX_EXITED || got.code != 0)
        return FAIL(e, ERR_IO, "the burner ended: %s", sandbox_end_name(got.end));
    int64_t kernel_us = 0;
    TRY(sum_lines(got.out, &kernel_us, e));
    r->has_value = true;
    r->value = (double)(got.cpu_us - kernel_us) / 1e3;
    return true;
}

/* Variant 0: over the CPU limit; 1: over the wall limit. */
static bool kill_step(struct bench_run *r, struct err *e)
{
    static const struct str lines[] = {{"while :; do :; done", 19}, {"sleep 100", 9}};
    struct state *s = r->state;
    struct arena tmp = s->keep;
    struct str argv[] = {STR("/bin/sh"), STR("-c"), lines[r->variant]};
    struct str env = STR("PATH=/usr/bin:/bin");
    struct sandbox_job job = {.argv = argv,
                              .n_argv = 3,
                              .env = &env,
                              .n_env = 1,
                              .work_dir = STR("/tmp"),
                              .limits = sandbox_limits_run(10000, 64 * 1024)};
    struct sandbox_result got;
    if (r->variant == 0)
        job.limits.cpu_ms = LIMIT_MS;
    else
        job.limits.wall_ms = LIMIT_MS;
    TRY(sandbox_run(s->box, &job, &got, &tmp, e));
    r->has_value = true;
    r->value = (double)(r->variant == 0 ? got.cpu_us : got.wall_us) / 1e3 - LIMIT_MS;
    return true;
}

static bool kill_open(struct bench_run *r, struct err *e)
{
    return open_sandbox(new_state(r), 0, e);
}

const struct bench bench_box[] = {
    {"box/run/pooled", "runs/s", 1, 0, pooled_open, pooled_step, close_state},
    {"box/run/pooled, without groups", "runs/s", 1, NO_GROUPS, pooled_open, pooled_step,
     close_state},
    {"box/run/pooled, without namespaces", "runs/s", 1, NO_NAMESPACES, pooled_open, pooled_step,
     close_state},
    {"box/run/cold", "runs/s", 1, 0, cold_open, cold_step, close_state},
    {"box/run/cold, without groups", "runs/s", 1, NO_GROUPS, cold_open, cold_step, close_state},
    {"box/peer/fork and exec, no sandbox", "runs/s", 1, 0, cold_open, plain_step, close_state},
    {"box/peer/bubblewrap", "runs/s", 1, 0, bubblewrap_open, bubblewrap_step, close_state},
    {"box/ratio/pooled to fork and exec", "times", 1, 0, pooled_open, ratio_step, close_state},
    {"box/ratio/bubblewrap to pooled", "times", 1, 0, ratio_bubblewrap_open, ratio_bubblewrap_step,
     close_state},
    {"box/account/1 s alone, less the kernel's", "ms", 1, 0, burner_open, burner_step, close_state},
    {"box/account/1 s in two threads, less", "ms", 1, 1, burner_open, burner_step, close_state},
    {"box/account/1 s in a daemon, less", "ms", 1, 2, burner_open, burner_step, close_state},
    {"box/kill/dead after the CPU limit", "ms", 1, 0, kill_open, kill_step, close_state},
    {"box/kill/dead after the wall limit", "ms", 1, 1, kill_open, kill_step, close_state},
    {0},
};
