#include <math.h>

#include "base/rng.h"
#include "graders/math/identity_point.h"
#include "graders/math/region_set.h"
#include "graders/math/statement.h"

/* A point where one statement holds and the other does not.
 *
 * Inequalities are tried at random points. An equation holds almost nowhere, so for one of those a
 * root is found: all variables but one get values, and where the difference of the sides changes
 * its sign along the last one, and is finite all the way, it is zero in between. That the other
 * statement is false on the whole of that stretch is the proof. */
enum truth { IS_FALSE, IS_TRUE, IS_OPEN };
enum { PREC = 96, RANDOM_POINTS = 48, TRIES = 8, REACH = 12, HALVINGS = 40 };

struct search {
    struct exprs *x;
    struct vars v;
    struct point p;
    uint64_t t;
};

/* ------------------------------------------------------------------------- truth at a point */

static enum truth negated(enum truth t)
{
    return t == IS_OPEN ? IS_OPEN : t == IS_TRUE ? IS_FALSE : IS_TRUE;
}

static enum truth both(enum truth a, enum truth b)
{
    if (a == IS_FALSE || b == IS_FALSE)
        return IS_FALSE;
    return a == IS_TRUE && b == IS_TRUE ? IS_TRUE : IS_OPEN;
}

/* -1, 0, 1, or 2 where the sign of e is not known. */
static int sign_at(struct search *s, int32_t e)
{
    enum { UNKNOWN_SIGN = 2 };
    int sign = UNKNOWN_SIGN;
    fmpq_t exact;
    fmpq_init(exact);
    if (point_rational(&s->p, e, exact)) {
        sign = fmpq_sgn(exact);
    } else {
        acb_t ball;
        acb_init(ball);
        if (point_ball(&s->p, e, ball, PREC) && !arb_contains_zero(acb_realref(ball)))
            sign = arb_is_positive(acb_realref(ball)) ? 1 : -1;
        acb_clear(ball);
    }
    fmpq_clear(exact);
    return sign;
}

static enum truth congruent(struct search *s, const struct relation *r)
{
    enum truth truth = IS_OPEN;
    fmpq_t v[3];
    int32_t side[3] = {r->left, r->right, r->modulus};
    bool is_done = true;
    for (int i = 0; i < 3; i++) {
        fmpq_init(v[i]);
        is_done = is_done && point_rational(&s->p, side[i], v[i]) && fmpz_is_one(fmpq_denref(v[i]));
    }
    if (is_done && !fmpq_is_zero(v[2])) {
        fmpq_sub(v[0], v[0], v[1]);
        truth = fmpz_divisible(fmpq_numref(v[0]), fmpq_numref(v[2])) ? IS_TRUE : IS_FALSE;
    }
    for (int i = 0; i < 3; i++)
        fmpq_clear(v[i]);
    return truth;
}

static enum truth relation_truth(struct search *s, const struct relation *r)
{
    if (r->op == EXPR_CONGRUENT)
        return congruent(s, r);
    if (!expr_is_scalar(s->x, r->left) || !expr_is_scalar(s->x, r->right))
        return IS_OPEN;
    int32_t diff = expr_sub(s->x, r->left, r->right);
    int sign = diff == EXPR_NONE ? 2 : sign_at(s, diff);
    if (sign == 2)
        return IS_OPEN;
    switch (r->op) {
    case EXPR_EQ:
        return sign == 0 ? IS_TRUE : IS_FALSE;
    case EXPR_NE:
        return sign != 0 ? IS_TRUE : IS_FALSE;
    case EXPR_LT:
        return sign < 0 ? IS_TRUE : IS_FALSE;
    case EXPR_LE:
        return sign <= 0 ? IS_TRUE : IS_FALSE;
    default:
        return IS_OPEN;
    }
}

static enum truth statement_truth(struct search *s, int32_t e)
{
    struct exprs *x = s->x;
    enum truth all = IS_TRUE;
    struct conjunction c;
    switch (expr_op(x, e)) {
    case EXPR_NOT:
        return negated(statement_truth(s, expr_arg(x, e, 0)));
    case EXPR_RELATION:
        if (!statement_conjunction(x, e, &c))
            return IS_OPEN;
        for (int32_t i = 0; i < c.n && all != IS_FALSE; i++)
            all = both(all, relation_truth(s, &c.of[i]));
        return all;
    case EXPR_AND:
        for (int32_t i = 0; i < expr_n_args(x, e) && all != IS_FALSE; i++)
            all = both(all, statement_truth(s, expr_arg(x, e, i)));
        return all;
    case EXPR_OR:
    case EXPR_LIST:
        for (int32_t i = 0; i < expr_n_args(x, e) && all != IS_FALSE; i++)
            all = both(all, negated(statement_truth(s, expr_arg(x, e, i))));
        return negated(all);
    default:
        return IS_OPEN;
    }
}

/* -------------------------------------------------------------------------------- the points */

static bool is_whole(const struct vars *v, int32_t i)
{
    return (v->use[i] & (VAR_WHOLE | VAR_NAMED)) != 0;
}

/* Whole numbers from -6, reals in quarters and, now and then, far out. Every other point is
 * positive. */
static void place(struct search *s)
{
    enum { WHOLE = 19, LOW = 6, QUARTERS = 33, FAR = 4096 };
    struct vars *v = &s->v;
    for (int32_t i = 0; i < v->n; i++) {
        uint64_t u = rng_u64(v->seed, v->name[i], s->t);
        int64_t value =
            is_whole(v, i) ? (int64_t)(u % WHOLE) - LOW : (int64_t)(u % QUARTERS) - QUARTERS / 2;
        if (s->t % 2 == 0 && value <= 0)
            value = 1 - value;
        if (!is_whole(v, i) && s->t % 8 == 7)
            value = value * FAR + (int64_t)(u >> 50);
        fmpq_set_si(&s->p.re[i], value, is_whole(v, i) ? 1 : 4);
        if (s->t % 8 == 3 && i > 0 && is_whole(v, i) == is_whole(v, 0)) /* where < is not <= */
            fmpq_set(&s->p.re[i], &s->p.re[0]);
    }
    s->t++;
}

static bool differs_here(struct search *s, int32_t a, int32_t b)
{
    enum truth left = statement_truth(s, a);
    return left != IS_OPEN && statement_truth(s, b) == negated(left);
}

static bool differs_at_random(struct search *s, int32_t a, int32_t b)
{
    for (int i = 0; i < RANDOM_POINTS && s->v.budget->work > 0; i++) {
        place(s);
        if (differs_here(s, a, b))
            return true;
    }
    return false;
}

/* Goes to the point that c names: x = 1, y = 2. False: it names none. */
static bool go_to(struct search *s, const struct conjunction *c)
{
    int32_t n_set = 0;
    for (int32_t i = 0; i < c->n; i++) {
        int32_t k = vars_find(&s->v, c->of[i].left);
        if (k < 0 || c->of[i].op != EXPR_EQ || (expr_has(s->x, c->of[i].right) & EXPR_HAS_SYMBOL) ||
            !point_rational(&s->p, c->of[i].right, &s->p.re[k]))
            return false;
        n_set++;
    }
    return n_set == s->v.n; /* one named twice leaves another open: seen when truth is asked */
}

/* Whether all that e says is the name of a point, or of several. */
static bool names_points(struct search *s, int32_t e)
{
    struct conjunction c;
    bool is_or = expr_is(s->x, e, EXPR_OR) || expr_is(s->x, e, EXPR_LIST);
    for (int32_t i = 0; i < (is_or ? expr_n_args(s->x, e) : 1); i++)
        if (!statement_conjunction(s->x, is_or ? expr_arg(s->x, e, i) : e, &c) || !go_to(s, &c))
            return false;
    return true;
}

/* At the points that one of them names. */
static bool differs_at_named(struct search *s, int32_t named, int32_t other)
{
    struct conjunction c;
    bool is_or = expr_is(s->x, named, EXPR_OR) || expr_is(s->x, named, EXPR_LIST);
    for (int32_t i = 0; i < (is_or ? expr_n_args(s->x, named) : 1); i++) {
        int32_t part = is_or ? expr_arg(s->x, named, i) : named;
        if (statement_conjunction(s->x, part, &c) && go_to(s, &c) && differs_here(s, named, other))
            return true;
    }
    return false;
}

/* --------------------------------------------------------------------------- along a variable */

/* Halves the stretch [from, to], on whose ends e has other signs. */
static void narrow(struct search *s, int32_t e, int32_t i, fmpq_t from, fmpq_t to, int sign_from)
{
    fmpq *at = &s->p.re[i];
    for (int k = 0; k < HALVINGS; k++) {
        fmpq_add(at, from, to);
        fmpq_div_2exp(at, at, 1);
        int sign = sign_at(s, e);
        if (sign == 2)
            return;
        fmpq_set(sign == sign_from ? from : to, at);
    }
}

/* The ball that covers [from, to] becomes the variable's value. */
static void cover(struct search *s, int32_t i, const fmpq_t from, const fmpq_t to)
{
    arb_t end;
    arb_init(end);
    arb_set_fmpq(s->p.wide, from, PREC);
    arb_set_fmpq(end, to, PREC);
    arb_union(s->p.wide, s->p.wide, end, PREC);
    arb_clear(end);
    s->p.i_wide = i;
}

static bool is_finite(struct search *s, int32_t e)
{
    acb_t v;
    acb_init(v);
    bool is_done = point_ball(&s->p, e, v, PREC);
    acb_clear(v);
    return is_done;
}

/* Everything of c but relation k holds, and b does not. */
static bool is_proof(struct search *s, const struct conjunction *c, int32_t k, int32_t b)
{
    for (int32_t i = 0; i < c->n; i++)
        if (i != k && relation_truth(s, &c->of[i]) != IS_TRUE)
            return false;
    return statement_truth(s, b) == IS_FALSE;
}

/* diff has sign_from at from and another sign at to. */
static bool is_proof_between(struct search *s, const struct conjunction *c, int32_t k, int32_t diff,
                             int32_t i, int64_t from, int sign_from, int32_t b)
{
    fmpq_t low;
    fmpq_t high;
    fmpq_init(low);
    fmpq_init(high);
    fmpq_set_si(low, from, 1);
    fmpq_set_si(high, from + 1, 1);
    narrow(s, diff, i, low, high, sign_from);
    cover(s, i, low, high);
    bool is_done = is_finite(s, diff) && is_proof(s, c, k, b);
    s->p.i_wide = -1;
    fmpq_clear(low);
    fmpq_clear(high);
    return is_done;
}

/* Looks for a root of relation k of c along variable i. */
static bool differs_along(struct search *s, const struct conjunction *c, int32_t k, int32_t i,
                          int32_t b)
{
    int32_t diff = expr_sub(s->x, c->of[k].left, c->of[k].right);
    int before = 2;
    for (int64_t at = -REACH; at <= REACH && diff != EXPR_NONE && s->v.budget->work > 0; at++) {
        fmpq_set_si(&s->p.re[i], at, 1);
        int sign = sign_at(s, diff);
        if (sign == 0 && is_proof(s, c, k, b))
            return true;
        if (!is_whole(&s->v, i) && sign * before == -1 &&
            is_proof_between(s, c, k, diff, i, at - 1, before, b))
            return true;
        before = sign;
    }
    return false;
}

/* The two sides of a border, close together: there one statement turns and the other need not. */
static bool differs_beside(struct search *s, int32_t diff, int32_t i, int64_t from, int sign_from,
                           int32_t a, int32_t b)
{
    fmpq_t side[2];
    fmpq_init(side[0]);
    fmpq_init(side[1]);
    fmpq_set_si(side[0], from, 1);
    fmpq_set_si(side[1], from + 1, 1);
    if (!is_whole(&s->v, i))
        narrow(s, diff, i, side[0], side[1], sign_from);
    bool is_done = false;
    for (int k = 0; k < 2; k++) {
        fmpq_set(&s->p.re[i], side[k]);
        is_done = is_done || differs_here(s, a, b);
        fmpq_clear(side[k]);
    }
    return is_done;
}

/* Looks for a border of relation r along variable i. */
static bool differs_at_border(struct search *s, const struct relation *r, int32_t i, int32_t a,
                              int32_t b)
{
    bool are_numbers = expr_is_scalar(s->x, r->left) && expr_is_scalar(s->x, r->right);
    int32_t diff = are_numbers ? expr_sub(s->x, r->left, r->right) : EXPR_NONE;
    int before = 2;
    for (int64_t at = -REACH; at <= REACH && diff != EXPR_NONE && s->v.budget->work > 0; at++) {
        fmpq_set_si(&s->p.re[i], at, 1);
        int sign = sign_at(s, diff);
        if (sign == 0 && differs_here(s, a, b))
            return true;
        if (sign * before == -1 && differs_beside(s, diff, i, at - 1, before, a, b))
            return true;
        before = sign;
    }
    return false;
}

/* At the borders of a's inequalities. */
static bool differs_on_borders(struct search *s, int32_t a, int32_t b)
{
    struct conjunction c;
    if (!statement_conjunction(s->x, a, &c))
        return false;
    for (int t = 0; t < TRIES; t++)
        for (int32_t k = 0; k < c.n; k++) {
            place(s);
            bool is_order = c.of[k].op == EXPR_LT || c.of[k].op == EXPR_LE;
            if (is_order && differs_at_border(s, &c.of[k], t % s->v.n, a, b))
                return true;
        }
    return false;
}

/* The one equation of c, -1 where there are none or several. */
static int32_t only_equation(const struct exprs *x, const struct conjunction *c)
{
    int32_t found = -1;
    for (int32_t i = 0; i < c->n; i++) {
        if (c->of[i].op != EXPR_EQ)
            continue;
        if (found >= 0 || !expr_is_scalar(x, c->of[i].left) || !expr_is_scalar(x, c->of[i].right))
            return -1;
        found = i;
    }
    return found;
}

static bool differs_on_equation(struct search *s, int32_t a, int32_t b)
{
    struct conjunction c;
    int32_t k = statement_conjunction(s->x, a, &c) ? only_equation(s->x, &c) : -1;
    if (k < 0)
        return false;
    for (int t = 0; t < TRIES; t++)
        for (int32_t i = 0; i < s->v.n; i++) {
            place(s);
            if (differs_along(s, &c, k, i, b))
                return true;
        }
    return false;
}

/* ------------------------------------------------------------------------------------- public */

static bool has_equation(const struct exprs *x, int32_t e)
{
    if (expr_is(x, e, EXPR_RELATION))
        for (int64_t i = 0; i < expr_name(x, e).n; i++)
            if (expr_name(x, e).at[i] == EXPR_EQ)
                return true;
    for (int32_t i = 0; region_is_statement(x, e) && i < expr_n_args(x, e); i++)
        if (has_equation(x, expr_arg(x, e, i)))
            return true;
    return false;
}

static bool is_arbitrary(struct str name)
{
    return name.at[0] == 'C' || (name.n > 2 && name.at[0] == 'c' && name.at[1] == '_');
}

/* x = 3k + 1 stands for all k: a shift of k is the same family, and a point proves nothing. */
static bool is_family(const struct search *s)
{
    for (int32_t i = 0; i < s->v.n && s->v.n > 1; i++)
        if (is_whole(&s->v, i) || (expr_is(s->x, s->v.node[i], EXPR_SYMBOL) &&
                                   is_arbitrary(expr_name(s->x, s->v.node[i]))))
            return true;
    return false;
}

static struct exact unknown(const char *why)
{
    return (struct exact){.truth = EXACT_UNKNOWN, .method = why};
}

static struct exact by_points(struct search *s, int32_t a, int32_t b)
{
    static const struct exact different = {.truth = EXACT_DIFFERENT, .method = "a point"};
    bool has_equations = has_equation(s->x, a) || has_equation(s->x, b);
    bool are_points = names_points(s, a) && names_points(s, b);
    if (has_equations && !are_points && is_family(s))
        return unknown("a family with a parameter");
    if (differs_at_named(s, a, b) || differs_at_named(s, b, a))
        return different;
    if (s->v.n > 0 && (differs_on_borders(s, a, b) || differs_on_borders(s, b, a)))
        return different;
    if (differs_at_random(s, a, b) || differs_on_equation(s, a, b) || differs_on_equation(s, b, a))
        return different;
    return unknown("no point tells them apart");
}

struct exact statement_by_points(struct exprs *x, int32_t a, int32_t b, struct budget *budget)
{
    struct search s = {.x = x, .v = {.x = x, .budget = budget}};
    vars_add(&s.v, a);
    int32_t n = s.v.n;
    if (s.v.is_full || expr_free(x, a) != expr_free(x, b))
        return unknown("other variables");
    vars_add(&s.v, b);
    if (s.v.is_full || s.v.is_complex || s.v.is_unsure || s.v.n != n)
        return unknown("no real points");
    for (int32_t i = 0; i < n; i++)
        if (!expr_is(x, s.v.node[i], EXPR_SYMBOL))
            return unknown("named functions");
    point_init(&s.p, &s.v);
    struct exact found = by_points(&s, a, b);
    point_clear(&s.p);
    return found;
}
