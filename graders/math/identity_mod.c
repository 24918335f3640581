#include "graders/math/identity_mod.h"

#include <math.h>

#include "base/rng.h"

enum { PRIME_BITS = 61, POINTS = 3, TRIES = 8, NODE_NS = 15, MAX_CHOOSE = 64 };
static const uint64_t prime = (1ULL << PRIME_BITS) - 1;

enum value { VALUE, NO_VALUE, NOT_RATIONAL };

struct at {
    const struct vars *v;
    uint64_t value[LIMIT_MATH_VARS];
};

static uint64_t fold(uint64_t a)
{
    return a >= prime ? a - prime : a;
}

static uint64_t times(uint64_t a, uint64_t b)
{
    unsigned __int128 c = (unsigned __int128)a * b;
    return fold(fold((uint64_t)c & prime) + (uint64_t)(c >> PRIME_BITS));
}

static uint64_t power(uint64_t a, uint64_t k)
{
    uint64_t out = 1;
    for (; k > 0; k >>= 1, a = times(a, a))
        out = k & 1 ? times(out, a) : out;
    return out;
}

static enum value divide(uint64_t *a, uint64_t b)
{
    if (b == 0)
        return NO_VALUE;
    *a = times(*a, power(b, prime - 2));
    return VALUE;
}

static enum value number(const fmpq *q, uint64_t *out)
{
    *out = fmpz_fdiv_ui(fmpq_numref(q), prime);
    return divide(out, fmpz_fdiv_ui(fmpq_denref(q), prime));
}

static enum value value_of(const struct at *at, int32_t e, uint64_t *out);

static enum value sum_or_product(const struct at *at, int32_t e, uint64_t *out)
{
    const struct exprs *x = at->v->x;
    bool is_sum = expr_is(x, e, EXPR_ADD);
    *out = is_sum ? 0 : 1;
    for (int32_t i = 0; i < expr_n_args(x, e); i++) {
        uint64_t part;
        enum value end = value_of(at, expr_arg(x, e, i), &part);
        if (end != VALUE)
            return end;
        *out = is_sum ? fold(*out + part) : times(*out, part);
    }
    return VALUE;
}

/* b^k with 0^0 = 1; the exponent counts modulo p - 1 where the base is not zero. */
static enum value whole_power(const struct at *at, int32_t e, uint64_t *out)
{
    const struct exprs *x = at->v->x;
    int32_t exponent = expr_arg(x, e, 1);
    if (!expr_is(x, exponent, EXPR_NUMBER) || !fmpz_is_one(fmpq_denref(expr_number(x, exponent))))
        return NOT_RATIONAL;
    const fmpz *k = fmpq_numref(expr_number(x, exponent));
    enum value end = value_of(at, expr_arg(x, e, 0), out);
    if (end != VALUE)
        return end;
    if (*out == 0)
        *out = fmpz_is_zero(k) ? 1 : 0;
    else
        *out = power(*out, fmpz_fdiv_ui(k, prime - 1));
    return *out == 0 && fmpz_sgn(k) < 0 ? NO_VALUE : VALUE;
}

static enum value choose(const struct at *at, int32_t e, uint64_t *out)
{
    const struct exprs *x = at->v->x;
    int64_t k;
    if (!expr_get_int(x, expr_arg(x, e, 1), &k) || k < 0 || k > MAX_CHOOSE)
        return NOT_RATIONAL;
    uint64_t n;
    enum value end = value_of(at, expr_arg(x, e, 0), &n);
    uint64_t below = 1;
    *out = 1;
    for (uint64_t i = 0; i < (uint64_t)k && end == VALUE; i++) {
        *out = times(*out, fold(n + prime - i));
        below = times(below, i + 1);
    }
    return end == VALUE ? divide(out, below) : end;
}

static enum value value_of(const struct at *at, int32_t e, uint64_t *out)
{
    const struct exprs *x = at->v->x;
    if (!budget_spend(at->v->budget, NODE_NS))
        return NOT_RATIONAL;
    switch (expr_op(x, e)) {
    case EXPR_NUMBER:
        return number(expr_number(x, e), out);
    case EXPR_SYMBOL:
    case EXPR_APPLY: {
        int32_t i = vars_find(at->v, e);
        if (i < 0)
            return NOT_RATIONAL;
        *out = at->value[i];
        return VALUE;
    }
    case EXPR_ADD:
    case EXPR_MUL:
        return sum_or_product(at, e, out);
    case EXPR_POW:
        return whole_power(at, e, out);
    case EXPR_CALL:
        return expr_is_call(x, e, EXPR_BINOMIAL) ? choose(at, e, out) : NOT_RATIONAL;
    default:
        return NOT_RATIONAL;
    }
}

/* No less than the degrees of numerator and denominator together. */
static double degree(const struct vars *v, int32_t e)
{
    const struct exprs *x = v->x;
    double own = 0;
    if (!budget_spend(v->budget, NODE_NS))
        return HUGE_VAL;
    switch (expr_op(x, e)) {
    case EXPR_SYMBOL:
    case EXPR_APPLY:
        return 1;
    case EXPR_ADD:
    case EXPR_MUL:
        for (int32_t i = 0; i < expr_n_args(x, e); i++)
            own += degree(v, expr_arg(x, e, i));
        return own;
    case EXPR_POW:
        return degree(v, expr_arg(x, e, 0)) *
               fabs(fmpz_get_d(fmpq_numref(expr_number(x, expr_arg(x, e, 1)))));
    case EXPR_CALL:
        return degree(v, expr_arg(x, e, 0)) * MAX_CHOOSE;
    default:
        return 0;
    }
}

static int64_t chance_bits(const struct vars *v, int32_t a, int32_t b)
{
    double d = degree(v, a) + degree(v, b) + 1;
    return isfinite(d) && d < ldexp(1, PRIME_BITS - 1) ? POINTS * (PRIME_BITS - 1 - ilogb(d)) : 0;
}

enum mod_end mod_compare(struct vars *v, int32_t a, int32_t b, int64_t *bits)
{
    struct at at = {.v = v};
    int n_same = 0;
    *bits = 0;
    for (uint64_t t = 0; t < TRIES && n_same < POINTS; t++) {
        uint64_t left = 0;
        uint64_t right = 0;
        for (int32_t i = 0; i < v->n; i++)
            at.value[i] = rng_u64(v->seed, v->name[i] + (uint64_t)v->same[i], t) % prime;
        enum value end = value_of(&at, a, &left);
        enum value other = value_of(&at, b, &right);
        if (end == NOT_RATIONAL || other == NOT_RATIONAL)
            return MOD_NOT;
        if (end == NO_VALUE || other == NO_VALUE)
            continue;
        if (left != right)
            return MOD_DIFFERENT;
        n_same++;
    }
    if (n_same < POINTS)
        return MOD_NO_VALUE;
    *bits = chance_bits(v, a, b);
    return MOD_SAME;
}
