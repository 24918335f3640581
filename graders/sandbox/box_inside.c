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
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "graders/sandbox/box.h"

/* What the program's process says on its way to exec, through a pipe that exec closes. */
struct last_words {
    int64_t setup_us; /* CPU used before exec, which is ours */
    int exec_errno;
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

static bool reset_signals(struct err *e)
{
    for (int s = 1; s < NSIG; s++)
        if (s != SIGKILL && s != SIGSTOP)
            (void)signal(s, SIG_DFL); /* the C library keeps two for itself and says so */
    sigset_t none;
    (void)sigemptyset(&none);
    if (sigprocmask(SIG_SETMASK, &none, NULL) != 0)
        return FAIL(e, ERR_IO, "cannot unblock signals: %m");
    return true;
}

/* Leaves 0, 1, 2 and the pipe for last words at 3, which exec closes. */
static bool set_descriptors(const struct box_run *run, int *words, struct err *e)
{
    int high = fcntl(*words, F_DUPFD_CLOEXEC, 64);
    if (high < 0 || dup2(run->input, 0) < 0 || dup2(run->out[1], 1) < 0 ||
        dup2(run->err[1], 2) < 0 || dup3(high, 3, O_CLOEXEC) < 0)
        return FAIL(e, ERR_IO, "cannot set descriptors: %m");
    *words = 3;
    if (close_range(4, ~0U, 0) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot close descriptors: %m");
    return true;
}

static bool prepare(const struct box_run *run, int *words, struct err *e)
{
    TRY(reset_signals(e));
    if (setsid() < 0)
        return FAIL(e, ERR_IO, "cannot start a session: %m");
    TRY(set_descriptors(run, words, e));
    (void)umask(022);
    TRY(box_limits_set(run, e));
    TRY(box_drop_privileges(run, e));
    if (!run->m->has_namespaces) {
        if (run->m->has_landlock)
            TRY(box_landlock_enter(e));
        TRY(box_filter_signals(e));
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    }
    return box_filter_load(&run->m->filter, e);
}

static _Noreturn void start(const struct box_run *run, int words)
{
    struct last_words w = {0};
    if (prepare(run, &words, &w.e)) {
        w.setup_us = used_us(RUSAGE_SELF, NULL);
        if (write(words, &w, sizeof w) == (ssize_t)sizeof w)
            (void)execve(run->r->argv[0], run->r->argv, run->r->env);
        w.exec_errno = errno;
        (void)FAIL(&w.e, ERR_INPUT, "cannot start %s: %m", run->r->argv[0]);
    }
    (void)!write(words, &w, sizeof w);
    _exit(127);
}

/* The last complete record is the state: none after the first means exec happened. */
static void hear_words(int fd, struct last_words *w)
{
    struct last_words next;
    ssize_t n = 0;
    *w = (struct last_words){0};
    (void)FAIL(&w->e, ERR_IO, "the program's process died before it began");
    do {
        n = read(fd, &next, sizeof next);
        if (n == (ssize_t)sizeof next)
            *w = next;
    } while (n > 0 || (n < 0 && errno == EINTR));
}

/* --- killing and reaping ------------------------------------------------------------------ */

/* Kills every descendant that /proc shows. A fork may slip through: the caller repeats. */
static void kill_tree(int64_t pid, int depth)
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
    while (depth < 64 && str_split(&rest, ' ', &piece))
        if (str_i64(piece, &child) && child > 1) {
            (void)kill((pid_t)child, SIGSTOP); /* so that it has no more children meanwhile */
            kill_tree(child, depth + 1);
            (void)kill((pid_t)child, SIGKILL);
        }
}

void box_kill_below(int64_t pid)
{
    kill_tree(pid, 0);
}

static void kill_all(const struct box_run *run)
{
    if (run->m->has_namespaces)
        (void)kill(-1, SIGKILL); /* all of this pid namespace but the caller */
    else
        box_kill_below(getpid());
}

/* Reaps what is dead; true when the program itself is. */
static bool reap_some(pid_t program, int *status)
{
    bool is_over = false;
    int st = 0;
    pid_t pid = 0;
    while ((pid = waitpid(-1, &st, __WALL | WNOHANG)) > 0)
        if (pid == program) {
            *status = st;
            is_over = true;
        }
    return is_over;
}

/* Until no child is left. With a pid namespace one kill is enough: the kernel signals all at once,
 * and a fork in progress fails. Without one, what was born meanwhile is killed in the next round.
 */
static void reap_all(const struct box_run *run, pid_t program, int *status)
{
    for (;;) {
        kill_all(run);
        (void)reap_some(program, status);
        int st = 0;
        pid_t pid = waitpid(-1, &st, __WALL | (run->m->has_namespaces ? 0 : WNOHANG));
        if (pid == program)
            *status = st;
        if (pid < 0 && errno == ECHILD)
            return;
        if (pid == 0)
            (void)poll(NULL, 0, 1);
    }
}

/* Until the program is over, or the keeper says stop or is gone. */
static void wait_for_end(const struct box_run *run, pid_t program, int children, int *status)
{
    struct pollfd p[2] = {{.fd = children, .events = POLLIN},
                          {.fd = run->control[0], .events = POLLIN}};
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

/* Everything is dead, so nothing can swap the file under our hands; links and pipes that were put
 * there are refused by the open itself. */
static void put_taken(struct buf *b, const struct sandbox_take *t)
{
    struct stat st;
    struct err e = {0};
    struct buf bytes = {0};
    int fd = openat(AT_FDCWD, t->name.at, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    bool ok = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= t->n_max;
    if (ok) {
        buf_reserve(&bytes, st.st_size);
        ok = wire_recv_bytes(fd, "taken", bytes.at, st.st_size, &e);
        bytes.n = ok ? st.st_size : 0;
    }
    wire_put_i64(b, ok);
    if (ok)
        wire_put_str(b, buf_str(&bytes));
    buf_free(&bytes);
    box_close(&fd);
}

static _Noreturn void report_failure(const struct box_run *run, const struct err *why)
{
    struct buf b = {0};
    struct err e = {0};
    int64_t start_at = wire_open(&b);
    wire_put_i64(&b, BOX_REPORT_FAILED);
    wire_put_i64(&b, (int64_t)why->cls);
    wire_put_str(&b, str_of(why->text));
    wire_seal(&b, start_at);
    (void)!wire_send(run->report[1], "keeper", buf_str(&b), &e);
    _exit(1);
}

static void report_started(const struct box_run *run, int64_t setup_us)
{
    struct buf b = {0};
    struct err e = {0};
    int64_t start_at = wire_open(&b);
    wire_put_i64(&b, BOX_REPORT_STARTED);
    wire_put_i64(&b, setup_us);
    wire_seal(&b, start_at);
    (void)!wire_send(run->report[1], "keeper", buf_str(&b), &e);
    buf_free(&b);
}

static _Noreturn void report_end(const struct box_run *run, int status, int exec_errno,
                                 int64_t setup_us)
{
    struct buf b = {0};
    struct err e = {0};
    int64_t maxrss_kib = 0;
    int64_t cpu_us = used_us(RUSAGE_CHILDREN, &maxrss_kib) - setup_us;
    int64_t start_at = wire_open(&b);
    wire_put_i64(&b, BOX_REPORT_DONE);
    wire_put_i64(&b, status);
    wire_put_i64(&b, exec_errno);
    wire_put_i64(&b, cpu_us > 0 ? cpu_us : 0);
    wire_put_i64(&b, maxrss_kib);
    for (int64_t i = 0; i < run->r->n_takes; i++)
        put_taken(&b, &run->r->takes[i]);
    wire_seal(&b, start_at);
    /* here and not only in the keeper, which may have been killed */
    if (!run->m->has_namespaces)
        (void)!box_dir_remove(run->dir, &e);
    _exit(wire_send(run->report[1], "keeper", buf_str(&b), &e) ? 0 : 1);
}

/* --- the whole ---------------------------------------------------------------------------- */

static bool begin(struct box_run *run, int *children, struct err *e)
{
    box_close(&run->out[0]);
    box_close(&run->err[0]);
    box_close(&run->control[1]); /* or the keeper's death would go unnoticed */
    box_close(&run->report[0]);
    (void)close(BOX_FD);
    /* an init takes its namespace with it when it dies; a subreaper must live to kill the rest */
    int rc = prctl(PR_SET_DUMPABLE, 0);
    if (run->m->has_namespaces)
        rc |= prctl(PR_SET_PDEATHSIG, SIGKILL);
    else
        rc |= prctl(PR_SET_CHILD_SUBREAPER, 1);
    if (rc != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot prepare to reap: %m");
    sigset_t child;
    (void)sigemptyset(&child);
    (void)sigaddset(&child, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &child, NULL) != 0)
        return FAIL(e, ERR_IO, "cannot block SIGCHLD: %m");
    *children = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    if (*children < 0)
        return FAIL(e, ERR_IO, "signalfd: %m");
    return box_fresh_mounts(run, e);
}

/* The program's pid, or -1 with *e. */
static pid_t launch(struct box_run *run, struct last_words *w, struct err *e)
{
    int words[2];
    if (pipe2(words, O_CLOEXEC) != 0) {
        (void)FAIL(e, ERR_IO, "pipe: %m");
        return -1;
    }
    pid_t pid = fork();
    if (pid == 0)
        start(run, words[1]);
    (void)close(words[1]);
    box_close(&run->out[1]);
    box_close(&run->err[1]);
    if (pid > 0)
        hear_words(words[0], w);
    else
        (void)FAIL(e, ERR_IO, "cannot fork: %m");
    (void)close(words[0]);
    return pid;
}

_Noreturn void box_inside(struct box_run *run)
{
    struct err e = {0};
    struct last_words words;
    int children = -1;
    int status = 0;
    if (!begin(run, &children, &e))
        report_failure(run, &e);
    pid_t program = launch(run, &words, &e);
    if (program < 0)
        report_failure(run, &e);
    if (words.e.cls != ERR_NONE && words.exec_errno != ENOMEM)
        report_failure(run, &words.e);
    report_started(run, words.setup_us);
    wait_for_end(run, program, children, &status);
    reap_all(run, program, &status);
    report_end(run, status, words.exec_errno, words.setup_us);
}
