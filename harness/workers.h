/* The grading workers of one run: where their program is, where they may work, how many.
 *
 * podium-grader and podium-box lie beside podium itself. Work happens in "RUN.db.podium-work",
 * which is emptied before and removed after; the run's lock protects it, so the store is opened
 * first. */
#pragma once
#include "base/limits.h"
#include "harness/grade_pool.h"
#include "harness/machine.h"

struct workers {
    struct grade_pool *pool;
    char grader[LIMIT_PATH_BYTES];
    char box[LIMIT_PATH_BYTES];
    char work[LIMIT_PATH_BYTES];
    char quiet[LIMIT_PATH_BYTES];
    char cache[LIMIT_PATH_BYTES];
    int64_t n_workers;
    char time_scale[32];
    struct machine machine; /* with measures */
    struct buf machine_json;
    const char *argv[24];
};

struct workers_options {
    int64_t n_workers;   /* 0: one for every processor, at most four */
    int64_t deadline_ms; /* for one reply; 0: WORKERS_DEADLINE_MS */
    bool is_pinned;      /* each to a processor: nothing else of ours needs them */
    bool no_namespaces;  /* the weaker box, even where the full one works */
    double time_scale;   /* of every time limit; 0 is 1 */
    bool measures;       /* look at the machine first: programs will be judged by their time */
    const char *cache;   /* of compiled programs; NULL: one that ends with the run */
};

/* The deadline is for one reply with all its tests: a slower grader is a hung one. */
#define WORKERS_DEADLINE_MS (10LL * 60 * 1000)

MUST_CHECK bool workers_open(struct workers *w, const char *run_path,
                             const struct workers_options *o, struct err *e);
void workers_close(struct workers *w); /* zeroed is fine */

/* Why times measured by these workers are unreliable, appended; nothing when they are not, or were
 * not measured. */
void workers_unfit(struct workers *w, struct buf *why);

/* The same as a line on standard error. */
void workers_warn(struct workers *w);

/* Path of a program that lies beside podium itself ("podium-box"). */
MUST_CHECK bool workers_beside_us(const char *name, char out[LIMIT_PATH_BYTES], struct err *e);
