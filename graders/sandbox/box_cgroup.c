/* Control groups: the kernel's own account of CPU and memory, and limits that nothing slips by.
 *
 * Version 2 is used where its memory and pids controllers may be used: in the nearest folder, from
 * the caller's own group upwards, that hands them down and lets us make a group. (A group that
 * holds processes itself hands down nothing, so often that is not the caller's own.) Else version 1
 * where its hierarchies are mounted and writable; there, version 2 may still count the CPU, since
 * cpu.stat and cgroup.kill need no controller. Else neither, and box_tree.c looks into /proc.
 *
 * What version 1 is like, measured, decides the shape. To attach a process takes up to 250 ms, so
 * only a slot's zygote is ever attached and everything else inherits. The peak can be forgotten (by
 * writing 0); the count of kills only grows, so differences are taken. And what a run leaves
 * charged stays: pages of files it was first to read. So before a program begins, its init forgets
 * the peak and notes what is charged already, the files placed in /box included.
 *
 * The limit written is memory_kib, what is placed, and a little, since the kernel's own needs are
 * charged, too. The figure told is the peak less what was charged before. When the kernel had to
 * take pages back, that may have gone first, and the figure is only an upper bound, cut at the
 * limit; but then a program that needed more has been killed, and kills are counted. (The kernel
 * charges in steps of up to 256 KiB for each processor: small figures are coarse.)
 *
 * Groups are called podium-box-PID-SLOT. Whoever made them removes them; when the keeper is killed,
 * a guard, which has waited for nothing else, does; and when both are, the next podium-box sweeps.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "graders/sandbox/box.h"

enum { REMOVE_MS_MAX = 5000, CLEAN_SHARE = 2, PROC_BYTES_MAX = 4 * 1024 * 1024 };
#define PREFIX "podium-box-"

static const char *const controllers[BOX_CG_COUNT] = {"memory", "pids", "cpuacct", ""};

/* --- small files -------------------------------------------------------------------------- */

static struct str read_at(int fd, char *at, int64_t n_at)
{
    ssize_t n = fd < 0 ? 0 : pread(fd, at, (size_t)n_at, 0);
    return (struct str){at, n > 0 ? n : 0};
}

static struct str read_path(const char *dir, const char *name, char *at, int64_t n_at)
{
    char path[700];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    CLEANUP(box_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
    return read_at(fd, at, n_at);
}

static int64_t read_number(int fd)
{
    char text[32];
    int64_t v = 0;
    return str_i64(str_trim(read_at(fd, text, sizeof text)), &v) ? v : 0;
}

/* The number after "name " in a file of such lines. */
static int64_t read_line(int fd, struct str name)
{
    char text[1024];
    struct str rest = read_at(fd, text, sizeof text);
    struct str line;
    int64_t v = 0;
    while (str_split(&rest, '\n', &line))
        if (str_starts(line, name) && line.n > name.n && line.at[name.n] == ' ')
            return str_i64(str_sub(line, name.n + 1, line.n), &v) ? v : 0;
    return 0;
}

static bool write_number(int fd, int64_t v)
{
    char text[32];
    int n = snprintf(text, sizeof text, "%lld", (long long)v);
    return pwrite(fd, text, (size_t)n, 0) == n;
}

static int open_in(const char *dir, const char *name, int flags)
{
    char path[700];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    return open(path, flags | O_CLOEXEC);
}

/* --- finding ------------------------------------------------------------------------------ */

static bool has_word(struct str line, char separator, const char *word)
{
    struct str piece;
    while (str_split(&line, separator, &piece))
        if (str_eq(str_trim(piece), str_of(word)))
            return true;
    return false;
}

static struct str nth(struct str line, int i)
{
    struct str piece = {"", 0};
    for (int k = 0; k <= i; k++)
        if (!str_split(&line, ' ', &piece))
            return (struct str){"", 0};
    return piece;
}

/* Where a hierarchy is mounted and which of its folders that shows; from a line of mountinfo. */
static bool is_mount_of(struct str line, const char *controller, struct str *root, struct str *at)
{
    int64_t dash = str_find(line, STR(" - "), 0);
    if (dash < 0)
        return false;
    struct str tail = str_sub(line, dash + 3, line.n);
    bool is_one = str_eq(nth(tail, 0), STR("cgroup"));
    bool is_two = str_eq(nth(tail, 0), STR("cgroup2"));
    *root = nth(line, 3);
    *at = nth(line, 4);
    return controller[0] == 0 ? is_two : is_one && has_word(nth(tail, 2), ',', controller);
}

/* What /proc says about the caller's groups and where they are mounted: read once. */
struct finding {
    struct buf own;
    struct buf mounts;
};

static void read_all(const char *path, struct buf *out)
{
    struct err lost = {0};
    CLEANUP(box_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || !file_read_fd(fd, path, PROC_BYTES_MAX, out, &lost))
        buf_clear(out); /* then none is found */
}

/* The caller's own group, of the line "N:controllers:path". */
static bool own_path(const struct finding *f, const char *controller, struct str *out)
{
    struct str rest = buf_str(&f->own);
    struct str line;
    while (str_split(&rest, '\n', &line)) {
        struct str number;
        struct str names;
        if (!str_split(&line, ':', &number) || !str_split(&line, ':', &names))
            continue;
        *out = line;
        if (controller[0] == 0 ? str_eq(number, STR("0")) && names.n == 0
                               : has_word(names, ',', controller))
            return true;
    }
    return false;
}

/* The folder of the caller's own group in the mounted hierarchy. */
static bool own_folder(const struct finding *f, const char *controller, char *out, int64_t n_out)
{
    struct str own;
    struct str root;
    struct str at;
    struct str rest = buf_str(&f->mounts);
    struct str line;
    bool found = false;
    if (!own_path(f, controller, &own))
        return false;
    while (!found && str_split(&rest, '\n', &line)) {
        if (!is_mount_of(line, controller, &root, &at))
            continue;
        struct str below = own;
        if (root.n > 1 && str_starts(below, root))
            below = str_sub(below, root.n, below.n);
        if (str_eq(below, STR("/")))
            below.n = 0;
        found = at.n + below.n < n_out;
        (void)snprintf(out, (size_t)n_out, "%.*s%.*s", STR_ARG(at), STR_ARG(below));
    }
    return found;
}

/* Asked, not tried, for a group takes the kernel 0.1 ms. Where the making fails all the same, there
 * is no box with groups (box_main.c). */
static bool may_make(const char *parent)
{
    return faccessat(AT_FDCWD, parent, W_OK | X_OK, AT_EACCESS) == 0;
}

/* Up from the caller's own group to the first that hands the controllers down and lets us in. */
static bool find_two(char *dir, struct str *why)
{
    char text[512];
    *why = STR("no group of ours hands down memory and pids");
    for (;;) {
        struct str down = read_path(dir, "cgroup.subtree_control", text, sizeof text);
        if (down.n == 0 && read_path(dir, "cgroup.controllers", text, sizeof text).n == 0 &&
            access(dir, F_OK) != 0)
            return false;
        if (has_word(str_trim(down), ' ', "memory") && has_word(str_trim(down), ' ', "pids")) {
            if (may_make(dir))
                return true;
            *why = STR("no permission to make a group");
        }
        char *slash = strrchr(dir, '/');
        char mark[600];
        if (slash == NULL || slash == dir)
            return false;
        *slash = 0;
        (void)snprintf(mark, sizeof mark, "%s/cgroup.controllers", dir);
        if (access(mark, F_OK) != 0) /* above the mount */
            return false;
    }
}

static void say(char *out, int64_t n, const char *what, struct str why)
{
    (void)snprintf(out, (size_t)n, "%s%.*s", what, STR_ARG(why));
}

static bool find_version_two(const struct finding *f, struct box_cgroups *cg)
{
    struct str why = STR("not mounted");
    char dir[512];
    if (own_folder(f, "", cg->parent[BOX_CG_TWO], sizeof cg->parent[BOX_CG_TWO])) {
        (void)snprintf(dir, sizeof dir, "%s", cg->parent[BOX_CG_TWO]);
        cg->two_has_memory = find_two(dir, &why);
        if (cg->two_has_memory)
            (void)snprintf(cg->parent[BOX_CG_TWO], sizeof cg->parent[BOX_CG_TWO], "%s", dir);
    }
    if (cg->two_has_memory)
        say(cg->two_says, sizeof cg->two_says, "", STR("memory pids cpu"));
    else
        say(cg->two_says, sizeof cg->two_says, "no: ", why);
    return cg->two_has_memory;
}

/* All three or none: half an account is no account. */
static bool find_version_one(const struct finding *f, struct box_cgroups *cg)
{
    for (int i = BOX_CG_MEMORY; i <= BOX_CG_CPU; i++) {
        if (!own_folder(f, controllers[i], cg->parent[i], sizeof cg->parent[i])) {
            (void)snprintf(cg->one_says, sizeof cg->one_says, "no: %s is not mounted",
                           controllers[i]);
            return false;
        }
        if (!may_make(cg->parent[i])) {
            (void)snprintf(cg->one_says, sizeof cg->one_says, "no: no permission for %.100s",
                           cg->parent[i]);
            return false;
        }
    }
    say(cg->one_says, sizeof cg->one_says, "", STR("memory pids cpuacct"));
    return true;
}

static void choose(const struct finding *f, struct box_machine *m)
{
    struct box_cgroups *cg = &m->cg;
    m->accounting = STR("wait+proc");
    m->has_cgroups = true;
    if (find_version_two(f, cg)) {
        say(cg->one_says, sizeof cg->one_says, "", STR("no: version 2 is used"));
        for (int i = BOX_CG_MEMORY; i <= BOX_CG_CPU; i++)
            cg->parent[i][0] = 0;
        m->accounting = STR("cgroup2");
        return;
    }
    if (!find_version_one(f, cg)) {
        m->has_cgroups = false;
        return;
    }
    if (cg->parent[BOX_CG_TWO][0] != 0 && may_make(cg->parent[BOX_CG_TWO])) {
        cg->parent[BOX_CG_CPU][0] = 0;
        say(cg->one_says, sizeof cg->one_says, "", STR("memory pids"));
        say(cg->two_says, sizeof cg->two_says, "", STR("cpu (it has no memory controller here)"));
        m->accounting = STR("cgroup1+cgroup2");
        return;
    }
    cg->parent[BOX_CG_TWO][0] = 0;
    m->accounting = STR("cgroup1");
}

void box_cgroups_find(struct box_machine *m)
{
    struct finding f = {0};
    read_all("/proc/self/cgroup", &f.own);
    read_all("/proc/self/mountinfo", &f.mounts);
    choose(&f, m);
    buf_free(&f.own);
    buf_free(&f.mounts);
}

/* --- one slot's groups -------------------------------------------------------------------- */

static bool make_groups(const struct box_machine *m, int64_t i_slot, struct box_cgroup *c,
                        struct err *e)
{
    for (int i = 0; i < BOX_CG_COUNT; i++) {
        if (m->cg.parent[i][0] == 0)
            continue;
        (void)snprintf(c->dir[i], sizeof c->dir[i], "%s/" PREFIX "%d-%lld", m->cg.parent[i],
                       (int)getpid(), (long long)i_slot);
        if (mkdir(c->dir[i], 0755) != 0)
            return FAIL(e, ERR_IO, "cannot make %s: %m", c->dir[i]);
    }
    return true;
}

static void open_one(struct box_cgroup *c)
{
    const char *dir = c->dir[BOX_CG_MEMORY];
    c->can_forget = true;
    c->usage = open_in(dir, "memory.usage_in_bytes", O_RDONLY);
    c->peak = open_in(dir, "memory.max_usage_in_bytes", O_RDWR);
    c->limit = open_in(dir, "memory.limit_in_bytes", O_WRONLY);
    c->pressed = open_in(dir, "memory.failcnt", O_RDONLY);
    c->killed = open_in(dir, "memory.oom_control", O_RDONLY);
    c->empty = open_in(dir, "memory.force_empty", O_WRONLY);
    c->pids = open_in(c->dir[BOX_CG_PIDS], "pids.max", O_RDWR);
    c->tasks = open_in(c->dir[BOX_CG_PIDS], "pids.current", O_RDONLY);
    /* swap would hide memory, and turn it into time */
    int swap = open_in(dir, "memory.swappiness", O_WRONLY);
    (void)!(swap < 0 || write_number(swap, 0));
    box_close(&swap);
}

static void open_two(struct box_cgroup *c)
{
    const char *dir = c->dir[BOX_CG_TWO];
    c->usage = open_in(dir, "memory.current", O_RDONLY);
    c->peak = open_in(dir, "memory.peak", O_RDWR); /* read-only before Linux 6.12 */
    c->can_forget = c->peak >= 0;
    c->limit = open_in(dir, "memory.max", O_WRONLY);
    c->killed = open_in(dir, "memory.events", O_RDONLY);
    c->empty = open_in(dir, "memory.reclaim", O_WRONLY);
    c->pids = open_in(dir, "pids.max", O_RDWR);
    c->tasks = open_in(dir, "pids.current", O_RDONLY);
    int swap = open_in(dir, "memory.swap.max", O_WRONLY);
    (void)!(swap < 0 || write_number(swap, 0));
    box_close(&swap);
}

bool box_cgroup_open(const struct box_machine *m, int64_t i_slot, struct box_cgroup *c,
                     struct err *e)
{
    *c = (struct box_cgroup){.is_two = m->cg.two_has_memory,
                             .cpu_is_two = m->cg.parent[BOX_CG_TWO][0] != 0,
                             .pressed = -1,
                             .memory_kib = -1,
                             .n_tasks = -1};
    TRY(make_groups(m, i_slot, c, e));
    if (c->is_two)
        open_two(c);
    else
        open_one(c);
    c->cpu = c->cpu_is_two ? open_in(c->dir[BOX_CG_TWO], "cpu.stat", O_RDONLY)
                           : open_in(c->dir[BOX_CG_CPU], "cpuacct.usage", O_RDONLY);
    if (c->usage < 0 || c->limit < 0 || c->killed < 0 || c->pids < 0 || c->cpu < 0) {
        box_cgroup_close(c);
        return FAIL(e, ERR_UNSUPPORTED, "a control group lacks files: %m");
    }
    bool lost = false;
    (void)box_cgroup_killed(c, &lost);
    return true;
}

bool box_cgroup_enter(const struct box_cgroup *c, pid_t pid, struct err *e)
{
    for (int i = 0; i < BOX_CG_COUNT; i++) {
        if (c->dir[i][0] == 0)
            continue;
        CLEANUP(box_close) int fd = open_in(c->dir[i], "cgroup.procs", O_WRONLY);
        if (fd < 0 || !write_number(fd, pid))
            return FAIL(e, ERR_UNSUPPORTED, "cannot enter %s: %m", c->dir[i]);
    }
    return true;
}

/* Ends what is in it; needed only when its keeper was killed. */
static void kill_group(const char *dir)
{
    char line[4096];
    struct str piece;
    int64_t pid = 0;
    CLEANUP(box_close) int fd = open_in(dir, "cgroup.kill", O_WRONLY);
    if (fd >= 0 && write_number(fd, 1))
        return;
    struct str rest = read_path(dir, "cgroup.procs", line, sizeof line);
    while (str_split(&rest, '\n', &piece))
        if (str_i64(piece, &pid) && pid > 1 && pid != getpid())
            (void)kill((pid_t)pid, SIGKILL);
}

/* The last process may be on its way out still. */
static void remove_group(const char *dir)
{
    for (int ms = 0; ms < REMOVE_MS_MAX && rmdir(dir) != 0 && errno == EBUSY; ms += 5) {
        if (ms > 0)
            kill_group(dir);
        (void)poll(NULL, 0, ms == 0 ? 1 : 5);
    }
}

void box_cgroup_close(struct box_cgroup *c)
{
    int *const fds[] = {&c->cpu,    &c->usage, &c->peak,  &c->limit, &c->pressed,
                        &c->killed, &c->pids,  &c->tasks, &c->empty};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
        box_close(fds[i]);
    for (int i = 0; i < BOX_CG_COUNT; i++)
        if (c->dir[i][0] != 0)
            remove_group(c->dir[i]);
}

/* --- a run -------------------------------------------------------------------------------- */

/* What an earlier run was first to read stays charged. Below half of the limit nobody notices;
 * above, it is given back, at the price of reading it again. */
static void clean(const struct box_cgroup *c, int64_t memory_kib)
{
    int64_t usage = read_number(c->usage);
    if (c->empty < 0 || usage / 1024 <= memory_kib / CLEAN_SHARE)
        return;
    (void)write_number(c->empty, c->is_two ? usage : 0);
}

bool box_cgroup_limit(struct box_cgroup *c, int64_t memory_kib, int64_t n_processes, struct err *e)
{
    clean(c, memory_kib);
    if (memory_kib != c->memory_kib && !write_number(c->limit, memory_kib * 1024))
        return FAIL(e, ERR_IO, "cannot limit memory to %lld KiB: %m", (long long)memory_kib);
    c->memory_kib = memory_kib;
    int64_t n_tasks = n_processes + 2; /* the zygote and the init */
    if (n_tasks != c->n_tasks && !write_number(c->pids, n_tasks))
        return FAIL(e, ERR_IO, "cannot limit processes: %m");
    c->n_tasks = n_tasks;
    return true;
}

int64_t box_cgroup_begin(const struct box_cgroup *c)
{
    (void)!(c->peak < 0 || write_number(c->peak, 0));
    return box_cgroup_usage_kib(c);
}

int64_t box_cgroup_usage_kib(const struct box_cgroup *c)
{
    return read_number(c->usage) / 1024;
}

int64_t box_cgroup_cpu_ns(const struct box_cgroup *c)
{
    if (c->cpu_is_two)
        return read_line(c->cpu, STR("usage_usec")) * 1000;
    return read_number(c->cpu);
}

int64_t box_cgroup_tasks(const struct box_cgroup *c)
{
    return read_number(c->tasks);
}

int64_t box_cgroup_peak_kib(const struct box_cgroup *c)
{
    return read_number(c->peak) / 1024;
}

int64_t box_cgroup_killed(struct box_cgroup *c, bool *was_pressed)
{
    int64_t n_killed = read_line(c->killed, STR("oom_kill"));
    int64_t n_pressed = c->is_two ? read_line(c->killed, STR("max")) : read_number(c->pressed);
    int64_t n = n_killed - c->n_killed;
    *was_pressed = n_pressed != c->n_pressed;
    c->n_killed = n_killed;
    c->n_pressed = n_pressed;
    return n;
}

/* --- what dead keepers left --------------------------------------------------------------- */

/* "podium-box-PID-SLOT" of `of`; or, when that is 0, of anybody dead, or of us from an earlier
 * life. */
static bool is_left(const char *name, pid_t of)
{
    struct str rest = str_of(name);
    struct str piece;
    int64_t pid = 0;
    if (!str_starts(rest, STR(PREFIX)))
        return false;
    rest = str_sub(rest, sizeof PREFIX - 1, rest.n);
    if (!str_split(&rest, '-', &piece) || !str_i64(piece, &pid) || pid <= 1)
        return false;
    if (of != 0)
        return pid == of;
    return pid == getpid() || (kill((pid_t)pid, 0) != 0 && errno == ESRCH);
}

void box_cgroups_sweep(const struct box_machine *m, pid_t of)
{
    char path[800];
    for (int i = 0; i < BOX_CG_COUNT; i++) {
        DIR *d = m->cg.parent[i][0] != 0 ? opendir(m->cg.parent[i]) : NULL;
        const struct dirent *entry = NULL;
        while (d != NULL && (entry = readdir(d)) != NULL)
            if (is_left(entry->d_name, of)) {
                (void)snprintf(path, sizeof path, "%s/%s", m->cg.parent[i], entry->d_name);
                /* a pid that is unknown here may live in another container: nothing is killed */
                (void)!(of == 0 ? rmdir(path) == 0 : (remove_group(path), true));
            }
        if (d != NULL)
            (void)closedir(d);
    }
}
