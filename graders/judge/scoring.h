/* From the outcomes of tests to the verdict and score of groups and of the whole.
 *
 * Pure arithmetic over the tree of task.h: it runs nothing itself, but asks for a test when its
 * group comes to it, so that a group that breaks on its first rejected member costs no more runs
 * than a contest's own judge would make. A test is asked for once, however many groups hold it.
 *
 *     root ── sum ──┬── subtask 1 ── min ── tests          score = points * rule(members)
 *                   └── subtask 2 ── min ── tests          outcome = rule(members)
 *
 * Nothing here knows what went wrong on our side: a test that could not be judged makes the asking
 * fail, and then there is no score at all. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "graders/task/task.h"

struct test_score {
    enum outcome outcome;
    bool has_score; /* the checker said one */
    double score;
    bool has_multiplier; /* the checker said a share of what the test is worth */
    double multiplier;
    struct str message; /* the checker's */
};

struct group_result {
    enum outcome outcome;
    double score;
    int64_t i_test; /* the test that decided the outcome; -1: none */
};

struct scoring {
    const struct task *task;
    bool runs_all; /* ask for every test, even where the score is settled */
    /* Judges one test; called at most once for each. */
    bool (*judge)(void *who, int64_t i_test, struct test_score *out, struct err *e);
    /* What a custom group makes of its members that count; fills outcome and score of *out. NULL:
     * nobody knows, and such a group is accepted with the most its range allows. */
    bool (*grade)(void *who, int64_t i_group, const struct group_result *members, int64_t n,
                  struct group_result *out, struct err *e);
    void *who;
};

/* tests (task.n_tests; OUTCOME_SKIPPED where never asked) and groups (task.n_groups) are from
 * *keep. */
MUST_CHECK bool scoring_run(const struct scoring *s, struct test_score **tests,
                            struct group_result **groups, struct arena *keep, struct err *e);

/* What each group gets when every test is accepted and no checker says a score: what a group's
 * points are out of. From *keep; task.n_groups. */
struct group_result *scoring_best(const struct task *t, struct arena *keep);

/* AC and PC count as accepted. */
bool scoring_is_accepted(enum outcome o);
