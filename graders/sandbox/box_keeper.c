/* The keeper: reads a request, starts the box, watches it, kills it at its limits, answers.
 *
 * It stays outside with the caller's rights and touches nothing the program controls except two
 * pipes and /proc. What it decides on are the kernel's figures and the clock, never words. */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "graders/sandbox/box.h"

enum {
    TICK_MS = 5,           /* between looks at the tree */
    SETUP_MS_MAX = 20000,  /* to build a box, on a machine on its knees */
    STOP_MS_MAX = 10000,   /* from "stop" to the report */
    COPY_BYTES = 64 * 1024 /* on the stack: see box_talk.h on what the keeper may hold */
};

/* A run as the keeper sees it. */
struct watch {
    const struct box_machine *m;
    struct box_run run;
    struct box_request request;
    struct box_tree tree;
    pid_t inside;
    int pidfd;
    struct buf out;
    struct buf err;
    struct buf report;
    int64_t born_ns;    /* the box */
    int64_t started_ns; /* the program; 0 before */
    int64_t ended_ns;
    int64_t setup_us;   /* CPU of the program's process before exec: ours, and in its clock */
    int64_t stopped_ns; /* when stop was said; 0 before */
    bool is_stopped;
    enum sandbox_end stop_reason;
};

/* --- the request -------------------------------------------------------------------------- */

/* From the socket into a file of the kernel's, which nobody can change any more. */
static bool receive_file(int64_t n, int *out, struct err *e)
{
    char block[COPY_BYTES];
    int fd = memfd_create("box", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return FAIL(e, ERR_IO, "memfd: %m");
    *out = fd;
    while (n > 0) {
        int64_t k = n < COPY_BYTES ? n : COPY_BYTES;
        TRY(wire_recv_bytes(BOX_FD, "podium", block, k, e));
        TRY(wire_send(fd, "memfd", (struct str){block, k}, e));
        n -= k;
    }
    if (lseek(fd, 0, SEEK_SET) != 0 ||
        fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0)
        return FAIL(e, ERR_IO, "cannot seal a memfd: %m");
    return true;
}

static bool receive(struct watch *w, struct str head, struct arena *keep, struct err *e)
{
    TRY(box_request_get(head, &w->request, keep, e));
    w->run.files = NEW(keep, int, w->request.n_files);
    for (int64_t i = 0; i < w->request.n_files; i++)
        w->run.files[i] = -1;
    TRY(receive_file(w->request.n_input, &w->run.input, e));
    for (int64_t i = 0; i < w->request.n_files; i++)
        TRY(receive_file(w->request.files[i].n, &w->run.files[i], e));
    return true;
}

static void close_run(struct watch *w)
{
    int *const pipes[] = {w->run.out, w->run.err, w->run.control, w->run.report};
    for (size_t i = 0; i < sizeof pipes / sizeof *pipes; i++) {
        box_close(&pipes[i][0]);
        box_close(&pipes[i][1]);
    }
    for (int64_t i = 0; w->run.files != NULL && i < w->request.n_files; i++)
        box_close(&w->run.files[i]);
    box_close(&w->run.input);
    box_close(&w->pidfd);
    buf_free(&w->out);
    buf_free(&w->err);
    buf_free(&w->report);
}

/* --- starting ----------------------------------------------------------------------------- */

static bool open_pipes(struct watch *w, struct err *e)
{
    struct box_run *r = &w->run;
    if (pipe2(r->out, O_CLOEXEC) != 0 || pipe2(r->err, O_CLOEXEC) != 0 ||
        pipe2(r->control, O_CLOEXEC) != 0 || pipe2(r->report, O_CLOEXEC) != 0)
        return FAIL(e, ERR_IO, "pipe: %m");
    (void)fcntl(r->out[1], F_SETPIPE_SZ, 1 << 20); /* fewer wake-ups; refused is fine */
    for (int i = 0; i < 3; i++) {
        int fd = i == 0 ? r->out[0] : i == 1 ? r->err[0] : r->report[0];
        if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0)
            return FAIL(e, ERR_IO, "fcntl: %m");
    }
    return true;
}

/* The proxy: enters the kept namespaces, then makes the init, which becomes the keeper's own
 * child, and is gone. It can only say its pid or why not. */
static _Noreturn void proxy(struct watch *w, int tell)
{
    struct err e = {0};
    int64_t pid = -1;
    if (box_slot_enter(w->m, &e)) {
        pid = box_clone(CLONE_PARENT | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC);
        if (pid == 0)
            box_inside(&w->run);
        if (pid < 0)
            (void)FAIL(&e, ERR_UNSUPPORTED, "cannot make the box's namespaces: %m");
    }
    struct buf b = {0};
    struct err lost;
    int64_t start = wire_open(&b);
    wire_put_str(&b, str_of(e.text));
    wire_seal(&b, start);
    (void)!wire_send(tell, "keeper", buf_str(&b), &lost);
    _exit(pid > 0 ? 0 : 1);
}

/* The init's pid as the keeper sees it: the one child that is not the proxy. Inside the new
 * namespaces clone told the proxy a pid of the wrong view, so it is asked from the kernel here. */
static pid_t find_inside(pid_t proxy_pid)
{
    char path[64];
    char line[256];
    (void)snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, line, sizeof line);
    box_close(&fd);
    struct str rest = {line, n > 0 ? n : 0};
    struct str piece;
    int64_t pid = 0;
    while (str_split(&rest, ' ', &piece))
        if (str_i64(piece, &pid) && pid != proxy_pid)
            return (pid_t)pid;
    return -1;
}

static bool start_in_slot(struct watch *w, struct err *e)
{
    int up[2];
    struct buf b = {0};
    bool has_frame = false;
    if (pipe2(up, O_CLOEXEC) != 0)
        return FAIL(e, ERR_IO, "pipe: %m");
    pid_t pid = fork();
    if (pid == 0)
        proxy(w, up[1]);
    (void)close(up[1]);
    bool ok = pid > 0 && wire_recv(up[0], "proxy", BOX_HEAD_MAX, &b, &has_frame, e);
    (void)close(up[0]);
    if (pid > 0)
        (void)waitpid(pid, NULL, 0);
    if (pid < 0)
        return FAIL(e, ERR_IO, "cannot fork: %m");
    if (!ok)
        return false;
    if (!has_frame)
        return FAIL(e, ERR_IO, "the proxy died");
    struct wire_in in = wire_read(buf_str(&b));
    struct str why = wire_get_str(&in);
    ok = why.n == 0 || FAIL(e, ERR_UNSUPPORTED, "%.*s", STR_ARG(why));
    buf_free(&b);
    w->inside = ok ? find_inside(pid) : -1;
    return ok;
}

static bool start_box(struct watch *w, struct err *e)
{
    if (!w->m->has_namespaces)
        TRY(box_dir_make(w->m, w->request.work_dir, w->run.dir, sizeof w->run.dir, e));
    TRY(open_pipes(w, e));
    if (w->m->has_namespaces) {
        TRY(start_in_slot(w, e));
    } else {
        w->inside = fork();
        if (w->inside == 0)
            box_inside(&w->run);
    }
    if (w->inside < 0)
        return FAIL(e, ERR_IO, "cannot start the box: %m");
    w->pidfd = (int)syscall(SYS_pidfd_open, w->inside, 0);
    if (w->pidfd < 0)
        return FAIL(e, ERR_IO, "pidfd: %m");
    w->tree.root = w->inside;
    box_close(&w->run.out[1]);
    box_close(&w->run.err[1]);
    box_close(&w->run.control[0]);
    box_close(&w->run.report[1]);
    return true;
}

/* --- watching ----------------------------------------------------------------------------- */

static void stop(struct watch *w, enum sandbox_end why)
{
    if (w->stopped_ns != 0)
        return;
    w->stopped_ns = clock_ns();
    w->is_stopped = true;
    w->stop_reason = why;
    box_close(&w->run.control[1]);
}

/* Reads what is there; at the end of file the descriptor is closed. */
static bool drain(int *fd, int64_t n_max, struct buf *into)
{
    char block[COPY_BYTES];
    for (;;) {
        ssize_t n = read(*fd, block, sizeof block);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return true;
        if (n == 0) {
            box_close(fd);
            return true;
        }
        int64_t room = n_max - into->n;
        buf_put(into, (struct str){block, n < room ? n : room});
        if (n > room)
            return false;
    }
}

static void drain_both(struct watch *w)
{
    const struct sandbox_limits *l = &w->request.limits;
    bool fits = w->run.out[0] < 0 || drain(&w->run.out[0], l->n_stdout_max, &w->out);
    fits = (w->run.err[0] < 0 || drain(&w->run.err[0], l->n_stderr_max, &w->err)) && fits;
    if (!fits)
        stop(w, SANDBOX_OUTPUT);
}

/* Takes a STARTED frame off the front of the report, noting the time. */
static void note_start(struct watch *w)
{
    struct str all = buf_str(&w->report);
    int64_t n = wire_frame_size(all, BOX_REPLY_MAX);
    if (w->started_ns != 0 || n <= 0 || n > all.n)
        return;
    struct wire_in in = wire_read(str_sub(all, 0, n));
    if (wire_get_i64(&in) != BOX_REPORT_STARTED)
        return;
    w->setup_us = wire_get_i64(&in);
    w->started_ns = clock_ns();
    memmove(w->report.at, w->report.at + n, (size_t)(w->report.n - n));
    w->report.n -= n;
}

/* CPU so far, as the tree shows it. */
static int64_t seen_cpu_us(const struct watch *w)
{
    return w->tree.cpu_us > w->setup_us ? w->tree.cpu_us - w->setup_us : 0;
}

static void check_limits(struct watch *w)
{
    const struct sandbox_limits *l = &w->request.limits;
    if (w->started_ns == 0 || w->stopped_ns != 0)
        return;
    box_tree_sample(&w->tree);
    if (w->tree.memory_kib > l->memory_kib)
        stop(w, SANDBOX_MEMORY);
    if (seen_cpu_us(w) > l->cpu_ms * 1000)
        stop(w, SANDBOX_CPU);
    if ((clock_ns() - w->started_ns) / 1000000 >= l->wall_ms)
        stop(w, SANDBOX_WALL);
    /* the kernel refuses the fork before this; where it does not, a bomb must not go on */
    if (w->tree.n_tasks > 2 * l->n_processes)
        stop(w, SANDBOX_PROCESSES);
}

static int next_tick_ms(const struct watch *w)
{
    const struct sandbox_limits *l = &w->request.limits;
    if (w->started_ns == 0)
        return TICK_MS;
    int64_t cpu_ms = l->cpu_ms - seen_cpu_us(w) / 1000;
    int64_t wall_ms = l->wall_ms - (clock_ns() - w->started_ns) / 1000000;
    int64_t ms = cpu_ms < wall_ms ? cpu_ms : wall_ms;
    return ms < 1 ? 1 : ms > TICK_MS ? TICK_MS : (int)ms;
}

/* A box that does not come up or does not go down is broken: its init is killed from outside. */
static bool is_stuck(const struct watch *w)
{
    int64_t now = clock_ns();
    if (w->stopped_ns != 0)
        return (now - w->stopped_ns) / 1000000 > STOP_MS_MAX;
    return w->started_ns == 0 && (now - w->born_ns) / 1000000 > SETUP_MS_MAX;
}

/* Until the report pipe ends, which is when the init is gone; and the caller's end of the socket
 * tells that nobody waits for the answer any more. */
static bool watch_run(struct watch *w, struct err *e)
{
    int64_t next_look_ns = 0;
    while (w->run.report[0] >= 0) {
        struct pollfd p[4] = {{.fd = w->run.report[0], .events = POLLIN},
                              {.fd = w->run.out[0], .events = POLLIN},
                              {.fd = w->run.err[0], .events = POLLIN},
                              {.fd = BOX_FD, .events = POLLRDHUP}};
        (void)poll(p, 4, next_tick_ms(w));
        if (p[3].revents != 0)
            return FAIL(e, ERR_IO, "podium is gone");
        if (!drain(&w->run.report[0], BOX_REPLY_MAX, &w->report))
            return FAIL(e, ERR_IO, "the box reports too much");
        note_start(w);
        drain_both(w);
        if (clock_ns() >= next_look_ns) {
            check_limits(w);
            next_look_ns = clock_ns() + next_tick_ms(w) * 900000LL;
        }
        if (is_stuck(w))
            return FAIL(e, ERR_IO, "the box does not %s", w->stopped_ns ? "stop" : "start");
    }
    w->ended_ns = clock_ns();
    drain_both(w);
    return true;
}

/* --- the reply ---------------------------------------------------------------------------- */

static enum sandbox_end end_of(const struct watch *w, int status, int exec_errno,
                               const struct sandbox_result *r)
{
    const struct sandbox_limits *l = &w->request.limits;
    int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (exec_errno == ENOMEM || r->memory_kib > l->memory_kib)
        return SANDBOX_MEMORY;
    if (w->is_stopped && w->stop_reason == SANDBOX_WALL)
        return SANDBOX_WALL;
    if (r->cpu_us > l->cpu_ms * 1000 || signal == SIGXCPU)
        return SANDBOX_CPU;
    if (w->is_stopped)
        return w->stop_reason;
    if (signal == SIGXFSZ)
        return SANDBOX_OUTPUT;
    return signal != 0 ? SANDBOX_SIGNALLED : SANDBOX_EXITED;
}

static void get_taken(struct wire_in *in, int64_t n, struct str *taken)
{
    for (int64_t i = 0; i < n; i++)
        if (wire_get_bool(in))
            taken[i] = wire_get_str(in);
}

static bool result_of(struct watch *w, struct sandbox_result *r, struct arena *keep, struct err *e)
{
    struct str all = buf_str(&w->report);
    int64_t n = wire_frame_size(all, BOX_REPLY_MAX);
    if (n <= 0 || n != all.n)
        return FAIL(e, ERR_IO, "the box died without a report");
    struct wire_in in = wire_read(all);
    int64_t kind = wire_get_i64(&in);
    if (kind == BOX_REPORT_FAILED) {
        int64_t cls = wire_get_i64(&in);
        struct str text = wire_get_str(&in);
        return FAIL(e, in.is_bad || cls == ERR_NONE ? ERR_IO : (enum err_class)cls, "%.*s",
                    STR_ARG(text));
    }
    int status = (int)wire_get_i64(&in);
    int exec_errno = (int)wire_get_i64(&in);
    int64_t cpu_us = wire_get_i64(&in);
    int64_t maxrss_kib = wire_get_i64(&in);
    *r = (struct sandbox_result){.code = WIFEXITED(status) ? WEXITSTATUS(status) : 0,
                                 .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0};
    r->cpu_us = cpu_us > seen_cpu_us(w) ? cpu_us : seen_cpu_us(w);
    r->wall_us = (w->ended_ns - w->started_ns) / 1000;
    r->memory_kib = maxrss_kib > w->tree.memory_peak_kib ? maxrss_kib : w->tree.memory_peak_kib;
    r->n_processes = w->tree.n_tasks_peak;
    r->out = buf_str(&w->out);
    r->err = buf_str(&w->err);
    r->taken = NEW(keep, struct str, w->request.n_takes);
    get_taken(&in, w->request.n_takes, r->taken);
    r->end = end_of(w, status, exec_errno, r);
    return wire_is_done(&in) || FAIL(e, ERR_IO, "the box's report is malformed");
}

/* Without a pid namespace, what a dead subreaper left becomes the keeper's own. */
static void bury_orphans(void)
{
    pid_t pid = 0;
    while ((pid = waitpid(-1, NULL, __WALL | WNOHANG)) >= 0) {
        if (pid != 0)
            continue;
        box_kill_below(getpid());
        (void)poll(NULL, 0, 1);
    }
}

/* Whatever happened, no process of the run outlives this. A box that is broken gets no chance to
 * end by itself: killing an init kills its namespace. */
static void bury(struct watch *w, bool is_broken)
{
    box_close(&w->run.control[1]);
    if (w->inside <= 0)
        return;
    if (is_broken && w->pidfd >= 0)
        (void)syscall(SYS_pidfd_send_signal, w->pidfd, SIGKILL, NULL, 0);
    (void)waitpid(w->inside, NULL, __WALL);
    if (!w->m->has_namespaces)
        bury_orphans();
}

static bool run_request(struct watch *w, struct sandbox_result *r, struct arena *keep,
                        bool *is_alone, struct err *e)
{
    w->born_ns = clock_ns();
    bool ok = start_box(w, e);
    struct err lost = {0};
    bool watched = ok && watch_run(w, &lost);
    bury(w, !watched);
    if (w->run.dir[0] != 0) {
        struct err e2 = {0};
        if (!box_dir_remove(w->run.dir, &e2) && ok && watched)
            return FAIL(e, ERR_IO, "%s", e2.text);
    }
    if (!ok)
        return false;
    if (!watched) {
        *is_alone = str_eq(str_of(lost.text), STR("podium is gone"));
        *e = lost;
        return false;
    }
    return result_of(w, r, keep, e);
}

bool box_keep(const struct box_machine *m, struct str head, struct buf *out, struct err *e)
{
    static const struct box_run no_run = {
        .input = -1, .out = {-1, -1}, .err = {-1, -1}, .control = {-1, -1}, .report = {-1, -1}};
    struct arena keep;
    struct watch w = {.m = m, .run = no_run, .pidfd = -1};
    struct sandbox_result r = {0};
    struct err broken = {0};
    bool is_alone = false;
    arena_init(&keep, "request", 64 * LIMIT_MIB);
    w.run.m = m;
    w.run.r = &w.request;
    bool got = receive(&w, head, &keep, e);
    if (got) {
        bool ok = run_request(&w, &r, &keep, &is_alone, &broken);
        box_reply_put(out, ok, &r, w.request.n_takes, &broken);
    }
    close_run(&w);
    arena_fini(&keep);
    return got && (!is_alone || FAIL(e, ERR_IO, "podium is gone"));
}
