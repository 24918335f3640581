#include "graders/math/identity.h"
#include "graders/math/identity_point.h"
#include "graders/math/identity_probe.h"
#include "graders/math/poly.h"

static struct exact result(enum exact_truth truth, const char *method, int64_t bits)
{
    return (struct exact){.truth = truth, .method = method, .bits = bits};
}

/* UNKNOWN leaves it to the points. */
static struct exact by_polynomials(struct polys *ps, int32_t a, int32_t b, int32_t *ratio)
{
    CLEANUP(poly_clear) struct poly left = {0};
    CLEANUP(poly_clear) struct poly right = {0};
    CLEANUP(poly_clear) struct poly both = {0};
    poly_init(ps, &left);
    poly_init(ps, &right);
    poly_init(ps, &both);
    struct exact unsure = result(EXACT_UNKNOWN, "polynomials", 0);
    if (!poly_of(ps, a, &left) || !poly_of(ps, b, &right) || !poly_reduce(&left) ||
        !poly_reduce(&right) || fmpz_mpoly_is_zero(right.num, ps->ctx) ||
        !poly_cross(&left, &right, both.num) || !poly_cross(&right, &left, both.den) ||
        !poly_reduce(&both))
        return unsure;
    struct exact found = poly_ratio(ps, both.num, both.den, ratio);
    if (found.truth == EXACT_DIFFERENT &&
        (poly_is_opaque(ps, both.num) || poly_is_opaque(ps, both.den)))
        return unsure;
    return poly_mind_divisors(&left, &right, found);
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
    struct polys ps;
    int32_t ratio = EXPR_NONE;
    struct exact found = result(EXACT_UNKNOWN, "polynomials", 0);
    if (polys_open(&ps, v->x, (int32_t[]){a, b}, 2, v->budget))
        found = by_polynomials(&ps, a, b, &ratio);
    polys_close(&ps);
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
