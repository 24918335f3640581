/* The grading workers of one run: where their program is, where they may work, how many.
 *
 * podium-grader and podium-box lie beside podium itself. Work happens in "RUN.db.podium-work",
 * which is emptied before and removed after; the run's lock protects it, so the store is opened
 * first. */
#pragma once
#include "base/limits.h"
#include "harness/grade_pool.h"

struct workers {
    struct grade_pool *pool;
    char grader[LIMIT_PATH_BYTES];
    char box[LIMIT_PATH_BYTES];
    char work[LIMIT_PATH_BYTES];
    const char *argv[8];
};

/* The deadline is for one reply with all its tests: a slower grader is a hung one. */
#define WORKERS_DEADLINE_MS (10LL * 60 * 1000)

/* n_workers 0: one for every processor, at most four. */
MUST_CHECK bool workers_open(struct workers *w, const char *run_path, int64_t n_workers,
                             struct err *e);
void workers_close(struct workers *w); /* zeroed is fine */

/* Path of a program that lies beside podium itself ("podium-box"). */
MUST_CHECK bool workers_beside_us(const char *name, char out[LIMIT_PATH_BYTES], struct err *e);
