#include "harness/bench_time.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"
#include "harness/interrupt.h"

static int by_value(const void *x, const void *y)
{
    double a = *(const double *)x;
    double b = *(const double *)y;
    return (a > b) - (a < b);
}

double bench_median(double *at, int64_t n)
{
    assert(n > 0);
    qsort(at, (size_t)n, sizeof *at, by_value);
    return n % 2 != 0 ? at[n / 2] : (at[n / 2 - 1] + at[n / 2]) / 2;
}

static bool one(bench_step *step, void *ctx, struct err *e)
{
    if (interrupt_came())
        return FAIL(e, ERR_USAGE, "interrupted");
    return step(ctx, e);
}

bool bench_measure_steps(struct bench_time *out, int n_threads, int64_t n_repeats, int64_t n_steps,
                         bench_step *step, void *ctx, struct err *e)
{
    double wall[BENCH_REPEATS_MAX];
    double cpu[BENCH_REPEATS_MAX];
    assert(n_repeats > 0 && n_repeats <= BENCH_REPEATS_MAX);
    for (int64_t i = 0; i < n_repeats; i++) {
        int64_t wall_ns = clock_ns();
        int64_t cpu_ns = clock_cpu_ns();
        for (int64_t s = 0; s < n_steps; s++)
            TRY(one(step, ctx, e));
        cpu[i] = (double)(clock_cpu_ns() - cpu_ns) / 1e9 / (double)n_steps;
        wall[i] = (double)(clock_ns() - wall_ns) / 1e9 / (double)n_steps;
    }
    *out = (struct bench_time){.n_steps = n_steps, .n_repeats = n_repeats};
    out->wall_s = bench_median(wall, n_repeats);
    out->cpu_s = bench_median(cpu, n_repeats);
    const double *counts = n_threads == 1 ? cpu : wall; /* sorted by now */
    out->seconds = n_threads == 1 ? out->cpu_s : out->wall_s;
    out->spread = (counts[n_repeats - 1] - counts[0]) / out->seconds;
    return true;
}

bool bench_measure(struct bench_time *out, int n_threads, int64_t n_repeats, double min_s,
                   bench_step *step, void *ctx, struct err *e)
{
    TRY(one(step, ctx, e));
    int64_t from = clock_ns();
    TRY(one(step, ctx, e));
    double took = (double)(clock_ns() - from) / 1e9;
    int64_t n_steps = took >= min_s ? 1 : (int64_t)(min_s / (took > 1e-7 ? took : 1e-7)) + 1;
    return bench_measure_steps(out, n_threads, n_repeats, n_steps, step, ctx, e);
}
