#include "graders/sandbox/sandbox.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "graders/sandbox/box_talk.h"

/* How long podium-box may be silent beyond the program's own wall limit. */
enum { SLACK_MS = 60000 };

struct sandbox {
    struct arena keep;
    pid_t pid;
    int fd;
    bool is_broken;
    struct box_hello hello;
};

const char *sandbox_end_name(enum sandbox_end end)
{
    static const char *const names[] = {"exited", "signalled", "cpu",      "wall",   "memory",
                                        "output", "processes", "filtered", "stopped"};
    assert((int)end >= 0);
    assert((size_t)end < sizeof names / sizeof *names);
    return names[end];
}

struct sandbox_limits sandbox_limits_run(int64_t cpu_ms, int64_t memory_kib)
{
    return (struct sandbox_limits){.cpu_ms = cpu_ms,
                                   .wall_ms = 3 * cpu_ms + 2000,
                                   .memory_kib = memory_kib,
                                   .n_processes = 64,
                                   .n_files = 64,
                                   .file_kib = 64 * LIMIT_KIB,
                                   .disk_kib = 64 * LIMIT_KIB,
                                   .n_stdout_max = 64 * LIMIT_MIB,
                                   .n_stderr_max = 1 * LIMIT_MIB};
}

/* The child gets the socket as descriptor 3 and nothing else of ours. */
static int spawn(pid_t *pid, const struct sandbox_options *o, int fd)
{
    char *argv[4] = {(char *)"podium-box"};
    char *env[1] = {NULL};
    int n = 1;
    if (o->no_namespaces)
        argv[n++] = (char *)"--no-namespaces";
    if (o->no_cgroups)
        argv[n++] = (char *)"--no-cgroups";
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t signals;
    (void)posix_spawn_file_actions_init(&files);
    (void)posix_spawnattr_init(&attr);
    (void)posix_spawn_file_actions_adddup2(&files, fd, BOX_FD);
    (void)posix_spawn_file_actions_addclosefrom_np(&files, BOX_FD + 1);
    (void)sigemptyset(&signals);
    (void)posix_spawnattr_setsigmask(&attr, &signals);
    (void)sigfillset(&signals);
    (void)posix_spawnattr_setsigdefault(&attr, &signals);
    /* a session of its own: a Ctrl-C at the terminal is podium's to handle */
    (void)posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETSID);
    int rc = posix_spawn(pid, o->box_path, &files, &attr, argv, env);
    (void)posix_spawnattr_destroy(&attr);
    (void)posix_spawn_file_actions_destroy(&files);
    return rc;
}

/* One frame, or an error when podium-box is silent for longer than ms. */
static bool receive(struct sandbox *s, int64_t ms, struct buf *b, struct err *e)
{
    struct pollfd p = {.fd = s->fd, .events = POLLIN};
    bool has_frame = false;
    int n = 0;
    do
        n = poll(&p, 1, ms > INT32_MAX ? INT32_MAX : (int)ms);
    while (n < 0 && errno == EINTR);
    if (n <= 0)
        return FAIL(e, ERR_IO, "podium-box: no answer in %lld ms", (long long)ms);
    TRY(wire_recv(s->fd, "podium-box", BOX_REPLY_MAX, b, &has_frame, e));
    return has_frame || FAIL(e, ERR_IO, "podium-box died");
}

static bool greet(struct sandbox *s, struct err *e)
{
    struct buf b = {0};
    bool ok = receive(s, SLACK_MS, &b, e) && box_hello_get(buf_str(&b), &s->hello, &s->keep, e);
    buf_free(&b);
    if (ok && s->hello.refusal.n > 0)
        return FAIL(e, ERR_UNSUPPORTED, "no sandbox: %.*s", STR_ARG(s->hello.refusal));
    return ok;
}

bool sandbox_open(struct sandbox **out, const struct sandbox_options *o, struct err *e)
{
    int pair[2];
    struct arena keep;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return FAIL(e, ERR_IO, "socketpair: %m");
    arena_init(&keep, "sandbox", LIMIT_MIB);
    struct sandbox *s = NEW(&keep, struct sandbox, 1);
    *s = (struct sandbox){.keep = keep, .pid = -1, .fd = pair[0]};
    /* dup2 onto itself would keep close-on-exec: the other end must not be 3 already */
    int other = fcntl(pair[1], F_DUPFD_CLOEXEC, 16);
    int rc = other < 0 ? errno : spawn(&s->pid, o, other);
    (void)close(pair[1]);
    if (other >= 0)
        (void)close(other);
    bool ok = rc == 0 || FAIL(e, ERR_IO, "%s: %s", o->box_path, strerror(rc));
    if (!ok || !greet(s, e)) {
        if (rc != 0)
            s->pid = -1;
        sandbox_close(s);
        return false;
    }
    *out = s;
    return true;
}

void sandbox_close(struct sandbox *s)
{
    if (s == NULL)
        return;
    (void)close(s->fd);
    if (s->pid > 0) {
        if (s->is_broken)
            (void)kill(s->pid, SIGKILL);
        (void)waitpid(s->pid, NULL, 0);
    }
    struct arena keep = s->keep; /* s itself lies in it */
    arena_fini(&keep);
}

void sandbox_isolation(const struct sandbox *s, struct str *isolation, struct str *why_not)
{
    *isolation = s->hello.machine.isolation;
    *why_not = s->hello.machine.why_not;
}

void sandbox_describe(const struct sandbox *s, struct sandbox_description *out)
{
    *out = s->hello.machine;
}

/* SIGPIPE must not end a caller whose box died: sockets are written with MSG_NOSIGNAL. */
static bool send_all(struct sandbox *s, struct str bytes, struct err *e)
{
    while (bytes.n > 0) {
        ssize_t n = send(s->fd, bytes.at, (size_t)bytes.n, MSG_NOSIGNAL);
        if (n >= 0)
            bytes = str_sub(bytes, n, bytes.n);
        else if (errno != EINTR)
            return FAIL(e, ERR_IO, "podium-box: %m");
    }
    return true;
}

/* The bytes in a file of the kernel's that nobody can change any more: the program may get this
 * very descriptor. */
static int seal_bytes(struct str bytes, struct err *e)
{
    int fd = memfd_create("box", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) {
        (void)FAIL(e, ERR_IO, "memfd: %m");
        return -1;
    }
    int seals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
    if (!wire_send(fd, "memfd", bytes, e)) {
        (void)close(fd);
        return -1;
    }
    if (lseek(fd, 0, SEEK_SET) != 0 || fcntl(fd, F_ADD_SEALS, seals) != 0) {
        (void)FAIL(e, ERR_IO, "cannot seal a memfd: %m");
        (void)close(fd);
        return -1;
    }
    return fd;
}

/* A file of the host; podium-box copies what the program will see. */
static int open_host(const char *path, struct err *e)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &st) != 0) {
        (void)FAIL(e, ERR_IO, "%s: %m", path);
    } else if (!S_ISREG(st.st_mode)) {
        (void)FAIL(e, ERR_INPUT, "%s: not a file", path);
    } else {
        return fd;
    }
    if (fd >= 0)
        (void)close(fd);
    return -1;
}

static bool open_one(const char *path, struct str bytes, int *fds, int64_t *n, struct err *e)
{
    fds[*n] = path != NULL ? open_host(path, e) : seal_bytes(bytes, e);
    return fds[(*n)++] >= 0;
}

/* Everything is opened before anything is sent, so that a file that is not there costs no box. */
static bool open_all(const struct sandbox_job *job, int *fds, int64_t *n, struct err *e)
{
    if (job->input_path != NULL || job->input.n > 0)
        TRY(open_one(job->input_path, job->input, fds, n, e));
    for (int64_t i = 0; i < job->n_files; i++)
        if (!str_ends(job->files[i].name, STR("/")))
            TRY(open_one(job->files[i].path, job->files[i].bytes, fds, n, e));
    return true;
}

static bool send_frames(struct sandbox *s, const struct sandbox_group *g, struct err *e)
{
    struct buf b = {0};
    box_group_put(&b, g);
    for (int64_t i = 0; i < g->n_jobs; i++)
        box_request_put(&b, &g->jobs[i]);
    bool ok = send_all(s, buf_str(&b), e);
    buf_free(&b);
    return ok;
}

static bool send_group(struct sandbox *s, const struct sandbox_group *g, struct arena *keep,
                       struct err *e)
{
    int64_t n = 0;
    for (int64_t i = 0; i < g->n_jobs; i++)
        n += 1 + g->jobs[i].n_files;
    int *fds = NEW(keep, int, n);
    n = 0;
    bool ok = true;
    for (int64_t i = 0; ok && i < g->n_jobs; i++)
        ok = open_all(&g->jobs[i], fds, &n, e);
    if (ok) {
        ok = send_frames(s, g, e) && wire_send_fds(s->fd, "podium-box", fds, n, e);
        s->is_broken = !ok; /* it waits for the rest */
    }
    for (int64_t i = 0; i < n; i++)
        if (fds[i] >= 0)
            (void)close(fds[i]);
    return ok;
}

/* The longest that a whole group may be silent. */
static int64_t patience_ms(const struct sandbox_group *g)
{
    int64_t ms = 0;
    for (int64_t i = 0; i < g->n_jobs; i++)
        if (g->jobs[i].limits.wall_ms > ms)
            ms = g->jobs[i].limits.wall_ms;
    return ms + SLACK_MS;
}

/* All replies are read, whatever they say: the next group's come after them. */
static bool receive_replies(struct sandbox *s, const struct sandbox_group *g,
                            struct sandbox_result *out, struct arena *keep, struct err *e)
{
    bool all_ok = true;
    int64_t ms = patience_ms(g);
    for (int64_t i = 0; i < g->n_jobs; i++) {
        struct buf b = {0};
        struct err why = {0};
        s->is_broken = !receive(s, ms, &b, e);
        bool ok =
            !s->is_broken && box_reply_get(buf_str(&b), g->jobs[i].n_takes, &out[i], keep, &why);
        buf_free(&b);
        if (s->is_broken)
            return false;
        if (!ok && all_ok)
            *e = why;
        all_ok = all_ok && ok;
    }
    return all_ok;
}

bool sandbox_run_group(struct sandbox *s, const struct sandbox_group *g, struct sandbox_result *out,
                       struct arena *keep, struct err *e)
{
    assert(g->n_jobs >= 1);
    assert(g->n_jobs <= SANDBOX_GROUP_MAX);
    if (s->is_broken)
        return FAIL(e, ERR_IO, "podium-box died earlier");
    struct sandbox_result r[SANDBOX_GROUP_MAX];
    TRY(send_group(s, g, keep, e));
    TRY(receive_replies(s, g, r, keep, e));
    for (int64_t i = 0; i < g->n_jobs; i++) {
        out[i] = r[i];
        out[i].isolation = arena_str(keep, s->hello.machine.isolation);
        out[i].accounting = arena_str(keep, s->hello.machine.accounting);
    }
    return true;
}

bool sandbox_run(struct sandbox *s, const struct sandbox_job *job, struct sandbox_result *out,
                 struct arena *keep, struct err *e)
{
    assert(job->n_argv > 0);
    struct sandbox_group alone = {.jobs = job, .n_jobs = 1};
    return sandbox_run_group(s, &alone, out, keep, e);
}
