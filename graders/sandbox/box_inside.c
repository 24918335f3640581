/* The first process of a box: it builds what is fresh, starts the program, reaps everything, kills
 * everything, and tells the keeper what it cost.
 *
 * It must be this process that kills. What a process used is handed to its parent when the parent
 * waits for it; if the keeper killed the init instead, the time of everything still running in the
 * box would be lost. So a stop is a request: the init kills all others, waits until none is left,
 * and its own account of waited children is exact, threads, orphans and daemons included.
 *
 * Without a pid namespace (the fallback) the same code runs as a subreaper, which inherits
 * orphans as an init does, and finds its descendants through /proc. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "graders/sandbox/box.h"

/* What the program's process leaves on its way to exec, in memory that is still the init's. */
struct last_words {
    int64_t setup_us; /* CPU used before exec, which is ours */
    bool has_tried;   /* to exec: what happens from there on is the program's doing */
    int exec_errno;   /* 0: exec happened */
    struct err e;
};

static int64_t used_us(int who, int64_t *maxrss_kib)
{
    struct rusage u;
    (void)getrusage((__rusage_who_t)who, &u);
    if (maxrss_kib != NULL)
        *maxrss_kib = u.ru_maxrss;
    return (int64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 + u.ru_utime.tv_usec +
           u.ru_stime.tv_usec;
}

/* --- the program's own process, until exec ----------------------------------------------- */

/* Everything else is at its default since podium-box began. */
static bool reset_signals(struct err *e)
{
    sigset_t none;
    (void)sigemptyset(&none);
    (void)signal(SIGPIPE, SIG_DFL);
    if (sigprocmask(SIG_SETMASK, &none, NULL) != 0)
        return FAIL(e, ERR_IO, "cannot unblock signals: %m");
    return true;
}

/* All that is open is closed by exec, but what is named here. Ours stand above all numbers that a
 * program's may have, so none is overwritten before its turn. */
static bool set_descriptors(const struct box_run *run, struct err *e)
{
    if (close_range(0, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot close descriptors: %m");
    for (int i = 0; i < run->n_fds; i++)
        if (dup2(run->fds[i], run->to[i]) < 0)
            return FAIL(e, ERR_IO, "cannot set descriptor %d: %m", run->to[i]);
    return true;
}

static bool stay_on_cpu(const struct box_run *run, struct err *e)
{
    cpu_set_t one;
    if (run->cpu == 0)
        return true;
    CPU_ZERO(&one);
    if (run->cpu <= CPU_SETSIZE)
        CPU_SET((size_t)(run->cpu - 1), &one);
    if (sched_setaffinity(0, sizeof one, &one) != 0)
        return FAIL(e, ERR_USAGE, "cannot stay on processor %lld: %m", (long long)run->cpu - 1);
    return true;
}

/* The fallback's own walls. They are built first, which takes memory, and that is about to be
 * limited; the second closes only after everything has been looked up. */
static bool build_walls(const struct box_run *run, int *rules, struct err *e)
{
    if (run->m->has_namespaces)
        return true;
    if (run->m->has_landlock)
        TRY(box_landlock_rules(rules, e));
    return box_filter_signals(e);
}

static bool close_walls(const struct box_run *run, int rules, struct err *e)
{
    if (!run->m->has_namespaces)
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    return rules < 0 || box_landlock_enter(rules, e);
}

static bool prepare(const struct box_run *run, struct err *e)
{
    int rules = -1; /* closed by exec */
    TRY(reset_signals(e));
    if (setsid() < 0)
        return FAIL(e, ERR_IO, "cannot start a session: %m");
    TRY(set_descriptors(run, e));
    TRY(stay_on_cpu(run, e));
    TRY(build_walls(run, &rules, e));
    (void)umask(022);
    TRY(box_limits_set(run, e));
    TRY(box_drop_privileges(run, e));
    TRY(close_walls(run, rules, e));
    return box_filter_load(&run->filter, e);
}

static _Noreturn void start(const struct box_run *run, volatile struct last_words *w)
{
    struct err e = {0};
    bool is_ready = prepare(run, &e);
    w->setup_us = used_us(RUSAGE_SELF, NULL);
    if (is_ready) {
        w->has_tried = true;
        (void)execve(run->r->argv[0], run->r->argv, run->r->env);
        w->exec_errno = errno;
        (void)FAIL(&e, ERR_INPUT, "cannot start %s: %m", run->r->argv[0]);
    }
    w->e = e;
    _exit(127);
}

/* --- killing and reaping ------------------------------------------------------------------ */

static bool is_among(int64_t pid, const pid_t *set, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (set[i] == pid)
            return true;
    return false;
}

/* Kills every descendant that /proc shows. A fork may slip through: the caller repeats. */
static int64_t kill_tree(int64_t pid, int depth, const pid_t *spared, int64_t n_spared)
{
    char path[64];
    char line[4096];
    (void)snprintf(path, sizeof path, "/proc/%lld/task/%lld/children", (long long)pid,
                   (long long)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, line, sizeof line);
    box_close(&fd);
    struct str rest = {line, n > 0 ? n : 0};
    struct str piece;
    int64_t child = 0;
    int64_t n_children = 0;
    while (depth < 64 && str_split(&rest, ' ', &piece))
        if (str_i64(piece, &child) && child > 1 && !is_among(child, spared, n_spared)) {
            n_children++;
            (void)kill((pid_t)child, SIGSTOP); /* so that it has no more children meanwhile */
            (void)kill_tree(child, depth + 1, spared, n_spared);
            (void)kill((pid_t)child, SIGKILL);
        }
    return n_children;
}

int64_t box_kill_below(int64_t pid, const pid_t *spared, int64_t n_spared)
{
    return kill_tree(pid, 0, spared, n_spared);
}

static void kill_all(const struct box_run *run)
{
    if (run->m->has_namespaces)
        (void)kill(-1, SIGKILL); /* all of this pid namespace but the caller */
    else
        (void)box_kill_below(getpid(), NULL, 0);
}

/* One dead child; 0: none is dead yet, -1: there is no child. */
static pid_t reap_one(pid_t program, int flags, int *status)
{
    int st = 0;
    pid_t pid = 0;
    do
        pid = waitpid(-1, &st, __WALL | flags);
    while (pid < 0 && errno == EINTR);
    if (pid == program)
        *status = st;
    return pid;
}

/* Reaps what is dead; true when the program itself is. */
static bool reap_some(pid_t program, int *status)
{
    bool is_over = false;
    pid_t pid = 0;
    while ((pid = reap_one(program, WNOHANG, status)) > 0)
        is_over = is_over || pid == program;
    return is_over;
}

/* Until no child is left: then nothing is, since every orphan becomes a child. (A kill looks at
 * every process of the machine, so it is not sent for nothing.) With a pid namespace one is enough:
 * the kernel signals all at once, and a fork in progress fails. Without one, what was born
 * meanwhile is killed in the next round. */
static void reap_all(const struct box_run *run, pid_t program, int *status)
{
    pid_t pid = 0;
    while ((pid = reap_one(program, WNOHANG, status)) >= 0) {
        if (pid > 0)
            continue;
        kill_all(run);
        pid = reap_one(program, run->m->has_namespaces ? 0 : WNOHANG, status);
        if (pid == 0)
            (void)poll(NULL, 0, 1);
    }
}

/* Until the program is over, or the keeper says stop or is gone. */
static void wait_for_end(const struct box_run *run, pid_t program, int children, int *status)
{
    struct pollfd p[2] = {{.fd = children, .events = POLLIN},
                          {.fd = run->report, .events = POLLIN | POLLRDHUP}};
    struct signalfd_siginfo info;
    for (;;) {
        if (reap_some(program, status))
            return;
        int n = poll(p, 2, -1);
        if (n > 0 && p[1].revents != 0)
            return;
        if (n > 0 && p[0].revents != 0)
            (void)!read(children, &info, sizeof info);
    }
}

/* --- the report --------------------------------------------------------------------------- */

static bool send_report(const struct box_run *run, struct buf *b)
{
    struct err lost = {0};
    bool ok = wire_send(run->report, "keeper", buf_str(b), &lost);
    buf_free(b);
    return ok;
}

/* The zygote may have the same descriptors: their ends are to be seen now. */
static _Noreturn void leave(const struct box_run *run, int code)
{
    (void)close_range(box_run_fds(run->slot), ~0U, 0);
    _exit(code);
}

static _Noreturn void report_failure(const struct box_run *run, const struct err *why)
{
    struct buf b = {0};
    int64_t start_at = wire_open(&b);
    wire_put_i64(&b, BOX_REPORT_FAILED);
    wire_put_i64(&b, (int64_t)why->cls);
    wire_put_str(&b, str_of(why->text));
    wire_seal(&b, start_at);
    (void)send_report(run, &b);
    leave(run, 1);
}

static _Noreturn void report_end(const struct box_run *run, int status, int exec_errno,
                                 int64_t over_ns)
{
    struct buf b = {0};
    struct err e = {0};
    int64_t maxrss_kib = 0;
    int64_t cpu_us = used_us(RUSAGE_CHILDREN, &maxrss_kib);
    int64_t start_at = wire_open(&b);
    wire_put_i64(&b, BOX_REPORT_DONE);
    wire_put_i64(&b, status);
    wire_put_i64(&b, exec_errno);
    wire_put_i64(&b, cpu_us);
    wire_put_i64(&b, maxrss_kib);
    wire_put_i64(&b, over_ns);
    wire_put_i64(&b, clock_ns());
    for (int64_t i = 0; i < run->r->n_takes; i++)
        box_files_take(run, &run->r->takes[i], &b);
    wire_seal(&b, start_at);
    /* here and not only in the keeper, which may have been killed */
    if (!run->m->has_namespaces)
        (void)!box_dir_remove(run->dir, &e);
    leave(run, send_report(run, &b) ? 0 : 1);
}

/* --- the whole ---------------------------------------------------------------------------- */

/* Above every number that may be a program's. */
static bool move_up(int *fd, struct err *e)
{
    if (*fd < 0 || *fd >= BOX_FDS_MAX)
        return true;
    int up = fcntl(*fd, F_DUPFD_CLOEXEC, BOX_FDS_MAX);
    if (up < 0)
        return FAIL(e, ERR_IO, "cannot move descriptor %d: %m", *fd);
    (void)close(*fd);
    *fd = up;
    return true;
}

static bool listen_for_children(int *children, struct err *e)
{
    sigset_t child;
    (void)sigemptyset(&child);
    (void)sigaddset(&child, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &child, NULL) != 0)
        return FAIL(e, ERR_IO, "cannot block SIGCHLD: %m");
    *children = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    return *children >= 0 || FAIL(e, ERR_IO, "signalfd: %m");
}

/* Into the group's mount namespace, and at once into a copy of it. */
static bool join_fifos(const struct box_run *run, struct err *e)
{
    if (run->fifo_ns < 0)
        return true;
    if (setns(run->fifo_ns, CLONE_NEWNS) != 0 || unshare(CLONE_NEWNS) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot enter the group's mounts: %m");
    return true;
}

static bool begin(struct box_run *run, int *children, struct err *e)
{
    /* an init takes its namespace with it when it dies; a subreaper must live to kill the rest */
    int rc = prctl(PR_SET_DUMPABLE, 0);
    if (run->m->has_namespaces)
        rc |= prctl(PR_SET_PDEATHSIG, SIGKILL);
    else
        rc |= prctl(PR_SET_CHILD_SUBREAPER, 1);
    if (rc != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot prepare to reap: %m");
    for (int i = 0; i < run->n_fds; i++)
        TRY(move_up(&run->fds[i], e));
    TRY(listen_for_children(children, e));
    TRY(join_fifos(run, e));
    TRY(box_fresh_mounts(run, e));
    return box_files_place(run, e);
}

/* The program's pid, or -1 with *e. vfork: the program's process borrows our memory until exec,
 * which saves copying it and lets last words be a variable; we stand still meanwhile. It calls
 * nothing that keeps state in memory but errno. */
static pid_t launch(struct box_run *run, volatile struct last_words *w, struct err *e)
{
    struct box_board *board = run->slot->board;
    if (run->slot->has_cgroup)
        board->base_kib = box_cgroup_begin(&run->slot->cg);
    pid_t pid = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork) */
    if (pid == 0)
        start(run, w); /* NOLINT(clang-analyzer-unix.Vfork): the comment above says why not */
    if (pid < 0)
        (void)FAIL(e, ERR_IO, "cannot fork: %m");
    else if (!w->has_tried && w->e.cls == ERR_NONE)
        (void)FAIL(e, ERR_IO, "the program's process died before it began");
    /* other boxes are to see the end when the program's are gone; the keeper hears from us, and
     * would only be woken up for nothing */
    for (int i = 0; i < run->n_joined && i < run->n_fds; i++)
        box_close(&run->fds[i]);
    board->setup_us = w->setup_us;
    board->started_ns = clock_ns();
    return pid;
}

_Noreturn void box_inside(struct box_run *run)
{
    struct err e = {0};
    volatile struct last_words words = {0};
    int children = -1;
    int status = 0;
    if (!begin(run, &children, &e))
        report_failure(run, &e);
    pid_t program = launch(run, &words, &e);
    if (program < 0 || e.cls != ERR_NONE)
        report_failure(run, &e);
    if (words.e.cls != ERR_NONE && words.exec_errno != ENOMEM) {
        e = words.e;
        report_failure(run, &e);
    }
    wait_for_end(run, program, children, &status);
    int64_t over_ns = clock_ns();
    reap_all(run, program, &status);
    report_end(run, status, words.exec_errno, over_ns);
}
