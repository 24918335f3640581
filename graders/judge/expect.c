#include "graders/judge/expect.h"

#include <math.h>

/* Scores are sums of rounded decimals: equal within this. */
#define SCORE_EPSILON 1e-6

static struct str scope_name(const struct task *t, const struct expectation *x)
{
    return x->i_group < 0 ? STR("it") : t->groups[x->i_group].name;
}

static bool is_among(const struct expectation *x, int64_t i_test)
{
    for (int64_t i = 0; i < x->n_tests; i++)
        if (x->tests[i] == i_test)
            return true;
    return x->tests == NULL;
}

/* Bits of the outcomes of every test that was run in the group, subgroups included. */
static uint32_t seen_in(const struct task *t, const struct expectation *x, const struct found *f,
                        int64_t i_group)
{
    const struct task_group *g = &t->groups[i_group];
    uint32_t bits = 0;
    for (int64_t k = 0; k < g->n_members; k++) {
        const struct group_member *m = &g->members[k];
        if (m->is_group)
            bits |= seen_in(t, x, f, m->i);
        else if (f->tests[m->i].outcome != OUTCOME_SKIPPED && is_among(x, m->i))
            bits |= OUTCOME_BIT(f->tests[m->i].outcome);
    }
    return bits;
}

static struct str list_of(uint32_t bits, struct arena *keep)
{
    struct str text = {"", 0};
    for (int o = 0; o < OUTCOME_COUNT; o++)
        if (bits & OUTCOME_BIT(o))
            text = text.n == 0 ? str_of(outcome_name((enum outcome)o))
                               : arena_fmt(keep, "%.*s or %s", STR_ARG(text),
                                           outcome_name((enum outcome)o));
    return text;
}

static bool holds_per_test(const struct task *t, const struct expectation *x, const struct found *f,
                           struct str *why, struct arena *keep)
{
    uint32_t seen = f->groups == NULL ? OUTCOME_BIT(f->verdict)
                                      : seen_in(t, x, f, x->i_group < 0 ? 0 : x->i_group);
    uint32_t alien = seen & ~x->permitted;
    if (alien != 0) {
        *why = arena_fmt(keep, "%.*s: a test got %.*s, only %.*s may be", STR_ARG(x->label),
                         STR_ARG(list_of(alien, keep)), STR_ARG(list_of(x->permitted, keep)));
        return false;
    }
    if (x->required != 0 && (seen & x->required) == 0) {
        *why = arena_fmt(keep, "%.*s: no test got %.*s", STR_ARG(x->label),
                         STR_ARG(list_of(x->required, keep)));
        return false;
    }
    return true;
}

static bool holds_final(const struct task *t, const struct expectation *x, const struct found *f,
                        struct str *why, struct arena *keep)
{
    enum outcome got =
        x->i_group < 0 || f->groups == NULL ? f->verdict : f->groups[x->i_group].outcome;
    if (x->permitted & OUTCOME_BIT(got))
        return true;
    *why =
        arena_fmt(keep, "%.*s: %.*s got %s, not %.*s", STR_ARG(x->label), STR_ARG(scope_name(t, x)),
                  outcome_name(got), STR_ARG(list_of(x->permitted, keep)));
    return false;
}

static double full_of(const struct task *t, const struct expectation *x)
{
    if (x->is_score_absolute)
        return 1;
    return x->i_group < 0 ? t->full_score : t->groups[x->i_group].points;
}

static bool holds_score(const struct task *t, const struct expectation *x, const struct found *f,
                        struct str *why, struct arena *keep)
{
    double full = full_of(t, x);
    double got = f->groups == NULL ? 0 : f->groups[x->i_group < 0 ? 0 : x->i_group].score;
    bool is_free =
        !x->is_score_absolute && x->score_min <= 0 && x->score_max >= 1 && !x->is_score_strict;
    if (is_free || !t->has_score || isnan(full))
        return true;
    double low = x->score_min * full;
    double high = x->score_max * full;
    double slack = x->is_score_strict ? -SCORE_EPSILON : SCORE_EPSILON;
    if (got >= low - slack && got <= high + slack)
        return true;
    *why = arena_fmt(keep, "%.*s: %.*s got %g points, not %g to %g%s", STR_ARG(x->label),
                     STR_ARG(scope_name(t, x)), got, low, high,
                     x->is_score_strict ? ", both exclusive" : "");
    return false;
}

/* A package may want certain words from its checker. */
static bool holds_message(const struct task *t, const struct expectation *x, const struct found *f,
                          struct str *why, struct arena *keep)
{
    if (x->message.n == 0)
        return true;
    for (int64_t i = 0; f->groups != NULL && i < t->n_tests; i++)
        if (is_among(x, i) && str_find(f->tests[i].message, x->message, 0) >= 0)
            return true;
    *why = arena_fmt(keep, "%.*s: no test's message holds \"%.*s\"", STR_ARG(x->label),
                     STR_ARG(str_sub(x->message, 0, 80)));
    return false;
}

bool expect_holds(const struct task *t, const struct expectation *x, const struct found *f,
                  struct str *why, struct arena *keep)
{
    bool ok = x->is_per_test ? holds_per_test(t, x, f, why, keep) : holds_final(t, x, f, why, keep);
    return ok && holds_score(t, x, f, why, keep) && holds_message(t, x, f, why, keep);
}
