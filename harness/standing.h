/* What a set of submissions is worth under the rules of contests.
 *
 * IOI    a problem's score is the sum over its subtasks of the best that any submission got there;
 *        a task without subtasks takes its best submission.
 * ICPC   a problem is solved by its first accepted submission; its penalty is the minutes until
 *        then and 20 for each rejected one before it. One that does not compile costs nothing.
 *
 * A submission that could not be judged counts nowhere, and its problem is marked. */
#pragma once
#include "harness/judging.h"

enum { STANDING_WRONG_MINUTES = 20 };

struct standing_subtask {
    int64_t i_group;
    double points;  /* what the score is out of */
    double score;   /* best */
    int64_t i_best; /* attempt that reached it first; -1: none above zero */
};

struct standing_problem {
    const struct task *task;
    bool is_complete; /* every attempt was judged */
    int64_t n_attempts;
    int64_t n_judged;
    double score;                      /* points, or 1 when solved */
    double best_single;                /* points of the best one submission */
    struct standing_subtask *subtasks; /* n_subtasks */
    int64_t n_subtasks;
    bool is_solved;
    bool has_minutes;
    int64_t n_wrong; /* before the first accepted one; all when there is none */
    double minutes;  /* of the first accepted one */
    double penalty;  /* 0 when not solved */
};

/* One attempt, in the order made. */
struct standing_attempt {
    const struct judging_job *job;
    bool has_minutes;
    double minutes;
};

void standing_of(const struct task *t, const struct standing_attempt *attempts, int64_t n,
                 struct standing_problem *out, struct arena *keep);
