#include "graders/math/quotient.h"

/* Two functions are proportional when their coefficients are, term by term. */
enum { MAX_COEFS = 64 };

struct terms {
    int32_t c[MAX_COEFS];
    int64_t exps[MAX_COEFS * LIMIT_MATH_GENS];
    int32_t n;
};

static struct exact result(enum exact_truth truth, const char *method, int64_t bits)
{
    return (struct exact){.truth = truth, .method = method, .bits = bits};
}

static bool terms_of(struct quotients *ps, const fmpz_mpoly_t f, struct terms *out)
{
    out->n = quotient_coefficients(ps, f, out->c, out->exps, MAX_COEFS);
    return out->n >= 0;
}

/* The coefficient of a that goes with the k-th of b; it is taken out of a. */
static int32_t take_partner(struct terms *a, const struct terms *b, int32_t k, int32_t n_gens,
                            int32_t zero)
{
    size_t size = (size_t)n_gens * sizeof a->exps[0];
    for (int32_t i = 0; i < a->n; i++)
        if (memcmp(a->exps + (int64_t)i * n_gens, b->exps + (int64_t)k * n_gens, size) == 0) {
            int32_t found = a->c[i];
            a->c[i] = zero;
            return found;
        }
    return zero;
}

/* Adds what one pair of coefficients says; false once they are different. */
static bool weigh(struct quotients *ps, int32_t have, int32_t want, struct exact *all)
{
    if (have == want && have != EXPR_NONE)
        return true;
    struct exact one = have == EXPR_NONE || want == EXPR_NONE
                           ? result(EXACT_UNKNOWN, "too large", 0)
                           : exact_compare(ps->x, have, want, ps->budget);
    if (one.truth == EXACT_DIFFERENT)
        *all = result(EXACT_DIFFERENT, "polynomials", one.bits);
    else if (one.truth == EXACT_PROBABLE && all->truth != EXACT_UNKNOWN)
        *all = one;
    else if (one.truth != EXACT_EQUAL && one.truth != EXACT_PROBABLE)
        *all = result(EXACT_UNKNOWN, one.method, 0);
    return one.truth != EXACT_DIFFERENT;
}

/* The first term of b that is proved to be there, -1 for none. */
static int32_t known_term(struct quotients *ps, const struct terms *b)
{
    int32_t zero = expr_int(ps->x, 0);
    for (int32_t k = 0; k < b->n; k++)
        if (b->c[k] != EXPR_NONE &&
            exact_compare(ps->x, b->c[k], zero, ps->budget).truth == EXACT_DIFFERENT)
            return k;
    return -1;
}

struct exact quotient_ratio(struct quotients *ps, const fmpz_mpoly_t left, const fmpz_mpoly_t right,
                            int32_t *ratio)
{
    struct terms a;
    struct terms b;
    if (!terms_of(ps, left, &a) || !terms_of(ps, right, &b))
        return result(EXACT_UNKNOWN, "too many coefficients", 0);
    int32_t zero = expr_int(ps->x, 0);
    int32_t at = known_term(ps, &b);
    if (at < 0)
        return result(EXACT_UNKNOWN, "no coefficient known to be other than zero", 0);
    struct exact all = result(EXACT_EQUAL, "polynomials", 0);
    int32_t first = take_partner(&a, &b, at, ps->n_gens, zero);
    *ratio = expr_div(ps->x, first, b.c[at]);
    for (int32_t k = 0; k < b.n; k++)
        if (k != at && !weigh(ps, take_partner(&a, &b, k, ps->n_gens, zero),
                              expr_mul(ps->x, *ratio, b.c[k]), &all))
            return all;
    for (int32_t i = 0; i < a.n; i++)
        if (!weigh(ps, a.c[i], zero, &all))
            return all;
    struct exact is_zero = first == EXPR_NONE ? result(EXACT_UNKNOWN, "too large", 0)
                                              : exact_compare(ps->x, first, zero, ps->budget);
    if (is_zero.truth == EXACT_EQUAL) /* a is zero or a lacks this term, b is not */
        return result(EXACT_DIFFERENT, "polynomials", 0);
    return is_zero.truth == EXACT_DIFFERENT ? all : result(EXACT_UNKNOWN, is_zero.method, 0);
}
