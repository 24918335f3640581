#include "graders/math/lower.h"

#include <assert.h>

#include "base/limits.h"
#include "graders/math/branch.h"
#include "graders/math/prove.h"

enum { MEMO = 3 }; /* TERM_UNDEFINED + MEMO is 1 */

void lower_open(struct lowering *l, struct exprs *x, struct terms *T, int32_t n_nodes)
{
    *l = (struct lowering){.x = x, .T = T, .n_memo = n_nodes, .why = ""};
    l->memo = NEW(&T->mem, int32_t, n_nodes);
}

int32_t lower_unknown(struct lowering *l, const char *why)
{
    l->why = why;
    return TERM_UNKNOWN;
}

int32_t lower_undefined(struct lowering *l, const char *why)
{
    l->why = why;
    return TERM_UNDEFINED;
}

/* ------------------------------------------------------------------------------- leaves */

static int32_t lower_constant(struct lowering *l, int32_t e)
{
    struct terms *T = l->T;
    switch ((enum expr_constant)expr_which(l->x, e)) {
    case EXPR_PI:
        return term_pi(T);
    case EXPR_E:
        return term_exp(T, term_int(T, 1));
    case EXPR_I:
        return term_i(T);
    case EXPR_GOLDEN:
        return term_mul(T, term_ratio(T, 1, 2),
                        term_add(T, term_int(T, 1), term_root(T, term_int(T, 5), 2)));
    case EXPR_GAMMA:
        return term_intern(
            T, &(struct term_make){.kind = TERM_GAMMA, .facts = TERM_IS_REAL | TERM_IS_POSITIVE});
    default:
        return lower_unknown(l, "infinity, or a set of numbers");
    }
}

static int32_t lower_symbol(struct lowering *l, int32_t e)
{
    for (int32_t i = l->n_bound - 1; i >= 0; i--)
        if (l->symbol[i] == e)
            return l->value[i];
    return lower_undefined(l, "a variable");
}

static int32_t lower_measure(struct lowering *l, int32_t e)
{
    struct str unit = expr_name(l->x, e);
    int32_t a = lower(l, expr_arg(l->x, e, 0));
    if (str_eq(unit, STR("%")))
        return term_mul(l->T, a, term_ratio(l->T, 1, 100));
    if (str_eq(unit, STR("deg")))
        return term_mul(l->T, a, term_mul(l->T, term_ratio(l->T, 1, 180), term_pi(l->T)));
    return lower_unknown(l, "a unit");
}

static int32_t lower_all(struct lowering *l, int32_t e)
{
    int32_t n = expr_n_args(l->x, e);
    int32_t *args = NEW(&l->T->mem, int32_t, n);
    for (int32_t i = 0; i < n; i++) {
        args[i] = lower(l, expr_arg(l->x, e, i));
        if (args[i] < 0)
            return args[i];
    }
    return expr_is(l->x, e, EXPR_ADD) ? term_sum(l->T, args, n) : term_product(l->T, args, n);
}

/* ------------------------------------------------------------------------ sums and products */

/* Halves are put together, so that partial sums stay as short as they can be. */
static int32_t join(struct terms *T, enum expr_op op, const int32_t *t, int64_t n)
{
    enum { AT_ONCE = 4 };
    if (n == 0)
        return term_int(T, op == EXPR_SUM ? 0 : 1);
    if (n <= AT_ONCE)
        return (op == EXPR_SUM ? term_sum : term_product)(T, t, (int32_t)n);
    int32_t halves[2];
    halves[0] = join(T, op, t, n / 2);
    halves[1] = join(T, op, t + n / 2, n - n / 2);
    return (op == EXPR_SUM ? term_sum : term_product)(T, halves, 2);
}

static int32_t lower_range(struct lowering *l, int32_t e, int64_t from, int64_t n)
{
    int32_t *parts = NEW(&l->T->mem, int32_t, n);
    int32_t i = l->n_bound++;
    l->symbol[i] = expr_arg(l->x, e, 1);
    int32_t failed = 0;
    for (int64_t k = 0; k < n && failed == 0; k++) {
        l->value[i] = term_int(l->T, from + k);
        parts[k] = lower(l, expr_arg(l->x, e, 0));
        failed = parts[k] < 0 ? parts[k] : 0;
    }
    l->n_bound--;
    return failed != 0 ? failed : join(l->T, expr_op(l->x, e), parts, n);
}

static int32_t lower_series(struct lowering *l, int32_t e)
{
    if (expr_n_args(l->x, e) != 4 || l->n_bound == LOWER_BOUND_SYMBOLS)
        return lower_unknown(l, "a sum over a set");
    int32_t ends[2] = {lower(l, expr_arg(l->x, e, 2)), lower(l, expr_arg(l->x, e, 3))};
    if (ends[0] < 0 || ends[1] < 0)
        return ends[0] < 0 ? ends[0] : ends[1];
    fmpq_t from;
    fmpq_t to;
    fmpq_init(from);
    fmpq_init(to);
    int32_t made = lower_unknown(l, "a sum with many terms, or ends that are not whole");
    if (prove_rational(l->T, ends[0], from) && prove_rational(l->T, ends[1], to) &&
        fmpz_is_one(fmpq_denref(from)) && fmpz_is_one(fmpq_denref(to))) {
        fmpq_sub(to, to, from);
        const fmpz *n = fmpq_numref(to); /* one less than there are */
        if (fmpz_cmp_si(n, -1) >= 0 && fmpz_cmp_si(n, LIMIT_MATH_SUM) < 0 &&
            fmpz_bits(fmpq_numref(from)) < 60)
            made = lower_range(l, e, fmpz_get_si(fmpq_numref(from)), fmpz_get_si(n) + 1);
    }
    fmpq_clear(from);
    fmpq_clear(to);
    return made;
}

/* ------------------------------------------------------------------------------- all */

static int32_t lower_node(struct lowering *l, int32_t e)
{
    switch (expr_op(l->x, e)) {
    case EXPR_NUMBER:
        return term_rational(l->T, expr_number(l->x, e));
    case EXPR_CONSTANT:
        return lower_constant(l, e);
    case EXPR_SYMBOL:
        return lower_symbol(l, e);
    case EXPR_ADD:
    case EXPR_MUL:
        return lower_all(l, e);
    case EXPR_POW: {
        int32_t a = lower(l, expr_arg(l->x, e, 0));
        return branch_power(l, a, a < 0 ? a : lower(l, expr_arg(l->x, e, 1)));
    }
    case EXPR_CALL:
        return lower_call(l, e);
    case EXPR_SUM:
    case EXPR_PRODUCT:
        return lower_series(l, e);
    case EXPR_MEASURE:
        return lower_measure(l, e);
    case EXPR_APPLY:
        return lower_undefined(l, "a function without a definition");
    default:
        return lower_unknown(l, "not a number");
    }
}

int32_t lower(struct lowering *l, int32_t e)
{
    enum { WORK_NODE = 200 };
    assert(e >= 0);
    bool is_closed = e < l->n_memo && (expr_has(l->x, e) & EXPR_HAS_SYMBOL) == 0;
    if (is_closed && l->memo[e] != 0)
        return l->memo[e] - MEMO;
    if (!budget_spend(l->T->budget, WORK_NODE))
        return lower_unknown(l, "budget");
    int32_t made = lower_node(l, e);
    if (made == TERM_UNKNOWN && (l->why[0] == 0 || l->T->budget->work < 0))
        l->why = l->T->budget->work < 0 ? "budget" : "a number too large";
    if (is_closed)
        l->memo[e] = made + MEMO;
    return made;
}
