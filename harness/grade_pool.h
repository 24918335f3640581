/* Grading workers: N podium-grader processes, one reply each at a time, over pipes.
 *
 * Submit, step, take, like the engine. A worker that dies or gives no answer in time is replaced
 * and its reply tried once more; a reply that takes two workers down is handed back with the
 * reason, never with a score. Workers run in process groups of their own, so that Ctrl-C reaches
 * only podium and a hung worker is killed with everything it started.
 *
 * Workers are started by posix_spawn, which copies no memory of this process: the first ones
 * before the engine opens, replacements whenever needed. */
#pragma once
#include "graders/grader_wire.h"

struct grade_pool;

struct grade_pool_config {
    const char *const *argv; /* NULL-terminated; argv[0] is the executable's path */
    int64_t n_workers;
    int64_t deadline_ms; /* for one reply */
    bool is_pinned;      /* tell each worker a processor to keep judged programs on: --cpu N */
};

/* One reply judged, or not (answer.ok false). Borrowed until the next take. */
struct graded {
    int64_t ticket;
    struct grade_answer answer;
};

MUST_CHECK bool grade_pool_open(struct grade_pool **out, const struct grade_pool_config *c,
                                struct err *e);
void grade_pool_close(struct grade_pool *p); /* NULL is fine; ends the workers */

bool grade_pool_has_room(const struct grade_pool *p);
int64_t grade_pool_n_alive(const struct grade_pool *p); /* submitted and not taken */

/* Copies the request; nothing is sent before the next step. There must be room. */
void grade_pool_submit(struct grade_pool *p, const struct grade_request *r);

/* Sends and receives, waiting at most timeout_ms for something to happen. Fails only when no
 * worker can be started. */
MUST_CHECK bool grade_pool_step(struct grade_pool *p, int timeout_ms, struct err *e);
bool grade_pool_take(struct grade_pool *p, struct graded *out);
