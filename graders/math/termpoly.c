#include "graders/math/termpoly.h"

#include <assert.h>
#include <stdlib.h>

static const struct termpoly failed = {NULL, TERMPOLY_FAILED};

static int by_exponents(const void *a, const void *b)
{
    const struct mono *p = a;
    const struct mono *q = b;
    return memcmp(p->e, q->e, sizeof p->e);
}

/* Sorts, and adds up what has the same exponents. at is kept. */
static struct termpoly collect(struct terms *T, struct mono *at, int32_t n)
{
    if (n > 1)
        qsort(at, (size_t)n, sizeof *at, by_exponents);
    int32_t kept = 0;
    for (int32_t i = 0; i < n;) {
        struct mono sum = at[i];
        for (i++; i < n && by_exponents(&sum, &at[i]) == 0; i++)
            sum.coef = term_add(T, sum.coef, at[i].coef);
        if (sum.coef < 0)
            return failed;
        if (!term_is_zero(T, sum.coef))
            at[kept++] = sum;
    }
    return kept <= TERMPOLY_MONOS ? (struct termpoly){at, kept} : failed;
}

struct termpoly termpoly_monomial(struct terms *T, int32_t coef, int32_t var, int64_t e)
{
    if (coef < 0 || var >= TERMPOLY_VARS || e > INT16_MAX || e < INT16_MIN)
        return failed;
    struct mono *m = NEW(&T->mem, struct mono, 1);
    m->coef = coef;
    if (var >= 0)
        m->e[var] = (int16_t)e;
    return (struct termpoly){m, term_is_zero(T, coef) ? 0 : 1};
}

struct termpoly termpoly_constant(struct terms *T, int32_t coef)
{
    return termpoly_monomial(T, coef, -1, 0);
}

struct termpoly termpoly_add(struct terms *T, struct termpoly a, struct termpoly b)
{
    enum { WORK_MONO = 20 };
    if (a.n < 0 || b.n < 0 || !budget_spend(T->budget, WORK_MONO * ((int64_t)a.n + b.n)))
        return failed;
    struct mono *at = NEW(&T->mem, struct mono, (int64_t)a.n + b.n);
    if (a.n > 0)
        memcpy(at, a.at, (size_t)a.n * sizeof *at);
    if (b.n > 0)
        memcpy(at + a.n, b.at, (size_t)b.n * sizeof *at);
    return collect(T, at, a.n + b.n);
}

static bool add_exponents(struct mono *out, const struct mono *a, const struct mono *b)
{
    bool fits = true;
    for (int i = 0; i < TERMPOLY_VARS; i++) {
        int sum = a->e[i] + b->e[i];
        fits &= sum >= INT16_MIN && sum <= INT16_MAX;
        out->e[i] = (int16_t)sum;
    }
    return fits;
}

struct termpoly termpoly_mul(struct terms *T, struct termpoly a, struct termpoly b)
{
    enum { MOST_PRODUCTS = 8192, WORK_MONO = 40 };
    if (a.n < 0 || b.n < 0 || (int64_t)a.n * b.n > MOST_PRODUCTS ||
        !budget_spend(T->budget, WORK_MONO * (int64_t)a.n * b.n))
        return failed;
    struct mono *at = NEW(&T->mem, struct mono, (int64_t)a.n * b.n);
    int32_t n = 0;
    for (int32_t i = 0; i < a.n; i++)
        for (int32_t k = 0; k < b.n; k++) {
            if (!add_exponents(&at[n], &a.at[i], &b.at[k]))
                return failed;
            at[n].coef = term_mul(T, a.at[i].coef, b.at[k].coef);
            if (at[n++].coef < 0)
                return failed;
        }
    return collect(T, at, n);
}

/* The coefficient's divisor is not 0: it was a divisor of the term this came from. */
static struct termpoly inverse(struct terms *T, struct termpoly a)
{
    assert(a.n == 1);
    struct mono *m = NEW(&T->mem, struct mono, 1);
    for (int i = 0; i < TERMPOLY_VARS; i++)
        m->e[i] = (int16_t)-a.at->e[i];
    m->coef = term_power_si(T, a.at->coef, -1);
    return m->coef < 0 ? failed : (struct termpoly){m, 1};
}

struct termpoly termpoly_power(struct terms *T, struct termpoly a, int64_t n)
{
    enum { MOST = 1000 };
    if (a.n < 0 || n > MOST || n < -MOST)
        return failed;
    if (n < 0) {
        a = inverse(T, a);
        n = -n;
    }
    struct termpoly made = termpoly_constant(T, term_int(T, 1));
    for (; n > 0; n >>= 1) {
        if ((n & 1) != 0)
            made = termpoly_mul(T, made, a);
        if (n > 1)
            a = termpoly_mul(T, a, a);
    }
    return made;
}

bool termpoly_is_same(struct termpoly a, struct termpoly b)
{
    if (a.n != b.n || a.n < 0)
        return false;
    for (int32_t i = 0; i < a.n; i++)
        if (a.at[i].coef != b.at[i].coef || by_exponents(&a.at[i], &b.at[i]) != 0)
            return false;
    return true;
}
