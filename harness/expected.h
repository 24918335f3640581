/* EXPECTED.json: what a set of submissions is said to have scored.
 *
 *     {"problems": {"NAME": {"score": 82, "subtasks": {"NAME": 20, ...},
 *                            "solved": true, "rejected": 2, "minutes": 21, "penalty": 61} | 82},
 *      "total": 82, "solved": 1, "penalty": 61,
 *      "verdicts": ["WA", "AC", ...]}          one for each submission, in order
 *
 * Everything is optional; what is there must hold. Unknown members are refused: a misspelt
 * expectation that is never checked would be worse than none. */
#pragma once
#include "harness/standing.h"

struct expected;

MUST_CHECK bool expected_open(const char *path, struct expected **out, struct arena *keep,
                              struct err *e);
void expected_close(struct expected *x); /* NULL is fine */

struct standing {
    const struct standing_problem *problems;
    int64_t n_problems;
    double total; /* points of the problems with scores */
    int64_t n_solved;
    double penalty;
    const struct judging_job *jobs; /* every submission, in order */
    int64_t n_jobs;
};

/* One line per difference, from *keep. What could not be judged differs from nothing: a problem
 * with such a submission, and the totals over it, are not compared. A problem that is expected and
 * not there is one too. */
void expected_compare(const struct expected *x, const struct standing *s, struct str **lines,
                      int64_t *n, struct arena *keep);
