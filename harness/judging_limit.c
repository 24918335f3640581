#include <math.h>

#include "harness/judging.h"

enum { GENEROUS_MS = 60000, STEP_MS = 1000, MULTIPLIER = 5 };

static bool is_expected_to_pass(const struct task_submission *s)
{
    if (s->n_expects == 0 || s->skips_time_limit || s->why_not.n > 0)
        return false;
    const struct expectation *x = &s->expects[0];
    return x->i_group < 0 && x->permitted == OUTCOME_BIT(OUTCOME_AC) && !x->is_score_strict;
}

static int64_t rounded_up(const struct task *t, int64_t slowest_us)
{
    double step = (double)(t->time_step_ms > 0 ? t->time_step_ms : STEP_MS);
    double times = t->time_multiplier > 0 ? t->time_multiplier : MULTIPLIER;
    double steps = ceil((double)slowest_us / 1000 * times / step);
    return (int64_t)((steps < 1 ? 1 : steps) * step);
}

bool judging_derive_limit(const struct task *t, const struct judging_options *o, int64_t *time_ms,
                          struct arena *keep, struct err *e)
{
    int64_t n = 0;
    int64_t slowest_us = 0;
    struct judging_machine m = {0};
    struct judging_options generous = *o;
    struct judging_job *jobs = NEW(keep, struct judging_job, t->n_submissions);
    for (int64_t i = 0; i < t->n_submissions; i++)
        if (is_expected_to_pass(&t->submissions[i]))
            jobs[n++] = (struct judging_job){.task = t, .source.annotated = t->submissions[i].name};
    generous.time_ms = GENEROUS_MS;
    generous.name = "time limit";
    TRY(judging_run(jobs, n, &generous, &m, keep, e));
    for (int64_t i = 0; i < n; i++)
        if (jobs[i].is_judged && jobs[i].cpu_max_us > slowest_us)
            slowest_us = jobs[i].cpu_max_us;
    if (slowest_us == 0)
        return FAIL(e, ERR_INPUT, "%s says no time limit, and no accepted submission tells one",
                    t->folder);
    *time_ms = rounded_up(t, slowest_us);
    return true;
}
