#include "graders/judge/scoring.h"

#include <assert.h>
#include <math.h>

enum { GROUP_DEPTH_MAX = 16 };

struct work {
    const struct scoring *s;
    struct test_score *tests;
    bool *is_asked;
    struct group_result *groups;
    bool *is_done;
    bool wants_tests; /* the package expects something of single tests: they are all run */
    struct arena *keep;
};

/* What has been seen of a group's members so far. */
struct tally {
    int64_t n;
    double sum, min, max, product;
    bool all_within; /* threshold */
    bool has_accepted;
    bool has_flaw;   /* something was not AC */
    bool has_failed; /* something was neither AC nor PC */
    struct group_result first, worst,
        least; /* first rejected, worst outcome, first of least score */
};

bool scoring_is_accepted(enum outcome o)
{
    return o == OUTCOME_AC || o == OUTCOME_PC;
}

static bool ask(struct work *w, int64_t i, struct err *e)
{
    if (w->is_asked[i])
        return true;
    w->is_asked[i] = true;
    return w->s->judge(w->s->who, i, &w->tests[i], e);
}

/* 2025-09 writes points where a bound is known, and everybody else what counts: there a test's
 * score is the share of its worth. */
static double leaf_score(const struct task_group *g, const struct test_score *t)
{
    if (t->has_score && g->test_points > 0)
        return t->score / g->test_points;
    if (t->has_score)
        return t->score;
    if (t->has_multiplier && scoring_is_accepted(t->outcome))
        return g->accept_score * t->multiplier;
    return scoring_is_accepted(t->outcome) ? g->accept_score : g->reject_score;
}

/* A member that was not run has a score, nothing, but no outcome: another one's is why. */
static void count_outcome(struct tally *t, const struct group_result *m)
{
    bool is_accepted = scoring_is_accepted(m->outcome);
    if (t->least.outcome == OUTCOME_SKIPPED || m->score < t->least.score)
        t->least = *m;
    if (t->worst.outcome == OUTCOME_SKIPPED || m->outcome > t->worst.outcome)
        t->worst = *m;
    if (!t->has_flaw && m->outcome != OUTCOME_AC)
        t->first = *m;
    t->has_flaw = t->has_flaw || m->outcome != OUTCOME_AC;
    t->has_failed = t->has_failed || !is_accepted;
    t->has_accepted = t->has_accepted || is_accepted;
}

static void count(struct tally *t, const struct task_group *g, const struct group_result *m)
{
    if (m->outcome != OUTCOME_SKIPPED)
        count_outcome(t, m);
    t->sum += m->score;
    t->product *= m->score;
    t->min = t->n == 0 || m->score < t->min ? m->score : t->min;
    t->max = t->n == 0 || m->score > t->max ? m->score : t->max;
    t->all_within = t->all_within && m->score > 0 && m->score <= g->threshold;
    t->n++;
}

static double aggregate(const struct task_group *g, const struct tally *t)
{
    switch (g->score) {
    case GROUP_SUM:
        return t->sum;
    case GROUP_MIN:
        return t->n > 0 ? t->min : 0;
    case GROUP_MAX:
        return t->n > 0 ? t->max : 0;
    case GROUP_AVG:
        return t->n > 0 ? t->sum / (double)t->n : 0;
    case GROUP_MUL:
        return t->n > 0 ? t->product : 0;
    case GROUP_THRESHOLD:
        return t->n > 0 && t->all_within ? 1 : 0;
    case GROUP_PASS_FAIL:
        return t->n > 0 && !t->has_failed ? 1 : 0;
    }
    assert(false);
    return 0;
}

/* A subtask that takes the least of its members is what its least member is: the first of those
 * when several are equally bad. */
static struct group_result outcome_of(const struct task_group *g, const struct tally *t)
{
    struct group_result good = {.outcome = OUTCOME_AC, .i_test = -1};
    if (g->verdict == GROUP_ALWAYS_ACCEPT || (g->accepts_if_any && t->has_accepted))
        return good;
    if (g->score == GROUP_THRESHOLD) { /* how large an outcome is good, the threshold says */
        struct group_result bad = t->worst;
        bad.outcome = bad.outcome == OUTCOME_PC ? OUTCOME_WA : bad.outcome;
        return t->n > 0 && t->all_within ? good : bad;
    }
    if (!t->has_flaw)
        return good;
    if (g->verdict == GROUP_WORST_ERROR)
        return t->worst;
    return g->score == GROUP_MIN || g->score == GROUP_MUL ? t->least : t->first;
}

static void conclude(const struct task_group *g, const struct tally *t, struct group_result *out)
{
    *out = outcome_of(g, t);
    out->score = g->points * aggregate(g, t);
    if (out->score < g->range_min)
        out->score = g->range_min;
    if (out->score > g->range_max)
        out->score = g->range_max;
}

/* The test that an outcome is of: one that has it. */
static int64_t test_with(enum outcome o, const struct group_result *members, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (members[i].outcome == o)
            return members[i].i_test;
    return -1;
}

/* A score beside a rejection is ignored, as the format says. */
static bool conclude_custom(struct work *w, int64_t i, const struct group_result *members,
                            int64_t n, struct err *e)
{
    const struct task_group *g = &w->s->task->groups[i];
    struct group_result *out = &w->groups[i];
    *out = (struct group_result){OUTCOME_AC, g->range_max, -1};
    if (w->s->grade != NULL)
        TRY(w->s->grade(w->s->who, i, members, n, out, e));
    if (!scoring_is_accepted(out->outcome))
        out->score = 0;
    out->score = fmin(fmax(out->score, g->range_min), g->range_max);
    out->i_test = out->outcome == OUTCOME_AC ? -1 : test_with(out->outcome, members, n);
    return true;
}

/* Nothing that follows can change score or outcome. */
static bool is_settled(const struct work *w, const struct task_group *g, const struct tally *t)
{
    if (!t->has_failed)
        return false;
    if (g->breaks_on_reject || g->is_custom || w->wants_tests)
        return g->breaks_on_reject;
    bool is_least = g->score == GROUP_MIN || g->score == GROUP_MUL || g->score == GROUP_PASS_FAIL;
    return is_least && g->verdict == GROUP_FIRST_ERROR && g->reject_score == 0 && t->min == 0;
}

static bool needs_are_met(struct work *w, const struct task_group *g)
{
    for (int64_t i = 0; i < g->n_needs; i++) {
        const struct group_result *r = &w->groups[g->needs[i]];
        if (!w->is_done[g->needs[i]] || !scoring_is_accepted(r->outcome))
            return false;
    }
    return true;
}

/* 2025-09 says which tests may have a score of their own, and how large. */
static bool score_is_allowed(const struct task *task, const struct task_group *g, int64_t i,
                             const struct test_score *t, struct err *e)
{
    struct str name = task->tests[i].name;
    if (!str_starts(task->format, STR("kattis 2025")) || !scoring_is_accepted(t->outcome))
        return true;
    if (!t->has_score)
        return !isnan(g->test_points) ||
               FAIL(e, ERR_INPUT,
                    "test %.*s: the validator wrote no score.txt, and its group has "
                    "no bound to make one from",
                    STR_ARG(name));
    if (isnan(g->test_points) || (g->test_points > 0 && t->score <= g->test_points * (1 + 1e-9)))
        return true;
    return FAIL(e, ERR_INPUT, "test %.*s: the validator gave %g points, its group allows %g",
                STR_ARG(name), t->score, g->test_points);
}

static bool score_group(struct work *w, int64_t i, int depth, struct err *e);

static bool score_member(struct work *w, const struct task_group *g, const struct group_member *m,
                         int depth, struct group_result *out, struct err *e)
{
    if (m->is_group) {
        TRY(score_group(w, m->i, depth + 1, e));
        *out = w->groups[m->i];
        return true;
    }
    TRY(ask(w, m->i, e));
    const struct test_score *t = &w->tests[m->i];
    TRY(score_is_allowed(w->s->task, g, m->i, t, e));
    *out = (struct group_result){t->outcome, leaf_score(g, t), m->i};
    return true;
}

static bool score_group(struct work *w, int64_t i, int depth, struct err *e)
{
    const struct task_group *g = &w->s->task->groups[i];
    struct tally t = {.product = 1,
                      .all_within = true,
                      .least.outcome = OUTCOME_SKIPPED,
                      .worst.outcome = OUTCOME_SKIPPED};
    if (depth > GROUP_DEPTH_MAX)
        return FAIL(e, ERR_LIMIT, "test groups nest deeper than %d", GROUP_DEPTH_MAX);
    bool is_barred = !needs_are_met(w, g);
    if (is_barred && !w->s->runs_all) {
        w->groups[i] = (struct group_result){OUTCOME_SKIPPED, 0, -1};
        w->is_done[i] = true;
        return true;
    }
    struct group_result *counted =
        g->is_custom ? NEW(w->keep, struct group_result, g->n_members) : NULL;
    for (int64_t k = 0; k < g->n_members; k++) {
        struct group_result m;
        bool is_over = is_settled(w, g, &t);
        if (is_over && !w->s->runs_all)
            break;
        TRY(score_member(w, g, &g->members[k], depth, &m, e));
        if (is_over || (g->ignores_sample && k != 1 && g->n_members > 1))
            continue;
        if (counted != NULL)
            counted[t.n] = m;
        count(&t, g, &m);
    }
    if (counted != NULL)
        TRY(conclude_custom(w, i, counted, t.n, e));
    else
        conclude(g, &t, &w->groups[i]);
    if (is_barred)
        w->groups[i].score = 0;
    w->is_done[i] = true;
    return true;
}

static bool speaks_of_tests(const struct task *t)
{
    for (int64_t i = 0; i < t->n_submissions; i++)
        for (int64_t k = 0; k < t->submissions[i].n_expects; k++)
            if (t->submissions[i].expects[k].is_per_test)
                return true;
    return false;
}

bool scoring_run(const struct scoring *s, struct test_score **tests, struct group_result **groups,
                 struct arena *keep, struct err *e)
{
    const struct task *t = s->task;
    assert(t->n_groups > 0);
    struct work w = {.s = s,
                     .tests = NEW(keep, struct test_score, t->n_tests),
                     .is_asked = NEW(keep, bool, t->n_tests),
                     .groups = NEW(keep, struct group_result, t->n_groups),
                     .is_done = NEW(keep, bool, t->n_groups),
                     .wants_tests = speaks_of_tests(t),
                     .keep = keep};
    for (int64_t i = 0; i < t->n_tests; i++)
        w.tests[i].outcome = OUTCOME_SKIPPED;
    for (int64_t i = 0; i < t->n_groups; i++)
        w.groups[i] = (struct group_result){OUTCOME_SKIPPED, 0, -1};
    TRY(score_group(&w, 0, 0, e));
    *tests = w.tests;
    *groups = w.groups;
    return true;
}

static bool accept(void *who, int64_t i, struct test_score *out, struct err *e)
{
    (void)who;
    (void)i;
    (void)e;
    *out = (struct test_score){.outcome = OUTCOME_AC};
    return true;
}

struct group_result *scoring_best(const struct task *t, struct arena *keep)
{
    struct err e = {0};
    struct test_score *tests = NULL;
    struct group_result *groups = NULL;
    struct scoring s = {.task = t, .judge = accept};
    if (!scoring_run(&s, &tests, &groups, keep, &e)) /* groups that want a score: no bound */
        groups = NEW(keep, struct group_result, t->n_groups);
    return groups;
}
