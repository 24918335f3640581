#include <arb_hypgeom.h>
#include <flint/ulong_extras.h>

#include "graders/math/identity_point.h"

/* One node at a time, from the leaves up. A value that is not finite ends the evaluation: whether
 * it was a pole or a want of precision is the caller's to find out by asking for more. */
enum { NODE_NS = 100, MAX_ROOT = 1 << 16, MAX_FACTORIAL = 1 << 20, MAX_RISING = 4096 };

static bool is_real(const acb_t v)
{
    return arb_is_zero(acb_imagref(v));
}

/* On the real line what is not real, everywhere what is not finite, is no value. */
static bool is_value(const struct point *p, const acb_t v)
{
    return acb_is_finite(v) && (p->is_complex || is_real(v));
}

static int64_t cost(slong prec)
{
    return NODE_NS + prec / 2;
}

static bool constant(const struct point *p, int32_t e, acb_t out, slong prec)
{
    switch (expr_which(p->vars->x, e)) {
    case EXPR_PI:
        arb_const_pi(acb_realref(out), prec);
        return true;
    case EXPR_E:
        arb_const_e(acb_realref(out), prec);
        return true;
    case EXPR_GAMMA:
        arb_const_euler(acb_realref(out), prec);
        return true;
    case EXPR_GOLDEN:
        arb_sqrt_ui(acb_realref(out), 5, prec);
        arb_add_ui(acb_realref(out), acb_realref(out), 1, prec);
        arb_mul_2exp_si(acb_realref(out), acb_realref(out), -1);
        return true;
    case EXPR_I:
        acb_onei(out);
        return p->is_complex;
    default:
        return false;
    }
}

static bool variable(struct point *p, int32_t e, acb_t out, slong prec)
{
    for (int32_t i = p->n_bound - 1; i >= 0; i--)
        if (p->bound[i] == e) {
            acb_set_si(out, p->value[i]);
            return true;
        }
    int32_t i = vars_find(p->vars, e);
    if (i < 0)
        return false;
    if (i == p->i_wide) {
        arb_set(acb_realref(out), p->wide);
        return true;
    }
    arb_set_fmpq(acb_realref(out), &p->re[i], prec);
    arb_set_fmpq(acb_imagref(out), &p->im[i], prec);
    return true;
}

static bool sum_or_product(struct point *p, int32_t e, acb_t out, slong prec)
{
    const struct exprs *x = p->vars->x;
    bool is_sum = expr_is(x, e, EXPR_ADD);
    bool is_done = point_ball(p, expr_arg(x, e, 0), out, prec);
    acb_t part;
    acb_init(part);
    for (int32_t i = 1; i < expr_n_args(x, e) && is_done; i++) {
        is_done = point_ball(p, expr_arg(x, e, i), part, prec);
        if (is_done)
            (is_sum ? acb_add : acb_mul)(out, out, part, prec);
    }
    acb_clear(part);
    return is_done;
}

/* -------------------------------------------------------------------------------- powers */

/* The degree-th root, real for an odd degree wherever the base is. */
static bool take_root(const struct point *p, acb_t v, int64_t degree, slong prec)
{
    bool is_odd = degree % 2 == 1 && !p->vars->budget->is_principal;
    if (is_real(v) && arb_is_nonnegative(acb_realref(v))) {
        arb_root_ui(acb_realref(v), acb_realref(v), (ulong)degree, prec);
        return true;
    }
    if (is_real(v) && is_odd && arb_is_negative(acb_realref(v))) {
        arb_neg(acb_realref(v), acb_realref(v));
        arb_root_ui(acb_realref(v), acb_realref(v), (ulong)degree, prec);
        arb_neg(acb_realref(v), acb_realref(v));
        return true;
    }
    if (!p->is_complex || (is_real(v) && is_odd))
        return false;
    acb_root_ui(v, v, (ulong)degree, prec);
    return true;
}

static bool whole_power(acb_t v, const fmpz_t k, slong prec)
{
    if (acb_is_zero(v) && fmpz_sgn(k) < 0)
        return false;
    acb_pow_fmpz(v, v, k, prec); /* 0^0 is 1 */
    return true;
}

static bool fraction_power(const struct point *p, acb_t v, const fmpq_t k, slong prec)
{
    if (fmpz_is_one(fmpq_denref(k)))
        return whole_power(v, fmpq_numref(k), prec);
    if (fmpz_cmp_si(fmpq_denref(k), MAX_ROOT) > 0)
        return false;
    return take_root(p, v, fmpz_get_si(fmpq_denref(k)), prec) &&
           whole_power(v, fmpq_numref(k), prec);
}

static bool any_power(const struct point *p, acb_t v, const acb_t k, slong prec)
{
    if (acb_is_zero(v)) {
        if (!arb_is_positive(acb_realref(k)))
            return false;
        acb_zero(v);
        return true;
    }
    if (!p->is_complex && !arb_is_positive(acb_realref(v)))
        return false;
    acb_log(v, v, prec);
    acb_mul(v, v, k, prec);
    acb_exp(v, v, prec);
    return true;
}

static bool power(struct point *p, int32_t e, acb_t out, slong prec)
{
    const struct exprs *x = p->vars->x;
    int32_t exponent = expr_arg(x, e, 1);
    if (!point_ball(p, expr_arg(x, e, 0), out, prec))
        return false;
    fmpq_t k;
    fmpq_init(k);
    bool is_done;
    if (point_rational(p, exponent, k) &&
        (fmpz_is_one(fmpq_denref(k)) || expr_is(x, exponent, EXPR_NUMBER) ||
         acb_contains_zero(out))) {
        is_done = fraction_power(p, out, k, prec);
    } else {
        acb_t ball;
        acb_init(ball);
        is_done = point_ball(p, exponent, ball, prec) && any_power(p, out, ball, prec);
        acb_clear(ball);
    }
    fmpq_clear(k);
    return is_done;
}

/* ---------------------------------------------------------------------------- whole numbers */

static bool whole_argument(struct point *p, int32_t e, fmpz_t out)
{
    fmpq_t v;
    fmpq_init(v);
    bool is_done = point_rational(p, e, v) && fmpz_is_one(fmpq_denref(v));
    fmpz_set(out, fmpq_numref(v));
    fmpq_clear(v);
    return is_done;
}

static bool small_whole(struct point *p, int32_t e, int64_t *out)
{
    fmpz_t v;
    fmpz_init(v);
    bool is_done = whole_argument(p, e, v) && fmpz_fits_si(v);
    *out = is_done ? fmpz_get_si(v) : 0;
    fmpz_clear(v);
    return is_done;
}

static bool factorial(struct point *p, int32_t e, acb_t out, slong prec)
{
    int64_t n;
    bool is_double = expr_is_call(p->vars->x, e, EXPR_DOUBLE_FACTORIAL);
    if (!small_whole(p, expr_arg(p->vars->x, e, 0), &n) || n < (is_double ? -1 : 0) ||
        n > MAX_FACTORIAL || !budget_spend(p->vars->budget, 4 * cost(prec)))
        return false;
    if (!is_double)
        arb_fac_ui(acb_realref(out), (ulong)n, prec);
    else if (n <= 0)
        acb_one(out);
    else
        arb_doublefac_ui(acb_realref(out), (ulong)n, prec);
    return true;
}

/* n over k: k a whole number that is not negative, n whole and not negative or any real. */
static bool binomial(struct point *p, int32_t e, acb_t out, slong prec)
{
    const struct exprs *x = p->vars->x;
    int64_t n;
    int64_t k;
    if (!small_whole(p, expr_arg(x, e, 1), &k) || k < 0)
        return false;
    if (small_whole(p, expr_arg(x, e, 0), &n)) {
        if (n < 0 || n > MAX_FACTORIAL || !budget_spend(p->vars->budget, 10 * cost(prec)))
            return false;
        if (k <= n)
            arb_bin_uiui(acb_realref(out), (ulong)n, (ulong)k, prec);
        return true; /* zero else */
    }
    if (k > MAX_RISING || !budget_spend(p->vars->budget, (k + 1) * cost(prec)) ||
        !point_ball(p, expr_arg(x, e, 0), out, prec) || !is_real(out))
        return false;
    arb_bin_ui(acb_realref(out), acb_realref(out), (ulong)k, prec);
    return true;
}

static bool totient(struct point *p, int32_t e, acb_t out)
{
    enum { MAX_BITS = 40, NS = 100000 };
    int64_t n;
    if (!small_whole(p, expr_arg(p->vars->x, e, 0), &n) || n < 1 || n >= 1LL << MAX_BITS ||
        !budget_spend(p->vars->budget, NS))
        return false;
    acb_set_ui(out, n_euler_phi((ulong)n));
    return true;
}

/* gcd, lcm and remainders are exact or nothing. */
static bool exact_call(struct point *p, int32_t e, acb_t out, slong prec)
{
    fmpq_t v;
    fmpq_init(v);
    bool is_done = point_rational(p, e, v);
    acb_set_fmpq(out, v, prec);
    fmpq_clear(v);
    return is_done;
}

static bool step(struct point *p, int32_t e, acb_t out, slong prec)
{
    if (exact_call(p, e, out, prec))
        return true;
    if (!point_ball(p, expr_arg(p->vars->x, e, 0), out, prec) || !is_real(out))
        return false;
    if (expr_is_call(p->vars->x, e, EXPR_FLOOR))
        arb_floor(acb_realref(out), acb_realref(out), prec);
    else
        arb_ceil(acb_realref(out), acb_realref(out), prec);
    return arb_is_exact(acb_realref(out));
}

static bool least_or_most(struct point *p, int32_t e, acb_t out, slong prec)
{
    const struct exprs *x = p->vars->x;
    bool is_min = expr_is_call(x, e, EXPR_MIN);
    bool is_done = point_ball(p, expr_arg(x, e, 0), out, prec) && is_real(out);
    acb_t other;
    acb_init(other);
    for (int32_t i = 1; i < expr_n_args(x, e) && is_done; i++) {
        is_done = point_ball(p, expr_arg(x, e, i), other, prec) && is_real(other);
        if (is_done)
            (is_min ? arb_min : arb_max)(acb_realref(out), acb_realref(out), acb_realref(other),
                                         prec);
    }
    acb_clear(other);
    return is_done;
}

/* ---------------------------------------------------------------------- functions of a number */

typedef void on_arb(arb_t, const arb_t, slong);
typedef void on_acb(acb_t, const acb_t, slong);

/* real is used on the real line where it is not NULL; a NaN says "outside" there. is_over: of the
 * reciprocal. */
static const struct plain {
    on_arb *real;
    on_acb *complex;
    bool is_over;
} plains[EXPR_N_FUNCTIONS] = {
    [EXPR_SIN] = {arb_sin, acb_sin, false},       [EXPR_COS] = {arb_cos, acb_cos, false},
    [EXPR_TAN] = {arb_tan, acb_tan, false},       [EXPR_COT] = {arb_cot, acb_cot, false},
    [EXPR_SEC] = {arb_sec, acb_sec, false},       [EXPR_CSC] = {arb_csc, acb_csc, false},
    [EXPR_ASIN] = {arb_asin, acb_asin, false},    [EXPR_ACOS] = {arb_acos, acb_acos, false},
    [EXPR_ATAN] = {arb_atan, acb_atan, false},    [EXPR_ASEC] = {arb_acos, acb_acos, true},
    [EXPR_ACSC] = {arb_asin, acb_asin, true},     [EXPR_SINH] = {arb_sinh, acb_sinh, false},
    [EXPR_COSH] = {arb_cosh, acb_cosh, false},    [EXPR_TANH] = {arb_tanh, acb_tanh, false},
    [EXPR_COTH] = {arb_coth, acb_coth, false},    [EXPR_ASINH] = {arb_asinh, acb_asinh, false},
    [EXPR_ACOSH] = {arb_acosh, acb_acosh, false}, [EXPR_ATANH] = {arb_atanh, acb_atanh, false},
    [EXPR_LN] = {arb_log, acb_log, false},
};

static bool plain_call(const struct point *p, enum expr_function f, acb_t v, slong prec)
{
    const struct plain *own = &plains[f];
    if (own->is_over) {
        if (acb_contains_zero(v))
            return false;
        acb_inv(v, v, prec);
    }
    if (is_real(v) && !p->is_complex) {
        own->real(acb_realref(v), acb_realref(v), prec);
        return arb_is_finite(acb_realref(v));
    }
    own->complex(v, v, prec);
    return true;
}

static bool logarithm(struct point *p, int32_t e, acb_t out, slong prec)
{
    const struct exprs *x = p->vars->x;
    acb_t base;
    acb_init(base);
    bool is_done = point_ball(p, expr_arg(x, e, 0), out, prec) &&
                   point_ball(p, expr_arg(x, e, 1), base, prec) &&
                   plain_call(p, EXPR_LN, out, prec) && plain_call(p, EXPR_LN, base, prec) &&
                   !acb_contains_zero(base);
    if (is_done)
        acb_div(out, out, base, prec);
    acb_clear(base);
    return is_done;
}

static bool root_call(struct point *p, int32_t e, acb_t out, slong prec)
{
    int64_t degree;
    return small_whole(p, expr_arg(p->vars->x, e, 1), &degree) && degree >= 1 &&
           degree <= MAX_ROOT && point_ball(p, expr_arg(p->vars->x, e, 0), out, prec) &&
           take_root(p, out, degree, prec);
}

/* acot is atan of the reciprocal for some and pi/2 - atan for others: the same on x > 0 alone. */
static bool acot(acb_t v, slong prec)
{
    if (!is_real(v) || !arb_is_positive(acb_realref(v)))
        return false;
    acb_inv(v, v, prec);
    arb_atan(acb_realref(v), acb_realref(v), prec);
    return true;
}

static bool part_call(struct point *p, enum expr_function f, acb_t v, slong prec)
{
    switch (f) {
    case EXPR_ABS:
        acb_abs(acb_realref(v), v, prec);
        break;
    case EXPR_RE:
        break;
    case EXPR_IM:
        arb_set(acb_realref(v), acb_imagref(v));
        break;
    case EXPR_ARG:
        if (acb_contains_zero(v))
            return false;
        acb_arg(acb_realref(v), v, prec);
        break;
    case EXPR_SIGN:
        if (!is_real(v) || (arb_contains_zero(acb_realref(v)) && !acb_is_zero(v)))
            return false;
        arb_sgn(acb_realref(v), acb_realref(v));
        break;
    case EXPR_CONJ:
        acb_conj(v, v);
        return true;
    case EXPR_ACOT:
        return acot(v, prec);
    default:
        return plains[f].real != NULL && plain_call(p, f, v, prec);
    }
    arb_zero(acb_imagref(v));
    return true;
}

static bool call(struct point *p, int32_t e, acb_t out, slong prec)
{
    const struct exprs *x = p->vars->x;
    enum expr_function f = (enum expr_function)expr_which(x, e);
    switch (f) {
    case EXPR_LOG:
        return logarithm(p, e, out, prec);
    case EXPR_ROOT:
        return root_call(p, e, out, prec);
    case EXPR_FACTORIAL:
    case EXPR_DOUBLE_FACTORIAL:
        return factorial(p, e, out, prec);
    case EXPR_BINOMIAL:
        return binomial(p, e, out, prec);
    case EXPR_FLOOR:
    case EXPR_CEIL:
        return step(p, e, out, prec);
    case EXPR_MIN:
    case EXPR_MAX:
        return least_or_most(p, e, out, prec);
    case EXPR_GCD:
    case EXPR_LCM:
    case EXPR_MOD:
        return exact_call(p, e, out, prec);
    case EXPR_PHI:
        return totient(p, e, out);
    default:
        return expr_n_args(x, e) == 1 && point_ball(p, expr_arg(x, e, 0), out, prec) &&
               part_call(p, f, out, prec);
    }
}

/* --------------------------------------------------------------------------- written out */

/* An empty sum is nothing, but one that runs backwards means nobody meant this point. */
static bool loop_range(struct point *p, int32_t e, int64_t *from, int64_t *to)
{
    const struct exprs *x = p->vars->x;
    return expr_n_args(x, e) == 4 && p->n_bound < LIMIT_MATH_VARS &&
           small_whole(p, expr_arg(x, e, 2), from) && small_whole(p, expr_arg(x, e, 3), to) &&
           *from > -INT32_MAX && *from < INT32_MAX && *to >= *from - 1 &&
           *to - *from < LIMIT_MATH_LOOP;
}

static bool loop(struct point *p, int32_t e, acb_t out, slong prec)
{
    const struct exprs *x = p->vars->x;
    bool is_sum = expr_is(x, e, EXPR_SUM);
    int64_t from;
    int64_t to;
    if (!loop_range(p, e, &from, &to))
        return false;
    bool is_done = true;
    acb_t part;
    acb_init(part);
    acb_set_si(out, is_sum ? 0 : 1);
    p->bound[p->n_bound++] = expr_arg(x, e, 1);
    for (int64_t i = from; i <= to && is_done; i++) {
        p->value[p->n_bound - 1] = i;
        is_done = point_ball(p, expr_arg(x, e, 0), part, prec);
        if (is_done)
            (is_sum ? acb_add : acb_mul)(out, out, part, prec);
    }
    p->n_bound--;
    acb_clear(part);
    return is_done;
}

static bool node(struct point *p, int32_t e, acb_t out, slong prec)
{
    const struct exprs *x = p->vars->x;
    switch (expr_op(x, e)) {
    case EXPR_NUMBER:
        acb_set_fmpq(out, expr_number(x, e), prec);
        return true;
    case EXPR_CONSTANT:
        return constant(p, e, out, prec);
    case EXPR_SYMBOL:
    case EXPR_APPLY:
        return variable(p, e, out, prec);
    case EXPR_ADD:
    case EXPR_MUL:
        return sum_or_product(p, e, out, prec);
    case EXPR_POW:
        return power(p, e, out, prec);
    case EXPR_CALL:
        return call(p, e, out, prec);
    case EXPR_SUM:
    case EXPR_PRODUCT:
        return loop(p, e, out, prec);
    default:
        return false;
    }
}

bool point_ball(struct point *p, int32_t e, acb_t out, slong prec)
{
    if (!budget_spend(p->vars->budget, cost(prec)))
        return false;
    acb_zero(out);
    return node(p, e, out, prec) && is_value(p, out);
}
