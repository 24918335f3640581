/* What is still to be asked, in one of two orders. Both make a stopped run a fair one: its running
 * score is a score of the suite, not of its beginning.
 *
 * PLAN_SPREAD   the first sample of every item, then the second, ...: all items have been asked
 *               about equally often.
 * PLAN_GROUPED  all samples of an item side by side, because whoever answers reads their prompt
 *               once then. Items whose stored replies were long come first, so that no long one
 *               is left for the end with nobody beside it; those not asked yet count as average,
 *               and equals follow in an order that comes from their names, not from the suite. */
#pragma once
#include "harness/strategy.h"

struct plan {
    struct planned *at; /* [n], in order of asking */
    int64_t n;
    int64_t i_next;
};

enum plan_order { PLAN_SPREAD, PLAN_GROUPED };

/* rows: everything stored, ordered by item, sample and turn. items are borrowed for the life of
 * the plan, which lives in *keep. */
void plan_make(struct plan *out, enum plan_order order, const struct strategy *strategy,
               const struct item *items, int64_t n_items, int64_t n_samples, bool thinking,
               const struct stored *rows, int64_t n_rows, struct arena *keep, struct arena tmp);

/* The next ask, or NULL when all were given out. */
const struct planned *plan_next(struct plan *p);

/* The seed of one ask: a function of the run's seed and of what is asked, never of order. */
uint64_t plan_seed(uint64_t run_seed, struct str item_id, int64_t sample, int64_t turn);
