/* The sum of a polynomial over any number of terms, by Newton's differences: with p(from + i) =
 * sum_j C(i, j) D_j, the sum over i < n is sum_j C(n, j + 1) D_j. */
#include <flint/fmpq_vec.h>

#include "base/limits.h"
#include "graders/math/series.h"

enum { DEGREE = LIMIT_SERIES_DEGREE };

struct degree {
    const struct exprs *x;
    int32_t k;
    int32_t n_left; /* visits */
};

/* The degree in k, or one above from; -1 for what is no polynomial with rational coefficients. */
static int64_t degree_of(struct degree *d, int32_t e, int32_t depth)
{
    enum { DEPTH = 16 };
    const struct exprs *x = d->x;
    if (e == d->k)
        return 1;
    if (expr_is(x, e, EXPR_NUMBER))
        return 0;
    if (d->n_left-- <= 0 || depth > DEPTH)
        return -1;
    int64_t power;
    if (expr_is(x, e, EXPR_POW)) {
        int64_t base = degree_of(d, expr_arg(x, e, 0), depth + 1);
        bool is_whole = expr_get_int(x, expr_arg(x, e, 1), &power) && power >= 0 && power <= DEGREE;
        return base < 0 || !is_whole ? -1 : base * power;
    }
    bool is_sum = expr_is(x, e, EXPR_ADD);
    if (!is_sum && !expr_is(x, e, EXPR_MUL))
        return -1;
    int64_t total = 0;
    for (int32_t i = 0; i < expr_n_args(x, e); i++) {
        int64_t one = degree_of(d, expr_arg(x, e, i), depth + 1);
        if (one < 0)
            return -1;
        total = !is_sum ? total + one : one > total ? one : total;
    }
    return total;
}

/* The first degree + 1 values of body, and then their differences in place. */
static bool differences(struct exprs *x, int32_t e, int64_t from, fmpq *v, int64_t degree,
                        struct budget *budget)
{
    for (int64_t i = 0; i <= degree; i++) {
        int32_t at = expr_replace(x, expr_arg(x, e, 0), expr_arg(x, e, 1), expr_int(x, from + i));
        if (at == EXPR_NONE || !exact_rational(x, at, &v[i], budget))
            return false;
    }
    for (int64_t j = 1; j <= degree; j++)
        for (int64_t i = degree; i >= j; i--)
            fmpq_sub(&v[i], &v[i], &v[i - 1]);
    return true;
}

static int32_t newton(struct exprs *x, const fmpq *v, int64_t degree, int64_t n)
{
    fmpq_t sum;
    fmpq_t one;
    fmpz_t binomial; /* C(n, j + 1) */
    fmpq_init(sum);
    fmpq_init(one);
    fmpz_init(binomial);
    for (int64_t j = 0; j <= degree; j++) {
        fmpz_bin_uiui(binomial, (ulong)n, (ulong)j + 1);
        fmpq_mul_fmpz(one, &v[j], binomial);
        fmpq_add(sum, sum, one);
    }
    int32_t e = expr_fmpq(x, sum, EXPR_EXACT);
    fmpq_clear(sum);
    fmpq_clear(one);
    fmpz_clear(binomial);
    return e;
}

int32_t series_of_polynomial(struct exprs *x, int32_t e, struct budget *budget)
{
    int64_t from;
    int64_t to;
    if (!expr_is(x, e, EXPR_SUM) || expr_n_args(x, e) != 4 ||
        !expr_get_int(x, expr_arg(x, e, 2), &from) || !expr_get_int(x, expr_arg(x, e, 3), &to) ||
        from > INT32_MAX || from < INT32_MIN || to < from || to - from > LIMIT_SERIES_TERMS)
        return EXPR_NONE;
    struct degree d = {.x = x, .k = expr_arg(x, e, 1), .n_left = LIMIT_SERIES_VISITS};
    int64_t degree = degree_of(&d, expr_arg(x, e, 0), 0);
    if (degree < 0 || degree > DEGREE || to - from < LIMIT_SERIES_SHORT)
        return EXPR_NONE;
    fmpq *v = _fmpq_vec_init(degree + 1);
    bool has_all = differences(x, e, from, v, degree, budget);
    int32_t sum = has_all ? newton(x, v, degree, to - from + 1) : EXPR_NONE;
    _fmpq_vec_clear(v, degree + 1);
    return sum;
}
