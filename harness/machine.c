#include "harness/machine.h"

#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

enum { LOOPS_MAX = 101, TABLE_WORDS = 32768, LOOP_STEPS = 1300000 };

/* From here on times are not trusted. The spread and the crowding of a quiet virtual machine stay
 * below 0.05 and 1.03. */
static const double spread_max = 0.10;
static const double crowding_max = 1.10;
static const double swap_share_max = 0.01; /* of memory */
static const double khz_share_min = 0.60;  /* of the fastest, under load */

/* --- the loop ------------------------------------------------------------------------------- */

static int64_t thread_ns(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Dependent arithmetic, a table of 128 KiB and a branch that cannot be foreseen: what programs of
 * contests spend their time on, in a size that fits every second-level cache. */
static uint32_t loop_once(uint32_t *table, uint32_t x)
{
    for (int i = 0; i < LOOP_STEPS; i++) {
        x = x * 1664525U + 1013904223U;
        uint32_t at = x >> 17;
        table[at] += x ^ (uint32_t)i;
        if (table[at] & 4)
            x += table[(at * 7) % TABLE_WORDS];
    }
    return x;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(const double *sorted, int64_t n, double q)
{
    return sorted[(int64_t)(q * (double)(n - 1) + 0.5)];
}

void machine_calibrate(int64_t n, struct machine_speed *out)
{
    static uint32_t table[TABLE_WORDS];
    double cpu[LOOPS_MAX];
    double wall[LOOPS_MAX];
    double cpu_sum = 0;
    double wall_sum = 0;
    volatile uint32_t kept = loop_once(table, 1); /* warm: caches, clock speed */
    assert(n >= 3);
    assert(n <= LOOPS_MAX);
    for (int64_t i = 0; i < n; i++) {
        int64_t cpu_ns = thread_ns();
        int64_t wall_ns = clock_ns();
        kept = loop_once(table, kept);
        cpu[i] = (double)(thread_ns() - cpu_ns) / 1e6;
        wall[i] = (double)(clock_ns() - wall_ns) / 1e6;
        cpu_sum += cpu[i];
        wall_sum += wall[i];
    }
    qsort(cpu, (size_t)n, sizeof *cpu, by_value);
    qsort(wall, (size_t)n, sizeof *wall, by_value);
    *out = (struct machine_speed){.cpu_ms = quantile(cpu, n, 0.5),
                                  .wall_ms = quantile(wall, n, 0.5),
                                  .crowding = wall_sum / cpu_sum};
    out->spread = (quantile(cpu, n, 0.9) - quantile(cpu, n, 0.1)) / out->cpu_ms;
}

/* --- what the system says ------------------------------------------------------------------- */

enum { SMALL_FILE = 65536 };

/* A small file of /proc or /sys, trimmed; empty when it is not there. Static storage. */
static struct str read_text(const char *path)
{
    static char text[SMALL_FILE];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = 0;
    int64_t got = 0;
    while (fd >= 0 && got < SMALL_FILE &&
           (n = read(fd, text + got, (size_t)(SMALL_FILE - got))) > 0)
        got += n;
    if (fd >= 0)
        (void)close(fd);
    return str_trim((struct str){text, got});
}

static int64_t read_number(const char *path)
{
    int64_t v = 0;
    return str_i64(read_text(path), &v) ? v : -1;
}

static void copy_text(char *out, int64_t n_out, struct str s)
{
    (void)snprintf(out, (size_t)n_out, "%.*s", STR_ARG(s));
}

/* The number behind "NAME" on a line of its own, as in /proc/meminfo and /proc/vmstat. */
static int64_t named_number(struct str text, const char *name)
{
    struct str line;
    while (str_split(&text, '\n', &line)) {
        if (!str_starts(line, str_of(name)))
            continue;
        struct str rest = str_trim(str_sub(line, (int64_t)strlen(name), line.n));
        struct str word;
        int64_t v = 0;
        return str_split(&rest, ' ', &word) && str_i64(word, &v) ? v : -1;
    }
    return -1;
}

static void look_at_memory(struct machine_state *m)
{
    struct str text = read_text("/proc/meminfo");
    int64_t swap_free = named_number(text, "SwapFree:");
    m->memory_kib = named_number(text, "MemTotal:");
    m->swap_total_kib = named_number(text, "SwapTotal:");
    m->swap_used_kib = m->swap_total_kib < 0 ? -1 : m->swap_total_kib - swap_free;
    text = read_text("/proc/vmstat");
    int64_t n_in = named_number(text, "pswpin ");
    int64_t n_out = named_number(text, "pswpout ");
    m->n_swapped = n_in < 0 || n_out < 0 ? -1 : n_in + n_out;
}

static int64_t sum_of_processors(const char *name)
{
    char path[128];
    int64_t sum = -1;
    for (int i = 0; i < CPU_SETSIZE; i++) {
        (void)snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d", i);
        if (access(path, F_OK) != 0)
            break;
        (void)snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/%s", i, name);
        int64_t v = read_number(path);
        if (v >= 0)
            sum = sum < 0 ? v : sum + v;
    }
    return sum;
}

/* A processor counts as a core when it is the first of the threads that share it. */
static int64_t count_cores(void)
{
    char path[128];
    int64_t n = 0;
    for (int i = 0; i < CPU_SETSIZE; i++) {
        (void)snprintf(path, sizeof path,
                       "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", i);
        struct str list = read_text(path);
        if (list.n == 0)
            break;
        int64_t first = 0;
        int64_t n_digits = 0;
        while (n_digits < list.n && list.at[n_digits] >= '0' && list.at[n_digits] <= '9')
            n_digits++;
        n += str_i64(str_sub(list, 0, n_digits), &first) && first == i;
    }
    return n > 0 ? n : -1;
}

static void look_at_processors(struct machine_state *m)
{
    static const char *const cpufreq = "/sys/devices/system/cpu/cpu0/cpufreq";
    cpu_set_t allowed;
    char path[128];
    CPU_ZERO(&allowed);
    m->n_online = sysconf(_SC_NPROCESSORS_ONLN);
    m->n_allowed = sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : -1;
    m->n_cores = count_cores();
    m->is_smt = m->n_cores > 0 && m->n_cores < m->n_online;
    (void)snprintf(path, sizeof path, "%s/scaling_governor", cpufreq);
    copy_text(m->governor, sizeof m->governor, read_text(path));
    (void)snprintf(path, sizeof path, "%s/scaling_cur_freq", cpufreq);
    m->khz_now = read_number(path);
    (void)snprintf(path, sizeof path, "%s/cpuinfo_max_freq", cpufreq);
    m->khz_max = read_number(path);
    int64_t no_turbo = read_number("/sys/devices/system/cpu/intel_pstate/no_turbo");
    int64_t boost = read_number("/sys/devices/system/cpu/cpufreq/boost");
    if (no_turbo >= 0 || boost >= 0)
        copy_text(m->turbo, sizeof m->turbo, no_turbo == 0 || boost == 1 ? STR("on") : STR("off"));
    m->n_throttled = sum_of_processors("thermal_throttle/core_throttle_count");
}

static void look_at_cpuinfo(struct machine_state *m)
{
    struct str text = read_text("/proc/cpuinfo");
    struct str line;
    m->is_virtual = str_find(text, STR(" hypervisor"), 0) >= 0;
    while (str_split(&text, '\n', &line))
        if (str_starts(line, STR("model name"))) {
            int64_t colon = str_find(line, STR(":"), 0);
            copy_text(m->model, sizeof m->model, str_trim(str_sub(line, colon + 1, line.n)));
            return;
        }
}

/* "always [madvise] never" */
static void look_at_huge_pages(struct machine_state *m)
{
    struct str text = read_text("/sys/kernel/mm/transparent_hugepage/enabled");
    int64_t from = str_find(text, STR("["), 0);
    int64_t to = str_find(text, STR("]"), 0);
    if (from >= 0 && to > from)
        copy_text(m->huge_pages, sizeof m->huge_pages, str_sub(text, from + 1, to));
}

/* Our own cgroup's record of being held back, by either version; -1 without a quota to speak of. */
static int64_t count_quota(void)
{
    int64_t n = named_number(read_text("/sys/fs/cgroup/cpu.stat"), "nr_throttled ");
    return n >= 0 ? n : named_number(read_text("/sys/fs/cgroup/cpu/cpu.stat"), "nr_throttled ");
}

void machine_look(struct machine_state *out)
{
    struct utsname u;
    *out = (struct machine_state){.load = -1};
    if (uname(&u) == 0)
        (void)snprintf(out->kernel, sizeof out->kernel, "%.60s %.20s", u.release, u.machine);
    struct str text = read_text("/proc/loadavg");
    struct str word;
    if (str_split(&text, ' ', &word) && !str_f64(word, &out->load))
        out->load = -1;
    look_at_memory(out);
    look_at_processors(out);
    look_at_cpuinfo(out);
    look_at_huge_pages(out);
    out->n_quota = count_quota();
    out->randomize = read_number("/proc/sys/kernel/randomize_va_space");
    copy_text(out->clock_source, sizeof out->clock_source,
              read_text("/sys/devices/system/clocksource/clocksource0/current_clocksource"));
}

/* --- judging it ----------------------------------------------------------------------------- */

void machine_measure(int64_t n, struct machine *out)
{
    machine_look(&out->before);
    machine_calibrate(n, &out->speed);
    machine_look(&out->after);
}

static void add_reason(struct buf *out, int64_t start, const char *text)
{
    if (out->n > start)
        buf_put(out, STR("; "));
    buf_put(out, str_of(text));
}

static bool has_grown(int64_t before, int64_t after)
{
    return before >= 0 && after > before;
}

static void add_memory_reasons(const struct machine *m, struct buf *out, int64_t start)
{
    char text[160];
    const struct machine_state *now = &m->after;
    if (has_grown(m->before.n_swapped, now->n_swapped))
        add_reason(out, start, "memory is moving to and from swap");
    else if ((double)now->swap_used_kib > swap_share_max * (double)now->memory_kib) {
        (void)snprintf(text, sizeof text, "%lld MiB are in swap",
                       (long long)(now->swap_used_kib / 1024));
        add_reason(out, start, text);
    }
}

static void add_slow_reasons(const struct machine *m, struct buf *out, int64_t start)
{
    const struct machine_state *now = &m->after;
    if (has_grown(m->before.n_throttled, now->n_throttled))
        add_reason(out, start, "a processor is slowed down for heat or power");
    if (has_grown(m->before.n_quota, now->n_quota))
        add_reason(out, start, "a quota holds this process back");
    bool is_slow = now->khz_now > 0 && now->khz_max > 0 &&
                   (double)now->khz_now < khz_share_min * (double)now->khz_max;
    if (is_slow)
        add_reason(out, start, "the processor runs far below its fastest even under load");
}

static void add_crowd_reasons(const struct machine *m, int64_t n_graders, struct buf *out,
                              int64_t start)
{
    char text[160];
    int64_t n_cores = m->after.n_cores > 0 ? m->after.n_cores : m->after.n_online;
    if (m->speed.crowding > crowding_max) {
        (void)snprintf(text, sizeof text,
                       "overloaded: the reference loop takes %.2f times its CPU time by the clock",
                       m->speed.crowding);
        add_reason(out, start, text);
    }
    if (m->speed.spread > spread_max) {
        (void)snprintf(text, sizeof text,
                       "unsteady: the reference loop's CPU time varies by %.0f %%",
                       100 * m->speed.spread);
        add_reason(out, start, text);
    }
    if (n_cores > 0 && n_graders > n_cores) {
        (void)snprintf(text, sizeof text, "%lld graders share %lld cores", (long long)n_graders,
                       (long long)n_cores);
        add_reason(out, start, text);
    }
}

void machine_unfit(const struct machine *m, int64_t n_graders, struct buf *out)
{
    int64_t start = out->n;
    add_memory_reasons(m, out, start);
    add_slow_reasons(m, out, start);
    add_crowd_reasons(m, n_graders, out, start);
}

void machine_put_json(struct json_out *w, const struct machine *m, int64_t n_graders)
{
    struct buf unfit = {0};
    machine_unfit(m, n_graders, &unfit);
    json_open(w, '{');
    json_pair_str(w, "kernel", str_of(m->after.kernel));
    json_pair_str(w, "processor", str_of(m->after.model));
    json_pair_i64(w, "processors", m->after.n_online);
    json_pair_i64(w, "allowed", m->after.n_allowed);
    json_pair_i64(w, "cores", m->after.n_cores);
    json_pair_i64(w, "graders", n_graders);
    json_pair_f64(w, "loop_cpu_ms", m->speed.cpu_ms);
    json_pair_f64(w, "loop_wall_ms", m->speed.wall_ms);
    json_pair_f64(w, "loop_spread", m->speed.spread);
    json_pair_f64(w, "crowding", m->speed.crowding);
    json_pair_f64(w, "load", m->after.load);
    json_pair_i64(w, "memory_kib", m->after.memory_kib);
    json_pair_i64(w, "swap_used_kib", m->after.swap_used_kib);
    json_pair_str(w, "governor", str_of(m->after.governor));
    json_pair_bool(w, "is_virtual", m->after.is_virtual);
    json_pair_bool(w, "is_fit", unfit.n == 0);
    json_pair_str(w, "unfit", buf_str(&unfit));
    json_close(w, '}');
    buf_free(&unfit);
}
