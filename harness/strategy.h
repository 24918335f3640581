/* How an item is asked: a pure function from what is stored to what to ask next.
 *
 * A strategy keeps nothing. It is given an item and the rows stored for it, and names the asks
 * that follow; asked again with the same rows it says the same. Stopping anywhere and going on
 * later therefore needs no code of its own, and two machines agree on what comes next. */
#pragma once
#include "base/arena.h"
#include "datasets/suite.h"
#include "harness/store/store.h"

struct strategy_in {
    const struct item *item;
    bool thinking;
    int64_t n_samples;
    const struct stored *rows; /* of this item: by sample, then turn */
    int64_t n_rows;
};

struct planned {
    int64_t i_item;
    int64_t sample;
    int64_t turn;
    struct chat chat; /* borrowed from the item and *keep */
};

struct strategy {
    const char *name; /* part of the run's identity */

    /* Fills out[0..n_max) with the asks that are not answered in the rows; returns how many. None
     * means the item is done. i_item is left to the caller. */
    int64_t (*next)(const struct strategy_in *in, struct planned *out, int64_t n_max,
                    struct arena *keep);
};

/* n_samples independent replies to the item's prompt. */
extern const struct strategy strategy_sample;
