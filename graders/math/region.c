#include "graders/math/region.h"

#include "graders/math/identity_point.h"
#include "graders/math/region_set.h"

enum { NODE_NS = 100 };

static bool fail(struct region_work *w, const char *why)
{
    w->why = why;
    return false;
}

static bool read_set(struct region_work *w, int32_t e, struct region *out);
static bool read_statement(struct region_work *w, int32_t e, int32_t symbol, struct region *out);

/* ------------------------------------------------------------------------------------- sets */

static bool read_points(struct region_work *w, int32_t e, struct region *out)
{
    struct exprs *x = w->x;
    *out = region_all(false);
    for (int32_t i = 0; i < expr_n_args(x, e); i++) {
        int32_t at = expr_arg(x, e, i);
        int order;
        if (!expr_is_scalar(x, at) || (expr_has(x, at) & EXPR_HAS_SYMBOL) != 0)
            return fail(w, "members that are not numbers");
        if (!region_order(w, at, expr_int(x, 0), &order)) /* it must be real */
            return false;
        struct region one = region_half(EXPR_EQ, at);
        if (!region_or(w, out, &one, out))
            return false;
    }
    return true;
}

static bool read_interval(struct region_work *w, int32_t e, struct region *out)
{
    int32_t from = expr_arg(w->x, e, 0);
    int32_t to = expr_arg(w->x, e, 1);
    int32_t infinity = expr_constant(w->x, EXPR_INFINITY);
    int32_t minus = expr_neg(w->x, infinity);
    int order;
    if (!expr_is_scalar(w->x, from) || !expr_is_scalar(w->x, to) ||
        ((expr_has(w->x, from) | expr_has(w->x, to)) & EXPR_HAS_SYMBOL) != 0)
        return fail(w, "ends that are not numbers");
    if ((from != minus && from != infinity && !region_order(w, from, expr_int(w->x, 0), &order)) ||
        (to != infinity && to != minus && !region_order(w, to, expr_int(w->x, 0), &order)))
        return false;
    return region_interval(w, from, to, expr_which(w->x, e), out);
}

static bool read_sets(struct region_work *w, int32_t e, struct region *out)
{
    struct exprs *x = w->x;
    enum expr_op op = expr_op(x, e);
    if (!read_set(w, expr_arg(x, e, 0), out))
        return false;
    for (int32_t i = 1; i < expr_n_args(x, e); i++) {
        struct region part;
        if (!read_set(w, expr_arg(x, e, i), &part))
            return false;
        if (op == EXPR_DIFFERENCE)
            region_complement(&part);
        if (!(op == EXPR_UNION ? region_or : region_and)(w, out, &part, out))
            return false;
    }
    return true;
}

/* {x | ...}, {x in S | ...} */
static bool read_builder(struct region_work *w, int32_t e, struct region *out)
{
    struct exprs *x = w->x;
    int32_t symbol = expr_arg(x, e, 0);
    struct region all = region_all(true);
    if (expr_is(x, symbol, EXPR_RELATION) && expr_n_args(x, symbol) == 2 &&
        expr_name(x, symbol).at[0] == EXPR_IN) {
        if (!read_set(w, expr_arg(x, symbol, 1), &all))
            return false;
        symbol = expr_arg(x, symbol, 0);
    }
    if (!expr_is(x, symbol, EXPR_SYMBOL))
        return fail(w, "a set of something else than a variable");
    struct region_work inner = *w;
    inner.is_real = true; /* it is compared with sets of reals */
    bool is_done = read_statement(&inner, expr_arg(x, e, 1), symbol, out);
    w->bits = inner.bits;
    w->why = inner.why;
    return is_done && region_and(w, out, &all, out);
}

static bool read_set(struct region_work *w, int32_t e, struct region *out)
{
    struct exprs *x = w->x;
    if (!budget_spend(w->budget, NODE_NS))
        return fail(w, "budget");
    switch (expr_op(x, e)) {
    case EXPR_INTERVAL:
        return read_interval(w, e, out);
    case EXPR_SET:
        return read_points(w, e, out);
    case EXPR_UNION:
    case EXPR_INTERSECTION:
    case EXPR_DIFFERENCE:
        return read_sets(w, e, out);
    case EXPR_BUILDER:
        return expr_n_args(x, e) == 2 ? read_builder(w, e, out)
                                      : fail(w, "a set without condition");
    case EXPR_CONSTANT:
        *out = region_all(true);
        return expr_is_constant(x, e, EXPR_REALS) || fail(w, "not a set of reals");
    default:
        return fail(w, "not a set of reals");
    }
}

/* ------------------------------------------------------------------------------- statements */

static bool is_order(char op)
{
    return op == EXPR_LT || op == EXPR_LE || op == EXPR_GT || op == EXPR_GE;
}

/* Says somewhere that the variable is real: by an order, or by a set of reals. */
static bool says_real(const struct exprs *x, int32_t e)
{
    if (expr_is(x, e, EXPR_RELATION))
        for (int64_t i = 0; i < expr_name(x, e).n; i++)
            if (is_order(expr_name(x, e).at[i]) || expr_name(x, e).at[i] == EXPR_IN)
                return true;
    bool is_any = expr_is(x, e, EXPR_AND);
    for (int32_t i = 0; is_any && i < expr_n_args(x, e); i++)
        if (says_real(x, expr_arg(x, e, i)))
            return true;
    return false;
}

/* x = a +- b is two equations. */
static bool read_plus_minus(struct region_work *w, int32_t symbol, int32_t left, char op,
                            int32_t right, int32_t at, struct region *out)
{
    struct exprs *x = w->x;
    struct region other;
    int32_t a = expr_arg(x, at, 0);
    int32_t b = expr_arg(x, at, 1);
    int32_t up = expr_replace(x, right, at, expr_add(x, a, b));
    int32_t down = expr_replace(x, right, at, expr_sub(x, a, b));
    if (op != EXPR_EQ || up == EXPR_NONE || down == EXPR_NONE ||
        ((expr_has(x, up) | expr_has(x, down) | expr_has(x, left)) & EXPR_HAS_PLUS_MINUS) != 0)
        return fail(w, "more than one sign to choose");
    return region_solve(w, symbol, left, op, up, out) &&
           region_solve(w, symbol, left, op, down, &other) && region_or(w, out, &other, out);
}

static int32_t find_plus_minus(const struct exprs *x, int32_t e)
{
    if (expr_is(x, e, EXPR_PLUS_MINUS))
        return e;
    for (int32_t i = 0; i < expr_n_args(x, e); i++)
        if ((expr_has(x, expr_arg(x, e, i)) & EXPR_HAS_PLUS_MINUS) != 0)
            return find_plus_minus(x, expr_arg(x, e, i));
    return EXPR_NONE;
}

static bool read_pair(struct region_work *w, int32_t symbol, int32_t left, char op, int32_t right,
                      struct region *out)
{
    struct exprs *x = w->x;
    bool is_order_or_equation = is_order(op) || op == EXPR_EQ || op == EXPR_NE;
    if (op == EXPR_IN || op == EXPR_NOT_IN) {
        if (left != symbol || !read_set(w, right, out))
            return fail(w, "not a set of reals");
        if (op == EXPR_NOT_IN)
            region_complement(out);
        return true;
    }
    if (!is_order_or_equation || !expr_is_scalar(x, left) || !expr_is_scalar(x, right))
        return fail(w, "not a relation of numbers");
    if ((expr_has(x, right) & EXPR_HAS_PLUS_MINUS) != 0)
        return read_plus_minus(w, symbol, left, op, right, find_plus_minus(x, right), out);
    return region_solve(w, symbol, left, op, right, out);
}

static bool read_relation(struct region_work *w, int32_t e, int32_t symbol, struct region *out)
{
    struct exprs *x = w->x;
    struct str ops = expr_name(x, e);
    int32_t n = expr_n_args(x, e);
    if (n != ops.n + 1)
        return fail(w, "not a relation of numbers");
    *out = region_all(true);
    for (int32_t i = 0; i + 1 < n; i++) {
        struct region part;
        if (!read_pair(w, symbol, expr_arg(x, e, i), ops.at[i], expr_arg(x, e, i + 1), &part) ||
            !region_and(w, out, &part, out))
            return false;
    }
    return true;
}

static bool read_parts(struct region_work *w, int32_t e, int32_t symbol, bool is_and,
                       struct region *out)
{
    *out = region_all(is_and);
    for (int32_t i = 0; i < expr_n_args(w->x, e); i++) {
        struct region part;
        if (!read_statement(w, expr_arg(w->x, e, i), symbol, &part) ||
            !(is_and ? region_and : region_or)(w, out, &part, out))
            return false;
    }
    return expr_n_args(w->x, e) > 0 || fail(w, "nothing said");
}

static bool is_or_list(const struct exprs *x, int32_t e)
{
    return expr_is(x, e, EXPR_LIST) && str_eq(expr_name(x, e), STR("or"));
}

static bool read_statement(struct region_work *w, int32_t e, int32_t symbol, struct region *out)
{
    struct exprs *x = w->x;
    if (!budget_spend(w->budget, NODE_NS))
        return fail(w, "budget");
    w->is_real |= says_real(x, e);
    switch (expr_op(x, e)) {
    case EXPR_RELATION:
        return read_relation(w, e, symbol, out);
    case EXPR_AND:
        return read_parts(w, e, symbol, true, out);
    case EXPR_OR:
        return read_parts(w, e, symbol, false, out);
    case EXPR_LIST:
        return is_or_list(x, e) ? read_parts(w, e, symbol, false, out) : fail(w, "not a statement");
    case EXPR_NOT:
        if (!read_statement(w, expr_arg(x, e, 0), symbol, out))
            return false;
        region_complement(out);
        return !w->has_pole || fail(w, "the negation of what has no truth somewhere");
    default:
        return fail(w, "not a statement");
    }
}

bool region_is_statement(const struct exprs *x, int32_t e)
{
    switch (expr_op(x, e)) {
    case EXPR_RELATION:
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_NOT:
    case EXPR_FOR_ALL:
        return true;
    default:
        return is_or_list(x, e) && expr_n_args(x, e) > 0 &&
               region_is_statement(x, expr_arg(x, e, 0));
    }
}

bool region_read(struct region_work *w, int32_t e, int32_t *symbol, struct region *out)
{
    *symbol = EXPR_NONE;
    if (e == EXPR_NONE)
        return fail(w, "too large");
    if (!region_is_statement(w->x, e))
        return read_set(w, e, out);
    struct vars v = {.x = w->x, .budget = w->budget};
    vars_add(&v, e);
    if (v.is_full || v.n != 1 || !expr_is(w->x, v.node[0], EXPR_SYMBOL))
        return fail(w, "not a statement about one variable");
    *symbol = v.node[0];
    return read_statement(w, e, *symbol, out);
}

/* ------------------------------------------------------------------------------------ public */

bool region_of(struct exprs *x, int32_t e, int32_t *symbol, struct budget *budget)
{
    struct region_work w = {.x = x, .budget = budget};
    struct region r;
    return region_read(&w, e, symbol, &r);
}

static bool is_whole(const struct exprs *x, int32_t symbol)
{
    return symbol != EXPR_NONE && vars_is_whole_name(expr_name(x, symbol));
}

static struct exact result(enum exact_truth truth, const char *method, int64_t bits)
{
    return (struct exact){.truth = truth, .method = method, .bits = bits};
}

struct exact region_compare(struct exprs *x, int32_t a, int32_t b, struct budget *budget)
{
    struct region_work w = {.x = x, .budget = budget, .why = "no set of reals"};
    struct region left;
    struct region right;
    struct region apart;
    int32_t symbols[2];
    if (!region_read(&w, a, &symbols[0], &left))
        return result(EXACT_UNKNOWN, w.why, 0);
    w.is_real = false;
    w.has_pole = false;
    if (!region_read(&w, b, &symbols[1], &right) || !region_xor(&w, &left, &right, &apart))
        return result(EXACT_UNKNOWN, w.why, 0);
    if (apart.n == 0 && !apart.is_in_first)
        return result(w.bits > 0 ? EXACT_PROBABLE : EXACT_EQUAL, "sets of reals", w.bits);
    if (w.bits > 0)
        return result(EXACT_UNKNOWN, "ends that may be equal", 0);
    bool has_whole = true;
    if ((is_whole(x, symbols[0]) || is_whole(x, symbols[1])) &&
        !region_has_whole(&w, &apart, &has_whole))
        return result(EXACT_UNKNOWN, w.why, 0);
    return has_whole ? result(EXACT_DIFFERENT, "sets of reals", 0)
                     : result(EXACT_UNKNOWN, "the same whole numbers", 0);
}
