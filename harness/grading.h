/* From a stored reply to a stored grade: the store on one side, the workers on the other.
 *
 * Replies are handed in by their id and read back from the store when a worker is free, so the
 * file is the queue, and what is judged is what was stored.
 *
 * A grader may ask a model (graders/grader.h). Its question is looked up in the store; what is not
 * there waits in `questions` for whoever drives a model, and the reply is judged again, with the
 * answer, once that is stored. Nothing of a question is kept but its answer: a run that is stopped
 * in between judges the reply again and comes to the same question. Without a model (a run judged
 * again) the grader is told so, and decides without. */
#pragma once
#include "harness/grade_pool.h"
#include "harness/questions.h"
#include "harness/store/store.h"

struct grading {
    /* filled by the caller, borrowed */
    struct store *store;
    struct grade_pool *pool;
    struct str grader;
    struct str definition;
    const struct item *items;
    bool has_judge;           /* the suite lets a model decide what the grader cannot */
    bool has_model;           /* and the caller asks it: grading_question, grading_answer */
    struct str judge;         /* its identity, for the evidence */
    struct grading_job *jobs; /* [n_max] */
    int64_t n_max;
    /* kept here */
    int64_t n_jobs; /* handed in so far */
    int64_t n_done;
    int64_t i_first; /* of the queue of jobs for the pool; -1: none */
    int64_t i_last;
    struct questions *questions;
    struct arena tmp;
};

struct grading_job {
    int64_t reply_id;
    int64_t i_item;
    int64_t next;                    /* in the queue, or behind a question; -1: the last */
    int64_t judged[LIMIT_QUESTIONS]; /* ids of judgements */
    int64_t n_judged;
    bool is_alone; /* nobody answers its question */
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

/* A question that nobody was asked yet, now marked as asked; NULL when there is none. Its place
 * (grading_place) is the caller's name for it until it is answered. */
struct question *grading_question(struct grading *g);
int64_t grading_place(const struct grading *g, const struct question *q);

/* Stores the model's reply to the question at that place, within the caller's transaction, and
 * lets the replies that waited for it be judged. */
MUST_CHECK bool grading_answer(struct grading *g, int64_t place, const struct reply_row *reply,
                               const struct reply_text *text, struct err *e);
