#include "graders/math/ball.h"

#include <math.h>

enum { GUARD_BITS = 12, MAX_POWER_BITS = 512 };

/* About nanoseconds, measured on one core; the shape is that of FLINT's algorithms. */
static int64_t cost_of(const struct term *p, int64_t bits)
{
    int64_t limbs = 1 + bits / 64;
    int64_t mul = 40 + 2 * limbs * (limbs < 32 ? limbs : 32);
    int64_t function = 1500 + (limbs < 64 ? limbs * limbs * 8 : limbs * 600) + 20 * mul;
    switch (p->kind) {
    case TERM_ADD:
        return (1 + (int64_t)p->n_args) * (60 + limbs);
    case TERM_MUL:
        return (1 + (int64_t)p->n_args) * 2 * mul;
    case TERM_POWER:
        return fmpz_bits(fmpq_numref(p->q)) > MAX_POWER_BITS
                   ? mul
                   : (2 + 2 * (int64_t)fmpz_bits(fmpq_numref(p->q))) * 2 * mul;
    case TERM_ROOT:
        return p->k == 2 ? 200 + 4 * mul : function;
    case TERM_RATIONAL:
        return 60 + (int64_t)fmpz_bits(fmpq_numref(p->q)) / 16 +
               (int64_t)fmpz_bits(fmpq_denref(p->q)) / 16;
    case TERM_FACTORIAL:
    case TERM_GAMMA:
        return 10 * function;
    default:
        return function;
    }
}

static void unit_value(acb_t z, const fmpq_t q, slong prec)
{
    fmpq_t twice;
    fmpq_init(twice);
    fmpq_mul_2exp(twice, q, 1);
    arb_sin_cos_pi_fmpq(acb_imagref(z), acb_realref(z), twice, prec);
    fmpq_clear(twice);
}

static void cos_value(acb_t z, const fmpq_t q, slong prec)
{
    fmpq_t twice;
    fmpq_init(twice);
    fmpq_mul_2exp(twice, q, 1);
    arb_cos_pi_fmpq(acb_realref(z), twice, prec);
    arb_mul_2exp_si(acb_realref(z), acb_realref(z), 1);
    arb_zero(acb_imagref(z));
    fmpq_clear(twice);
}

static void add_value(const struct terms *T, acb_t z, const struct term *p, slong prec)
{
    acb_set_fmpq(z, p->q, prec);
    for (int32_t i = 0; i < p->n_args; i++)
        acb_add(z, z, T->at[p->args[i]].value, prec);
}

static void mul_value(const struct terms *T, acb_t z, const struct term *p, slong prec)
{
    acb_set(z, T->at[p->args[0]].value);
    for (int32_t i = 1; i < p->n_args; i++)
        acb_mul(z, z, T->at[p->args[i]].value, prec);
    if (!fmpz_is_one(fmpq_numref(p->q)))
        acb_mul_fmpz(z, z, fmpq_numref(p->q), prec);
    if (!fmpz_is_one(fmpq_denref(p->q)))
        acb_div_fmpz(z, z, fmpq_denref(p->q), prec);
}

static void power_value(acb_t z, const acb_struct *base, const fmpz_t n, slong prec)
{
    if (fmpz_bits(n) > MAX_POWER_BITS)
        acb_indeterminate(z);
    else
        acb_pow_fmpz(z, base, n, prec + (slong)fmpz_bits(n));
}

static void factorial_value(acb_t z, const fmpz_t n, slong prec)
{
    arb_t v;
    arb_init(v);
    arb_set_fmpz(v, n);
    arb_add_ui(v, v, 1, prec + (slong)fmpz_bits(n));
    arb_gamma(acb_realref(z), v, prec + (slong)fmpz_bits(n));
    arb_zero(acb_imagref(z));
    arb_clear(v);
}

static void value_of(const struct terms *T, acb_t z, const struct term *p, slong prec)
{
    const acb_struct *a = p->n_args > 0 ? T->at[p->args[0]].value : NULL;
    switch ((enum term_kind)p->kind) {
    case TERM_RATIONAL:
        acb_set_fmpq(z, p->q, prec);
        return;
    case TERM_UNIT:
        unit_value(z, p->q, prec);
        return;
    case TERM_COS:
        cos_value(z, p->q, prec);
        return;
    case TERM_PI:
        acb_const_pi(z, prec);
        return;
    case TERM_GAMMA:
        arb_const_euler(acb_realref(z), prec);
        return;
    case TERM_FACTORIAL:
        factorial_value(z, fmpq_numref(p->q), prec);
        return;
    case TERM_ADD:
        add_value(T, z, p, prec);
        return;
    case TERM_MUL:
        mul_value(T, z, p, prec);
        return;
    case TERM_POWER:
        power_value(z, a, fmpq_numref(p->q), prec);
        return;
    case TERM_ROOT:
        acb_root_ui(z, a, (ulong)p->k, prec);
        return;
    case TERM_EXP:
        acb_exp(z, a, prec);
        return;
    case TERM_LOG:
        acb_log(z, a, prec);
        return;
    case TERM_ARG:
        acb_arg(acb_realref(z), a, prec);
        arb_zero(acb_imagref(z));
        return;
    }
}

/* Depth is bounded by the constructors of terms. */
static bool evaluate(struct terms *T, int32_t t, int64_t bits)
{
    struct term *p = &T->at[t];
    if (p->prec >= bits)
        return true;
    for (int32_t i = 0; i < p->n_args; i++)
        if (!evaluate(T, p->args[i], bits))
            return false;
    if (!budget_spend(T->budget, cost_of(p, bits)))
        return false;
    value_of(T, p->value, p, bits + GUARD_BITS);
    if ((p->facts & TERM_IS_REAL) != 0)
        arb_zero(acb_imagref(p->value));
    p->prec = bits;
    return true;
}

const acb_struct *ball_of(struct terms *T, int32_t t, int64_t bits)
{
    if (t < 0 || !evaluate(T, t, bits))
        return NULL;
    struct term *p = &T->at[t];
    if ((p->facts & TERM_IS_REAL) != 0) /* may have been proved since */
        arb_zero(acb_imagref(p->value));
    return p->value;
}

bool ball_is_not_zero(const acb_struct *z)
{
    return acb_is_finite(z) && !acb_contains_zero(z);
}

int ball_sign(const acb_struct *z)
{
    if (!acb_is_finite(z))
        return 0;
    return arb_is_positive(acb_realref(z)) - arb_is_negative(acb_realref(z));
}

bool ball_is_below(const acb_struct *z, int64_t e)
{
    if (!acb_is_finite(z))
        return false;
    mag_t m;
    mag_init(m);
    acb_get_mag(m, z);
    bool is_below = mag_cmp_2exp_si(m, e) < 0;
    mag_clear(m);
    return is_below;
}

double ball_log2(const acb_struct *z)
{
    if (!acb_is_finite(z))
        return (double)INFINITY;
    mag_t m;
    mag_init(m);
    acb_get_mag(m, z);
    double found = mag_is_zero(m) ? -(double)INFINITY : mag_get_d_log2_approx(m);
    mag_clear(m);
    return found;
}
