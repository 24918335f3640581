/* What a run uses while it runs, seen from outside through /proc.
 *
 * The tree is walked from the init by the lists of children, which hold daemons too, since those
 * become children of the init. CPU is each process's own clock (nanoseconds) plus what it has
 * inherited from reaped children (ticks of 10 ms). The clocks are also summed apart, over every
 * process ever seen: a program that ignores SIGCHLD makes the kernel forget its children's time,
 * and this sum does not. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "graders/sandbox/box.h"

enum { DEPTH_MAX = 256, TASKS_MAX = 4096 };

/* One walk. */
struct walk {
    struct box_tree *t;
    struct box_seen now[BOX_SEEN_MAX];
    int64_t n_now;
    int64_t n_tasks;
    int64_t reaped_us;   /* inherited from waited children */
    int64_t private_kib; /* summed */
    int64_t shared_kib;  /* of the largest: mostly the same pages */
};

static struct str read_small(const char *path, char *at, int64_t n_at)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, at, (size_t)n_at);
    box_close(&fd);
    return (struct str){at, n > 0 ? n : 0};
}

/* Field i (from 0) of text separated by single spaces; 0 when it is not there. */
static int64_t field(struct str text, int i)
{
    struct str piece = {0};
    int64_t v = 0;
    for (int k = 0; k <= i; k++)
        if (!str_split(&text, ' ', &piece))
            return 0;
    return str_i64(str_trim(piece), &v) ? v : 0;
}

static void add_memory(struct walk *w, int64_t pid)
{
    char path[64];
    char line[256];
    (void)snprintf(path, sizeof path, "/proc/%lld/statm", (long long)pid);
    struct str s = read_small(path, line, sizeof line);
    int64_t page_kib = sysconf(_SC_PAGESIZE) / 1024;
    int64_t resident = field(s, 1) * page_kib;
    int64_t shared = field(s, 2) * page_kib;
    w->private_kib += resident - shared;
    if (shared > w->shared_kib)
        w->shared_kib = shared;
}

/* The name in /proc/PID/stat is the program's to choose, brackets included: count from the last. */
static void add_reaped(struct walk *w, int64_t pid)
{
    char path[64];
    char line[1024];
    (void)snprintf(path, sizeof path, "/proc/%lld/stat", (long long)pid);
    struct str s = read_small(path, line, sizeof line);
    int64_t bracket = str_rfind(s, STR(")"));
    if (bracket < 0)
        return;
    s = str_sub(s, bracket + 2, s.n); /* begins with field 3, the state */
    int64_t ticks = field(s, 13) + field(s, 14);
    w->reaped_us += ticks * (1000000 / sysconf(_SC_CLK_TCK));
}

int64_t box_clock_of(int64_t pid)
{
    clockid_t clock;
    struct timespec ts;
    if (clock_getcpuclockid((pid_t)pid, &clock) != 0 || clock_gettime(clock, &ts) != 0)
        return 0;
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void visit(struct walk *w, int64_t pid, int depth);

static void visit_children(struct walk *w, int64_t pid, const char *task, int depth)
{
    char path[96];
    char line[4096];
    struct str piece;
    int64_t child = 0;
    (void)snprintf(path, sizeof path, "/proc/%lld/task/%s/children", (long long)pid, task);
    struct str rest = read_small(path, line, sizeof line);
    while (str_split(&rest, ' ', &piece))
        if (str_i64(piece, &child))
            visit(w, child, depth + 1);
}

/* Each thread has its own children. */
static void visit_tasks(struct walk *w, int64_t pid, int depth)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%lld/task", (long long)pid);
    DIR *d = opendir(path);
    if (d == NULL)
        return;
    const struct dirent *entry = NULL;
    while (w->n_tasks < TASKS_MAX && (entry = readdir(d)) != NULL)
        if (entry->d_name[0] != '.') {
            w->n_tasks++;
            visit_children(w, pid, entry->d_name, depth);
        }
    (void)closedir(d);
}

static void visit(struct walk *w, int64_t pid, int depth)
{
    if (depth > DEPTH_MAX || w->n_now >= BOX_SEEN_MAX)
        return;
    w->now[w->n_now++] = (struct box_seen){pid, box_clock_of(pid)};
    add_memory(w, pid);
    add_reaped(w, pid);
    visit_tasks(w, pid, depth);
}

/* Both rows in order of pid: what was there and is not any more has died. */
static int by_pid(const void *a, const void *b)
{
    const struct box_seen *x = a;
    const struct box_seen *y = b;
    return (x->pid > y->pid) - (x->pid < y->pid);
}

static void count_dead(struct walk *w)
{
    struct box_tree *t = w->t;
    int64_t j = 0;
    qsort(w->now, (size_t)w->n_now, sizeof *w->now, by_pid);
    for (int64_t i = 0; i < t->n_live; i++) {
        while (j < w->n_now && w->now[j].pid < t->live[i].pid)
            j++;
        bool lives = j < w->n_now && w->now[j].pid == t->live[i].pid &&
                     w->now[j].cpu_ns >= t->live[i].cpu_ns;
        if (!lives)
            t->dead_ns += t->live[i].cpu_ns;
    }
    memcpy(t->live, w->now, (size_t)w->n_now * sizeof *w->now);
    t->n_live = w->n_now;
}

void box_tree_sample(struct box_tree *t)
{
    char task[32];
    struct walk w = {.t = t};
    (void)snprintf(task, sizeof task, "%lld", (long long)t->root);
    add_reaped(&w, t->root);
    visit_children(&w, t->root, task, 0);
    int64_t live_ns = 0;
    for (int64_t i = 0; i < w.n_now; i++)
        live_ns += w.now[i].cpu_ns;
    count_dead(&w);
    int64_t seen_us = (t->dead_ns + live_ns) / 1000;
    int64_t known_us = w.reaped_us + live_ns / 1000;
    int64_t cpu_us = seen_us > known_us ? seen_us : known_us;
    t->cpu_us = cpu_us > t->cpu_us ? cpu_us : t->cpu_us;
    t->memory_kib = w.private_kib + w.shared_kib;
    if (t->memory_kib > t->memory_peak_kib)
        t->memory_peak_kib = t->memory_kib;
    t->n_tasks = w.n_tasks;
    if (w.n_tasks > t->n_tasks_peak)
        t->n_tasks_peak = w.n_tasks;
}
