#include "graders/math/special.h"

#include <assert.h>
#include <flint/arith.h>

#include "base/limits.h"

static int32_t times_pi_power(struct exprs *x, const fmpq_t q, int32_t twice)
{
    int32_t pi = expr_constant(x, EXPR_PI);
    int32_t power = twice % 2 == 0 ? expr_pow(x, pi, expr_int(x, twice / 2)) : expr_sqrt(x, pi);
    assert(twice % 2 == 0 || twice == 1);
    return expr_mul(x, expr_fmpq(x, q, EXPR_EXACT), power);
}

/* -------------------------------------------------------------------------------------- zeta */

/* zeta(2m) = |B_2m| (2 pi)^2m / (2 (2m)!) */
static int32_t zeta_even(struct exprs *x, int32_t n)
{
    fmpq_t q;
    fmpz_t f;
    fmpq_init(q);
    fmpz_init(f);
    arith_bernoulli_number(q, (ulong)n);
    fmpq_abs(q, q);
    fmpq_mul_2exp(q, q, (ulong)n - 1);
    fmpz_fac_ui(f, (ulong)n);
    fmpq_div_fmpz(q, q, f);
    int32_t e = times_pi_power(x, q, 2 * n);
    fmpq_clear(q);
    fmpz_clear(f);
    return e;
}

/* zeta(-n) = (-1)^n B_(n+1) / (n + 1) with B_1 = -1/2 */
static int32_t zeta_negative(struct exprs *x, int32_t n)
{
    fmpq_t q;
    fmpq_init(q);
    arith_bernoulli_number(q, (ulong)n + 1);
    fmpz_t below;
    fmpz_init_set_si(below, n % 2 == 0 ? n + 1 : -(n + 1));
    fmpq_div_fmpz(q, q, below);
    int32_t e = expr_fmpq(x, q, EXPR_EXACT);
    fmpz_clear(below);
    fmpq_clear(q);
    return e;
}

/* zeta(1) is a pole, and odd arguments above it have no such value. */
static int32_t zeta(struct exprs *x, int32_t a)
{
    int64_t n;
    if (!expr_get_int(x, a, &n) || n > LIMIT_SPECIAL_ZETA || n < -LIMIT_SPECIAL_ZETA)
        return EXPR_NONE;
    if (n <= 0)
        return zeta_negative(x, (int32_t)-n);
    return n % 2 == 0 ? zeta_even(x, (int32_t)n) : EXPR_NONE;
}

/* ------------------------------------------------------------------------------------- Gamma */

/* Gamma(n/2) for odd n, from Gamma(1/2) = sqrt(pi). */
static int32_t gamma_half(struct exprs *x, int64_t n)
{
    fmpq_t q;
    fmpq_t step;
    fmpq_init(q);
    fmpq_init(step);
    fmpq_one(q);
    for (int64_t k = 1; k < n; k += 2) {
        fmpq_set_si(step, k, 2);
        fmpq_mul(q, q, step);
    }
    for (int64_t k = 1; k > n; k -= 2) {
        fmpq_set_si(step, k - 2, 2);
        fmpq_div(q, q, step);
    }
    int32_t e = times_pi_power(x, q, 1);
    fmpq_clear(step);
    fmpq_clear(q);
    return e;
}

static int32_t gamma_number(struct exprs *x, int32_t a)
{
    const fmpq *q = expr_number(x, a);
    if (expr_decimals(x, a) != EXPR_EXACT)
        return EXPR_NONE;
    if (fmpz_is_one(fmpq_denref(q))) /* 0, -1, -2, ... are poles */
        return fmpq_sgn(q) > 0 ? expr_call(x, EXPR_FACTORIAL, expr_sub(x, a, expr_int(x, 1)))
                               : EXPR_NONE;
    if (fmpz_equal_si(fmpq_denref(q), 2) &&
        fmpz_cmpabs(fmpq_numref(q), (fmpz[]){LIMIT_SPECIAL_GAMMA}) <= 0)
        return gamma_half(x, fmpz_get_si(fmpq_numref(q)));
    return EXPR_NONE;
}

/* The number among the terms of a sum; false where it is none, or there is none. */
static bool term_of(const struct exprs *x, int32_t sum, fmpq_t q)
{
    for (int32_t i = 0; i < expr_n_args(x, sum); i++)
        if (expr_is(x, expr_arg(x, sum, i), EXPR_NUMBER)) {
            fmpq_set(q, expr_number(x, expr_arg(x, sum, i)));
            return true;
        }
    return false;
}

/* Gamma(u + n + r) = (u + r) ... (u + r + n - 1) Gamma(u + r), n whole and 0 <= r < 1; the other
 * way for n < 0. An identity of meromorphic functions. */
static int32_t gamma_shifted(struct exprs *x, int32_t name, int32_t a)
{
    fmpq_t q;
    fmpz_t n;
    fmpq_init(q);
    fmpz_init(n);
    int64_t steps = 0;
    if (expr_is(x, a, EXPR_ADD) && term_of(x, a, q)) {
        fmpz_fdiv_q(n, fmpq_numref(q), fmpq_denref(q));
        steps = fmpz_cmpabs(n, (fmpz[]){LIMIT_SPECIAL_SHIFT}) > 0 ? 0 : fmpz_get_si(n);
    }
    fmpq_clear(q);
    fmpz_clear(n);
    if (steps == 0)
        return EXPR_NONE;
    int32_t low = expr_sub(x, a, expr_int(x, steps));
    if (low == EXPR_NONE)
        return EXPR_NONE;
    int32_t e = expr_make(x, EXPR_APPLY, 0, STR(""), (int32_t[]){name, low}, 2);
    for (int64_t k = 0; k < steps; k++)
        e = expr_mul(x, e, expr_add(x, low, expr_int(x, k)));
    for (int64_t k = -1; k >= steps; k--)
        e = expr_div(x, e, expr_add(x, low, expr_int(x, k)));
    return e;
}

static int32_t gamma_of(struct exprs *x, int32_t name, int32_t a)
{
    return expr_is(x, a, EXPR_NUMBER) ? gamma_number(x, a) : gamma_shifted(x, name, a);
}

/* --------------------------------------------------------------------------------------- all */

static int32_t value_of(struct exprs *x, int32_t e)
{
    if (!expr_is(x, e, EXPR_APPLY) || expr_n_args(x, e) != 2)
        return EXPR_NONE;
    int32_t name = expr_arg(x, e, 0);
    if (str_eq(expr_name(x, name), STR("\\zeta")))
        return zeta(x, expr_arg(x, e, 1));
    if (str_eq(expr_name(x, name), STR("\\Gamma")))
        return gamma_of(x, name, expr_arg(x, e, 1));
    return EXPR_NONE;
}

/* \Gamma(1) = 2, \Gamma(2) = 3: a function that the problem defines has this name. */
static bool has_definition(const struct exprs *x)
{
    for (int32_t e = 0; e < exprs_count(x); e++)
        if (expr_is(x, e, EXPR_RELATION) && expr_is(x, expr_arg(x, e, 0), EXPR_APPLY))
            return true;
    return false;
}

int32_t special_evaluated(struct exprs *x, int32_t e)
{
    int32_t n = exprs_count(x); /* what is made on the way needs no second look */
    if ((expr_has(x, e) & EXPR_HAS_APPLY) == 0 || has_definition(x))
        return e;
    for (int32_t i = 0, n_left = LIMIT_SPECIAL_CALLS; i < n && n_left > 0; i++) {
        int32_t value = value_of(x, i);
        if (value == EXPR_NONE)
            continue;
        int32_t made = expr_replace(x, e, i, value);
        e = made == EXPR_NONE ? e : made;
        n_left--;
    }
    return e;
}
