/* One run, seen from outside: what it writes, what it uses, when it is stopped, and how it ended.
 *
 * What is decided on are the kernel's figures and the clock, never words. With control groups the
 * CPU of a run is what its slot's group used since the run before, less the zygote's own and the
 * init's own: exact to some microseconds, whatever the program did with its children. Without, it
 * is the init's account of waited children, or what box_tree.c saw, if that is more. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "graders/sandbox/box.h"

enum {
    TREE_MS = 5,            /* between looks at the tree */
    GROUP_MS = 25,          /* between looks at a control group */
    SETUP_MS_MAX = 20000,   /* to build a box, on a machine on its knees */
    STOP_MS_MAX = 10000,    /* from "stop" to the report */
    COPY_BYTES = 64 * 1024, /* on the stack: see box_talk.h on what the keeper may hold */
    PIPE_BYTES = 1 << 20,
    CHARGE_KIB = 256 /* the kernel charges memory in steps of up to this, for each processor */
};

void box_watch_stop(struct box_watch *w, enum sandbox_end why)
{
    if (w->stopped_ns != 0 || w->report < 0)
        return;
    w->stopped_ns = clock_ns();
    w->stop_reason = why;
    (void)shutdown(w->report, SHUT_WR);
}

bool box_watch_drain(int *fd, int64_t n_max, struct buf *into)
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
        if (n == COPY_BYTES) /* a flood: fewer wake-ups; refused is fine */
            (void)fcntl(*fd, F_SETPIPE_SZ, PIPE_BYTES);
        int64_t room = n_max - into->n;
        buf_put(into, (struct str){block, n < room ? n : room});
        if (n > room)
            return false;
    }
}

void box_watch_read(struct box_watch *w)
{
    const struct sandbox_limits *l = &w->request.limits;
    bool fits = w->out < 0 || box_watch_drain(&w->out, l->n_stdout_max, &w->out_text);
    fits = (w->err < 0 || box_watch_drain(&w->err, l->n_stderr_max, &w->err_text)) && fits;
    fits = (w->channel < 0 ||
            box_watch_drain(&w->channel, w->request.n_channel_max, &w->channel_text)) &&
           fits;
    if (!fits)
        box_watch_stop(w, SANDBOX_OUTPUT);
    if (w->report >= 0 && !box_watch_drain(&w->report, BOX_REPLY_MAX, &w->report_text))
        box_close(&w->report);
    if (w->report < 0 && w->ended_ns == 0)
        w->ended_ns = clock_ns();
}

/* --- limits ------------------------------------------------------------------------------- */

/* What the group used since the last run, but for the zygote; the init is still in it. */
static int64_t group_us(const struct box_slot *s)
{
    int64_t group_ns = box_cgroup_cpu_ns(&s->cg);
    return (group_ns - s->cpu_ns - (box_clock_of(s->pid) - s->zygote_ns)) / 1000;
}

void box_watch_settle(struct box_slot *s)
{
    if (!s->has_cgroup)
        return;
    s->cpu_ns = box_cgroup_cpu_ns(&s->cg);
    s->zygote_ns = box_clock_of(s->pid);
}

/* CPU so far. */
static int64_t live_cpu_us(struct box_watch *w)
{
    int64_t us = w->slot->has_cgroup ? group_us(w->slot) - box_clock_of(w->slot->board->init) / 1000
                                     : w->tree->cpu_us;
    us -= w->slot->board->setup_us;
    return us > 0 ? us : 0;
}

static void look_at_tree(struct box_watch *w)
{
    const struct sandbox_limits *l = &w->request.limits;
    w->tree->root = w->slot->board->init;
    box_tree_sample(w->tree);
    w->n_tasks_peak = w->tree->n_tasks_peak;
    if (w->tree->memory_kib > l->memory_kib)
        box_watch_stop(w, SANDBOX_MEMORY);
    /* the kernel refuses the fork before this; where it does not, a bomb must not go on */
    if (w->tree->n_tasks > 2 * l->n_processes)
        box_watch_stop(w, SANDBOX_PROCESSES);
}

void box_watch_check(struct box_watch *w)
{
    const struct sandbox_limits *l = &w->request.limits;
    int64_t started_ns = w->slot->board->started_ns;
    if (started_ns == 0 || w->stopped_ns != 0 || w->report < 0)
        return;
    if (w->slot->has_cgroup) {
        int64_t n = box_cgroup_tasks(&w->slot->cg) - 2;
        w->n_tasks_peak = n > w->n_tasks_peak ? n : w->n_tasks_peak;
        int64_t kib = w->slot->cg.can_forget ? 0 : box_cgroup_usage_kib(&w->slot->cg);
        w->seen_kib = kib > w->seen_kib ? kib : w->seen_kib;
    } else {
        look_at_tree(w);
    }
    w->seen_us = live_cpu_us(w);
    if (w->seen_us > l->cpu_ms * 1000)
        box_watch_stop(w, SANDBOX_CPU);
    if (clock_ns() - started_ns >= l->wall_ms * 1000000)
        box_watch_stop(w, SANDBOX_WALL);
}

/* Time until a limit can be reached: CPU goes as fast as there are processors. */
int64_t box_watch_tick_ms(const struct box_watch *w)
{
    const struct sandbox_limits *l = &w->request.limits;
    int64_t most = w->slot->has_cgroup ? GROUP_MS : TREE_MS;
    int64_t started_ns = w->slot->board->started_ns;
    if (started_ns == 0 || w->report < 0)
        return most;
    int64_t cpu_ms = (l->cpu_ms - w->seen_us / 1000) / (w->run.cpu ? 1 : w->m->n_cpus);
    int64_t wall_ms = l->wall_ms - (clock_ns() - started_ns) / 1000000;
    int64_t ms = cpu_ms < wall_ms ? cpu_ms : wall_ms;
    return ms < 1 ? 1 : ms > most ? most : ms;
}

/* A box that does not come up or does not go down is broken. */
bool box_watch_is_stuck(const struct box_watch *w)
{
    int64_t now = clock_ns();
    if (w->report < 0)
        return false;
    if (w->stopped_ns != 0)
        return (now - w->stopped_ns) / 1000000 > STOP_MS_MAX;
    return w->slot->board->started_ns == 0 && (now - w->born_ns) / 1000000 > SETUP_MS_MAX;
}

/* --- the result --------------------------------------------------------------------------- */

/* What the report says, as far as it says it. */
struct report {
    int status;
    int exec_errno;
    int64_t cpu_us;
    int64_t maxrss_kib;
    int64_t over_ns;
    int64_t ended_ns;
};

static bool read_report(struct box_watch *w, struct report *p, struct wire_in *in, struct err *e)
{
    struct str all = buf_str(&w->report_text);
    int64_t n = wire_frame_size(all, BOX_REPLY_MAX);
    if (n <= 0 || n != all.n)
        return FAIL(e, ERR_IO, "the box died without a report");
    *in = wire_read(all);
    if (wire_get_i64(in) == BOX_REPORT_FAILED) {
        int64_t cls = wire_get_i64(in);
        struct str text = wire_get_str(in);
        return FAIL(e, in->is_bad || cls == ERR_NONE ? ERR_IO : (enum err_class)cls, "%.*s",
                    STR_ARG(text));
    }
    p->status = (int)wire_get_i64(in);
    p->exec_errno = (int)wire_get_i64(in);
    p->cpu_us = wire_get_i64(in);
    p->maxrss_kib = wire_get_i64(in);
    p->over_ns = wire_get_i64(in);
    p->ended_ns = wire_get_i64(in);
    return !in->is_bad || FAIL(e, ERR_IO, "the box's report is malformed");
}

/* Of the init alone. wait4 tells it in one sum with what it waited for; before that its clock is
 * asked, after the group's account and not before: what it uses between the two is nobody's. */
static int64_t init_us(const struct box_watch *w, const struct report *p)
{
    if (w->init_us > 0)
        return w->init_us - p->cpu_us;
    return box_clock_of(w->slot->board->init) / 1000;
}

/* `used_us`: of the slot's group since the run before. */
static int64_t cpu_of(const struct box_watch *w, const struct report *p, int64_t used_us)
{
    int64_t other_us = w->slot->has_cgroup ? used_us - init_us(w, p) : w->tree->cpu_us;
    int64_t us = p->cpu_us > other_us ? p->cpu_us : other_us;
    us -= w->slot->board->setup_us;
    return us > 0 ? us : 0;
}

/* True when the kernel's account proves that memory was the end of it. */
static bool account_memory(struct box_watch *w, const struct report *p, struct sandbox_result *r)
{
    int64_t limit_kib = w->request.limits.memory_kib;
    bool was_pressed = false;
    if (!w->slot->has_cgroup) {
        r->memory_kib = w->tree->memory_peak_kib;
        r->memory_kib = p->maxrss_kib > r->memory_kib ? p->maxrss_kib : r->memory_kib;
        return r->memory_kib > limit_kib;
    }
    const struct box_cgroup *c = &w->slot->cg;
    int64_t n_killed = box_cgroup_killed(&w->slot->cg, &was_pressed);
    int64_t peak_kib = c->can_forget ? box_cgroup_peak_kib(c) : w->seen_kib;
    /* what was charged before may have been given back under pressure: then only the placed files
     * are known to have stayed */
    r->memory_kib = peak_kib - (was_pressed ? w->placed_kib : w->slot->board->base_kib);
    if (!c->can_forget && r->memory_kib < p->maxrss_kib)
        r->memory_kib = p->maxrss_kib;
    r->memory_kib = r->memory_kib > 0 ? r->memory_kib : 0;
    /* A step may have been charged before the program began, by the init or what was before it, and
     * then be used up by the program: of what was resident that much is believed. */
    int64_t least_kib = p->maxrss_kib < CHARGE_KIB ? p->maxrss_kib : CHARGE_KIB;
    if (r->memory_kib < least_kib && least_kib <= limit_kib)
        r->memory_kib = least_kib;
    /* at the limit, or about to go beyond by a large page; or at it with pages to give back */
    if (n_killed > 0 || ((was_pressed || !c->can_forget) && r->memory_kib > limit_kib))
        r->memory_kib = limit_kib;
    return n_killed > 0 || r->memory_kib > limit_kib;
}

static enum sandbox_end end_of(const struct box_watch *w, const struct report *p,
                               bool is_out_of_memory, const struct sandbox_result *r)
{
    const struct sandbox_limits *l = &w->request.limits;
    bool is_stopped = w->stopped_ns != 0;
    int signal = WIFSIGNALED(p->status) ? WTERMSIG(p->status) : 0;
    if (p->exec_errno == ENOMEM || is_out_of_memory)
        return SANDBOX_MEMORY;
    if (is_stopped && w->stop_reason == SANDBOX_WALL)
        return SANDBOX_WALL;
    if (r->cpu_us > l->cpu_ms * 1000 || signal == SIGXCPU)
        return SANDBOX_CPU;
    /* one that ended by itself while it was being told to stop did so before it heard */
    bool ended_itself = w->stop_reason == SANDBOX_STOPPED && signal != SIGKILL;
    if (is_stopped && !ended_itself)
        return w->stop_reason;
    if (signal == SIGXFSZ)
        return SANDBOX_OUTPUT;
    if (signal == SIGSYS)
        return SANDBOX_FILTERED;
    return signal != 0 ? SANDBOX_SIGNALLED : SANDBOX_EXITED;
}

static void get_taken(struct wire_in *in, int64_t n, struct str *taken)
{
    for (int64_t i = 0; i < n; i++)
        if (wire_get_bool(in))
            taken[i] = wire_get_str(in);
}

static void fill(struct box_watch *w, const struct report *p, int64_t used_us,
                 struct sandbox_result *r)
{
    int64_t started_ns = w->slot->board->started_ns;
    bool is_out = account_memory(w, p, r);
    r->cpu_us = cpu_of(w, p, used_us);
    r->code = WIFEXITED(p->status) ? WEXITSTATUS(p->status) : 0;
    r->signal = WIFSIGNALED(p->status) ? WTERMSIG(p->status) : 0;
    r->wall_us = (p->ended_ns - started_ns) / 1000;
    r->n_processes = w->n_tasks_peak > 1 ? w->n_tasks_peak : 1;
    r->out = buf_str(&w->out_text);
    r->err = buf_str(&w->err_text);
    r->channel = buf_str(&w->channel_text);
    r->end = end_of(w, p, is_out, r);
}

/* An init that says so has seen everything in its box dead. */
static bool get_done(const struct box_watch *w, struct wire_in *in)
{
    struct str all = buf_str(&w->report_text);
    if (all.n <= 0 || wire_frame_size(all, BOX_REPLY_MAX) != all.n)
        return false;
    *in = wire_read(all);
    return wire_get_i64(in) == BOX_REPORT_DONE;
}

bool box_watch_is_done(const struct box_watch *w)
{
    struct wire_in in = {0};
    return get_done(w, &in);
}

bool box_watch_ends_group(const struct box_watch *w)
{
    struct wire_in in = {0};
    if (!get_done(w, &in))
        return true;
    int status = (int)wire_get_i64(&in);
    bool is_ok = WIFEXITED(status) && WEXITSTATUS(status) == w->request.ok_code;
    return w->request.is_referee && (!is_ok || w->stopped_ns != 0);
}

/* The kernel may choose the init when memory runs out: no report, but no secret either. */
static bool is_init_starved(struct box_watch *w, struct report *p)
{
    bool lost = false;
    if (!w->slot->has_cgroup || w->report_text.n != 0 || w->slot->board->started_ns == 0)
        return false;
    struct box_cgroup look = w->slot->cg;
    *p = (struct report){.status = SIGKILL, .ended_ns = w->ended_ns, .over_ns = w->ended_ns};
    return box_cgroup_killed(&look, &lost) > 0;
}

bool box_watch_result(struct box_watch *w, struct sandbox_result *r, struct arena *keep,
                      struct err *e)
{
    struct report p = {0};
    struct wire_in in = {0};
    int64_t used_us = w->slot->has_cgroup ? group_us(w->slot) : 0;
    *r = (struct sandbox_result){0};
    r->taken = NEW(keep, struct str, w->request.n_takes);
    if (is_init_starved(w, &p)) {
        fill(w, &p, used_us, r);
        return true;
    }
    pid_t none = 0;
    if (w->slot->board->init == 0) /* never made: the zygote says why */
        return box_zygote_launched(w->slot, &none, e);
    TRY(read_report(w, &p, &in, e));
    get_taken(&in, w->request.n_takes, r->taken);
    fill(w, &p, used_us, r);
    r->ended_us = (p.over_ns - w->group_ns) / 1000;
    return wire_is_done(&in) || FAIL(e, ERR_IO, "the box's report is malformed");
}
