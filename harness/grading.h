/* From a stored reply to a stored grade: the store on one side, the workers on the other.
 *
 * Replies are handed in by their id and read back from the store when a worker is free, so the
 * file is the queue, and what is judged is what was stored. */
#pragma once
#include "harness/grade_pool.h"
#include "harness/store/store.h"

struct grading {
    /* filled by the caller, borrowed */
    struct store *store;
    struct grade_pool *pool;
    struct str grader;
    struct str definition;
    const struct item *items;
    struct grading_job *waiting; /* [n_max] */
    int64_t n_max;
    /* kept here */
    int64_t n_waiting; /* handed in so far */
    int64_t i_sent;    /* of these, given to the pool */
    struct arena tmp;
};

struct grading_job {
    int64_t reply_id;
    int64_t i_item;
};

/* What became of one reply; the row is in the store. */
struct grading_note {
    int64_t reply_id;
    bool is_new; /* false: the stored grade says the same already */
    bool is_graded;
    enum verdict verdict;
    double score;
    char text[160]; /* the grader's reason, or why there is no grade */
};

/* Room for n_max replies over its whole life, from *keep. */
void grading_init(struct grading *g, int64_t n_max, struct arena *keep);
void grading_fini(struct grading *g);

void grading_put(struct grading *g, int64_t reply_id, int64_t i_item);
int64_t grading_n_left(const struct grading *g);

/* Feeds the workers, waits at most timeout_ms, stores what they said; notes[0..*n) tell of it.
 * time is stored along. */
MUST_CHECK bool grading_step(struct grading *g, int timeout_ms, struct work_time time,
                             struct grading_note *notes, int64_t n_max, int64_t *n, struct err *e);
