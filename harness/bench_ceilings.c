#include "harness/bench_ceilings.h"

#include <stdio.h>

#include "harness/interrupt.h"

enum { ROW_BYTES = 1152, N_ROWS = 1 << 17, REFRESH_REPEATS = 3 };

static const double rep_s = 0.05; /* one repeat of a loop of arithmetic */

struct job {
    struct ceilings *c;
    const struct ceiling_loop *loop;
    int64_t n_rounds;
    bool is_all;
};

static bool compute(void *ctx, struct err *e)
{
    const struct job *j = ctx;
    (void)e;
    ceilings_compute(j->c, j->loop, j->n_rounds, j->is_all);
    return true;
}

static bool read_region(void *ctx, struct err *e)
{
    const struct job *j = ctx;
    (void)e;
    ceilings_read(j->c, j->is_all);
    return true;
}

static bool gather(void *ctx, struct err *e)
{
    const struct job *j = ctx;
    (void)e;
    ceilings_gather(j->c, N_ROWS, ROW_BYTES, j->is_all);
    return true;
}

static bool has_several(const struct ceilings *c)
{
    return ceilings_n_threads(c) > 1;
}

/* One row, and its rate. */
static bool measure(struct job *j, const char *name, const char *unit, double work,
                    bench_step *step, int64_t n_repeats, struct bench_table *t, double *rate,
                    struct err *e)
{
    struct bench_row r = {.unit = unit, .work = work};
    r.n_threads = j->is_all ? ceilings_n_threads(j->c) : 1;
    (void)snprintf(r.name, sizeof r.name, "%s", name);
    TRY(bench_measure(&r.time, r.n_threads, n_repeats, rep_s, step, j, e));
    *rate = work / r.time.seconds;
    double had = r.time.cpu_s / (r.time.wall_s * r.n_threads);
    if (had < 0.9)
        (void)snprintf(r.note, sizeof r.note, "others were here: we had %.0f %% of the processors",
                       100 * had);
    if (t != NULL)
        bench_table_put(t, &r);
    return true;
}

static bool measure_memory(struct bench_most *m, struct ceilings *c, int64_t n_repeats,
                           struct bench_table *t, bool with_gather, struct err *e)
{
    int64_t n_region = 0;
    char name[96];
    (void)ceilings_region(c, &n_region);
    for (int all = 0; all <= (has_several(c) ? 1 : 0); all++) {
        struct job j = {.c = c, .is_all = all != 0};
        (void)snprintf(name, sizeof name, "read %lld MiB", (long long)(n_region >> 20));
        TRY(measure(&j, name, "GB/s", (double)n_region / 1e9, read_region, n_repeats, t,
                    &m->read[all], e));
        if (!with_gather)
            continue;
        (void)snprintf(name, sizeof name, "gather random rows of %d bytes", ROW_BYTES);
        TRY(measure(&j, name, "GB/s", (double)N_ROWS * ROW_BYTES / 1e9, gather, n_repeats, t,
                    &m->gather[all], e));
    }
    return true;
}

static const char *op_name(enum ceiling_op op)
{
    return op == CEILING_FMA ? "f32" : op == CEILING_BF16 ? "bf16" : "int8";
}

static bool measure_loop(struct bench_most *m, struct ceilings *c, const struct ceiling_loop *l,
                         int64_t n_repeats, struct bench_table *t, struct err *e)
{
    char name[96];
    const char *unit = l->op == CEILING_INT8 ? "GOP/s" : "GFLOP/s";
    (void)snprintf(name, sizeof name, "%s, %s: %s", op_name(l->op), l->isa, l->name);
    for (int all = 0; all <= (has_several(c) ? 1 : 0); all++) {
        struct job j = {.c = c, .loop = l, .n_rounds = 1 << 18, .is_all = all != 0};
        double rate = 0;
        double work = l->n_ops * (double)j.n_rounds * (all ? ceilings_n_threads(c) : 1) / 1e9;
        TRY(measure(&j, name, unit, work, compute, n_repeats, t, &rate, e));
        if (rate > m->op[l->op][all])
            m->op[l->op][all] = rate;
    }
    return true;
}

/* A machine with one processor has the same figures twice. */
static void copy_single(struct bench_most *m, const struct ceilings *c)
{
    if (has_several(c))
        return;
    m->read[1] = m->read[0];
    m->gather[1] = m->gather[0];
    for (int i = 0; i < 3; i++)
        m->op[i][1] = m->op[i][0];
}

bool bench_measure_most(struct bench_most *out, struct ceilings *c, int64_t n_repeats,
                        struct bench_table *t, struct err *e)
{
    *out = (struct bench_most){0};
    if (t != NULL)
        bench_table_head(t, "ceilings");
    TRY(measure_memory(out, c, n_repeats, t, true, e));
    for (int64_t i = 0; ceilings_loop(i) != NULL; i++)
        TRY(measure_loop(out, c, ceilings_loop(i), n_repeats, t, e));
    copy_single(out, c);
    return true;
}

/* The best loop of each op comes first in the list. */
bool bench_refresh_most(struct bench_most *m, struct ceilings *c, struct err *e)
{
    bool has[3] = {false, false, true};
    struct bench_most now = {0};
    TRY(measure_memory(&now, c, REFRESH_REPEATS, NULL, false, e));
    for (int64_t i = 0; ceilings_loop(i) != NULL; i++) {
        const struct ceiling_loop *l = ceilings_loop(i);
        if (has[l->op])
            continue;
        has[l->op] = true;
        TRY(measure_loop(&now, c, l, REFRESH_REPEATS, NULL, e));
    }
    copy_single(&now, c);
    memcpy(m->read, now.read, sizeof m->read);
    for (int i = 0; i < 2; i++)
        memcpy(m->op[i], now.op[i], sizeof m->op[i]);
    return true;
}

double bench_floor(const struct bench_most *m, double gbytes, double gflop, bool is_all,
                   const char **bound)
{
    double fma = m->op[CEILING_FMA][is_all];
    double bf16 = m->op[CEILING_BF16][is_all];
    double memory_s = gbytes / m->read[is_all];
    double compute_s = gflop / (fma > bf16 ? fma : bf16);
    *bound = memory_s > compute_s ? "memory" : "compute";
    return memory_s > compute_s ? memory_s : compute_s;
}

static void close_ceilings(struct ceilings **c)
{
    ceilings_close(*c);
}

bool bench_ceilings(const struct bench_options *o, struct err *e)
{
    CLEANUP(close_ceilings) struct ceilings *c = NULL;
    CLEANUP(bench_table_end) struct bench_table t = {0};
    struct bench_most most;
    bench_table_begin(&t, NULL, o->as_json);
    interrupt_watch();
    TRY(ceilings_open(&c, (int)o->n_threads, e));
    if (!o->as_json)
        (void)printf("last cache %lld MiB\n", (long long)(ceilings_cache_bytes() >> 20));
    TRY(bench_measure_most(&most, c, o->n_repeats, &t, e));
    json_close(&t.json, ']');
    if (o->as_json)
        (void)printf("%.*s\n", STR_ARG(buf_str(&t.json.text)));
    return true;
}
