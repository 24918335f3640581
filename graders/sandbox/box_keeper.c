/* The keeper: reads what podium wants, starts the boxes, watches them, answers.
 *
 * It stays outside with the caller's rights and touches nothing a program controls except pipes
 * and /proc. A single run is a group of one; everything here is written for several.
 *
 * A pipe between two jobs is direct. The keeper holds a reading end of its own, opened apart so
 * that it may be non-blocking: while that is open no writer gets SIGPIPE, and when the reader's box
 * is over the keeper reads in its place and throws away, so that no writer blocks. A reader that
 * lives and does not read is the writer's misfortune, as on a real machine; wall_ms bounds it.
 *
 * Of a referee's pipes it holds a writing end too, until the referee has closed its own and lives
 * on, or its box is over and it said ok: a player never sees the end of its input because a referee
 * turned it away and died. It is stopped where it stands; so whatever it died of by itself was its
 * own doing. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "graders/sandbox/box.h"

enum { PROFILES = SANDBOX_INTERPRETER + 1 };
enum { POLLS_MAX = 1 + 4 * SANDBOX_GROUP_MAX + BOX_PIPES_MAX };
enum { REST_MS = 1 };
enum { ROOM_KIB = 1024 }; /* what the kernel needs for a box: tables, stacks, mounts */

/* The keeper's memory of a pipe between jobs. */
struct joint {
    int64_t i_from;
    int64_t from_fd;
    int64_t i_to;
    int end;  /* reading, ours; -1: closed */
    int hold; /* writing, ours, of a referee's; -1: closed */
    int64_t inode;
};

struct keeper {
    struct box_machine *m;
    struct arena filters_in;
    struct sock_fprog filters[PROFILES];
    struct box_slot slots[BOX_SLOTS_MAX];
    /* of the group that is served */
    struct arena keep;
    struct box_group group;
    struct box_watch *w;
    int64_t n;
    struct joint *joints;
    int fifo_ns;
    int *fds; /* as received: inputs and files */
    int64_t n_fds;
    bool is_alone; /* podium is gone */
};

/* --- receiving ---------------------------------------------------------------------------- */

static bool receive_requests(struct keeper *k, struct err *e)
{
    for (int64_t i = 0; i < k->n; i++) {
        struct buf b = {0};
        bool has_frame = false;
        bool ok = wire_recv(BOX_FD, "podium", BOX_HEAD_MAX, &b, &has_frame, e);
        if (ok && !has_frame)
            ok = FAIL(e, ERR_IO, "podium is gone");
        if (ok) {
            k->w[i].frame = arena_str(&k->keep, buf_str(&b));
            ok = box_request_get(k->w[i].frame, &k->w[i].request, &k->keep, e);
        }
        buf_free(&b);
        TRY(ok);
        k->n_fds += box_request_fds(&k->w[i].request);
    }
    return true;
}

static bool receive(struct keeper *k, struct str head, struct err *e)
{
    TRY(box_group_get(head, &k->group, &k->keep, e));
    k->n = k->group.n_jobs;
    k->w = NEW(&k->keep, struct box_watch, k->n);
    for (int64_t i = 0; i < k->n; i++) {
        struct box_watch *w = &k->w[i];
        w->m = k->m;
        w->report = w->out = w->err = w->channel = -1;
        w->run = (struct box_run){.m = k->m, .r = &w->request, .report = -1, .fifo_ns = -1};
    }
    k->joints = NEW(&k->keep, struct joint, k->group.n_pipes);
    for (int64_t i = 0; i < k->group.n_pipes; i++)
        k->joints[i] = (struct joint){.end = -1, .hold = -1};
    k->n_fds = 0;
    TRY(receive_requests(k, e));
    int64_t n = k->n_fds;
    k->n_fds = 0;
    k->fds = NEW(&k->keep, int, n);
    for (int64_t i = 0; i < n; i++)
        k->fds[i] = -1;
    k->n_fds = n;
    return wire_recv_fds(BOX_FD, "podium", k->fds, n, e);
}

/* --- starting ----------------------------------------------------------------------------- */

static int new_memfd(struct err *e)
{
    int fd = memfd_create("box", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        (void)FAIL(e, ERR_IO, "memfd: %m");
    return fd;
}

static bool seal(int fd, struct err *e)
{
    int seals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
    if (lseek(fd, 0, SEEK_SET) != 0 || fcntl(fd, F_ADD_SEALS, seals) != 0)
        return FAIL(e, ERR_IO, "cannot seal a memfd: %m");
    return true;
}

/* The program gets this very descriptor: unless it is sealed against everything, it is copied. */
static bool copy_input(int *from, struct err *e)
{
    int all = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
    int has = *from < 0 ? 0 : fcntl(*from, F_GET_SEALS);
    if (has > 0 && (has & all) == all)
        return true;
    int fd = new_memfd(e);
    if (fd < 0)
        return false;
    off_t at = 0;
    ssize_t n = *from < 0 ? 0 : 1;
    while (n > 0)
        n = sendfile(fd, *from, &at, 1 << 30);
    bool ok = n == 0 ? seal(fd, e) : FAIL(e, ERR_IO, "cannot copy the input: %m");
    box_close(from);
    *from = fd;
    return ok;
}

/* Descriptor `to` of the program; *fd is taken. */
static void give(struct box_run *run, int to, int fd)
{
    run->fds[run->n_fds] = fd;
    run->to[run->n_fds++] = to;
}

static bool is_joined(const struct keeper *k, int64_t i, int64_t fd)
{
    for (int64_t p = 0; p < k->group.n_pipes; p++) {
        const struct sandbox_pipe *s = &k->group.pipes[p];
        if ((s->i_from == i && s->from_fd == fd) || (s->i_to == i && s->to_fd == fd))
            return true;
    }
    return false;
}

/* A pipe from descriptor `to` of the program to us. */
static bool capture(struct keeper *k, int64_t i, int to, int *ours, struct err *e)
{
    int ends[2];
    if (is_joined(k, i, to))
        return true;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return FAIL(e, ERR_IO, "pipe: %m");
    *ours = ends[0];
    give(&k->w[i].run, to, ends[1]);
    return fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0 || FAIL(e, ERR_IO, "fcntl: %m");
}

static bool open_streams(struct keeper *k, int64_t i, int *input, struct err *e)
{
    struct box_watch *w = &k->w[i];
    if (!is_joined(k, i, 0)) {
        TRY(copy_input(input, e));
        give(&w->run, 0, *input);
        *input = -1;
    }
    TRY(capture(k, i, 1, &w->out, e));
    TRY(capture(k, i, 2, &w->err, e));
    if (w->request.n_channel_max > 0)
        TRY(capture(k, i, BOX_CHANNEL_FD, &w->channel, e));
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return FAIL(e, ERR_IO, "socketpair: %m");
    w->report = pair[0];
    w->run.report = pair[1];
    return fcntl(pair[0], F_SETFL, O_NONBLOCK) == 0 || FAIL(e, ERR_IO, "fcntl: %m");
}

static bool open_all_streams(struct keeper *k, struct err *e)
{
    int64_t at = 0;
    for (int64_t i = 0; i < k->n; i++) {
        struct box_watch *w = &k->w[i];
        int none = -1;
        int *input = w->request.has_input ? &k->fds[at++] : &none;
        w->run.files = NEW(&k->keep, int, w->request.n_files);
        for (int64_t f = 0; f < w->request.n_files; f++)
            w->run.files[f] = w->request.files[f].is_folder ? -1 : k->fds[at++];
        TRY(open_streams(k, i, input, e));
    }
    return true;
}

static bool open_joint(struct keeper *k, int64_t p, struct err *e)
{
    const struct sandbox_pipe *s = &k->group.pipes[p];
    char path[64];
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return FAIL(e, ERR_IO, "pipe: %m");
    give(&k->w[s->i_from].run, (int)s->from_fd, ends[1]);
    give(&k->w[s->i_to].run, (int)s->to_fd, ends[0]);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    k->w[s->i_from].run.n_joined++;
    k->w[s->i_to].run.n_joined++;
    k->joints[p] = (struct joint){.i_from = s->i_from, .from_fd = s->from_fd, .i_to = s->i_to};
    bool is_held = k->w[s->i_from].request.is_referee;
    k->joints[p].hold = is_held ? fcntl(ends[1], F_DUPFD_CLOEXEC, 0) : -1;
    k->joints[p].end = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (k->joints[p].end < 0 || (k->joints[p].hold < 0 && is_held))
        return FAIL(e, ERR_UNSUPPORTED, "%s: %m", path);
    struct stat st;
    k->joints[p].inode = fstat(ends[0], &st) == 0 ? (int64_t)st.st_ino : 0;
    return true;
}

static bool is_slot_used(const struct keeper *k, const struct box_slot *s)
{
    for (int64_t i = 0; i < k->n; i++)
        if (k->w[i].slot == s)
            return true;
    return false;
}

static bool finish_slot(struct keeper *k, struct box_slot *s, struct err *e)
{
    TRY(box_slot_finish(k->m, s, e));
    box_watch_settle(s);
    return true;
}

static bool open_slot(struct keeper *k, struct box_slot *s, struct err *e)
{
    return box_slot_start(k->m, s, e) && finish_slot(k, s, e);
}

/* Its profile's slot, or one of a group's. */
static bool choose_slot(struct keeper *k, int64_t i, struct err *e)
{
    struct box_slot *s = &k->slots[k->w[i].request.profile];
    if (is_slot_used(k, s))
        s = &k->slots[PROFILES + i];
    s->i = s - k->slots;
    if (s->pid > 0 && waitpid(s->pid, NULL, WNOHANG) != 0) {
        s->pid = 0; /* the kernel took it when memory ran out */
        box_slot_close(s);
    }
    if (s->pid == 0)
        TRY(open_slot(k, s, e));
    k->w[i].slot = s;
    k->w[i].run.slot = s;
    return true;
}

static int64_t placed_kib(const struct box_run *run)
{
    struct stat st;
    int64_t kib = 0;
    for (int64_t f = 0; f < run->r->n_files; f++)
        if (run->files[f] >= 0 && fstat(run->files[f], &st) == 0)
            kib += (st.st_size + 4095) / 4096 * 4;
    return kib;
}

static int64_t count_beside(const struct keeper *k, int64_t i)
{
    int64_t n = 0;
    for (int64_t s = 0; s < BOX_SLOTS_MAX; s++)
        n += k->slots[s].pid > 0;
    for (int64_t j = 0; j < k->n; j++)
        n += 1 + (j == i ? 0 : k->w[j].request.limits.n_processes);
    return n;
}

static bool prepare(struct keeper *k, int64_t i, struct err *e)
{
    struct box_watch *w = &k->w[i];
    struct sock_fprog *filter = &k->filters[w->request.profile];
    if (filter->len == 0)
        TRY(box_filter_build(w->request.profile, filter, &k->filters_in, e));
    w->run.filter = *filter;
    w->run.fifo_ns = k->fifo_ns;
    w->run.n_beside = count_beside(k, i);
    w->run.has_fifos = k->group.n_fifos > 0;
    if (!k->m->has_namespaces)
        TRY(box_dir_make(&w->run, w->request.work_dir, w->run.dir, sizeof w->run.dir, e));
    if (!k->m->has_namespaces && w->run.has_fifos)
        TRY(box_dir_fifos(w->run.dir, k->w[0].run.dir, &k->group, e));
    *w->slot->board = (struct box_board){0};
    if (!w->slot->has_cgroup) {
        w->tree = NEW(&k->keep, struct box_tree, 1);
        return true;
    }
    w->placed_kib = placed_kib(&w->run);
    int64_t kib = w->request.limits.memory_kib + w->placed_kib + ROOM_KIB;
    return box_cgroup_limit(&w->slot->cg, kib, w->request.limits.n_processes, e);
}

/* Our copies of what the box has now. */
static void close_given(struct box_run *run)
{
    for (int i = 0; i < run->n_fds; i++)
        box_close(&run->fds[i]);
    box_close(&run->report);
}

static bool launch(struct keeper *k, int64_t i, struct err *e)
{
    struct box_watch *w = &k->w[i];
    TRY(prepare(k, i, e));
    w->born_ns = clock_ns();
    bool ok = box_zygote_launch(w->slot, &w->run, w->frame, e);
    close_given(&w->run);
    w->is_launched = ok;
    return ok;
}

/* All stay on one processor: to cross over costs, and would be charged to them. */
static void share_processor(struct keeper *k)
{
    int64_t cpu = k->w[0].request.cpu;
    if (cpu == 0 && k->n > 1)
        cpu = sched_getcpu() + 1; /* any; 0 when the kernel does not say */
    for (int64_t i = 0; i < k->n; i++)
        k->w[i].run.cpu = cpu;
}

/* Whoever is leaving is gone, and their slots are as good as new. */
static void see_off(struct keeper *k)
{
    for (int64_t i = 0; i < BOX_SLOTS_MAX; i++)
        if (k->slots[i].leaving > 0) {
            box_slot_see_off(&k->slots[i]);
            box_watch_settle(&k->slots[i]);
        }
}

static bool start_group(struct keeper *k, struct err *e)
{
    for (int64_t i = 0; i < k->n; i++)
        TRY(choose_slot(k, i, e));
    share_processor(k);
    for (int64_t p = 0; p < k->group.n_pipes; p++)
        TRY(open_joint(k, p, e));
    TRY(open_all_streams(k, e));
    if (k->group.n_fifos > 0 && k->m->has_namespaces)
        TRY(box_zygote_fifos(k->w[0].slot, &k->group, &k->fifo_ns, e));
    see_off(k); /* as late as possible */
    for (int64_t i = 0; i < k->n; i++)
        TRY(launch(k, i, e));
    for (int64_t i = 0; i < k->n_fds; i++)
        box_close(&k->fds[i]);
    return true;
}

/* --- watching ----------------------------------------------------------------------------- */

static bool is_over(const struct box_watch *w)
{
    return w->report < 0;
}

static int add_poll(struct pollfd *p, int n, int fd)
{
    if (fd < 0)
        return n;
    p[n] = (struct pollfd){.fd = fd, .events = POLLIN};
    return n + 1;
}

/* p[0] is podium's socket: it says only that nobody waits for the answer any more. */
static int gather(const struct keeper *k, struct pollfd *p)
{
    int n = 1;
    p[0] = (struct pollfd){.fd = BOX_FD, .events = POLLRDHUP};
    for (int64_t i = 0; i < k->n; i++) {
        n = add_poll(p, n, k->w[i].report);
        n = add_poll(p, n, k->w[i].out);
        n = add_poll(p, n, k->w[i].err);
        n = add_poll(p, n, k->w[i].channel);
    }
    for (int64_t i = 0; i < k->group.n_pipes; i++)
        if (is_over(&k->w[k->joints[i].i_to]))
            n = add_poll(p, n, k->joints[i].end);
    return n;
}

/* Reads in place of a reader that is gone; bounded as if it had been captured. */
static void drain_joint(struct keeper *k, struct joint *j)
{
    char block[16 * 1024];
    struct box_watch *from = &k->w[j->i_from];
    int64_t n_max = from->request.limits.n_stdout_max;
    ssize_t n = 0;
    while ((n = read(j->end, block, sizeof block)) > 0) {
        from->n_drained += n;
        if (from->n_drained > n_max)
            box_watch_stop(from, SANDBOX_OUTPUT);
        if (from->n_drained > n_max)
            return;
    }
    if (n == 0)
        box_close(&j->end);
}

/* A referee that does not say ok ends the game for all; so does a program that never began. */
static void heed_the_ended(struct keeper *k)
{
    for (int64_t i = 0; i < k->n && k->n > 1; i++) {
        struct box_watch *w = &k->w[i];
        if (!is_over(w) || !box_watch_ends_group(w))
            continue;
        for (int64_t j = 0; j < k->n; j++)
            if (j != i)
                box_watch_stop(&k->w[j], SANDBOX_STOPPED);
    }
}

/* Its descriptors are gone because it is: the flag of an exiting process, or no such process. Field
 * 9 of stat, counted behind the name, which is the program's to choose. */
static bool is_dying(int64_t pid)
{
    enum { EXITING = 4, FLAGS_BEHIND = 6 };
    char path[64];
    char line[1024];
    struct str piece = {"", 0};
    int64_t flags = 0;
    (void)snprintf(path, sizeof path, "/proc/%lld/stat", (long long)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, line, sizeof line);
    box_close(&fd);
    struct str s = {line, n > 0 ? n : 0};
    int64_t bracket = str_rfind(s, STR(")"));
    if (bracket < 0)
        return true;
    s = str_sub(s, bracket + 2, s.n);
    for (int i = 0; i <= FLAGS_BEHIND; i++)
        if (!str_split(&s, ' ', &piece))
            return false;
    return str_i64(piece, &flags) && (flags & EXITING) != 0;
}

/* The program itself still has the pipe where it was put. Not so, or not to be seen: no reason to
 * hold it any longer. The first child of an init is the program. */
static bool is_in_use(const struct box_watch *w, const struct joint *j)
{
    char path[96];
    char line[128];
    char want[32];
    int64_t pid = 0;
    int init = w->slot->board->init;
    if (w->slot->board->started_ns == 0)
        return true;
    (void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", init, init);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, line, sizeof line);
    box_close(&fd);
    struct str rest = {line, n > 0 ? n : 0};
    struct str first = {0};
    if (!str_split(&rest, ' ', &first) || !str_i64(first, &pid))
        return true; /* it is over: its report is on the way */
    (void)snprintf(path, sizeof path, "/proc/%lld/fd/%lld", (long long)pid, (long long)j->from_fd);
    (void)snprintf(want, sizeof want, "pipe:[%lld]", (long long)j->inode);
    n = readlink(path, line, sizeof line);
    return n < 0 ? is_dying(pid) : str_eq((struct str){line, n}, str_of(want));
}

/* A referee that goes on without its output means the end by closing it. */
static void look_at_referees(struct keeper *k)
{
    for (int64_t i = 0; i < k->group.n_pipes; i++) {
        struct joint *j = &k->joints[i];
        if (j->hold >= 0 && !is_over(&k->w[j->i_from]) && !is_in_use(&k->w[j->i_from], j))
            box_close(&j->hold);
    }
}

/* The end of input, for readers that still play. */
static void release_held(struct keeper *k)
{
    for (int64_t i = 0; i < k->group.n_pipes; i++) {
        struct joint *j = &k->joints[i];
        bool is_told = k->w[j->i_to].stopped_ns != 0 && !is_over(&k->w[j->i_to]);
        if (is_over(&k->w[j->i_from]) && !is_told)
            box_close(&j->hold);
    }
}

/* Those that wait for somebody who is gone do not wait for ever. */
static void end_survivors(struct keeper *k)
{
    int64_t now = clock_ns();
    for (int64_t i = 0; i < k->n; i++) {
        struct box_watch *w = &k->w[i];
        int64_t last_ns = 0;
        bool is_last = w->request.outlive_ms > 0 && !is_over(w) && k->n > 1;
        for (int64_t j = 0; j < k->n && is_last; j++) {
            is_last = j == i || is_over(&k->w[j]);
            if (j != i && k->w[j].ended_ns > last_ns)
                last_ns = k->w[j].ended_ns;
        }
        if (is_last && now - last_ns >= w->request.outlive_ms * 1000000)
            box_watch_stop(w, SANDBOX_STOPPED);
    }
}

static int64_t next_tick_ms(const struct keeper *k)
{
    int64_t ms = 100;
    for (int64_t i = 0; i < k->n; i++) {
        int64_t one = box_watch_tick_ms(&k->w[i]);
        if (!is_over(&k->w[i]) && one < ms)
            ms = one;
    }
    return ms;
}

static bool look(struct keeper *k, struct err *e)
{
    for (int64_t i = 0; i < k->n; i++) {
        box_watch_check(&k->w[i]);
        if (box_watch_is_stuck(&k->w[i]))
            return FAIL(e, ERR_IO, "the box does not %s",
                        k->w[i].stopped_ns != 0 ? "stop" : "start");
    }
    end_survivors(k);
    look_at_referees(k);
    return true;
}

static void read_all(struct keeper *k)
{
    for (int64_t i = 0; i < k->n; i++)
        box_watch_read(&k->w[i]);
    for (int64_t i = 0; i < k->group.n_pipes; i++)
        if (k->joints[i].end >= 0 && is_over(&k->w[k->joints[i].i_to]))
            drain_joint(k, &k->joints[i]);
    heed_the_ended(k);
    release_held(k);
}

static bool is_group_over(const struct keeper *k)
{
    for (int64_t i = 0; i < k->n; i++)
        if (!is_over(&k->w[i]))
            return false;
    return true;
}

/* Until every report pipe ends, which is when the inits are gone. */
static bool watch_group(struct keeper *k, struct err *e)
{
    struct pollfd p[POLLS_MAX];
    int64_t next_look_ns = clock_ns() + next_tick_ms(k) * 1000000;
    while (!is_group_over(k)) {
        int n = gather(k, p);
        int64_t wait_ms = (next_look_ns - clock_ns() + 999999) / 1000000;
        (void)poll(p, (nfds_t)n, wait_ms < 0 ? 0 : (int)wait_ms);
        if (p[0].revents != 0) {
            k->is_alone = true;
            return FAIL(e, ERR_IO, "podium is gone");
        }
        read_all(k);
        if (clock_ns() < next_look_ns)
            continue;
        TRY(look(k, e));
        next_look_ns = clock_ns() + next_tick_ms(k) * 1000000;
    }
    read_all(k);
    return true;
}

/* --- the end ------------------------------------------------------------------------------ */

/* Without a pid namespace, what a dead subreaper left becomes the keeper's own. */
static void bury_orphans(const struct keeper *k)
{
    pid_t spared[BOX_SLOTS_MAX + 1];
    int64_t n = 0;
    for (int64_t i = 0; i < BOX_SLOTS_MAX; i++)
        if (k->slots[i].pid > 0)
            spared[n++] = k->slots[i].pid;
    spared[n++] = k->m->guard;
    while (box_kill_below(getpid(), spared, n) > 0) {
        while (waitpid(-1, NULL, __WALL | WNOHANG) > 0)
            ;
        (void)poll(NULL, 0, 1);
    }
}

/* Whatever happened, no process of the run outlives this. A box that is broken gets no chance to
 * end by itself: killing an init kills its namespace. */
static void bury(struct box_watch *w, bool is_broken)
{
    struct rusage u;
    pid_t init = w->slot == NULL || !w->is_launched ? 0 : w->slot->board->init;
    if (init <= 0)
        return;
    if (is_broken)
        (void)kill(init, SIGKILL);
    if (wait4(init, NULL, __WALL, &u) == init)
        w->init_us = (int64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 +
                     u.ru_utime.tv_usec + u.ru_stime.tv_usec;
}

static bool bury_group(struct keeper *k, bool is_broken, struct err *e)
{
    bool ok = true;
    for (int64_t i = 0; i < k->n; i++) {
        struct err lost = {0};
        bury(&k->w[i], is_broken);
        if (k->w[i].run.dir[0] != 0 && !box_dir_remove(k->w[i].run.dir, &lost) && ok)
            ok = FAIL(e, ERR_IO, "%s", lost.text);
    }
    if (!k->m->has_namespaces)
        bury_orphans(k);
    return ok;
}

/* What a slot was told and did not do is forgotten with it. */
static void close_slots(struct keeper *k)
{
    for (int64_t i = 0; i < k->n; i++)
        if (k->w[i].slot != NULL)
            box_slot_close(k->w[i].slot);
}

static void close_group(struct keeper *k)
{
    for (int64_t i = 0; i < k->n; i++) {
        struct box_watch *w = &k->w[i];
        close_given(&w->run);
        box_close(&w->report);
        box_close(&w->out);
        box_close(&w->err);
        box_close(&w->channel);
        buf_free(&w->out_text);
        buf_free(&w->err_text);
        buf_free(&w->channel_text);
        buf_free(&w->report_text);
    }
    for (int64_t i = 0; i < k->group.n_pipes; i++) {
        box_close(&k->joints[i].end);
        box_close(&k->joints[i].hold);
    }
    for (int64_t i = 0; i < k->n_fds; i++)
        box_close(&k->fds[i]);
    box_close(&k->fifo_ns);
}

static int64_t first_start(const struct keeper *k)
{
    int64_t first = INT64_MAX;
    for (int64_t i = 0; i < k->n; i++) {
        int64_t at = k->w[i].slot->board->started_ns;
        if (at != 0 && at < first)
            first = at;
    }
    return first;
}

static bool results(struct keeper *k, struct sandbox_result *r, struct err *e)
{
    int64_t group_ns = first_start(k);
    for (int64_t i = 0; i < k->n; i++) {
        k->w[i].group_ns = group_ns;
        TRY(box_watch_result(&k->w[i], &r[i], &k->keep, e));
    }
    return true;
}

/* An init that has reported lets go of its mounts, for which the kernel makes it wait until every
 * processor has passed by (0.05-0.2 ms). Nothing of the program lives, and the account is known:
 * the answer goes out meanwhile. */
static bool may_leave_alone(const struct keeper *k, bool is_broken)
{
    if (!k->m->has_namespaces || is_broken)
        return false;
    for (int64_t i = 0; i < k->n; i++)
        if (!box_watch_is_done(&k->w[i])) /* killed: its files close before its box is killed */
            return false;
    return true;
}

static void settle_group(struct keeper *k)
{
    for (int64_t i = 0; i < k->n; i++)
        box_watch_settle(k->w[i].slot);
}

static void note_leaving(struct keeper *k)
{
    for (int64_t i = 0; i < k->n; i++)
        k->w[i].slot->leaving = k->w[i].slot->board->init;
}

static bool run_group(struct keeper *k, struct sandbox_result *r, struct err *e)
{
    struct err why = {0};
    bool ok = start_group(k, &why) && watch_group(k, &why);
    bool is_broken = !ok;
    bool is_left_alone = may_leave_alone(k, is_broken);
    if (!is_left_alone && !bury_group(k, is_broken, e))
        ok = ok && (why = *e, false);
    ok = ok && results(k, r, &why);
    if (is_left_alone)
        note_leaving(k);
    else if (!is_broken)
        settle_group(k);
    if (is_broken)
        close_slots(k);
    if (!ok)
        *e = why;
    return ok;
}

/* One group, from its head to the replies in *out. False: the other end is gone or talks nonsense,
 * and podium-box ends. */
static bool serve_group(struct keeper *k, struct str head, struct buf *out, struct err *e)
{
    struct err broken = {0};
    k->n = 0;
    k->n_fds = 0;
    k->group = (struct box_group){0};
    bool got = receive(k, head, e);
    if (got) {
        struct sandbox_result *r = NEW(&k->keep, struct sandbox_result, k->n);
        bool ok = run_group(k, r, &broken);
        for (int64_t i = 0; i < k->n; i++)
            box_reply_put(out, ok, &r[i], k->w[i].request.n_takes, &broken);
    }
    close_group(k);
    arena_reset(&k->keep);
    return got && (!k->is_alone || FAIL(e, ERR_IO, "podium is gone"));
}

/* Until the next group's head is here; but whoever is leaving is not kept waiting for that. */
static void rest(struct keeper *k)
{
    struct pollfd p = {.fd = BOX_FD, .events = POLLIN};
    if (poll(&p, 1, REST_MS) == 0)
        see_off(k);
}

static bool serve(struct keeper *k, struct err *e)
{
    for (;;) {
        struct buf head = {0};
        struct buf reply = {0};
        bool has_frame = false;
        bool ok = wire_recv(BOX_FD, "podium", BOX_HEAD_MAX, &head, &has_frame, e);
        if (ok && has_frame)
            ok = serve_group(k, buf_str(&head), &reply, e) &&
                 wire_send(BOX_FD, "podium", buf_str(&reply), e);
        rest(k);
        buf_free(&head);
        buf_free(&reply);
        if (!ok || !has_frame)
            return ok;
    }
}

bool box_keeper_new(struct box_machine *m, struct keeper **out, struct err *e)
{
    struct arena a;
    arena_init(&a, "keeper", LIMIT_MIB);
    struct keeper *k = NEW(&a, struct keeper, 1);
    k->m = m;
    k->fifo_ns = -1;
    k->filters_in = a;
    arena_init(&k->keep, "group", 256 * LIMIT_MIB);
    *out = k;
    return box_filter_build_first(&m->filter, &k->filters_in, e);
}

bool box_keeper_start(struct keeper *k, struct err *e)
{
    return box_slot_start(k->m, &k->slots[SANDBOX_NATIVE], e);
}

bool box_keeper_open(struct keeper *k, struct err *e)
{
    return finish_slot(k, &k->slots[SANDBOX_NATIVE], e);
}

bool box_keeper_serve(struct keeper *k, struct err *e)
{
    bool ok = serve(k, e);
    for (int64_t i = 0; i < BOX_SLOTS_MAX; i++)
        box_slot_close(&k->slots[i]);
    return ok;
}
