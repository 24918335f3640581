#include "graders/math/identity.h"

#include "graders/math/identity_mod.h"
#include "graders/math/identity_point.h"
#include "graders/math/identity_probe.h"
#include "graders/math/quotient.h"

static struct exact result(enum exact_truth truth, const char *method, int64_t bits)
{
    return (struct exact){.truth = truth, .method = method, .bits = bits};
}

static bool has_variables(const struct exprs *x, int32_t e)
{
    return (expr_has(x, e) & EXPR_HAS_SYMBOL) != 0;
}

static struct exact polynomials(struct quotients *ps, int32_t a, int32_t b)
{
    CLEANUP(quotient_clear) struct quotient left = {0};
    CLEANUP(quotient_clear) struct quotient right = {0};
    quotient_init(ps, &left);
    quotient_init(ps, &right);
    if (!quotient_of(ps, a, &left) || !quotient_of(ps, b, &right) || !quotient_reduce(&left) ||
        !quotient_reduce(&right))
        return result(EXACT_UNKNOWN, "polynomials", 0);
    struct quotient diff = {0};
    quotient_init(ps, &diff);
    fmpz_mpoly_t other;
    fmpz_mpoly_init(other, ps->ctx);
    bool is_done = quotient_cross(&left, &right, diff.num) && quotient_cross(&right, &left, other);
    struct exact is_zero = result(EXACT_UNKNOWN, "polynomials", 0);
    if (is_done) {
        fmpz_mpoly_sub(diff.num, diff.num, other, ps->ctx);
        is_done = quotient_reduce(&diff);
    }
    if (is_done)
        is_zero = quotient_is_zero(ps, diff.num);
    if (is_zero.truth != EXACT_UNKNOWN)
        is_zero = quotient_mind_divisors(&left, &right, is_zero);
    fmpz_mpoly_clear(other, ps->ctx);
    quotient_clear(&diff);
    return is_zero;
}

static struct exact by_polynomials(struct exprs *x, int32_t a, int32_t b, struct budget *budget)
{
    struct quotients ps;
    struct exact out = result(EXACT_UNKNOWN, "polynomials", 0);
    if (quotients_open(&ps, x, (int32_t[]){a, b}, 2, budget))
        out = polynomials(&ps, a, b);
    if (ps.end == QUOTIENT_NO_VALUE)
        out = result(EXACT_UNDEFINED, "division by zero", 0);
    quotients_close(&ps);
    return out;
}

/* Where a function comes nearer to another than balls can tell (tanh(1000 x^2 + 1000) to 1), the
 * prover of constants sees it at a single point. */
static struct exact confirm(struct vars *v, int32_t a, int32_t b, struct exact probe)
{
    if (probe.truth != EXACT_PROBABLE || v->is_complex)
        return probe;
    for (int32_t i = 0; i < v->n; i++) {
        bool is_whole = (v->use[i] & (VAR_WHOLE | VAR_NAMED)) != 0;
        int32_t at = is_whole ? expr_int(v->x, 5 + i) : expr_ratio(v->x, 11 + 2 * i, 8);
        a = expr_replace(v->x, a, v->node[i], at);
        b = expr_replace(v->x, b, v->node[i], at);
    }
    if (a == EXPR_NONE || b == EXPR_NONE || has_variables(v->x, a) || has_variables(v->x, b))
        return probe;
    struct exact there = exact_compare(v->x, a, b, v->budget);
    if (there.truth == EXACT_UNKNOWN && str_eq(str_of(there.method), STR("numbers too large")))
        return there;
    return there.truth == EXACT_DIFFERENT && !v->is_unsure ? there : probe;
}

/* Two functions of the same variables, neither the other's node. */
static struct exact compare(struct vars *v, int32_t a, int32_t b)
{
    int64_t bits = 0;
    enum mod_end mod = mod_compare(v, a, b, &bits);
    if (mod == MOD_DIFFERENT)
        return v->is_unsure ? result(EXACT_UNKNOWN, "named functions", 0)
                            : result(EXACT_DIFFERENT, "points modulo 2^61-1", 0);
    struct exact exact = by_polynomials(v->x, a, b, v->budget);
    if (exact.truth == EXACT_DIFFERENT && v->is_unsure)
        return result(EXACT_UNKNOWN, "named functions", 0);
    if (exact.truth != EXACT_UNKNOWN)
        return exact;
    struct exact probe = confirm(v, a, b, probe_compare(v, a, b));
    if (probe.truth == EXACT_PROBABLE && mod == MOD_SAME)
        return result(EXACT_PROBABLE, "points modulo 2^61-1",
                      bits > probe.bits ? bits : probe.bits);
    return probe;
}

struct exact identity_compare(struct exprs *x, int32_t a, int32_t b, struct budget *budget)
{
    if (a == EXPR_NONE || b == EXPR_NONE)
        return result(EXACT_UNKNOWN, "too large", 0);
    if (!vars_are_functions(x, a, b))
        return result(EXACT_UNKNOWN, "not a function", 0);
    if (!has_variables(x, a) && !has_variables(x, b))
        return exact_compare(x, a, b, budget);
    if (a == b)
        return result(EXACT_EQUAL, "the same", 0);
    struct vars v = {.x = x, .budget = budget};
    vars_add(&v, a);
    vars_add(&v, b);
    if (v.is_full)
        return result(EXACT_UNKNOWN, "too many variables", 0);
    vars_join(&v, &a, &b);
    if (a == EXPR_NONE || b == EXPR_NONE)
        return result(EXACT_UNKNOWN, "too large", 0);
    return a == b ? result(EXACT_EQUAL, "the same", 0) : compare(&v, a, b);
}
