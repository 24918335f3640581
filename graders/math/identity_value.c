#include "graders/math/identity_point.h"

/* Exact values at a point, as far as plain arithmetic goes: what decides whether an exponent is
 * whole or where a sum ends must not be a ball. */
enum { MAX_BITS = 4096, MAX_FACTORIAL = 300, NODE_NS = 60 };

void point_init(struct point *p, struct vars *v)
{
    *p = (struct point){.vars = v, .i_wide = -1};
    arb_init(p->wide);
    for (int32_t i = 0; i < LIMIT_MATH_VARS; i++) {
        fmpq_init(&p->re[i]);
        fmpq_init(&p->im[i]);
    }
}

void point_clear(struct point *p)
{
    arb_clear(p->wide);
    for (int32_t i = 0; i < LIMIT_MATH_VARS; i++) {
        fmpq_clear(&p->re[i]);
        fmpq_clear(&p->im[i]);
    }
}

static int64_t bits_of(const fmpq_t v)
{
    return (int64_t)(fmpz_bits(fmpq_numref(v)) + fmpz_bits(fmpq_denref(v)));
}

static bool is_whole(const fmpq_t v)
{
    return fmpz_is_one(fmpq_denref(v));
}

static bool variable(const struct point *p, int32_t e, fmpq_t out)
{
    for (int32_t i = p->n_bound - 1; i >= 0; i--)
        if (p->bound[i] == e) {
            fmpq_set_si(out, p->value[i], 1);
            return true;
        }
    int32_t i = vars_find(p->vars, e);
    if (i < 0 || i == p->i_wide || !fmpq_is_zero(&p->im[i]))
        return false;
    fmpq_set(out, &p->re[i]);
    return true;
}

static bool sum_or_product(struct point *p, int32_t e, fmpq_t out)
{
    const struct exprs *x = p->vars->x;
    bool is_sum = expr_is(x, e, EXPR_ADD);
    bool is_done = true;
    fmpq_t part;
    fmpq_init(part);
    fmpq_set_si(out, is_sum ? 0 : 1, 1);
    for (int32_t i = 0; i < expr_n_args(x, e) && is_done; i++) {
        is_done = point_rational(p, expr_arg(x, e, i), part);
        (is_sum ? fmpq_add : fmpq_mul)(out, out, part);
        is_done = is_done && bits_of(out) <= MAX_BITS;
    }
    fmpq_clear(part);
    return is_done;
}

static bool power(struct point *p, int32_t e, fmpq_t out)
{
    const struct exprs *x = p->vars->x;
    fmpq_t k;
    fmpq_init(k);
    bool is_done = point_rational(p, expr_arg(x, e, 1), k) && is_whole(k) &&
                   fmpz_bits(fmpq_numref(k)) <= 13 && point_rational(p, expr_arg(x, e, 0), out);
    if (is_done) {
        int64_t times = fmpz_get_si(fmpq_numref(k));
        is_done = (times >= 0 || !fmpq_is_zero(out)) &&
                  bits_of(out) * (times < 0 ? -times : times) <= MAX_BITS;
        if (is_done)
            fmpq_pow_si(out, out, times);
    }
    fmpq_clear(k);
    return is_done;
}

static bool one_argument(enum expr_function f, fmpq_t v)
{
    switch (f) {
    case EXPR_FLOOR:
        fmpz_fdiv_q(fmpq_numref(v), fmpq_numref(v), fmpq_denref(v));
        break;
    case EXPR_CEIL:
        fmpz_cdiv_q(fmpq_numref(v), fmpq_numref(v), fmpq_denref(v));
        break;
    case EXPR_ABS:
        fmpq_abs(v, v);
        return true;
    case EXPR_FACTORIAL:
        if (!is_whole(v) || fmpq_sgn(v) < 0 || fmpz_cmp_ui(fmpq_numref(v), MAX_FACTORIAL) > 0)
            return false;
        fmpz_fac_ui(fmpq_numref(v), fmpz_get_ui(fmpq_numref(v)));
        break;
    default:
        return false;
    }
    fmpz_one(fmpq_denref(v));
    return true;
}

static bool two_arguments(enum expr_function f, fmpq_t v, const fmpq_t b)
{
    if (f == EXPR_MIN || f == EXPR_MAX) {
        if ((fmpq_cmp(b, v) < 0) == (f == EXPR_MIN))
            fmpq_set(v, b);
        return true;
    }
    if (!is_whole(v) || !is_whole(b))
        return false;
    if (f == EXPR_GCD)
        fmpz_gcd(fmpq_numref(v), fmpq_numref(v), fmpq_numref(b));
    else if (f == EXPR_LCM)
        fmpz_lcm(fmpq_numref(v), fmpq_numref(v), fmpq_numref(b));
    else if (f == EXPR_MOD && fmpq_sgn(b) > 0)
        fmpz_fdiv_r(fmpq_numref(v), fmpq_numref(v), fmpq_numref(b));
    else
        return false;
    return true;
}

static bool call(struct point *p, int32_t e, fmpq_t out)
{
    const struct exprs *x = p->vars->x;
    enum expr_function f = (enum expr_function)expr_which(x, e);
    int32_t n = expr_n_args(x, e);
    if (n < 1 || !point_rational(p, expr_arg(x, e, 0), out))
        return false;
    if (n == 1 && f != EXPR_GCD && f != EXPR_LCM && f != EXPR_MIN && f != EXPR_MAX)
        return one_argument(f, out);
    bool is_done = true;
    fmpq_t b;
    fmpq_init(b);
    for (int32_t i = 1; i < n && is_done; i++)
        is_done = (f != EXPR_MOD || n == 2) && point_rational(p, expr_arg(x, e, i), b) &&
                  two_arguments(f, out, b);
    fmpq_clear(b);
    return is_done;
}

bool point_rational(struct point *p, int32_t e, fmpq_t out)
{
    const struct exprs *x = p->vars->x;
    if (!budget_spend(p->vars->budget, NODE_NS))
        return false;
    switch (expr_op(x, e)) {
    case EXPR_NUMBER:
        fmpq_set(out, expr_number(x, e));
        return bits_of(out) <= MAX_BITS;
    case EXPR_SYMBOL:
    case EXPR_APPLY:
        return variable(p, e, out);
    case EXPR_ADD:
    case EXPR_MUL:
        return sum_or_product(p, e, out);
    case EXPR_POW:
        return power(p, e, out);
    case EXPR_CALL:
        return call(p, e, out);
    default:
        return false;
    }
}
