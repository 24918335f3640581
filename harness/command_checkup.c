/* checkup: what this machine gives a judge, what that costs, and what would make it better.
 *
 * Every row is something found out, its state, and one line of advice where there is any:
 *     ok    as it should be
 *     note  works, but weaker, slower or less steady than it could be
 *     bad   times measured here are unreliable, or there is no box at all: exit code 1 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "graders/judge/bench.h"
#include "harness/cli.h"
#include "harness/command.h"
#include "harness/machine.h"
#include "harness/workers.h"

enum { ROWS_MAX = 48, N_LOOPS = 31, N_BOXES = 50 };

enum state { STATE_OK, STATE_NOTE, STATE_BAD };
static const char *const state_names[] = {"ok", "note", "bad"};

struct row {
    const char *name;
    enum state state;
    struct str value;
    const char *advice; /* NULL: nothing to do */
};

struct checkup {
    struct arena keep;
    struct row rows[ROWS_MAX];
    int64_t n_rows;
    struct machine machine;
    struct sandbox_description box;
    double box_ms; /* median cost of one */
    char box_path[LIMIT_PATH_BYTES];
    char work[LIMIT_PATH_BYTES];
    struct grader_env env;
};

static void drop_checkup(struct checkup *c)
{
    struct err ignored;
    bench_close();
    if (c->work[0] != 0)
        (void)!file_remove_tree(c->work, &ignored);
    arena_fini(&c->keep);
}

static void add(struct checkup *c, const char *name, enum state state, struct str value,
                const char *advice)
{
    if (c->n_rows < ROWS_MAX)
        c->rows[c->n_rows++] = (struct row){name, state, value, state == STATE_OK ? NULL : advice};
}

/* --- the machine ---------------------------------------------------------------------------- */

static void add_processors(struct checkup *c)
{
    const struct machine_state *m = &c->machine.after;
    add(c, "kernel", STATE_OK, str_of(m->kernel), NULL);
    add(c, "processor", STATE_OK,
        arena_fmt(&c->keep, "%s%s", m->model[0] != 0 ? m->model : "unknown",
                  m->is_virtual ? ", virtual" : ""),
        NULL);
    add(c, "processors", m->n_allowed < m->n_online ? STATE_NOTE : STATE_OK,
        arena_fmt(&c->keep, "%lld online, %lld for this process", (long long)m->n_online,
                  (long long)m->n_allowed),
        "the others are closed to it: taskset, a cpuset or a container's setting");
    if (m->n_cores > 0)
        add(c, "cores", m->is_smt ? STATE_NOTE : STATE_OK,
            arena_fmt(&c->keep, "%lld%s", (long long)m->n_cores,
                      m->is_smt ? ", two threads on each" : ", one thread on each"),
            "two programs on one core slow each other down: judge with at most as many graders as "
            "cores, or: echo off > /sys/devices/system/cpu/smt/control");
}

static void add_frequency(struct checkup *c)
{
    const struct machine_state *m = &c->machine.after;
    bool is_seen = m->governor[0] != 0;
    bool is_steady = !is_seen || strcmp(m->governor, "performance") == 0;
    add(c, "frequency", is_steady ? STATE_OK : STATE_NOTE,
        is_seen ? arena_fmt(&c->keep, "governor %s, %lld of %lld MHz", m->governor,
                            (long long)m->khz_now / 1000, (long long)m->khz_max / 1000)
                : STR("not visible here: the host decides"),
        "short runs are measured on a processor that is still asleep: cpupower frequency-set -g "
        "performance");
    if (m->turbo[0] != 0)
        add(c, "turbo", strcmp(m->turbo, "on") == 0 ? STATE_NOTE : STATE_OK, str_of(m->turbo),
            "the speed depends on how many cores are busy: echo 1 > "
            "/sys/devices/system/cpu/intel_pstate/no_turbo, or 0 > .../cpufreq/boost");
    if (m->n_throttled >= 0)
        add(c, "throttling", c->machine.before.n_throttled < m->n_throttled ? STATE_BAD : STATE_OK,
            arena_fmt(&c->keep, "%lld times since the start", (long long)m->n_throttled),
            "a processor is being slowed down right now: cool it, or cap its speed yourself");
}

static void add_memory(struct checkup *c)
{
    const struct machine_state *m = &c->machine.after;
    struct machine only_memory = c->machine;
    struct buf why = {0};
    only_memory.speed = (struct machine_speed){.crowding = 1};
    only_memory.before.n_throttled = only_memory.before.n_quota = -1;
    only_memory.after.khz_now = -1;
    machine_unfit(&only_memory, 1, &why);
    bool is_bad = why.n > 0;
    add(c, "memory", STATE_OK, arena_fmt(&c->keep, "%lld MiB", (long long)m->memory_kib / 1024),
        NULL);
    add(c, "swap",
        is_bad                  ? STATE_BAD
        : m->swap_total_kib > 0 ? STATE_NOTE
                                : STATE_OK,
        m->swap_total_kib > 0
            ? arena_fmt(&c->keep, "%lld of %lld MiB in use", (long long)m->swap_used_kib / 1024,
                        (long long)m->swap_total_kib / 1024)
            : STR("none"),
        "a program whose pages are on disk is slow for no fault of its own: swapoff -a");
    add(c, "huge pages", strcmp(m->huge_pages, "always") == 0 ? STATE_NOTE : STATE_OK,
        m->huge_pages[0] != 0 ? str_of(m->huge_pages) : STR("none"),
        "memory is handed out 2 MiB at a time, and counted so: echo madvise > "
        "/sys/kernel/mm/transparent_hugepage/enabled");
    buf_free(&why);
}

static void add_kernel_settings(struct checkup *c)
{
    const struct machine_state *m = &c->machine.after;
    bool is_full = m->randomize == 2;
    add(c, "addresses", is_full ? STATE_OK : STATE_NOTE,
        is_full              ? STR("randomised: two runs may differ by about a percent")
        : m->randomize == -1 ? STR("unknown")
                             : STR("not randomised"),
        "runs are more alike without, but then this machine should do nothing else");
    bool is_cheap = strcmp(m->clock_source, "tsc") == 0 ||
                    strcmp(m->clock_source, "kvm-clock") == 0 ||
                    strcmp(m->clock_source, "arch_sys_counter") == 0;
    add(c, "clock", is_cheap ? STATE_OK : STATE_NOTE,
        m->clock_source[0] != 0 ? str_of(m->clock_source) : STR("unknown"),
        "every look at the clock costs a system call: boot with clocksource=tsc where it is "
        "stable");
}

static void add_speed(struct checkup *c)
{
    const struct machine_state *m = &c->machine.after;
    const struct machine_speed *s = &c->machine.speed;
    struct buf why = {0};
    struct machine only_speed = {.before = {.n_swapped = -1, .n_throttled = -1, .n_quota = -1},
                                 .after = {.n_swapped = -1, .n_throttled = -1, .n_quota = -1},
                                 .speed = *s};
    machine_unfit(&only_speed, 0, &why);
    add(c, "load", m->load > (double)m->n_allowed ? STATE_NOTE : STATE_OK,
        arena_fmt(&c->keep, "%.2f on %lld processors", m->load, (long long)m->n_allowed),
        "others are at work here: judge when they are done, or with fewer graders");
    add(c, "reference loop", why.n > 0 ? STATE_BAD : STATE_OK,
        arena_fmt(&c->keep, "%.2f ms of CPU (spread %.1f %%), %.2f ms by the clock", s->cpu_ms,
                  100 * s->spread, s->wall_ms),
        s->crowding > 1.05 ? "something else runs on this processor: stop it, and look again"
                           : "the processor's speed changes: see frequency and turbo");
    buf_free(&why);
}

/* --- the box -------------------------------------------------------------------------------- */

static void add_isolation(struct checkup *c)
{
    const struct sandbox_description *d = &c->box;
    bool is_full = d->why_not.n == 0;
    add(c, "isolation", is_full ? STATE_OK : STATE_NOTE,
        is_full ? d->isolation
                : arena_fmt(&c->keep, "%.*s (%.*s)", STR_ARG(d->isolation), STR_ARG(d->why_not)),
        "run podium as root, or allow user namespaces: sysctl kernel.unprivileged_userns_clone=1 "
        "kernel.apparmor_restrict_unprivileged_userns=0; in a container: one that may make them");
    add(c, "landlock", STATE_OK,
        d->landlock_version == 0
            ? STR("not in this kernel")
            : arena_fmt(&c->keep, "version %lld%s", (long long)d->landlock_version,
                        is_full ? ", not needed" : ", in use"),
        NULL);
    if (is_full)
        add(c, "/proc inside", d->has_proc ? STATE_OK : STATE_NOTE,
            d->has_proc ? STR("its own") : STR("none: this container hides parts of /proc"),
            "/dev/stdin cannot be opened by name, and some runtimes want /proc/self");
    add(c, "ids", d->is_root ? STATE_OK : STATE_NOTE,
        d->is_root ? arena_fmt(&c->keep, "programs run as one of %lld ids from %lld",
                               (long long)d->n_uids, (long long)d->uid_first)
                   : STR("programs run as you"),
        "an escape would arrive with your rights: run podium as root, which gives programs ids of "
        "nobody");
}

static void add_accounting(struct checkup *c)
{
    const struct sandbox_description *d = &c->box;
    bool has_cgroup = str_starts(d->accounting, STR("cgroup"));
    add(c, "accounting", has_cgroup ? STATE_OK : STATE_NOTE, d->accounting,
        "CPU is exact for what is waited for, memory is polled: delegate a cgroup (systemd-run "
        "--scope -p Delegate=yes podium ...), or run podium as root");
    add(c, "cgroup v2", STATE_OK, d->cgroup2, NULL);
    add(c, "cgroup v1", STATE_OK, d->cgroup1, NULL);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The shortest program there is, from request to answer. */
static bool time_boxes(struct bench *b, struct checkup *c, double ms[N_BOXES], struct err *e)
{
    struct str argv[] = {STR("/bin/true")};
    struct sandbox_job job = {.argv = argv,
                              .n_argv = 1,
                              .work_dir = str_of(c->work),
                              .limits = sandbox_limits_run(10000, 64 * LIMIT_KIB)};
    for (int i = -3; i < N_BOXES; i++) { /* the first few warm up */
        struct sandbox_result r;
        int64_t start = clock_ns();
        TRY(bench_run(b, &job, &r, &c->keep, e));
        if (r.end != SANDBOX_EXITED || r.code != 0)
            return FAIL(e, ERR_UNSUPPORTED, "/bin/true ended %s in the box",
                        sandbox_end_name(r.end));
        if (i >= 0)
            ms[i] = (double)(clock_ns() - start) / 1e6;
    }
    qsort(ms, N_BOXES, sizeof *ms, by_value);
    return true;
}

static void add_tool(struct checkup *c, struct bench *b, const char *name)
{
    struct bench_tool *tool = NULL;
    struct err e = {0};
    if (bench_tool(b, name, &c->env, &tool, &e))
        add(c, name, STATE_OK, arena_str(&c->keep, str_of(tool->version)), NULL);
    else
        add(c, name, STATE_NOTE, arena_str(&c->keep, str_of(e.text)),
            str_starts(str_of(e.text), STR("no "))
                ? "programs in its language are \"could not grade\": install it below /usr"
                : "see what it says: podium box --profile compiler -- this tool and --version");
}

static bool check_box(struct checkup *c, struct err *e)
{
    static const char *const tools[] = {"gcc",  "g++",   "python3", "pypy3",
                                        "java", "rustc", "go",      "node"};
    double ms[N_BOXES] = {0};
    struct bench *b = NULL;
    TRY(workers_beside_us("podium-box", c->box_path, e));
    TRY(file_temp_dir("/tmp", c->work, sizeof c->work, e));
    c->env = (struct grader_env){.box_path = c->box_path, .work_dir = c->work};
    TRY(bench_get(&c->env, &b, e));
    sandbox_describe(b->box, &c->box);
    add_isolation(c);
    add_accounting(c);
    TRY(time_boxes(b, c, ms, e));
    c->box_ms = ms[N_BOXES / 2];
    add(c, "one box", c->box_ms > 20 ? STATE_NOTE : STATE_OK,
        arena_fmt(&c->keep, "%.2f ms (fastest %.2f, slowest %.2f of %d)", c->box_ms, ms[0],
                  ms[N_BOXES - 1], N_BOXES),
        "each test pays this: look at what else runs here");
    for (size_t i = 0; i < sizeof tools / sizeof *tools; i++)
        add_tool(c, b, tools[i]);
    return true;
}

/* --- printing ------------------------------------------------------------------------------- */

/* Words up to the width, later lines under the first. */
static void print_wrapped(struct str text, int indent, int width)
{
    struct str word;
    int at = indent;
    while (str_split(&text, ' ', &word)) {
        if (at > indent && at + (int)word.n > width) {
            (void)printf("\n%*s", indent, "");
            at = indent;
        }
        (void)printf("%s%.*s", at > indent ? " " : "", STR_ARG(word));
        at += (int)word.n + 1;
    }
    (void)putchar('\n');
}

static void print_people(const struct checkup *c, struct str unfit)
{
    enum { INDENT = 24, WIDTH = 100 };
    for (int64_t i = 0; i < c->n_rows; i++) {
        const struct row *r = &c->rows[i];
        (void)printf("  %-5s %-15s ", state_names[r->state], r->name);
        print_wrapped(r->value, INDENT, WIDTH);
        if (r->advice != NULL) {
            (void)printf("%*s-> ", INDENT, "");
            print_wrapped(str_of(r->advice), INDENT + 3, WIDTH);
        }
    }
    if (unfit.n == 0)
        (void)printf("\nfit to judge by time\n");
    else
        (void)printf("\nnot fit to judge by time: %.*s\n", STR_ARG(unfit));
}

static void print_json(const struct checkup *c, struct str unfit)
{
    struct json_out w = {0};
    json_open(&w, '{');
    json_pair_bool(&w, "is_fit", unfit.n == 0);
    json_pair_str(&w, "unfit", unfit);
    json_pair_f64(&w, "box_ms", c->box_ms);
    json_put_key(&w, "machine");
    machine_put_json(&w, &c->machine, 1);
    json_put_key(&w, "rows");
    json_open(&w, '[');
    for (int64_t i = 0; i < c->n_rows; i++) {
        const struct row *r = &c->rows[i];
        json_open(&w, '{');
        json_pair_str(&w, "name", str_of(r->name));
        json_pair_str(&w, "state", str_of(state_names[r->state]));
        json_pair_str(&w, "value", r->value);
        if (r->advice != NULL)
            json_pair_str(&w, "advice", str_of(r->advice));
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    (void)printf("%.*s\n", STR_ARG(buf_str(&w.text)));
    json_out_free(&w);
}

static void check(bool is_json, int *rc)
{
    CLEANUP(drop_checkup) struct checkup c = {0};
    struct buf unfit = {0};
    struct err e = {0};
    arena_init(&c.keep, "checkup", LIMIT_ARENA_RUN);
    machine_measure(N_LOOPS, &c.machine);
    add_processors(&c);
    add_frequency(&c);
    add_memory(&c);
    add_kernel_settings(&c);
    add_speed(&c);
    machine_unfit(&c.machine, 1, &unfit);
    if (!check_box(&c, &e)) {
        add(&c, "box", STATE_BAD, str_of(e.text), "nothing can be judged here until this works");
        buf_fmt(&unfit, "%sno box", unfit.n > 0 ? "; " : "");
    }
    if (is_json)
        print_json(&c, buf_str(&unfit));
    else
        print_people(&c, buf_str(&unfit));
    *rc = unfit.n == 0 ? EXIT_DONE : EXIT_FAILED;
    buf_free(&unfit);
}

bool command_checkup(struct cli *c, int *rc, struct err *e)
{
    bool is_json = false;
    const struct cli_option options[] = {
        OPTION_FLAG("json", &is_json, "the same as JSON"),
    };
    c->synopsis = "[--json]";
    c->summary = "Says what this machine gives a judge and what it costs: isolation, accounting,\n"
                 "speed and its steadiness, the price of one box, the compilers, and what to do\n"
                 "where something is weaker than it could be. Takes about two seconds.\n"
                 "Exit code: 0 when times measured here can be trusted, 1 when not.";
    c->example = "podium checkup\npodium checkup --json";
    CLI_TABLE(c, options);
    TRY(cli_read(c, e));
    if (!c->is_help)
        check(is_json, rc);
    return true;
}
