/* The slot's own process: it sits in the kept namespaces and in the slot's control groups, and for
 * each run makes the init, which inherits both for nothing. (To enter five namespaces costs a run
 * 0.2 ms; to attach a process to a version 1 group, up to 250 ms: the kernel waits until every
 * processor has been seen idle.)
 *
 * The keeper sends what the init needs: a launch frame, the request as it came from podium, and
 * descriptors. The zygote does not look into the request; the init does. CLONE_PARENT makes the
 * init the keeper's child, so that the keeper waits for it and gets its exact account.
 *
 * An init uses the zygote's memory and descriptors, which saves copying and faulting them in again
 * (a tenth of a run), and the zygote stands still until it is gone. (vfork would do that too, but
 * its sleep counts as load, and machines are judged by theirs.) So an init gives
 * back what it takes from the heap, and closes what it opens; what it closes is closed. Under a
 * sanitizer, which cannot follow that, it gets copies.
 *
 * It ends when the keeper's end of the socket is gone. */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <stdio.h>

#include "graders/sandbox/box.h"

enum { SAY_LAUNCH, SAY_FIFOS };
enum { REQUEST_ARENA = 64 * 1024 * 1024, STACK_BYTES = 1024 * 1024 };

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SHARED = 0 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { SHARED = 0 };
#else
enum { SHARED = CLONE_VM | CLONE_FILES | CLONE_CHILD_CLEARTID };
#endif
#else
enum { SHARED = CLONE_VM | CLONE_FILES | CLONE_CHILD_CLEARTID };
#endif

/* One launch, as it arrives. */
struct launch {
    struct box_run run;
    bool has_fifo_ns;
    int64_t n_files;
    struct buf head;
    struct buf request;
    int *all; /* every descriptor that came */
};

/* --- the zygote's side -------------------------------------------------------------------- */

bool box_zygote_answer(int socket, pid_t pid, const struct err *why, struct err *e)
{
    struct buf b = {0};
    int64_t start = wire_open(&b);
    wire_put_i64(&b, pid);
    wire_put_str(&b, str_of(why->text));
    wire_seal(&b, start);
    bool ok = wire_send(socket, "keeper", buf_str(&b), e);
    buf_free(&b);
    return ok;
}

static void get_launch(struct wire_in *in, struct launch *l)
{
    l->run.cpu = wire_get_i64(in);
    l->run.n_joined = (int)wire_get_i64(in);
    l->run.n_fds = (int)wire_get_i64(in);
    if (l->run.n_fds < 0 || l->run.n_fds > BOX_FDS_MAX)
        in->is_bad = true;
    for (int i = 0; !in->is_bad && i < l->run.n_fds; i++)
        l->run.to[i] = (int)wire_get_i64(in);
    l->run.n_beside = wire_get_i64(in);
    l->run.has_fifos = wire_get_bool(in);
    l->has_fifo_ns = wire_get_bool(in);
    l->n_files = wire_get_i64(in);
    struct str filter = wire_get_str(in);
    l->run.filter.len = (unsigned short)((size_t)filter.n / sizeof(struct sock_filter));
    /* read by the kernel only, and it takes any alignment */
    l->run.filter.filter = (struct sock_filter *)(void *)filter.at;
    struct str dir = wire_get_str(in);
    (void)snprintf(l->run.dir, sizeof l->run.dir, "%.*s", STR_ARG(dir));
}

/* The order of box_zygote_launch. */
static void place_fds(struct launch *l)
{
    int64_t at = 0;
    l->run.report = l->all[at++];
    for (int i = 0; i < l->run.n_fds; i++)
        l->run.fds[i] = l->all[at++];
    l->run.fifo_ns = l->has_fifo_ns ? l->all[at++] : -1;
    l->run.files = l->all + at;
}

/* What an init starts with. */
struct start {
    struct launch *l;
    struct arena *keep;
};

/* In the init: the request is read here, and each file gets its descriptor. */
static int become_init(void *arg)
{
    struct box_request r;
    struct err lost = {0};
    const struct start *s = arg;
    struct launch *l = s->l;
    if (!box_request_get(buf_str(&l->request), &r, s->keep, &lost))
        _exit(1); /* it was read before, by the keeper */
    int *files = NEW(s->keep, int, r.n_files);
    int64_t at = 0;
    for (int64_t i = 0; i < r.n_files; i++)
        files[i] = r.files[i].is_folder ? -1 : l->run.files[at++];
    l->run.files = files;
    l->run.r = &r;
    /* without a root of its own: from "/fifo/x" to "fifo/x", in the working folder */
    for (char **arg_of = r.argv; l->run.has_fifos && !l->has_fifo_ns && *arg_of != NULL; arg_of++)
        *arg_of += str_starts(str_of(*arg_of), STR("/fifo/"));
    box_inside(&l->run);
}

static int launch_flags(const struct launch *l)
{
    int flags = CLONE_PARENT | CLONE_PARENT_SETTID | SIGCHLD | SHARED;
    if (l->run.m->has_namespaces)
        flags |= CLONE_NEWPID | CLONE_NEWIPC | (l->has_fifo_ns ? 0 : CLONE_NEWNS);
    return flags;
}

/* Comes back when the init is gone, where memory is shared. */
static void make_init(struct launch *l, struct arena *keep, char *stack, struct err *why)
{
    struct start s = {.l = l, .keep = keep};
    pid_t *told = (pid_t *)&l->run.slot->board->init;
    static pid_t lives; /* the kernel writes 0 when the init no longer uses the memory */
    lives = 1;
    long pid = SHARED != 0 ? clone(become_init, stack + STACK_BYTES, launch_flags(l), &s, told,
                                   NULL, &lives)
                           : syscall(SYS_clone, launch_flags(l), 0, told, 0, 0);
    if (SHARED == 0 && pid == 0)
        (void)become_init(&s);
    while (SHARED != 0 && pid > 0 && __atomic_load_n(&lives, __ATOMIC_ACQUIRE) != 0)
        (void)syscall(SYS_futex, &lives, FUTEX_WAIT, 1, NULL, NULL, 0);
    if (pid < 0)
        (void)FAIL(why, ERR_UNSUPPORTED, "cannot make the box's namespaces: %m");
}

static bool receive_launch(int socket, struct wire_in *in, struct launch *l, struct err *e)
{
    bool has_frame = false;
    get_launch(in, l);
    TRY(wire_recv(socket, "keeper", BOX_HEAD_MAX, &l->request, &has_frame, e));
    if (in->is_bad || !has_frame || l->n_files < 0 || l->n_files > BOX_FILES_MAX)
        return FAIL(e, ERR_IO, "a malformed launch");
    int64_t n = 1 + l->run.n_fds + l->has_fifo_ns + l->n_files;
    static int all[2 + BOX_FDS_MAX + BOX_FILES_MAX];
    l->all = all;
    return wire_recv_fds(socket, "keeper", all, n, e);
}

/* The keeper hears only of failure: of success it sees the init's report. */
static bool serve_launch(int socket, struct wire_in *in, struct launch *l, struct arena *keep,
                         char *stack, struct err *e)
{
    struct err why = {0};
    bool ok = receive_launch(socket, in, l, e);
    if (ok) {
        place_fds(l);
        make_init(l, keep, stack, &why);
        if (why.cls != ERR_NONE)
            ok = box_zygote_answer(socket, -1, &why, e);
    }
    buf_free(&l->request);
    arena_reset(keep);
    /* everything above what the slot keeps: what came, and what an init left open */
    if (close_range(box_run_fds(l->run.slot), ~0U, 0) != 0)
        ok = false;
    return ok;
}

/* A child makes the mounts and waits, so that the keeper can take hold of its namespace. */
static _Noreturn void make_fifos(int socket, struct wire_in *in)
{
    struct err e = {0};
    struct err lost = {0};
    char byte = 0;
    struct str names[BOX_FIFOS_MAX];
    int64_t n = wire_get_i64(in);
    for (int64_t i = 0; i < n && i < BOX_FIFOS_MAX; i++)
        names[i] = str_sub(wire_get_str(in), 0, 255);
    bool ok = !in->is_bad && n <= BOX_FIFOS_MAX;
    if (unshare(CLONE_NEWNS) != 0)
        ok = FAIL(&e, ERR_UNSUPPORTED, "cannot make the group's mounts: %m");
    ok = ok && box_fifos_mount(names, n, &e);
    /* an unprivileged keeper may look at us only so */
    (void)prctl(PR_SET_DUMPABLE, 1);
    ok = box_zygote_answer(socket, ok ? getpid() : -1, &e, &lost) && ok;
    (void)!read(socket, &byte, 1);
    _exit(ok ? 0 : 1);
}

static bool serve_fifos(int socket, struct wire_in *in, struct err *e)
{
    pid_t pid = fork();
    if (pid == 0)
        make_fifos(socket, in);
    if (pid < 0)
        return FAIL(e, ERR_IO, "cannot fork: %m");
    (void)waitpid(pid, NULL, 0);
    return true;
}

_Noreturn void box_zygote(const struct box_machine *m, const struct box_slot *s, int socket)
{
    struct err e = {0};
    struct arena keep;
    bool ok = true;
    bool has_frame = true;
    arena_init(&keep, "request", REQUEST_ARENA);
    char *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ok = stack != MAP_FAILED;
    while (ok) {
        struct launch l = {.run = {.m = m, .slot = s}};
        ok = wire_recv(socket, "keeper", BOX_HEAD_MAX, &l.head, &has_frame, &e) && has_frame;
        if (ok) {
            struct wire_in in = wire_read(buf_str(&l.head));
            ok = wire_get_i64(&in) == SAY_LAUNCH ? serve_launch(socket, &in, &l, &keep, stack, &e)
                                                 : serve_fifos(socket, &in, &e);
        }
        buf_free(&l.head);
    }
    _exit(has_frame ? 1 : 0);
}

/* --- the keeper's side -------------------------------------------------------------------- */

static void put_launch(struct buf *b, const struct box_run *run)
{
    int64_t start = wire_open(b);
    wire_put_i64(b, SAY_LAUNCH);
    wire_put_i64(b, run->cpu);
    wire_put_i64(b, run->n_joined);
    wire_put_i64(b, run->n_fds);
    for (int i = 0; i < run->n_fds; i++)
        wire_put_i64(b, run->to[i]);
    wire_put_i64(b, run->n_beside);
    wire_put_i64(b, run->has_fifos);
    wire_put_i64(b, run->fifo_ns >= 0);
    int64_t n_files = 0;
    for (int64_t i = 0; i < run->r->n_files; i++)
        n_files += !run->r->files[i].is_folder;
    wire_put_i64(b, n_files);
    int64_t n_bytes = run->filter.len * (int64_t)sizeof *run->filter.filter;
    wire_put_str(b, (struct str){(const char *)run->filter.filter, n_bytes});
    wire_put_str(b, str_of(run->dir));
    wire_seal(b, start);
}

static int64_t collect_fds(const struct box_run *run, int *all)
{
    int64_t n = 0;
    all[n++] = run->report;
    for (int i = 0; i < run->n_fds; i++)
        all[n++] = run->fds[i];
    if (run->fifo_ns >= 0)
        all[n++] = run->fifo_ns;
    for (int64_t i = 0; i < run->r->n_files; i++)
        if (!run->r->files[i].is_folder)
            all[n++] = run->files[i];
    return n;
}

bool box_zygote_launch(const struct box_slot *s, const struct box_run *run, struct str request,
                       struct err *e)
{
    struct buf b = {0};
    static int all[2 + BOX_FDS_MAX + BOX_FILES_MAX];
    put_launch(&b, run);
    buf_put(&b, request);
    bool ok = wire_send(s->socket, "zygote", buf_str(&b), e);
    buf_free(&b);
    return ok && wire_send_fds(s->socket, "zygote", all, collect_fds(run, all), e);
}

static bool hear(const struct box_slot *s, pid_t *pid, struct err *e)
{
    struct buf b = {0};
    bool has_frame = false;
    bool ok = wire_recv(s->socket, "zygote", BOX_HEAD_MAX, &b, &has_frame, e);
    if (ok && !has_frame)
        ok = FAIL(e, ERR_IO, "the zygote died");
    if (ok) {
        struct wire_in in = wire_read(buf_str(&b));
        *pid = (pid_t)wire_get_i64(&in);
        struct str why = wire_get_str(&in);
        if (*pid <= 0)
            ok = FAIL(e, ERR_UNSUPPORTED, "%.*s", STR_ARG(why));
    }
    buf_free(&b);
    return ok;
}

bool box_zygote_launched(const struct box_slot *s, pid_t *init, struct err *e)
{
    return hear(s, init, e);
}

bool box_zygote_fifos(const struct box_slot *s, const struct box_group *g, int *ns, struct err *e)
{
    char path[64];
    pid_t pid = -1;
    struct buf b = {0};
    int64_t start = wire_open(&b);
    wire_put_i64(&b, SAY_FIFOS);
    wire_put_i64(&b, g->n_fifos);
    for (int64_t i = 0; i < g->n_fifos; i++)
        wire_put_str(&b, g->fifos[i]);
    wire_seal(&b, start);
    bool ok = wire_send(s->socket, "zygote", buf_str(&b), e);
    buf_free(&b);
    TRY(ok);
    ok = hear(s, &pid, e);
    if (ok) {
        (void)snprintf(path, sizeof path, "/proc/%d/ns/mnt", (int)pid);
        *ns = open(path, O_RDONLY | O_CLOEXEC);
        ok = *ns >= 0 || FAIL(e, ERR_UNSUPPORTED, "%s: %m", path);
    }
    return wire_send(s->socket, "zygote", STR("."), e) && ok;
}
