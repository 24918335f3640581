#include "graders/math/prove.h"

#include <math.h>

#include "base/limits.h"
#include "graders/math/ball.h"
#include "graders/math/bound.h"
#include "graders/math/branch.h"
#include "graders/math/generators.h"

enum { FIRST_BITS = 64, GUARD = 24 };

static const struct proof unknown = {ZERO_UNKNOWN, "budget", 0};

static struct proof refuted(int64_t bits)
{
    return (struct proof){ZERO_REFUTED, "balls", bits};
}

/* ------------------------------------------------------------------------------- zero */

/* t is algebraic: not 0, or so near 0 that it is. */
static struct proof zero_at_bound(struct terms *T, int32_t t, int64_t need)
{
    enum { STEP = 256, LONG = 640 };
    int64_t bits = need + GUARD;
    if (bits > LONG) { /* most numbers that are not 0 show it early */
        const acb_struct *z = ball_of(T, t, STEP);
        if (z == NULL)
            return unknown;
        if (ball_is_not_zero(z))
            return refuted(STEP);
    }
    for (int tries = 0; tries < 3; tries++, bits += bits / 2 + FIRST_BITS) {
        const acb_struct *z = ball_of(T, t, bits);
        if (z == NULL)
            return unknown;
        if (ball_is_not_zero(z))
            return refuted(bits);
        if (ball_is_below(z, -need))
            return (struct proof){ZERO_PROVED, "separation bound", bits};
    }
    return (struct proof){ZERO_UNKNOWN, "balls that do not shrink", bits};
}

/* How large the parts of a sum are, so that "together" means something. */
static double scale_of(struct terms *T, int32_t t)
{
    const struct term *p = term_at(T, t);
    double top = 0.0;
    for (int32_t i = 0; p->kind == TERM_ADD && i < p->n_args; i++) {
        double one = ball_log2(T->at[p->args[i]].value);
        top = i == 0 || one > top ? one : top;
    }
    return top;
}

/* Bits of everything that is written below t, and of how large or small its parts are: sin 1 and
 * sin(1 + 10^-300), 1 and tanh 1000 are apart only past these. */
static double written_bits(struct terms *T, int32_t t)
{
    struct term *p = term_at(T, t);
    if (p->stamp == T->stamp)
        return 0.0;
    p->stamp = T->stamp;
    double bits = (double)(fmpz_bits(fmpq_numref(p->q)) + fmpz_bits(fmpq_denref(p->q)));
    if (p->prec > 0 && !acb_is_zero(p->value))
        bits += fabs(ball_log2(p->value));
    for (int32_t i = 0; i < p->n_args; i++)
        bits += written_bits(T, p->args[i]);
    return bits;
}

/* No proof: apart, or together to PROVE_BITS past all that is written, both absolutely and against
 * the parts: 10^400 and 10^400 + 1 are not together. Twice what is written, because a cosine or a
 * square is as near as the square of what is. */
static struct proof zero_without_proof(struct terms *T, int32_t t)
{
    enum { EXTRA = 128 };
    double scale = scale_of(T, t);
    T->stamp++;
    double written = 2.0 * written_bits(T, t);
    if (!(scale + written < (double)LIMIT_MATH_PROOF)) /* or not finite */
        return (struct proof){ZERO_UNKNOWN, "numbers too large", 0};
    int64_t bits = PROVE_BITS + EXTRA + (int64_t)written + (scale > 0.0 ? (int64_t)scale : 0);
    const acb_struct *z = ball_of(T, t, bits);
    if (z == NULL)
        return unknown;
    if (ball_is_not_zero(z))
        return refuted(bits);
    scale = scale_of(T, t);
    double near = (scale < 0.0 ? scale : 0.0) - ball_log2(z) - written;
    if (near >= (double)PROVE_BITS)
        return (struct proof){ZERO_PROBABLE, "balls", (int64_t)near};
    return (struct proof){ZERO_UNKNOWN, "balls that do not shrink", bits};
}

static bool is_zero_written_out(struct terms *T, int32_t t)
{
    return term_is_zero(T, branch_expand_all(T, t));
}

/* A step that may grow large gets half of the budget: the rest is for those after it. */
static bool with_half(struct terms *T, int32_t t, bool (*step)(struct terms *T, int32_t t))
{
    struct budget *b = T->budget;
    int64_t held = b->work - b->work / 2;
    b->work -= held;
    bool is_zero = step(T, t);
    b->work = held + (b->work > 0 ? b->work : 0);
    return is_zero;
}

struct proof prove_zero(struct terms *T, int32_t t)
{
    enum { MORE_BITS = 256 };
    if (t < 0)
        return unknown;
    const struct term *p = term_at(T, t);
    if (p->kind == TERM_RATIONAL)
        return (struct proof){fmpq_is_zero(p->q) ? ZERO_PROVED : ZERO_REFUTED, "rationals", 0};
    const acb_struct *z = ball_of(T, t, FIRST_BITS);
    if (z == NULL)
        return unknown;
    if (ball_is_not_zero(z))
        return refuted(FIRST_BITS);
    int64_t need = bound_bits(T, t);
    if (need >= 0)
        return zero_at_bound(T, t, need);
    if (with_half(T, t, is_zero_written_out))
        return (struct proof){ZERO_PROVED, "normal form", 0};
    for (int64_t bits = 2 * (int64_t)FIRST_BITS; bits <= MORE_BITS; bits *= 2) {
        z = ball_of(T, t, bits);
        if (z == NULL)
            return unknown;
        if (ball_is_not_zero(z))
            return refuted(bits);
    }
    if (with_half(T, t, generators_vanish))
        return (struct proof){ZERO_PROVED, "generators", MORE_BITS};
    return zero_without_proof(T, t);
}

/* ------------------------------------------------------------------------------- sign */

static int mark_sign(struct terms *T, int32_t t, int sign)
{
    if (sign > 0)
        T->at[t].facts |= TERM_IS_REAL | TERM_IS_POSITIVE;
    return sign;
}

int prove_sign(struct terms *T, int32_t t)
{
    enum { LAST_BITS = 8192 };
    if (t < 0 || !term_is(T, t, TERM_IS_REAL))
        return SIGN_UNKNOWN;
    if (term_is(T, t, TERM_IS_POSITIVE))
        return 1;
    if (term_kind(T, t) == TERM_RATIONAL)
        return fmpq_sgn(T->at[t].q);
    struct proof p = prove_zero(T, t);
    if (p.zero == ZERO_PROVED)
        return 0;
    if (p.zero != ZERO_REFUTED)
        return SIGN_UNKNOWN;
    for (int64_t bits = p.bits; bits <= LAST_BITS; bits *= 2) {
        const acb_struct *z = ball_of(T, t, bits);
        if (z == NULL)
            return SIGN_UNKNOWN;
        if (ball_sign(z) != 0)
            return mark_sign(T, t, ball_sign(z));
    }
    return SIGN_UNKNOWN;
}

int prove_real(struct terms *T, int32_t t)
{
    if (t < 0 || term_is(T, t, TERM_IS_REAL))
        return t < 0 ? -1 : 1;
    const acb_struct *z = ball_of(T, t, FIRST_BITS);
    if (z == NULL)
        return -1;
    if (acb_is_finite(z) && !arb_contains_zero(acb_imagref(z)))
        return 0;
    struct proof p = prove_zero(T, term_sub(T, t, term_conj(T, t)));
    if (p.zero == ZERO_PROVED)
        T->at[t].facts |= TERM_IS_REAL;
    return p.zero == ZERO_PROVED ? 1 : p.zero == ZERO_REFUTED ? 0 : -1;
}

/* ------------------------------------------------------------------------------- rationals */

/* The fraction with the smallest denominator in [x - 2^-bits, x + 2^-bits]. */
static bool simplest_near(fmpq_t out, const arb_t x, int64_t bits)
{
    fmpq_t low;
    fmpq_t high;
    fmpq_init(low);
    fmpq_init(high);
    bool is_near = arf_cmpabs_2exp_si(arb_midref(x), 4 * bits) < 0;
    if (is_near) {
        fmpq_t step;
        fmpq_init(step);
        fmpq_one(step);
        fmpq_div_2exp(step, step, (flint_bitcnt_t)bits);
        arf_get_fmpq(low, arb_midref(x));
        fmpq_add(high, low, step);
        fmpq_sub(low, low, step);
        fmpq_simplest_between(out, low, high);
        fmpq_clear(step);
    }
    fmpq_clear(low);
    fmpq_clear(high);
    return is_near;
}

bool prove_rational(struct terms *T, int32_t t, fmpq_t out)
{
    enum { BITS = 192, NEAR = 128, LARGEST = 56 };
    if (t < 0)
        return false;
    if (term_kind(T, t) == TERM_RATIONAL) {
        fmpq_set(out, T->at[t].q);
        return true;
    }
    const acb_struct *z = ball_of(T, t, BITS);
    if (z == NULL || !acb_is_finite(z) || !arb_contains_zero(acb_imagref(z)) ||
        arb_rel_accuracy_bits(acb_realref(z)) < NEAR / 2)
        return false;
    fmpq_t near;
    fmpq_init(near);
    bool is_it =
        simplest_near(near, acb_realref(z), NEAR) && fmpz_bits(fmpq_denref(near)) <= LARGEST;
    if (is_it) {
        struct proof p = prove_zero(T, term_sub(T, t, term_rational(T, near)));
        is_it = p.zero == ZERO_PROVED;
    }
    if (is_it)
        fmpq_set(out, near);
    fmpq_clear(near);
    return is_it;
}

/* The only whole number the value can be the floor of, or, when the ball touches a whole number,
 * that one, to be decided. */
static bool floor_at(const acb_struct *z, fmpz_t low, bool *is_open)
{
    if (!acb_is_finite(z) || arf_cmpabs_2exp_si(arb_midref(acb_realref(z)), LIMIT_MATH_BITS) > 0)
        return false;
    arb_t f;
    arb_init(f);
    arb_floor(f, acb_realref(z), LIMIT_MATH_BITS);
    bool is_one = arb_get_unique_fmpz(low, f);
    *is_open = !is_one && arb_get_unique_fmpz(low, acb_realref(z));
    arb_clear(f);
    return is_one || *is_open;
}

bool prove_floor(struct terms *T, int32_t t, fmpz_t out)
{
    enum { LAST_BITS = 16384 };
    for (int64_t bits = FIRST_BITS; bits <= LAST_BITS; bits *= 2) {
        const acb_struct *z = ball_of(T, t, bits);
        if (z == NULL)
            return false;
        bool is_open = false;
        if (!floor_at(z, out, &is_open))
            continue;
        if (!is_open)
            return true;
        fmpq_t q;
        fmpq_init(q);
        fmpq_set_fmpz(q, out);
        int sign = prove_sign(T, term_sub(T, t, term_rational(T, q)));
        fmpq_clear(q);
        if (sign == -1)
            fmpz_sub_ui(out, out, 1);
        return sign != SIGN_UNKNOWN;
    }
    return false;
}
