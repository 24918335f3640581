#include "graders/judge/timed.h"

#include "graders/judge/quiet.h"

enum { NEAR_PERCENT = 15, HELD_PERCENT = 10 };

int64_t timed_kill_ms(int64_t limit_ms)
{
    return limit_ms + limit_ms * NEAR_PERCENT / 100 + 1;
}

bool timed_is_near(int64_t limit_ms, int64_t cpu_us, enum sandbox_end end)
{
    int64_t percent = limit_ms > 0 ? cpu_us / (limit_ms * 10) : 0;
    if (end == SANDBOX_CPU) /* it went on to where it was stopped */
        return false;
    /* It slept, or waited for a processor that was not free. One that got less than a tenth of its
     * time in more than twice its time was not kept from working: no machine is that busy. */
    if (end == SANDBOX_WALL)
        return percent >= HELD_PERCENT;
    return percent >= 100 - NEAR_PERCENT && percent <= 100 + NEAR_PERCENT;
}

static bool run_held(struct bench *b, const struct grader_env *env, bool alone,
                     const struct sandbox_job *job, struct sandbox_result *out, struct arena *keep,
                     struct err *e)
{
    struct quiet q;
    TRY(quiet_enter(env->quiet, alone, &q, e));
    bool ok = bench_run(b, job, out, keep, e);
    quiet_leave(&q);
    return ok;
}

static bool is_timed(const struct sandbox_result *r)
{
    return r->end == SANDBOX_EXITED || r->end == SANDBOX_WALL;
}

bool timed_run(struct bench *b, const struct grader_env *env, const struct sandbox_job *job,
               struct sandbox_result *out, struct timed *t, struct arena *keep, struct err *e)
{
    int64_t limit_ms = job->limits.cpu_ms;
    struct sandbox_job longer = *job;
    *t = (struct timed){0};
    longer.cpu = env->cpu;
    longer.limits.cpu_ms = timed_kill_ms(limit_ms);
    TRY(run_held(b, env, false, &longer, out, keep, e));
    if (is_timed(out) && timed_is_near(limit_ms, out->cpu_us, out->end)) {
        *t = (struct timed){true, out->cpu_us, out->wall_us};
        longer.limits.wall_ms = TIMED_PATIENCE * longer.limits.cpu_ms;
        TRY(run_held(b, env, true, &longer, out, keep, e));
    }
    if (out->cpu_us > limit_ms * 1000 && out->end != SANDBOX_MEMORY)
        out->end = SANDBOX_CPU;
    return true;
}
