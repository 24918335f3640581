/* A submission's run with its time judged fairly: let run some way beyond its limit, so that "near"
 * can be told from "far", and measured a second time, alone (quiet.h), when it is near. */
#pragma once
#include "graders/judge/bench.h"

struct timed {
    bool was_rerun; /* the result is the second run's */
    int64_t cpu_first_us;
    int64_t wall_first_us;
};

/* As bench_run, on the processor of the env; job.limits.cpu_ms is the limit. A program that used
 * more has SANDBOX_CPU for its end, however it ended, unless memory stopped it. */
MUST_CHECK bool timed_run(struct bench *b, const struct grader_env *env,
                          const struct sandbox_job *job, struct sandbox_result *out,
                          struct timed *t, struct arena *keep, struct err *e);

/* How long it may be let run; and whether figures are so near the limit that they are to be taken
 * again. */
int64_t timed_kill_ms(int64_t limit_ms);
bool timed_is_near(int64_t limit_ms, int64_t cpu_us, enum sandbox_end end);

/* Wall time is there for programs that sleep. A second run gets so many times what it may use that
 * a busy machine cannot be what stops it. */
enum { TIMED_PATIENCE = 10 };
