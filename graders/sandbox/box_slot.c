/* What outlives a run: the namespaces that are shared by all, and slots.
 *
 * A network namespace is the expensive one (0.4-0.75 ms to make, and torn down behind everybody's
 * back), and the root takes a dozen mounts. Both are the same for every run and hold nothing a
 * run could change: no interface is up, every mount is read-only. So a short-lived child makes
 * them once, and the keeper holds them by descriptors after it is gone. What a run could leave
 * something in (pid, ipc, its own mounts) is made fresh each time.
 *
 * A slot is a process that has entered them (box_zygote.c), a uid for its programs, and control
 * groups. Runs of one profile use one slot, since what a compiler reads stays charged to the groups
 * it ran in; the jobs of a group get one each. They are opened when first needed. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "graders/sandbox/box.h"

static const struct {
    const char *name;
    int flag;
} kept[BOX_NS_COUNT] = {
    [BOX_NS_USER] = {"user", CLONE_NEWUSER},       [BOX_NS_MNT] = {"mnt", CLONE_NEWNS},
    [BOX_NS_NET] = {"net", CLONE_NEWNET},          [BOX_NS_UTS] = {"uts", CLONE_NEWUTS},
    [BOX_NS_CGROUP] = {"cgroup", CLONE_NEWCGROUP},
};

pid_t box_clone(uint64_t flags)
{
    /* not clone3: containers whose filter cannot look into its arguments refuse it whole */
    return (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
}

/* Root inside is an unprivileged id outside, too: an escape from the box arrives as nobody. */
static bool become_root(bool is_root, struct err *e)
{
    if (!is_root)
        return true; /* the one id that is mapped; it has every capability in here */
    if (setgroups(0, NULL) != 0 || setresgid(0, 0, 0) != 0 || setresuid(0, 0, 0) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot become root inside: %m");
    return true;
}

static bool write_text(pid_t pid, const char *name, const char *text, struct err *e)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return FAIL(e, ERR_UNSUPPORTED, "%s: %m", path);
    bool ok = wire_send(fd, path, str_of(text), e);
    (void)close(fd);
    return ok;
}

static bool write_maps(const struct box_machine *m, pid_t pid, struct err *e)
{
    char uid[96];
    char gid[96];
    if (m->is_root) {
        (void)snprintf(uid, sizeof uid, "0 %lld 1\n%d %lld %d\n", (long long)m->host_uid - 1,
                       BOX_UID, (long long)m->host_uid, BOX_SLOTS_MAX);
        (void)snprintf(gid, sizeof gid, "%s", uid);
    } else {
        (void)snprintf(uid, sizeof uid, "%d %d 1\n", BOX_UID, (int)geteuid());
        (void)snprintf(gid, sizeof gid, "%d %d 1\n", BOX_UID, (int)getegid());
        TRY(write_text(pid, "setgroups", "deny", e));
    }
    TRY(write_text(pid, "uid_map", uid, e));
    /* Writable once, by anybody inside: unwritten it would be one bit from run to run. Where it is
     * refused here, in a container without such a map, it will be refused inside as well. */
    struct err ignored;
    (void)!write_text(pid, "projid_map", "0 0 1\n", &ignored);
    return write_text(pid, "gid_map", gid, e);
}

static bool open_kept(struct box_machine *m, pid_t pid, struct err *e)
{
    char path[64];
    for (int i = 0; i < BOX_NS_COUNT; i++) {
        (void)snprintf(path, sizeof path, "/proc/%d/ns/%s", (int)pid, kept[i].name);
        m->ns_fd[i] = open(path, O_RDONLY | O_CLOEXEC);
        if (m->ns_fd[i] < 0)
            return FAIL(e, ERR_UNSUPPORTED, "%s: %m", path);
    }
    return true;
}

/* Waits for a byte; false when the other end is gone. */
static bool hear(int fd)
{
    char byte = 0;
    ssize_t n = 0;
    do
        n = read(fd, &byte, 1);
    while (n < 0 && errno == EINTR);
    return n == 1;
}

static _Noreturn void build(const struct box_machine *m, int hear_fd, int tell_fd)
{
    struct err e = {0};
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    bool ok = hear(hear_fd) && become_root(m->is_root, &e);
    /* here and not by clone: the keeper has other things to do meanwhile */
    if (ok && unshare(CLONE_NEWNET) != 0)
        ok = FAIL(&e, ERR_UNSUPPORTED, "a network namespace is refused: %m");
    ok = ok && (sethostname("box", 3) == 0 || FAIL(&e, ERR_UNSUPPORTED, "cannot name itself: %m"));
    bool has_proc = false;
    ok = ok && box_root_build(&has_proc, &e);
    struct buf b = {0};
    int64_t start = wire_open(&b);
    wire_put_i64(&b, ok);
    wire_put_i64(&b, has_proc);
    wire_put_str(&b, str_of(e.text));
    wire_seal(&b, start);
    (void)!wire_send(tell_fd, "keeper", buf_str(&b), &e);
    _exit(hear(hear_fd) ? 0 : 1);
}

bool box_builder_start(const struct box_machine *m, struct box_builder *b, struct err *e)
{
    int down[2];
    int up[2];
    if (pipe2(down, O_CLOEXEC) != 0)
        return FAIL(e, ERR_IO, "pipe: %m");
    b->tell = down[1];
    if (pipe2(up, O_CLOEXEC) != 0)
        return FAIL(e, ERR_IO, "pipe: %m");
    b->hear = up[0];
    uint64_t flags = CLONE_NEWPID; /* for the sake of its /proc */
    for (int i = 0; i < BOX_NS_COUNT; i++)
        flags |= i == BOX_NS_NET ? 0 : (uint64_t)(unsigned)kept[i].flag;
    b->pid = box_clone(flags);
    if (b->pid == 0) {
        (void)close(down[1]);
        (void)close(up[0]);
        build(m, down[0], up[1]);
    }
    if (b->pid < 0)
        (void)FAIL(e, ERR_UNSUPPORTED, "namespaces are refused: %m");
    (void)close(down[0]);
    (void)close(up[1]);
    TRY(b->pid > 0);
    TRY(write_maps(m, b->pid, e));
    return wire_send(b->tell, "box", STR("1"), e);
}

static bool hear_builder(struct box_machine *m, const struct box_builder *b, struct err *e)
{
    struct buf frame = {0};
    bool has_frame = false;
    TRY(wire_recv(b->hear, "box", BOX_HEAD_MAX, &frame, &has_frame, e));
    if (!has_frame)
        return FAIL(e, ERR_UNSUPPORTED, "building the root ended early");
    struct wire_in in = wire_read(buf_str(&frame));
    bool ok = wire_get_bool(&in);
    m->has_proc = wire_get_bool(&in);
    struct str text = wire_get_str(&in);
    ok = ok ? open_kept(m, b->pid, e) : FAIL(e, ERR_UNSUPPORTED, "%.*s", STR_ARG(text));
    buf_free(&frame);
    return ok;
}

bool box_builder_finish(struct box_machine *m, struct box_builder *b, bool is_started,
                        struct err *e)
{
    bool ok = is_started && hear_builder(m, b, e);
    box_close(&b->tell); /* the child has waited for this */
    box_close(&b->hear);
    if (b->pid > 0)
        (void)waitpid(b->pid, NULL, 0);
    return ok;
}

/* --- one slot ----------------------------------------------------------------------------- */

/* What the keeper knows only when the builder is done; a zygote is made before that. */
static bool tell_kept(const struct box_machine *m, const struct box_slot *s, struct err *e)
{
    struct buf b = {0};
    int64_t start = wire_open(&b);
    wire_put_i64(&b, m->has_namespaces);
    wire_put_i64(&b, m->has_proc);
    wire_seal(&b, start);
    bool ok = wire_send(s->socket, "zygote", buf_str(&b), e);
    buf_free(&b);
    TRY(ok);
    return !m->has_namespaces || wire_send_fds(s->socket, "zygote", m->ns_fd, BOX_NS_COUNT, e);
}

static bool hear_kept(struct box_machine *m, int socket, struct err *e)
{
    struct buf b = {0};
    bool has_frame = false;
    TRY(wire_recv(socket, "keeper", BOX_HEAD_MAX, &b, &has_frame, e));
    if (!has_frame)
        return FAIL(e, ERR_IO, "the keeper is gone");
    struct wire_in in = wire_read(buf_str(&b));
    m->has_namespaces = wire_get_bool(&in);
    m->has_proc = wire_get_bool(&in);
    bool is_done = wire_is_done(&in);
    buf_free(&b);
    if (!is_done)
        return FAIL(e, ERR_IO, "a malformed word of the keeper's");
    return !m->has_namespaces || wire_recv_fds(socket, "keeper", m->ns_fd, BOX_NS_COUNT, e);
}

static bool enter_kept(struct box_machine *m, struct err *e)
{
    if (!m->has_namespaces)
        return true;
    for (int i = 0; i < BOX_NS_COUNT; i++) {
        if (setns(m->ns_fd[i], kept[i].flag) != 0)
            return FAIL(e, ERR_UNSUPPORTED, "cannot enter the %s namespace: %m", kept[i].name);
        box_close(&m->ns_fd[i]);
    }
    return become_root(m->is_root, e);
}

/* Keeps the socket and what an init needs of the control groups, and nothing else of the keeper's:
 * its descriptors must be closed everywhere when it is gone. */
static bool keep_descriptors(struct box_slot *s, struct err *e)
{
    int *const keep[] = {&s->socket, &s->cg.usage, &s->cg.peak};
    int n = (int)box_run_fds(s) - BOX_FD;
    for (int i = 0; i < n; i++)
        if (*keep[i] >= 0 && (*keep[i] = fcntl(*keep[i], F_DUPFD_CLOEXEC, 256)) < 0)
            return FAIL(e, ERR_IO, "cannot move a descriptor: %m");
    for (int i = 0; i < n; i++) {
        if (*keep[i] >= 0 && dup3(*keep[i], BOX_FD + i, O_CLOEXEC) < 0)
            return FAIL(e, ERR_IO, "cannot move a descriptor: %m");
        *keep[i] = *keep[i] >= 0 ? BOX_FD + i : -1;
    }
    if (close_range(box_run_fds(s), ~0U, 0) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot close descriptors: %m");
    return true;
}

/* Everything that needs no namespaces, while they are being made: above all to get into version 1
 * groups, for which the kernel takes its time. */
static bool make_ready(const struct box_machine *m, struct box_slot *s, struct err *e)
{
    TRY(keep_descriptors(s, e));
    if (s->has_cgroup)
        TRY(box_cgroup_enter(&s->cg, getpid(), e));
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot set no_new_privs: %m");
    return box_filter_load(&m->filter, e);
}

static _Noreturn void zygote(const struct box_machine *m, struct box_slot s)
{
    struct box_machine mine = *m;
    struct err e = {0};
    struct err lost = {0};
    bool ok = make_ready(&mine, &s, &e) && hear_kept(&mine, s.socket, &e) &&
              enter_kept(&mine, &e) && box_drop_bounding_set(&mine, &e);
    /* after the change of ids, which clears it; and the keeper may be gone already */
    if (ok && (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0))
        ok = FAIL(&e, ERR_UNSUPPORTED, "cannot tie itself to the keeper: %m");
    if (!box_zygote_answer(s.socket, ok ? getpid() : -1, &e, &lost) || !ok)
        _exit(1);
    box_zygote(&mine, &s, s.socket);
}

static bool start_zygote(const struct box_machine *m, struct box_slot *s, struct err *e)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return FAIL(e, ERR_IO, "socketpair: %m");
    s->socket = pair[0];
    s->pid = box_clone(0);
    if (s->pid == 0) {
        s->socket = pair[1];
        zygote(m, *s);
    }
    (void)close(pair[1]);
    return s->pid > 0 || FAIL(e, ERR_IO, "cannot fork: %m");
}

bool box_slot_start(const struct box_machine *m, struct box_slot *s, struct err *e)
{
    s->socket = -1;
    s->board =
        mmap(NULL, sizeof *s->board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (s->board == MAP_FAILED) {
        s->board = NULL;
        return FAIL(e, ERR_IO, "cannot map a page: %m");
    }
    bool ok = true;
    if (m->has_cgroups) {
        ok = box_cgroup_open(m, s->i, &s->cg, e);
        s->has_cgroup = ok;
    }
    ok = ok && start_zygote(m, s, e);
    if (!ok)
        box_slot_close(s);
    return ok;
}

bool box_slot_finish(const struct box_machine *m, struct box_slot *s, struct err *e)
{
    pid_t told = -1;
    struct err lost = {0};
    bool is_told = tell_kept(m, s, &lost); /* if not, it has a reason to tell */
    bool ok = box_zygote_launched(s, &told, e) && (is_told || FAIL(e, ERR_IO, "%s", lost.text));
    if (!ok)
        box_slot_close(s);
    return ok;
}

void box_slot_see_off(struct box_slot *s)
{
    if (s->leaving > 0)
        (void)waitpid(s->leaving, NULL, __WALL);
    s->leaving = 0;
}

void box_slot_close(struct box_slot *s)
{
    if (s->board == NULL)
        return;
    box_slot_see_off(s);
    box_close(&s->socket);
    if (s->pid > 0) {
        (void)kill(s->pid, SIGKILL);
        (void)waitpid(s->pid, NULL, 0);
    }
    if (s->has_cgroup)
        box_cgroup_close(&s->cg);
    (void)munmap(s->board, sizeof *s->board);
    *s = (struct box_slot){.i = s->i, .socket = -1};
}
