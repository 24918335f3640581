/* Functions of whole numbers. An argument that is written otherwise, as log_2 8, is proved to be
 * one first. Numbers that would grow past LIMIT_MATH_BITS are unknown, factorials stay terms. */
#include <assert.h>
#include <flint/arith.h>
#include <flint/ulong_extras.h>

#include "base/limits.h"
#include "graders/math/branch.h"
#include "graders/math/prove.h"

static int32_t give_whole(struct lowering *l, const fmpz_t v)
{
    fmpq_t q;
    fmpq_init(q);
    fmpq_set_fmpz(q, v);
    int32_t made = term_rational(l->T, q);
    fmpq_clear(q);
    return made;
}

/* log2 of n! from above, roughly */
static int64_t factorial_bits(int64_t n)
{
    return n * (int64_t)FLINT_BIT_COUNT((ulong)n + 1);
}

static bool spend_bits(struct lowering *l, int64_t bits)
{
    return budget_spend(l->T->budget, 100 + bits);
}

static int32_t call_factorial(struct lowering *l, const fmpq_t q)
{
    enum { LARGEST_BITS = 62 };
    const fmpz *n = fmpq_numref(q);
    if (!fmpz_is_one(fmpq_denref(q)))
        return lower_unknown(l, "the factorial of a fraction");
    if (fmpz_sgn(n) < 0)
        return lower_undefined(l, "the factorial of a negative number");
    if (fmpz_bits(n) > LARGEST_BITS)
        return lower_unknown(l, "a factorial too large");
    if (fmpz_cmp_si(n, LIMIT_MATH_BITS) > 0 || factorial_bits(fmpz_get_si(n)) > LIMIT_MATH_BITS)
        return term_intern(l->T, &(struct term_make){.kind = TERM_FACTORIAL,
                                                     .facts = TERM_IS_REAL | TERM_IS_POSITIVE,
                                                     .q = q});
    if (!spend_bits(l, factorial_bits(fmpz_get_si(n))))
        return TERM_UNKNOWN;
    fmpz_t v;
    fmpz_init(v);
    fmpz_fac_ui(v, fmpz_get_ui(n));
    int32_t made = give_whole(l, v);
    fmpz_clear(v);
    return made;
}

static int32_t call_double_factorial(struct lowering *l, const fmpq_t q)
{
    const fmpz *n = fmpq_numref(q);
    if (!fmpz_is_one(fmpq_denref(q)) || fmpz_cmp_si(n, -1) < 0)
        return lower_undefined(l, "the double factorial of what is not a whole number");
    if (fmpz_cmp_si(n, LIMIT_MATH_BITS) > 0 || factorial_bits(fmpz_get_si(n)) > 2 * LIMIT_MATH_BITS)
        return lower_unknown(l, "a factorial too large");
    fmpz_t v;
    fmpz_init(v);
    fmpz_one(v);
    bool is_paid = true;
    for (int64_t k = fmpz_get_si(n); k > 1 && is_paid; k -= 2) {
        is_paid = budget_spend(l->T->budget, 20 + (int64_t)fmpz_bits(v) / 64);
        fmpz_mul_si(v, v, k);
    }
    int32_t made = is_paid ? give_whole(l, v) : TERM_UNKNOWN;
    fmpz_clear(v);
    return made;
}

/* n (n - 1) ... (n - k + 1) / k! for any n */
static int32_t falling_binomial(struct lowering *l, int32_t n, int64_t k)
{
    enum { MOST = 64 };
    if (k > MOST)
        return lower_unknown(l, "a binomial of a fraction");
    int32_t made = term_int(l->T, 1);
    for (int64_t i = 0; i < k; i++) {
        made = branch_expand(l->T, made, term_sub(l->T, n, term_int(l->T, i)));
        made = term_mul(l->T, made, term_ratio(l->T, 1, i + 1));
    }
    return made;
}

static int32_t whole_binomial(struct lowering *l, const fmpz_t n, const fmpz_t k)
{
    fmpz_t other;
    fmpz_init(other);
    fmpz_sub(other, n, k);
    const fmpz *least = fmpz_cmp(other, k) < 0 ? other : k;
    int32_t made = TERM_UNKNOWN;
    if (fmpz_sgn(least) < 0)
        made = term_int(l->T, 0);
    else if (fmpz_cmp_si(least, LIMIT_MATH_BITS) > 0 ||
             fmpz_get_si(least) * (int64_t)fmpz_bits(n) > 2 * LIMIT_MATH_BITS ||
             !fmpz_abs_fits_ui(n))
        made = lower_unknown(l, "a binomial too large");
    else if (spend_bits(l, fmpz_get_si(least) * (int64_t)fmpz_bits(n))) {
        fmpz_t v;
        fmpz_init(v);
        fmpz_bin_uiui(v, fmpz_get_ui(n), fmpz_get_ui(least));
        made = give_whole(l, v);
        fmpz_clear(v);
    }
    fmpz_clear(other);
    return made;
}

static int32_t call_binomial(struct lowering *l, const int32_t *a)
{
    fmpq_t n;
    fmpq_t k;
    fmpq_init(n);
    fmpq_init(k);
    int32_t made;
    if (!prove_rational(l->T, a[1], k) || !fmpz_is_one(fmpq_denref(k)) ||
        !fmpz_fits_si(fmpq_numref(k)))
        made = lower_unknown(l, "a binomial of a fraction, or too large");
    else if (fmpq_sgn(k) < 0)
        made = term_int(l->T, 0);
    else if (prove_rational(l->T, a[0], n) && fmpz_is_one(fmpq_denref(n)) && fmpq_sgn(n) >= 0)
        made = whole_binomial(l, fmpq_numref(n), fmpq_numref(k));
    else
        made = falling_binomial(l, a[0], fmpz_get_si(fmpq_numref(k)));
    fmpq_clear(n);
    fmpq_clear(k);
    return made;
}

static int32_t call_phi(struct lowering *l, const fmpq_t q)
{
    enum { WORD_BITS = 63, WORK_FACTOR = 200000 };
    const fmpz *n = fmpq_numref(q);
    if (!fmpz_is_one(fmpq_denref(q)) || fmpz_sgn(n) <= 0)
        return lower_undefined(l, "the totient of what is not a positive whole number");
    if (fmpz_bits(n) > WORD_BITS || !budget_spend(l->T->budget, WORK_FACTOR))
        return lower_unknown(l, "a totient too large");
    fmpz_t v;
    fmpz_init_set_ui(v, n_euler_phi(fmpz_get_ui(n)));
    int32_t made = give_whole(l, v);
    fmpz_clear(v);
    return made;
}

/* All of them whole, by one of gcd and lcm. */
static int32_t call_fold(struct lowering *l, enum expr_function f, const int32_t *a, int32_t n)
{
    fmpz_t v;
    fmpq_t q;
    fmpz_init(v);
    fmpq_init(q);
    int32_t made = 0;
    for (int32_t i = 0; i < n && made == 0; i++) {
        if (!prove_rational(l->T, a[i], q) || !fmpz_is_one(fmpq_denref(q)) ||
            !spend_bits(l, (int64_t)(fmpz_bits(v) + fmpz_bits(fmpq_numref(q)))))
            made = lower_unknown(l, "a common divisor or multiple of what is not whole");
        else if (i == 0)
            fmpz_abs(v, fmpq_numref(q));
        else
            (f == EXPR_GCD ? fmpz_gcd : fmpz_lcm)(v, v, fmpq_numref(q));
    }
    if (made == 0)
        made = give_whole(l, v);
    fmpz_clear(v);
    fmpq_clear(q);
    return made;
}

/* 2^(10^10) mod 7 without the power: the term is a positive whole base to a huge power. */
static bool huge_power_mod(const struct terms *T, int32_t a, const fmpz_t n, fmpz_t out)
{
    const struct term *p = term_at(T, a);
    if (p->kind != TERM_POWER && p->kind != TERM_MUL)
        return false;
    bool is_power = p->kind == TERM_POWER;
    if (!is_power && !fmpz_is_one(fmpq_denref(p->q)))
        return false;
    if (is_power)
        fmpz_one(out);
    else
        fmpz_set(out, fmpq_numref(p->q));
    fmpz_t one;
    fmpz_init(one);
    bool is_whole = true;
    for (int32_t i = 0; i < (is_power ? 1 : p->n_args) && is_whole; i++) {
        const struct term *f = is_power ? p : term_at(T, p->args[i]);
        is_whole = f->kind == TERM_POWER && fmpq_sgn(f->q) > 0 &&
                   term_kind(T, f->args[0]) == TERM_RATIONAL &&
                   fmpz_is_one(fmpq_denref(term_at(T, f->args[0])->q));
        if (!is_whole)
            break;
        fmpz_powm(one, fmpq_numref(term_at(T, f->args[0])->q), fmpq_numref(f->q), n);
        fmpz_mul(out, out, one);
    }
    fmpz_clear(one);
    if (is_whole)
        fmpz_fdiv_r(out, out, n);
    return is_whole;
}

/* a - n floor(a / n) */
static int32_t call_mod(struct lowering *l, const int32_t *a)
{
    enum { WORK_POWER = 100000 };
    struct terms *T = l->T;
    if (prove_real(T, a[0]) != 1 || prove_real(T, a[1]) != 1 || prove_sign(T, a[1]) != 1)
        return lower_unknown(l, "a remainder by what is not positive");
    fmpz_t v;
    fmpz_init(v);
    int32_t made;
    const struct term *n = term_at(T, a[1]);
    bool is_whole = n->kind == TERM_RATIONAL && fmpz_is_one(fmpq_denref(n->q)) &&
                    fmpz_abs_fits_ui(fmpq_numref(n->q));
    if (is_whole && budget_spend(T->budget, WORK_POWER) &&
        huge_power_mod(T, a[0], fmpq_numref(n->q), v))
        made = give_whole(l, v);
    else if (prove_floor(T, branch_divide(l, a[0], a[1]), v))
        made = term_sub(T, a[0], term_mul(T, a[1], give_whole(l, v)));
    else
        made = lower_unknown(l, "a remainder");
    fmpz_clear(v);
    return made;
}

int32_t lower_whole(struct lowering *l, enum expr_function f, const int32_t *a, int32_t n)
{
    if (f == EXPR_GCD || f == EXPR_LCM)
        return call_fold(l, f, a, n);
    if ((f == EXPR_BINOMIAL || f == EXPR_MOD) && n == 2)
        return f == EXPR_MOD ? call_mod(l, a) : call_binomial(l, a);
    fmpq_t q;
    fmpq_init(q);
    int32_t made;
    if (n != 1 || !prove_rational(l->T, a[0], q))
        made = lower_unknown(l, "a function of whole numbers, of something else");
    else if (f == EXPR_FACTORIAL)
        made = call_factorial(l, q);
    else if (f == EXPR_DOUBLE_FACTORIAL)
        made = call_double_factorial(l, q);
    else if (f == EXPR_PHI)
        made = call_phi(l, q);
    else
        made = lower_unknown(l, "a function without a rule");
    fmpq_clear(q);
    return made;
}
