#include "graders/math/exact.h"

#include <assert.h>

#include "base/limits.h"
#include "graders/math/ball.h"
#include "graders/math/lower.h"
#include "graders/math/prove.h"

bool budget_spend(struct budget *b, int64_t n)
{
    assert(n >= 0);
    b->work = b->work < 0 || n > b->work ? -1 : b->work - n;
    return b->work >= 0;
}

/* ------------------------------------------------------------------------- a prover for one pair
 */

struct prover {
    struct terms terms;
    struct lowering low;
};

static void prover_open(struct prover *p, struct exprs *x, int32_t top, struct budget *budget)
{
    terms_open(&p->terms, exprs_tmp(x), budget);
    lower_open(&p->low, x, &p->terms, top + 1);
    p->low.is_principal = budget->is_principal;
}

static void prover_close(struct prover *p)
{
    terms_close(&p->terms);
}

static struct exact without_value(const struct prover *p, int32_t t)
{
    return (struct exact){t == TERM_UNDEFINED ? EXACT_UNDEFINED : EXACT_UNKNOWN, p->low.why, 0};
}

static struct exact exact_of(struct proof p)
{
    static const enum exact_truth truths[] = {
        [ZERO_PROVED] = EXACT_EQUAL,
        [ZERO_PROBABLE] = EXACT_PROBABLE,
        [ZERO_REFUTED] = EXACT_DIFFERENT,
        [ZERO_UNKNOWN] = EXACT_UNKNOWN,
    };
    return (struct exact){truths[p.zero], p.method, p.bits};
}

/* ------------------------------------------------------------------------------- infinities */

/* 1 and -1 for plus and minus infinity as a whole answer, 0 for all else */
static int infinity_of(const struct exprs *x, int32_t e)
{
    if (expr_is_constant(x, e, EXPR_INFINITY))
        return 1;
    if (!expr_is(x, e, EXPR_MUL) || expr_n_args(x, e) != 2)
        return 0;
    int32_t a = expr_arg(x, e, 0);
    int32_t b = expr_arg(x, e, 1);
    int32_t number = expr_is_constant(x, a, EXPR_INFINITY) ? b : a;
    int32_t other = number == a ? b : a;
    if (!expr_is_constant(x, other, EXPR_INFINITY) || !expr_is(x, number, EXPR_NUMBER))
        return 0;
    return fmpq_sgn(expr_number(x, number));
}

/* ------------------------------------------------------------------------------- equality */

/* Powers too large for balls: positive numbers are apart when their logarithms are. */
static struct proof logs_apart(struct terms *T, int32_t a, int32_t b, struct proof otherwise)
{
    if (!term_is(T, a, TERM_IS_POSITIVE) || !term_is(T, b, TERM_IS_POSITIVE))
        return otherwise;
    struct proof p = prove_zero(T, term_sub(T, term_log(T, a), term_log(T, b)));
    return p.zero == ZERO_PROVED || p.zero == ZERO_REFUTED ? p : otherwise;
}

static struct exact compare_terms(struct terms *T, int32_t a, int32_t b)
{
    if (a == b) {
        bool is_number = term_kind(T, a) == TERM_RATIONAL;
        return (struct exact){EXACT_EQUAL, is_number ? "rationals" : "normal form", 0};
    }
    struct proof p = prove_zero(T, term_sub(T, a, b));
    if (p.zero == ZERO_UNKNOWN && T->budget->work >= 0)
        p = logs_apart(T, a, b, p);
    return exact_of(p);
}

/* *met_odd_root: set when the other reading of odd roots could decide otherwise */
static struct exact compare_once(struct exprs *x, int32_t a, int32_t b, struct budget *budget,
                                 bool *met_odd_root)
{
    struct prover p;
    prover_open(&p, x, a > b ? a : b, budget);
    /* the older node first, whichever side it is: the verdict is symmetric, budget and all */
    int32_t left = lower(&p.low, a < b ? a : b);
    int32_t right = left == TERM_UNDEFINED ? left : lower(&p.low, a < b ? b : a);
    struct exact found;
    if (left < 0 || right < 0)
        found = without_value(&p, right == TERM_UNDEFINED || left >= 0 ? right : left);
    else
        found = compare_terms(&p.terms, left, right);
    *met_odd_root = p.low.met_odd_root;
    prover_close(&p);
    return found;
}

static struct exact compare_both_readings(struct exprs *x, int32_t a, int32_t b,
                                          struct budget *budget)
{
    bool met_odd_root = false;
    struct exact found = compare_once(x, a, b, budget, &met_odd_root);
    if (!met_odd_root || budget->is_principal || found.truth != EXACT_DIFFERENT)
        return found;
    budget->is_principal = true;
    struct exact other = compare_once(x, a, b, budget, &met_odd_root);
    budget->is_principal = false;
    if (other.truth == EXACT_DIFFERENT || other.truth == EXACT_UNDEFINED)
        return found;
    return (struct exact){EXACT_UNKNOWN, "odd roots of negative numbers", other.bits};
}

static bool is_understood(const struct exprs *x, int32_t e)
{
    return e >= 0 && expr_is_scalar(x, e);
}

struct exact exact_compare(struct exprs *x, int32_t a, int32_t b, struct budget *budget)
{
    enum { WORK_COMPARE = 100 };
    static const struct exact none = {EXACT_UNKNOWN, "not a number", 0};
    if (!is_understood(x, a) || !is_understood(x, b))
        return none;
    if (!budget_spend(budget, WORK_COMPARE))
        return (struct exact){EXACT_UNKNOWN, "budget", 0};
    if (expr_is(x, a, EXPR_NUMBER) && expr_is(x, b, EXPR_NUMBER)) {
        bool is_equal = a == b || fmpq_equal(expr_number(x, a), expr_number(x, b));
        return (struct exact){is_equal ? EXACT_EQUAL : EXACT_DIFFERENT, "rationals", 0};
    }
    int left = infinity_of(x, a);
    int right = infinity_of(x, b);
    if (left != 0 && right != 0)
        return (struct exact){left == right ? EXACT_EQUAL : EXACT_DIFFERENT, "infinity", 0};
    struct exact found = compare_both_readings(x, left != 0 ? b : a, right != 0 ? a : b, budget);
    if (left != 0 || right != 0)
        return found.truth == EXACT_EQUAL ? (struct exact){EXACT_DIFFERENT, "infinity", 0} : found;
    if (a == b && found.truth == EXACT_UNKNOWN)
        return (struct exact){EXACT_EQUAL, "same expression", 0};
    return found;
}

/* ------------------------------------------------------------------------------- order */

static struct exact order_terms(struct terms *T, int32_t a, int32_t b, int *order)
{
    struct exact found = compare_terms(T, a, b);
    *order = 0;
    if (found.truth != EXACT_DIFFERENT)
        return found;
    *order = prove_sign(T, term_sub(T, a, b));
    if (*order == SIGN_UNKNOWN) { /* powers too large for balls */
        bool has_logs = term_is(T, a, TERM_IS_POSITIVE) && term_is(T, b, TERM_IS_POSITIVE);
        *order =
            has_logs ? prove_sign(T, term_sub(T, term_log(T, a), term_log(T, b))) : SIGN_UNKNOWN;
    }
    if (*order != SIGN_UNKNOWN)
        return found;
    *order = 0;
    return (struct exact){EXACT_UNKNOWN, "balls that do not shrink", found.bits};
}

static struct exact order_numbers(struct exprs *x, int32_t a, int32_t b, int *order,
                                  struct budget *budget)
{
    struct prover p;
    prover_open(&p, x, a > b ? a : b, budget);
    int32_t left = lower(&p.low, a);
    int32_t right = left < 0 ? left : lower(&p.low, b);
    struct exact found;
    if (right < 0)
        found = without_value(&p, right);
    else if (prove_real(&p.terms, left) != 1 || prove_real(&p.terms, right) != 1)
        found = (struct exact){EXACT_UNKNOWN, "order of what is not real", 0};
    else
        found = order_terms(&p.terms, left, right, order);
    prover_close(&p);
    return found;
}

struct exact exact_order(struct exprs *x, int32_t a, int32_t b, int *order, struct budget *budget)
{
    *order = 0;
    if (!is_understood(x, a) || !is_understood(x, b))
        return (struct exact){EXACT_UNKNOWN, "not a number", 0};
    int left = infinity_of(x, a);
    int right = infinity_of(x, b);
    if (left == 0 && right == 0)
        return order_numbers(x, a, b, order, budget);
    if (left == right)
        return (struct exact){EXACT_EQUAL, "infinity", 0};
    if (left == 0 || right == 0) { /* the other one has to be a real number */
        int32_t e = left == 0 ? a : b;
        struct exact found = order_numbers(x, e, e, order, budget);
        if (found.truth != EXACT_EQUAL)
            return found;
    }
    *order = left > right ? 1 : -1;
    return (struct exact){EXACT_DIFFERENT, "infinity", 0};
}

/* ------------------------------------------------------------------------------- rationals */

struct exact exact_within(struct exprs *x, int32_t a, const fmpq_t centre, const fmpq_t radius,
                          struct budget *budget)
{
    if (!is_understood(x, a))
        return (struct exact){EXACT_UNKNOWN, "not a number", 0};
    struct prover p;
    prover_open(&p, x, a, budget);
    struct terms *T = &p.terms;
    int32_t t = lower(&p.low, a);
    struct exact found = {EXACT_UNKNOWN, "a distance", 0};
    if (t < 0) {
        found = without_value(&p, t);
    } else {
        int32_t away = term_sub(T, t, term_rational(T, centre));
        bool is_real = prove_real(T, t) == 1;
        int32_t below = term_rational(T, radius);
        if (!is_real && away >= 0) { /* |z|^2 <= r^2 */
            away = term_mul(T, away, term_conj(T, away));
            below = term_power_si(T, below, 2);
            if (away >= 0)
                T->at[away].facts |= TERM_IS_REAL;
        }
        int over = prove_sign(T, term_sub(T, away, below));
        int under = is_real ? prove_sign(T, term_add(T, away, below)) : 1;
        if (over != SIGN_UNKNOWN && under != SIGN_UNKNOWN)
            found =
                (struct exact){over <= 0 && under >= 0 ? EXACT_EQUAL : EXACT_DIFFERENT, "balls", 0};
    }
    prover_close(&p);
    return found;
}

bool exact_rational(struct exprs *x, int32_t a, fmpq_t out, struct budget *budget)
{
    if (!is_understood(x, a))
        return false;
    if (expr_is(x, a, EXPR_NUMBER)) {
        fmpq_set(out, expr_number(x, a));
        return true;
    }
    struct prover p;
    prover_open(&p, x, a, budget);
    bool is_rational = prove_rational(&p.terms, lower(&p.low, a), out);
    prover_close(&p);
    return is_rational;
}
