#include "graders/math/identity.h"
#include "graders/math/identity_point.h"
#include "graders/math/identity_probe.h"
#include "graders/math/quotient.h"

static struct exact result(enum exact_truth truth, const char *method, int64_t bits)
{
    return (struct exact){.truth = truth, .method = method, .bits = bits};
}

/* UNKNOWN leaves it to the points. */
static struct exact by_polynomials(struct quotients *ps, int32_t a, int32_t b, int32_t *ratio)
{
    CLEANUP(quotient_clear) struct quotient left = {0};
    CLEANUP(quotient_clear) struct quotient right = {0};
    CLEANUP(quotient_clear) struct quotient both = {0};
    quotient_init(ps, &left);
    quotient_init(ps, &right);
    quotient_init(ps, &both);
    struct exact unsure = result(EXACT_UNKNOWN, "polynomials", 0);
    if (!quotient_of(ps, a, &left) || !quotient_of(ps, b, &right) || !quotient_reduce(&left) ||
        !quotient_reduce(&right) || fmpz_mpoly_is_zero(right.num, ps->ctx) ||
        !quotient_cross(&left, &right, both.num) || !quotient_cross(&right, &left, both.den) ||
        !quotient_reduce(&both))
        return unsure;
    struct exact found = quotient_ratio(ps, both.num, both.den, ratio);
    if (found.truth == EXACT_DIFFERENT &&
        (quotient_is_opaque(ps, both.num) || quotient_is_opaque(ps, both.den)))
        return unsure;
    return quotient_mind_divisors(&left, &right, found);
}

static int sign_of(struct exprs *x, int32_t ratio, struct budget *budget)
{
    int order = 0;
    if (ratio == EXPR_NONE || (expr_has(x, ratio) & EXPR_HAS_I) != 0)
        return 0;
    struct exact sign = exact_order(x, ratio, expr_int(x, 0), &order, budget);
    return sign.truth == EXACT_DIFFERENT ? order : 0;
}

static struct exact compare(struct vars *v, int32_t a, int32_t b, int *sign)
{
    struct quotients ps;
    int32_t ratio = EXPR_NONE;
    struct exact found = result(EXACT_UNKNOWN, "polynomials", 0);
    if (quotients_open(&ps, v->x, (int32_t[]){a, b}, 2, v->budget))
        found = by_polynomials(&ps, a, b, &ratio);
    quotients_close(&ps);
    if (found.truth == EXACT_DIFFERENT && v->is_unsure)
        return result(EXACT_UNKNOWN, "named functions", 0);
    if (found.truth == EXACT_EQUAL || found.truth == EXACT_PROBABLE)
        *sign = sign_of(v->x, ratio, v->budget);
    return found.truth == EXACT_UNKNOWN ? probe_proportional(v, a, b, sign) : found;
}

struct exact identity_proportional(struct exprs *x, int32_t a, int32_t b, int *sign,
                                   struct budget *budget)
{
    *sign = 0;
    if (a == EXPR_NONE || b == EXPR_NONE)
        return result(EXACT_UNKNOWN, "too large", 0);
    struct vars v = {.x = x, .budget = budget};
    if (!vars_are_functions(x, a, b))
        return result(EXACT_UNKNOWN, "not a function", 0);
    vars_add(&v, a);
    vars_add(&v, b);
    if (v.is_full)
        return result(EXACT_UNKNOWN, "too many variables", 0);
    vars_join(&v, &a, &b);
    return a == EXPR_NONE || b == EXPR_NONE ? result(EXACT_UNKNOWN, "too large", 0)
                                            : compare(&v, a, b, sign);
}
