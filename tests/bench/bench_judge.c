/* The judge: tests per second of whole submissions, everything compiled already: boxes, checker,
 * comparison, scoring, evidence. One step is one submission of assets/olympiad_cases through grader
 * "task", as a grading worker judges it. */
#include <stddef.h>

#include "tests/bench/bench.h"
#include "tests/bench/judge_steps.h"

static bool open_one(struct bench_run *r, struct err *e)
{
    struct judge_steps *s = NULL;
    bool ok = judge_steps_open(&s, r->variant, &r->work, e);
    r->state = s;
    return ok;
}

static bool step(struct bench_run *r, struct err *e)
{
    return judge_steps_one(r->state, e);
}

static void close_one(struct bench_run *r)
{
    judge_steps_close(r->state);
}

#define ROW(name, variant)                                                                         \
    {                                                                                              \
        name, "tests/s", 1, variant, open_one, step, close_one                                     \
    }
const struct bench bench_judge[] = {
    ROW("judge/c++/compared", 0),    ROW("judge/c++/output validator", 1),
    ROW("judge/c++/interactive", 2), ROW("judge/c++/communication", 3),
    ROW("judge/python/compared", 4), {0},
};
