#include "graders/math/branch.h"

#include <assert.h>

#include "graders/math/ball.h"
#include "graders/math/prove.h"

enum { LOOK_BITS = 64 };

static enum branch_side side_of_real(struct terms *T, int32_t a)
{
    switch (prove_sign(T, a)) {
    case 1:
        return SIDE_POSITIVE;
    case 0:
        return SIDE_ZERO;
    case -1:
        return SIDE_NEGATIVE;
    default:
        return SIDE_UNKNOWN;
    }
}

enum branch_side branch_side(struct terms *T, int32_t a)
{
    assert(a >= 0);
    if (term_is(T, a, TERM_IS_REAL))
        return side_of_real(T, a);
    const acb_struct *z = ball_of(T, a, LOOK_BITS);
    if (z == NULL)
        return SIDE_UNKNOWN;
    if (acb_is_finite(z) && (!arb_contains_zero(acb_imagref(z)) || arb_is_positive(acb_realref(z))))
        return SIDE_OTHER;
    int is_real = prove_real(T, a);
    if (is_real == 0)
        return SIDE_OTHER;
    return is_real == 1 ? side_of_real(T, a) : SIDE_UNKNOWN;
}

/* 1/(u + v) = (u - v)/(u^2 - v^2) where both squares are rational: sums of such quotients then
 * telescope by themselves. The divisor is not 0, so the norm is 0 only where u = v, left alone. */
static int32_t inverse_of_two(struct terms *T, int32_t a)
{
    struct term p = T->at[a];
    bool has_number = !fmpq_is_zero(p.q);
    if (p.kind != TERM_ADD || p.n_args + has_number != 2)
        return TERM_UNKNOWN;
    int32_t u = p.args[0];
    int32_t v = has_number ? term_rational(T, p.q) : p.args[1];
    int32_t norm = term_sub(T, term_power_si(T, u, 2), term_power_si(T, v, 2));
    if (norm < 0 || term_kind(T, norm) != TERM_RATIONAL || term_is_zero(T, norm))
        return TERM_UNKNOWN;
    return branch_expand(T, term_sub(T, u, v), term_power_si(T, norm, -1));
}

int32_t branch_inverse(struct lowering *l, int32_t a)
{
    if (a < 0)
        return a;
    struct proof p = {ZERO_REFUTED, "", 0};
    if (!term_is(l->T, a, TERM_IS_POSITIVE))
        p = prove_zero(l->T, a);
    if (p.zero == ZERO_PROVED)
        return lower_undefined(l, "division by zero");
    if (p.zero != ZERO_REFUTED)
        return lower_unknown(l, "a divisor that may be zero");
    int32_t without_root = inverse_of_two(l->T, a);
    return without_root >= 0 ? without_root : term_power_si(l->T, a, -1);
}

int32_t branch_divide(struct lowering *l, int32_t a, int32_t b)
{
    return term_mul(l->T, a, branch_inverse(l, b));
}

int32_t branch_root(struct lowering *l, int32_t a, int64_t k)
{
    if (a < 0)
        return a;
    switch (branch_side(l->T, a)) {
    case SIDE_ZERO:
        return term_int(l->T, 0);
    case SIDE_NEGATIVE: {
        fmpq_t turn;
        fmpq_init(turn);
        fmpq_set_si(turn, 1, 2 * (ulong)k);
        int32_t unit = term_unit(l->T, turn);
        fmpq_clear(turn);
        return term_mul(l->T, unit, term_root(l->T, term_neg(l->T, a), k));
    }
    case SIDE_UNKNOWN:
        return lower_unknown(l, "a root at the cut");
    default:
        return term_root(l->T, a, k);
    }
}

/* ------------------------------------------------------------------------------- powers */

static int32_t whole_power(struct lowering *l, int32_t a, const fmpz_t n)
{
    if (fmpz_sgn(n) >= 0)
        return term_power(l->T, a, n);
    fmpz_t up;
    fmpz_init(up);
    fmpz_neg(up, n);
    int32_t made = term_power(l->T, branch_inverse(l, a), up);
    fmpz_clear(up);
    return made;
}

/* a is negative and the denominator odd: the real one */
static int32_t real_power(struct lowering *l, int32_t a, const fmpq_t q)
{
    int32_t size = term_power_q(l->T, term_neg(l->T, a), q);
    return fmpz_is_odd(fmpq_numref(q)) ? term_neg(l->T, size) : size;
}

int32_t branch_power_q(struct lowering *l, int32_t a, const fmpq_t q)
{
    enum { MAX_DEGREE_BITS = 30 };
    if (a < 0)
        return a;
    if (fmpz_is_one(fmpq_denref(q)))
        return whole_power(l, a, fmpq_numref(q));
    if (fmpz_bits(fmpq_denref(q)) > MAX_DEGREE_BITS)
        return lower_unknown(l, "a root of very high degree");
    enum branch_side side = branch_side(l->T, a);
    if (side == SIDE_UNKNOWN)
        return lower_unknown(l, "a root at the cut");
    if (side == SIDE_ZERO)
        return fmpq_sgn(q) > 0 ? a : lower_undefined(l, "division by zero");
    bool is_odd = side == SIDE_NEGATIVE && fmpz_is_odd(fmpq_denref(q));
    l->met_odd_root |= is_odd;
    if (is_odd && !l->is_principal)
        return real_power(l, a, q);
    /* a^(p/q) = (a^(1/q))^p for principal powers */
    return whole_power(l, branch_root(l, a, fmpz_get_si(fmpq_denref(q))), fmpq_numref(q));
}

/* The product term by term, or TERM_UNKNOWN where it has more than n_max terms. */
static int32_t expand_to(struct terms *T, int32_t a, int32_t b, int32_t n_max)
{
    if (a < 0 || b < 0)
        return a < 0 ? a : b;
    struct term p = T->at[a];
    struct term q = T->at[b];
    int32_t n_a = p.kind == TERM_ADD ? p.n_args + 1 : 1;
    int32_t n_b = q.kind == TERM_ADD ? q.n_args + 1 : 1;
    if (n_a == 1 && n_b == 1)
        return term_mul(T, a, b);
    if (n_a > n_max || n_b > n_max || n_a * n_b > n_max)
        return TERM_UNKNOWN;
    int32_t *parts = NEW(&T->mem, int32_t, (int64_t)n_a * n_b);
    int32_t n = 0;
    for (int32_t i = 0; i < n_a; i++)
        for (int32_t k = 0; k < n_b; k++) {
            int32_t left = n_a == 1 ? a : i == 0 ? term_rational(T, p.q) : p.args[i - 1];
            int32_t right = n_b == 1 ? b : k == 0 ? term_rational(T, q.q) : q.args[k - 1];
            parts[n++] = term_mul(T, left, right);
        }
    return term_sum(T, parts, n);
}

int32_t branch_expand(struct terms *T, int32_t a, int32_t b)
{
    enum { MAX_TERMS = 32 };
    int32_t made = expand_to(T, a, b, MAX_TERMS);
    return made == TERM_UNKNOWN ? term_mul(T, a, b) : made;
}

enum { EXPAND_TERMS = 1024, EXPAND_POWER = 16 };

static int32_t expand_all(struct terms *T, int32_t t);

static int32_t expand_args(struct terms *T, int32_t t)
{
    struct term p = T->at[t];
    int32_t made = term_rational(T, p.q);
    if (p.kind == TERM_ADD) {
        int32_t *args = NEW(&T->mem, int32_t, p.n_args);
        for (int32_t i = 0; i < p.n_args; i++)
            args[i] = expand_all(T, p.args[i]);
        return term_add(T, made, term_sum(T, args, p.n_args));
    }
    if (p.kind == TERM_MUL) {
        for (int32_t i = 0; i < p.n_args && made >= 0; i++)
            made = expand_to(T, made, expand_all(T, p.args[i]), EXPAND_TERMS);
        return made;
    }
    bool is_sum = p.kind == TERM_POWER && term_kind(T, p.args[0]) == TERM_ADD;
    if (!is_sum || fmpq_sgn(p.q) < 0 || fmpz_cmp_si(fmpq_numref(p.q), EXPAND_POWER) > 0)
        return t;
    int32_t base = expand_all(T, p.args[0]);
    made = base;
    for (int64_t i = fmpz_get_si(fmpq_numref(p.q)); i > 1 && made >= 0; i--)
        made = expand_to(T, made, base, EXPAND_TERMS);
    return made;
}

static int32_t expand_all(struct terms *T, int32_t t)
{
    if (t < 0 || T->at[t].n_args == 0)
        return t;
    if (T->at[t].stamp == T->stamp)
        return T->at[t].memo;
    int32_t made = expand_args(T, t);
    T->at[t].memo = made;
    T->at[t].stamp = T->stamp;
    return made;
}

int32_t branch_expand_all(struct terms *T, int32_t t)
{
    T->stamp++;
    int32_t made = expand_all(T, t);
    return made >= 0 ? made : t;
}

static int32_t power_of_zero(struct lowering *l, int32_t b)
{
    int sign = prove_real(l->T, b) == 1 ? prove_sign(l->T, b) : SIGN_UNKNOWN;
    if (sign == 1)
        return term_int(l->T, 0);
    if (sign == 0)
        return term_int(l->T, 1);
    if (sign == -1)
        return lower_undefined(l, "division by zero");
    return lower_unknown(l, "zero to a power that is not real");
}

static int32_t power_of_negative(struct lowering *l, int32_t a, int32_t b)
{
    fmpq_t q;
    fmpq_init(q);
    int32_t made;
    if (prove_rational(l->T, b, q))
        made = branch_power_q(l, a, q);
    else if (prove_real(l->T, b) == 0)
        made = term_exp(l->T, branch_expand(l->T, b, branch_log(l, a)));
    else
        made = lower_unknown(l, "a negative number to an irrational power");
    fmpq_clear(q);
    return made;
}

int32_t branch_power(struct lowering *l, int32_t a, int32_t b)
{
    struct terms *T = l->T;
    if (a < 0 || b < 0)
        return a < 0 ? a : b;
    if (term_kind(T, b) == TERM_RATIONAL) {
        fmpq_t q; /* T->at moves */
        fmpq_init(q);
        fmpq_set(q, T->at[b].q);
        int32_t made = branch_power_q(l, a, q);
        fmpq_clear(q);
        return made;
    }
    switch (branch_side(T, a)) {
    case SIDE_ZERO:
        return power_of_zero(l, b);
    case SIDE_NEGATIVE:
        return power_of_negative(l, a, b);
    case SIDE_UNKNOWN:
        return lower_unknown(l, "a power at the cut");
    default:
        return term_exp(T, branch_expand(T, b, branch_log(l, a)));
    }
}

/* ------------------------------------------------------------------------- logarithm, arg, abs */

int32_t branch_log(struct lowering *l, int32_t a)
{
    struct terms *T = l->T;
    if (a < 0)
        return a;
    switch (branch_side(T, a)) {
    case SIDE_ZERO:
        return lower_undefined(l, "the logarithm of zero");
    case SIDE_NEGATIVE:
        return term_add(T, term_log(T, term_neg(T, a)), term_mul(T, term_i(T), term_pi(T)));
    case SIDE_UNKNOWN:
        return lower_unknown(l, "a logarithm at the cut");
    default:
        return term_log(T, a);
    }
}

int32_t branch_arg(struct lowering *l, int32_t a)
{
    if (a < 0)
        return a;
    switch (branch_side(l->T, a)) {
    case SIDE_ZERO:
        return lower_undefined(l, "the argument of zero");
    case SIDE_NEGATIVE:
        return term_pi(l->T);
    case SIDE_POSITIVE:
        return term_int(l->T, 0);
    case SIDE_UNKNOWN:
        return lower_unknown(l, "an argument at the cut");
    default:
        return term_arg(l->T, a);
    }
}

static int32_t abs_of_complex(struct lowering *l, int32_t a)
{
    int32_t norm = branch_expand(l->T, a, term_conj(l->T, a));
    if (norm < 0)
        return norm;
    l->T->at[norm].facts |= TERM_IS_REAL;
    return branch_root(l, norm, 2);
}

int32_t branch_abs(struct lowering *l, int32_t a)
{
    if (a < 0)
        return a;
    if (prove_real(l->T, a) != 1)
        return abs_of_complex(l, a);
    switch (prove_sign(l->T, a)) {
    case SIGN_UNKNOWN:
        return lower_unknown(l, "the absolute value of what may be zero");
    case -1:
        return term_neg(l->T, a);
    default:
        return a;
    }
}
