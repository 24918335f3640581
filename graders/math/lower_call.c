/* Functions of terms. What has a cut or a pole goes through branch.h. */
#include <assert.h>

#include "graders/math/branch.h"
#include "graders/math/prove.h"

/* ------------------------------------------------------------------------------- trigonometry */

/* 0 when x is proved to be real, else what to give. */
static int32_t not_real(struct lowering *l, int32_t x, const char *why)
{
    int is_real = prove_real(l->T, x);
    return is_real == 1 ? 0 : is_real == 0 ? lower_undefined(l, why) : lower_unknown(l, why);
}

struct wave {
    int32_t sin;
    int32_t cos;
};

static void mark_real(struct terms *T, int32_t t)
{
    if (t >= 0)
        T->at[t].facts |= TERM_IS_REAL;
}

/* From e^(ix): the real and imaginary halves of it and its inverse. */
static struct wave wave_of(struct terms *T, int32_t x)
{
    int32_t up = term_exp(T, branch_expand(T, term_i(T), x));
    int32_t down = term_power_si(T, up, -1); /* an exponential is not 0 */
    int32_t half = term_ratio(T, 1, 2);
    struct wave w;
    w.cos = term_mul(T, half, term_add(T, up, down));
    w.sin = term_product(T, (int32_t[]){half, term_i(T), term_sub(T, down, up)}, 3);
    if (x >= 0 && term_is(T, x, TERM_IS_REAL)) {
        mark_real(T, w.cos);
        mark_real(T, w.sin);
    }
    return w;
}

static struct wave wave_at(struct terms *T, int32_t x)
{
    fmpq_t r;
    fmpq_init(r);
    struct wave w;
    if (term_is_pi_times(T, x, r)) {
        fmpq_t half;
        fmpq_init(half);
        fmpq_set_si(half, 1, 2);
        w.cos = term_cos_pi(T, r);
        fmpq_sub(half, half, r); /* sin x = cos(pi/2 - x) */
        w.sin = term_cos_pi(T, half);
        fmpq_clear(half);
    } else {
        w = wave_of(T, x);
    }
    fmpq_clear(r);
    return w;
}

static int32_t call_trig(struct lowering *l, enum expr_function f, int32_t x)
{
    struct wave w = wave_at(l->T, x);
    switch (f) {
    case EXPR_SIN:
        return w.sin;
    case EXPR_COS:
        return w.cos;
    case EXPR_TAN:
        return branch_divide(l, w.sin, w.cos);
    case EXPR_COT:
        return branch_divide(l, w.cos, w.sin);
    case EXPR_SEC:
        return branch_inverse(l, w.cos);
    default:
        assert(f == EXPR_CSC);
        return branch_inverse(l, w.sin);
    }
}

static int32_t call_hyperbolic(struct lowering *l, enum expr_function f, int32_t x)
{
    struct terms *T = l->T;
    int32_t up = term_exp(T, x);
    int32_t down = term_power_si(T, up, -1);
    int32_t half = term_ratio(T, 1, 2);
    int32_t sinh = term_mul(T, half, term_sub(T, up, down));
    int32_t cosh = term_mul(T, half, term_add(T, up, down));
    switch (f) {
    case EXPR_SINH:
        return sinh;
    case EXPR_COSH:
        return cosh;
    case EXPR_TANH:
        return branch_divide(l, sinh, cosh);
    default:
        assert(f == EXPR_COTH);
        return branch_divide(l, cosh, sinh);
    }
}

/* ------------------------------------------------------------------- inverse, of real arguments */

static int32_t square(struct terms *T, int32_t x)
{
    return term_power_si(T, x, 2);
}

/* arg(c + i s) */
static int32_t angle_of(struct lowering *l, int32_t c, int32_t s)
{
    struct terms *T = l->T;
    return branch_arg(l, term_add(T, c, branch_expand(T, term_i(T), s)));
}

/* sqrt(1 - x^2) of -1 <= x <= 1 */
static int32_t other_leg(struct lowering *l, int32_t x)
{
    struct terms *T = l->T;
    int32_t rest = term_sub(T, term_int(T, 1), square(T, x));
    int sign = prove_sign(T, rest);
    if (sign == -1)
        return lower_undefined(l, "an inverse sine or cosine outside [-1, 1]");
    if (sign == SIGN_UNKNOWN)
        return lower_unknown(l, "an inverse sine or cosine at 1");
    return sign == 0 ? term_int(T, 0) : term_root(T, rest, 2);
}

static int32_t call_acot(struct lowering *l, int32_t x)
{
    switch (prove_sign(l->T, x)) {
    case 1:
        return angle_of(l, x, term_int(l->T, 1));
    case 0:
        return term_mul(l->T, term_ratio(l->T, 1, 2), term_pi(l->T));
    default: /* in (-pi/2, 0) for some, in (pi/2, pi) for others */
        return lower_unknown(l, "arccot of a negative number");
    }
}

static int32_t call_acosh(struct lowering *l, int32_t x)
{
    struct terms *T = l->T;
    int sign = prove_sign(T, term_sub(T, x, term_int(T, 1)));
    if (sign == -1)
        return lower_undefined(l, "arcosh below 1");
    if (sign == SIGN_UNKNOWN)
        return lower_unknown(l, "arcosh at 1");
    int32_t root = branch_root(l, term_sub(T, square(T, x), term_int(T, 1)), 2);
    return branch_log(l, term_add(T, x, root));
}

static int32_t call_atanh(struct lowering *l, int32_t x)
{
    struct terms *T = l->T;
    int32_t one = term_int(T, 1);
    int sign = prove_sign(T, term_sub(T, one, square(T, x)));
    if (sign == SIGN_UNKNOWN)
        return lower_unknown(l, "artanh at 1");
    if (sign != 1)
        return lower_undefined(l, "artanh outside (-1, 1)");
    int32_t up = branch_log(l, term_add(T, one, x));
    int32_t down = branch_log(l, term_sub(T, one, x));
    return term_mul(T, term_ratio(T, 1, 2), term_sub(T, up, down));
}

static int32_t call_inverse(struct lowering *l, enum expr_function f, int32_t x)
{
    struct terms *T = l->T;
    if (prove_real(T, x) != 1)
        return lower_unknown(l, "an inverse function of what is not real");
    switch (f) {
    case EXPR_ACSC:
    case EXPR_ASEC:
        x = branch_inverse(l, x);
        return x < 0 ? x : call_inverse(l, f == EXPR_ACSC ? EXPR_ASIN : EXPR_ACOS, x);
    case EXPR_ASIN:
        return angle_of(l, other_leg(l, x), x);
    case EXPR_ACOS:
        return angle_of(l, x, other_leg(l, x));
    case EXPR_ATAN:
        return angle_of(l, term_int(T, 1), x);
    case EXPR_ACOT:
        return call_acot(l, x);
    case EXPR_ASINH: {
        int32_t root = branch_root(l, term_add(T, square(T, x), term_int(T, 1)), 2);
        return branch_log(l, term_add(T, x, root));
    }
    case EXPR_ACOSH:
        return call_acosh(l, x);
    default:
        assert(f == EXPR_ATANH);
        return call_atanh(l, x);
    }
}

/* ------------------------------------------------------------------------------- the rest */

static int32_t call_sign(struct lowering *l, int32_t x)
{
    int32_t failed = not_real(l, x, "the sign of what is not real");
    if (failed != 0)
        return failed;
    int sign = prove_sign(l->T, x);
    return sign == SIGN_UNKNOWN ? lower_unknown(l, "a sign") : term_int(l->T, sign);
}

static int32_t call_floor(struct lowering *l, enum expr_function f, int32_t x)
{
    struct terms *T = l->T;
    int32_t failed = not_real(l, x, "rounding of what is not real");
    if (failed != 0)
        return failed;
    fmpq_t q;
    fmpq_init(q);
    bool is_up = f == EXPR_CEIL; /* -floor(-x) */
    bool is_known = prove_floor(T, is_up ? term_neg(T, x) : x, fmpq_numref(q));
    int32_t made = is_known ? term_rational(T, q) : lower_unknown(l, "rounding");
    fmpq_clear(q);
    return is_up && made >= 0 ? term_neg(T, made) : made;
}

static int32_t call_best(struct lowering *l, enum expr_function f, const int32_t *a, int32_t n)
{
    int32_t best = a[0];
    for (int32_t i = 0; i < n; i++) {
        int32_t failed = not_real(l, a[i], "order of what is not real");
        if (failed != 0)
            return failed;
        int sign = prove_sign(l->T, term_sub(l->T, a[i], best));
        if (sign == SIGN_UNKNOWN)
            return lower_unknown(l, "which of two numbers is larger");
        if (sign == (f == EXPR_MAX ? 1 : -1))
            best = a[i];
    }
    return best;
}

static int32_t call_part(struct lowering *l, enum expr_function f, int32_t x)
{
    struct terms *T = l->T;
    if (prove_real(T, x) == 1)
        return f == EXPR_IM ? term_int(T, 0) : x;
    int32_t mirror = term_conj(T, x);
    if (f == EXPR_CONJ)
        return mirror;
    int32_t half = term_ratio(T, 1, 2);
    int32_t made = f == EXPR_RE
                       ? term_mul(T, half, term_add(T, x, mirror))
                       : term_product(T, (int32_t[]){half, term_i(T), term_sub(T, mirror, x)}, 3);
    mark_real(T, made);
    return made;
}

static int32_t call_log(struct lowering *l, const int32_t *a, int32_t n)
{
    int32_t above = branch_log(l, a[0]);
    if (n == 1 || above < 0)
        return above;
    int32_t below = branch_log(l, a[1]);
    return branch_divide(l, above, below);
}

static int32_t call_root(struct lowering *l, int32_t a, int32_t degree)
{
    fmpq_t k;
    fmpq_init(k);
    int32_t made = lower_unknown(l, "the degree of a root");
    if (prove_rational(l->T, degree, k) && fmpz_is_one(fmpq_denref(k)) && fmpq_sgn(k) > 0) {
        fmpq_inv(k, k);
        made = branch_power_q(l, a, k);
    }
    fmpq_clear(k);
    return made;
}

static int32_t call_one(struct lowering *l, enum expr_function f, const int32_t *a, int32_t n)
{
    if (f <= EXPR_CSC)
        return call_trig(l, f, a[0]);
    if (f >= EXPR_SINH && f <= EXPR_COTH)
        return call_hyperbolic(l, f, a[0]);
    if (f <= EXPR_ATANH)
        return call_inverse(l, f, a[0]);
    switch (f) {
    case EXPR_LN:
    case EXPR_LOG:
        return call_log(l, a, n);
    case EXPR_ROOT:
        return n == 2 ? call_root(l, a[0], a[1]) : lower_unknown(l, "a root");
    case EXPR_FLOOR:
    case EXPR_CEIL:
        return call_floor(l, f, a[0]);
    case EXPR_ABS:
        return branch_abs(l, a[0]);
    case EXPR_SIGN:
        return call_sign(l, a[0]);
    case EXPR_MIN:
    case EXPR_MAX:
        return call_best(l, f, a, n);
    case EXPR_RE:
    case EXPR_IM:
    case EXPR_CONJ:
        return call_part(l, f, a[0]);
    case EXPR_ARG:
        return branch_arg(l, a[0]);
    default:
        return lower_whole(l, f, a, n);
    }
}

int32_t lower_call(struct lowering *l, int32_t e)
{
    int32_t n = expr_n_args(l->x, e);
    enum expr_function f = (enum expr_function)expr_which(l->x, e);
    if (n == 0 || f == EXPR_DET)
        return lower_unknown(l, "a function without a rule");
    int32_t *args = NEW(&l->T->mem, int32_t, n);
    for (int32_t i = 0; i < n; i++) {
        args[i] = lower(l, expr_arg(l->x, e, i));
        if (args[i] < 0)
            return args[i];
    }
    return call_one(l, f, args, n);
}
