#include "harness/grade_pool.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

/* A job waits, is with a worker, comes back to wait after that worker's first death, and is done
 * with an answer or with the reason why there is none. */
enum job_state { JOB_FREE, JOB_WAITING, JOB_RUNNING, JOB_DONE };

enum { TRIES = 2, QUEUE_PER_WORKER = 8, WORKERS_MAX = 256, READ_BLOCK = 1 << 16 };

struct job {
    enum job_state state;
    int64_t ticket;
    int64_t order; /* of submission */
    int n_tries;
    struct buf request; /* one frame */
    struct buf answer;  /* one frame; empty when trouble says why */
    char trouble[160];
};

enum { ARGS_MAX = 24 };

struct worker {
    pid_t pid;    /* 0: not running */
    char cpu[24]; /* of --cpu; empty: not pinned */
    int to_fd;    /* its standard input, never blocks */
    int from_fd;  /* its standard output */
    struct job *job;
    int64_t n_sent;
    int64_t deadline_ns;
    struct buf in;
};

struct grade_pool {
    const char *const *argv;
    int64_t deadline_ms;
    int64_t n_workers;
    int64_t n_jobs;
    int64_t n_submitted;
    struct worker *workers;
    struct job *jobs;
    struct arena answers;
};

/* ---- processes ---- */

static void close_pair(int pair[2])
{
    for (int i = 0; i < 2; i++) {
        if (pair[i] >= 0)
            (void)close(pair[i]);
    }
}

/* A group of its own, and signals as a program expects them: podium ignores some, and a
 * disposition of "ignore" would be inherited by every program under test. */
static void set_attributes(posix_spawnattr_t *attr)
{
    sigset_t defaults;
    (void)sigemptyset(&defaults);
    const int changed[] = {SIGPIPE, SIGXFSZ, SIGINT, SIGTERM};
    for (size_t i = 0; i < sizeof changed / sizeof *changed; i++)
        (void)sigaddset(&defaults, changed[i]);
    (void)posix_spawnattr_init(attr);
    (void)posix_spawnattr_setflags(attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    (void)posix_spawnattr_setpgroup(attr, 0);
    (void)posix_spawnattr_setsigdefault(attr, &defaults);
}

static int spawn(const char *const *argv, int in_fd, int out_fd, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawn_file_actions_adddup2(&actions, in_fd, STDIN_FILENO);
    (void)posix_spawn_file_actions_adddup2(&actions, out_fd, STDOUT_FILENO);
    set_attributes(&attr);
    int rc = posix_spawn(pid, argv[0], &actions, &attr, (char *const *)(uintptr_t)argv, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attr);
    return rc;
}

/* The pool's words, and the worker's own. */
static void fill_argv(const struct grade_pool *p, struct worker *w, const char *argv[ARGS_MAX])
{
    int n = 0;
    while (p->argv[n] != NULL) {
        assert(n < ARGS_MAX - 3);
        argv[n] = p->argv[n];
        n++;
    }
    if (w->cpu[0] != 0) {
        argv[n++] = "--cpu";
        argv[n++] = w->cpu;
    }
    argv[n] = NULL;
}

static bool worker_start(struct grade_pool *p, struct worker *w, struct err *e)
{
    const char *argv[ARGS_MAX];
    int to[2] = {-1, -1};
    int from[2] = {-1, -1};
    assert(w->pid == 0);
    assert(w->job == NULL);
    if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0) {
        (void)FAIL(e, ERR_IO, "grading worker: %m");
        close_pair(to);
        return false;
    }
    pid_t pid = 0;
    fill_argv(p, w, argv);
    int rc = spawn(argv, to[0], from[1], &pid);
    (void)close(to[0]);
    (void)close(from[1]);
    if (rc != 0) {
        (void)close(to[1]);
        (void)close(from[0]);
        return FAIL(e, ERR_UNSUPPORTED, "%s: cannot be started: %s", p->argv[0], strerror(rc));
    }
    (void)fcntl(to[1], F_SETFL, O_NONBLOCK);
    (void)fcntl(from[0], F_SETFL, O_NONBLOCK);
    w->pid = pid;
    w->to_fd = to[1];
    w->from_fd = from[0];
    buf_clear(&w->in);
    return true;
}

/* Ends the worker and everything it started; returns its wait status. */
static int worker_stop(struct worker *w)
{
    int status = 0;
    assert(w->pid > 0);
    (void)close(w->to_fd);
    (void)close(w->from_fd);
    (void)kill(-w->pid, SIGKILL);
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    w->pid = 0;
    return status;
}

/* ---- jobs ---- */

static void job_give_up(struct job *j, const char *why)
{
    (void)snprintf(j->trouble, sizeof j->trouble, "%s", why);
    buf_clear(&j->answer);
    j->state = JOB_DONE;
}

/* The worker is of no more use: its job waits for another one, or is done with. */
static void worker_fail(struct worker *w, const char *what)
{
    char why[128];
    struct job *j = w->job;
    int status = worker_stop(w);
    w->job = NULL;
    if (j == NULL)
        return;
    if (what != NULL)
        (void)snprintf(why, sizeof why, "the grading worker %s", what);
    else if (WIFSIGNALED(status))
        (void)snprintf(why, sizeof why, "the grading worker died of signal %d", WTERMSIG(status));
    else
        (void)snprintf(why, sizeof why, "the grading worker ended with status %d",
                       WEXITSTATUS(status));
    if (j->n_tries >= TRIES)
        job_give_up(j, why);
    else
        j->state = JOB_WAITING;
}

static struct job *oldest_waiting(struct grade_pool *p)
{
    struct job *best = NULL;
    for (int64_t i = 0; i < p->n_jobs; i++) {
        struct job *j = &p->jobs[i];
        if (j->state == JOB_WAITING && (best == NULL || j->order < best->order))
            best = j;
    }
    return best;
}

static bool assign(struct grade_pool *p, struct err *e)
{
    for (int64_t i = 0; i < p->n_workers; i++) {
        struct worker *w = &p->workers[i];
        struct job *j = w->job == NULL ? oldest_waiting(p) : NULL;
        if (j == NULL)
            continue;
        if (w->pid == 0)
            TRY(worker_start(p, w, e));
        w->job = j;
        w->n_sent = 0;
        w->deadline_ns = clock_ns() + p->deadline_ms * 1000000;
        j->state = JOB_RUNNING;
        j->n_tries++;
    }
    return true;
}

/* ---- pipes ---- */

static void worker_write(struct worker *w)
{
    struct job *j = w->job;
    while (j != NULL && w->n_sent < j->request.n) {
        ssize_t n = write(w->to_fd, j->request.at + w->n_sent, (size_t)(j->request.n - w->n_sent));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) /* full: later; broken: reading tells why */
            return;
        w->n_sent += n;
    }
}

static void take_frame(struct worker *w)
{
    int64_t size = grade_frame_size(buf_str(&w->in));
    if (size < 0 || (w->job == NULL && w->in.n > 0)) {
        worker_fail(w, "talks nonsense");
        return;
    }
    if (size == 0 || size > w->in.n)
        return;
    struct job *j = w->job;
    buf_clear(&j->answer);
    buf_put(&j->answer, str_sub(buf_str(&w->in), 0, size));
    buf_clear(&w->in); /* one job at a time: nothing can follow */
    j->state = JOB_DONE;
    w->job = NULL;
}

static void worker_read(struct worker *w)
{
    while (w->pid != 0) {
        buf_reserve(&w->in, READ_BLOCK);
        ssize_t n = read(w->from_fd, w->in.at + w->in.n, READ_BLOCK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0) {
            worker_fail(w, NULL);
            return;
        }
        w->in.n += n;
        take_frame(w);
    }
}

static int poll_ms(const struct grade_pool *p, int timeout_ms)
{
    int64_t now = clock_ns();
    int64_t least = timeout_ms;
    for (int64_t i = 0; i < p->n_workers; i++) {
        int64_t left = (p->workers[i].deadline_ns - now) / 1000000 + 1;
        if (p->workers[i].job != NULL && left < least)
            least = left < 0 ? 0 : left;
    }
    return (int)least;
}

static void exchange(struct grade_pool *p, int timeout_ms)
{
    struct pollfd fds[2 * WORKERS_MAX];
    struct worker *owner[2 * WORKERS_MAX];
    nfds_t n = 0;
    for (int64_t i = 0; i < p->n_workers; i++) {
        struct worker *w = &p->workers[i];
        if (w->pid == 0)
            continue;
        worker_write(w);
        owner[n] = w;
        fds[n++] = (struct pollfd){.fd = w->from_fd, .events = POLLIN};
        if (w->job == NULL || w->n_sent == w->job->request.n)
            continue;
        owner[n] = w;
        fds[n++] = (struct pollfd){.fd = w->to_fd, .events = POLLOUT};
    }
    if (poll(fds, n, poll_ms(p, timeout_ms)) <= 0)
        return;
    for (nfds_t i = 0; i < n; i++) {
        struct worker *w = owner[i];
        if (fds[i].revents == 0 || w->pid == 0)
            continue;
        if (fds[i].events == POLLOUT)
            worker_write(w);
        else
            worker_read(w);
    }
}

static void check_deadlines(struct grade_pool *p)
{
    int64_t now = clock_ns();
    for (int64_t i = 0; i < p->n_workers; i++) {
        struct worker *w = &p->workers[i];
        if (w->job == NULL || now < w->deadline_ns)
            continue;
        char what[64];
        (void)snprintf(what, sizeof what, "gave no verdict within %lld s",
                       (long long)((p->deadline_ms + 999) / 1000));
        worker_fail(w, what);
    }
}

/* ---- the pool ---- */

/* The processors this process may use, in turn. Sharing one costs a judged program time. */
static void pin_workers(struct grade_pool *p)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return;
    int64_t i = 0;
    while (i < p->n_workers && CPU_COUNT(&set) > 0)
        for (int cpu = 0; cpu < CPU_SETSIZE && i < p->n_workers; cpu++)
            if (CPU_ISSET((size_t)cpu, &set)) {
                struct worker *w = &p->workers[i++];
                (void)snprintf(w->cpu, sizeof w->cpu, "%d", cpu + 1);
            }
}

bool grade_pool_open(struct grade_pool **out, const struct grade_pool_config *c, struct err *e)
{
    assert(c->n_workers >= 1);
    assert(c->n_workers <= WORKERS_MAX);
    assert(c->deadline_ms > 0);
    struct grade_pool *p = calloc(1, sizeof *p);
    int64_t n_jobs = c->n_workers * QUEUE_PER_WORKER;
    if (p != NULL) {
        p->workers = calloc((size_t)c->n_workers, sizeof *p->workers);
        p->jobs = calloc((size_t)n_jobs, sizeof *p->jobs);
    }
    if (p == NULL || p->workers == NULL || p->jobs == NULL) {
        grade_pool_close(p);
        return FAIL(e, ERR_IO, "out of memory");
    }
    p->argv = c->argv;
    p->deadline_ms = c->deadline_ms;
    p->n_workers = c->n_workers;
    p->n_jobs = n_jobs;
    arena_init(&p->answers, "grade answers", LIMIT_ARENA_ITEM);
    if (c->is_pinned)
        pin_workers(p);
    for (int64_t i = 0; i < p->n_workers; i++) {
        if (!worker_start(p, &p->workers[i], e)) {
            grade_pool_close(p);
            return false;
        }
    }
    *out = p;
    return true;
}

void grade_pool_close(struct grade_pool *p)
{
    if (p == NULL)
        return;
    for (int64_t i = 0; i < p->n_workers; i++) {
        if (p->workers[i].pid != 0)
            (void)worker_stop(&p->workers[i]);
        buf_free(&p->workers[i].in);
    }
    for (int64_t i = 0; i < p->n_jobs; i++) {
        buf_free(&p->jobs[i].request);
        buf_free(&p->jobs[i].answer);
    }
    arena_fini(&p->answers);
    free(p->workers);
    free(p->jobs);
    free(p);
}

static struct job *find_state(const struct grade_pool *p, enum job_state state)
{
    for (int64_t i = 0; i < p->n_jobs; i++) {
        if (p->jobs[i].state == state)
            return &p->jobs[i];
    }
    return NULL;
}

bool grade_pool_has_room(const struct grade_pool *p)
{
    return find_state(p, JOB_FREE) != NULL;
}

int64_t grade_pool_n_alive(const struct grade_pool *p)
{
    int64_t n = 0;
    for (int64_t i = 0; i < p->n_jobs; i++)
        n += p->jobs[i].state != JOB_FREE;
    return n;
}

void grade_pool_submit(struct grade_pool *p, const struct grade_request *r)
{
    struct job *j = find_state(p, JOB_FREE);
    assert(j != NULL);
    buf_clear(&j->request);
    buf_clear(&j->answer);
    grade_request_put(&j->request, r);
    j->state = JOB_WAITING;
    j->ticket = r->ticket;
    j->order = p->n_submitted++;
    j->n_tries = 0;
    j->trouble[0] = 0;
}

bool grade_pool_step(struct grade_pool *p, int timeout_ms, struct err *e)
{
    TRY(assign(p, e));
    exchange(p, timeout_ms);
    check_deadlines(p);
    return assign(p, e); /* who became free gets work before the caller looks elsewhere */
}

static void read_answer(struct grade_pool *p, const struct job *j, struct graded *out)
{
    struct grade_answer *a = &out->answer;
    struct err e = {0};
    if (j->answer.n == 0) {
        (void)FAIL(&a->err, ERR_LIMIT, "%s, twice", j->trouble);
    } else if (!grade_answer_get(buf_str(&j->answer), a, &p->answers, &e)) {
        *a = (struct grade_answer){.err = e};
    } else if (a->ticket != j->ticket) {
        *a = (struct grade_answer){0};
        (void)FAIL(&a->err, ERR_INPUT, "the grading worker answered for another reply");
    }
}

bool grade_pool_take(struct grade_pool *p, struct graded *out)
{
    struct job *j = find_state(p, JOB_DONE);
    if (j == NULL)
        return false;
    arena_reset(&p->answers);
    *out = (struct graded){.ticket = j->ticket};
    read_answer(p, j, out);
    j->state = JOB_FREE;
    return true;
}
