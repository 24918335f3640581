#include "graders/math/series.h"

#include <assert.h>

#include "base/limits.h"

/* 1, 2, ..., 10 with its members written out; EXPR_NONE where no step is to be seen: two or more
 * whole numbers a step apart, dots, one last number that the step reaches. */
int32_t series_members(struct exprs *x, int32_t e)
{
    enum { MAX = 1000 };
    int32_t members[MAX];
    int64_t v[MAX];
    int64_t last;
    int32_t n = expr_n_args(x, e) - 2; /* before the dots */
    if (n < 2 || n > MAX / 2 || !expr_is(x, expr_arg(x, e, n), EXPR_DOTS) ||
        !expr_get_int(x, expr_arg(x, e, n + 1), &last))
        return EXPR_NONE;
    for (int32_t i = 0; i < n; i++)
        if (!expr_get_int(x, expr_arg(x, e, i), &v[i]) || v[i] > INT32_MAX || v[i] < INT32_MIN)
            return EXPR_NONE;
    int64_t step = v[1] - v[0];
    for (int32_t i = 2; i < n; i++)
        if (v[i] - v[i - 1] != step)
            return EXPR_NONE;
    bool is_reached = step != 0 && last <= INT32_MAX && last >= INT32_MIN &&
                      (last - v[n - 1]) / step >= 1 && (last - v[n - 1]) % step == 0;
    int64_t count = is_reached ? (last - v[0]) / step + 1 : 0;
    if (count < 1 || count > MAX)
        return EXPR_NONE;
    for (int64_t i = 0; i < count; i++)
        members[i] = expr_int(x, v[0] + i * step);
    return expr_make(x, expr_op(x, e), 0, expr_name(x, e), members, (int32_t)count);
}

/* ------------------------------------------------------------------------- geometric series */

static int32_t at(struct exprs *x, int32_t body, int32_t k, int32_t value)
{
    return expr_replace(x, body, k, value);
}

/* Whether |r| < 1 is proved. */
static bool is_below_one(struct exprs *x, int32_t r, struct budget *budget)
{
    int order;
    struct exact found = exact_order(x, expr_call(x, EXPR_ABS, r), expr_int(x, 1), &order, budget);
    return found.truth == EXACT_DIFFERENT && order < 0;
}

/* The sum of body over k = from, from + 1, ... where each term is r times the one before. */
static int32_t geometric(struct exprs *x, int32_t e, struct budget *budget)
{
    int32_t body = expr_arg(x, e, 0);
    int32_t k = expr_arg(x, e, 1);
    int32_t from = expr_arg(x, e, 2);
    int32_t first = at(x, body, k, from);
    int32_t second = at(x, body, k, expr_add(x, from, expr_int(x, 1)));
    if (first == EXPR_NONE || second == EXPR_NONE || (expr_has(x, first) & EXPR_HAS_SYMBOL) != 0)
        return EXPR_NONE;
    if (exact_compare(x, first, expr_int(x, 0), budget).truth != EXACT_DIFFERENT)
        return EXPR_NONE;
    int32_t r = expr_div(x, second, first);
    int32_t next = at(x, body, k, expr_add(x, k, expr_int(x, 1)));
    if (r == EXPR_NONE || next == EXPR_NONE || !is_below_one(x, r, budget))
        return EXPR_NONE;
    enum exact_truth t = identity_compare(x, next, expr_mul(x, r, body), budget).truth;
    if (t != EXACT_EQUAL && t != EXACT_PROBABLE)
        return EXPR_NONE;
    return expr_div(x, first, expr_sub(x, expr_int(x, 1), r));
}

/* -------------------------------------------------------------------------- in an expression */

/* The value of a sum node, or of a pattern "+" or "*" with dots; EXPR_NONE where it is neither. */
static int32_t value_of(struct exprs *x, int32_t e, struct budget *budget)
{
    bool is_endless = expr_is(x, e, EXPR_SUM) && expr_n_args(x, e) == 4 &&
                      expr_is_constant(x, expr_arg(x, e, 3), EXPR_INFINITY);
    if (is_endless)
        return geometric(x, e, budget);
    if (expr_is(x, e, EXPR_SUM))
        return series_of_polynomial(x, e, budget);
    bool is_sum = expr_is(x, e, EXPR_LIST) && str_eq(expr_name(x, e), STR("+"));
    bool is_product = expr_is(x, e, EXPR_LIST) && str_eq(expr_name(x, e), STR("*"));
    int32_t members = is_sum || is_product ? series_members(x, e) : EXPR_NONE;
    if (members == EXPR_NONE)
        return EXPR_NONE;
    int32_t n = expr_n_args(x, members);
    int32_t value = expr_int(x, is_sum ? 0 : 1);
    for (int32_t i = 0; i < n; i++) {
        int32_t a = expr_arg(x, members, i);
        value = is_sum ? expr_add(x, value, a) : expr_mul(x, value, a);
    }
    return value;
}

int32_t series_evaluated(struct exprs *x, int32_t e, struct budget *budget)
{
    assert(e != EXPR_NONE);
    for (int32_t i = 0; i < exprs_count(x); i++) {
        bool is_one = expr_is(x, i, EXPR_SUM) || expr_is(x, i, EXPR_LIST);
        int32_t value = is_one ? value_of(x, i, budget) : EXPR_NONE;
        int32_t made = value == EXPR_NONE ? EXPR_NONE : expr_replace(x, e, i, value);
        e = made == EXPR_NONE ? e : made;
    }
    return e;
}
