/* The prover against two oracles that share nothing with it, on random pairs of constants.
 *
 * A pair is built in one of four ways: both sides by the same random formula, the second one
 * rewritten at every step (2k sqrt m for sqrt 4k^2 m, expanded squares, half angles, …); the same
 * with a disturbance far below the first 64 bits added to one side; two formulas of their own; two
 * with a common part. Balls straight from the formula, at four times the bits the prover says it
 * needed and 4,000 more, must agree with every verdict; on small radical pairs Calcium must as
 * well. */
#include <calcium/ca.h>

#include "base/limits.h"
#include "base/rng.h"
#include "graders/math/exact.h"
#include "tests/support/exact_read.h"
#include "tests/support/support.h"

static struct arena mem;

static void set_up(void)
{
    arena_init(&mem, "mem", LIMIT_ARENA_TMP);
}

static void tear_down(void)
{
    arena_fini(&mem);
}

TestSuite(exact_random, .init = set_up, .fini = tear_down);

enum { WORK_OF_PAIR = 20 * 1000 * 1000, TIMEOUT_S = 600 };

struct dice {
    uint64_t seed;
    uint64_t pair;
    uint64_t at;
};

static int64_t roll(struct dice *d, int64_t n)
{
    return (int64_t)rng_below(d->seed, d->pair, d->at++, (uint64_t)n);
}

/* ------------------------------------------------------------------------------- pairs */

/* Two formulas for one number, both real and, unless something cancels, not 0. */
struct twins {
    int32_t a;
    int32_t b;
};

static struct exprs *x;
static bool has_trig; /* whether pairs may have angles; Calcium is slow on them */
static bool has_transcendental;

static int32_t square(int32_t a)
{
    return expr_pow(x, a, expr_int(x, 2));
}

static int32_t times(int64_t k, int32_t a)
{
    return expr_mul(x, expr_int(x, k), a);
}

static struct twins twin_rational(struct dice *d)
{
    int64_t p = roll(d, 19) - 9;
    int64_t q = 1 + roll(d, 6);
    return (struct twins){expr_ratio(x, p, q), expr_div(x, expr_int(x, 3 * p), expr_int(x, 3 * q))};
}

static struct twins twin_root(struct dice *d)
{
    int64_t m = 2 + roll(d, 30);
    int64_t k = 1 + roll(d, 5);
    if (roll(d, 4) == 0) { /* of the third degree, of either sign */
        int64_t sign = roll(d, 2) == 0 ? 1 : -1;
        return (struct twins){
            expr_call2(x, EXPR_ROOT, expr_int(x, sign * k * k * k * m), expr_int(x, 3)),
            times(sign * k, expr_pow(x, expr_int(x, m), expr_ratio(x, 1, 3)))};
    }
    return (struct twins){expr_sqrt(x, expr_int(x, k * k * m)),
                          times(k, expr_sqrt(x, expr_int(x, m)))};
}

/* p pi / q, which is not a multiple of pi / 2 */
static int32_t angle(int64_t p, int64_t q)
{
    return expr_mul(x, expr_ratio(x, p, q), expr_constant(x, EXPR_PI));
}

static struct twins twin_trig(struct dice *d)
{
    static const int8_t orders[] = {5, 7, 8, 9, 11, 12, 15, 3};
    int64_t q = orders[roll(d, 8)];
    int64_t p = 1 + roll(d, 2 * q);
    if (p % q == 0)
        p++;
    int32_t half = angle(p, 2 * q);
    switch (roll(d, 4)) {
    case 0: /* cos x = 2 cos^2 (x/2) - 1 */
        return (struct twins){
            expr_call(x, EXPR_COS, angle(p, q)),
            expr_sub(x, times(2, square(expr_call(x, EXPR_COS, half))), expr_int(x, 1))};
    case 1: /* sin x = 2 sin (x/2) cos (x/2) */
        return (struct twins){
            expr_call(x, EXPR_SIN, angle(p, q)),
            times(2, expr_mul(x, expr_call(x, EXPR_SIN, half), expr_call(x, EXPR_COS, half)))};
    case 2: /* tan (x/2) = sin x / (1 + cos x) */
        return (struct twins){
            expr_call(x, EXPR_TAN, half),
            expr_div(x, expr_call(x, EXPR_SIN, angle(p, q)),
                     expr_add(x, expr_int(x, 1), expr_call(x, EXPR_COS, angle(p, q))))};
    default: /* sin x = cos (pi/2 - x) */
        return (struct twins){expr_call(x, EXPR_SIN, angle(p, q)),
                              expr_call(x, EXPR_COS, angle(q - 2 * p, 2 * q))};
    }
}

static struct twins twin_transcendental(struct dice *d)
{
    int32_t r = expr_ratio(x, 1 + roll(d, 5), 2 + roll(d, 5));
    int64_t k = 2 + roll(d, 6);
    int64_t m = 2 + roll(d, 6);
    int32_t e = expr_constant(x, EXPR_E);
    switch (roll(d, 6)) {
    case 0:
        return (struct twins){expr_call(x, EXPR_LN, expr_int(x, k * m)),
                              expr_add(x, expr_call(x, EXPR_LN, expr_int(x, k)),
                                       expr_call(x, EXPR_LN, expr_int(x, m)))};
    case 1: /* atan r = 2 atan (r / (1 + sqrt (1 + r^2))) */
        return (struct twins){
            expr_call(x, EXPR_ATAN, r),
            times(2, expr_call(x, EXPR_ATAN,
                               expr_div(x, r,
                                        expr_add(x, expr_int(x, 1),
                                                 expr_sqrt(x, expr_add(x, expr_int(x, 1),
                                                                       square(r)))))))};
    case 2:
        return (struct twins){expr_pow(x, e, times(2, r)), square(expr_pow(x, e, r))};
    case 3:
        return (struct twins){
            expr_call(x, EXPR_SIN, times(2, r)),
            times(2, expr_mul(x, expr_call(x, EXPR_SIN, r), expr_call(x, EXPR_COS, r)))};
    case 4:
        return (struct twins){expr_constant(x, EXPR_PI),
                              times(4, expr_call(x, EXPR_ATAN, expr_int(x, 1)))};
    default:
        return (struct twins){expr_pow(x, expr_int(x, k * m), expr_sqrt(x, expr_int(x, 2))),
                              expr_mul(x, expr_pow(x, expr_int(x, k), expr_sqrt(x, expr_int(x, 2))),
                                       expr_pow(x, expr_int(x, m), expr_sqrt(x, expr_int(x, 2))))};
    }
}

static struct twins twin_leaf(struct dice *d)
{
    int64_t kind = roll(d, 10);
    if (kind < 2)
        return twin_rational(d);
    if (kind < 4 && has_trig)
        return twin_trig(d);
    return kind < 7 && has_transcendental ? twin_transcendental(d) : twin_root(d);
}

static struct twins twin_any(struct dice *d, int depth);

static struct twins twin_of_two(struct dice *d, int depth, int64_t kind)
{
    struct twins u = twin_any(d, depth - 1);
    struct twins v = twin_any(d, depth - 1);
    switch (kind) {
    case 0: /* u + v = (u - v) + 2v */
        return (struct twins){expr_add(x, u.a, v.a),
                              expr_add(x, expr_sub(x, u.b, v.b), times(2, v.b))};
    case 1: /* u (u + v) = u^2 + uv */
        return (struct twins){expr_mul(x, u.a, expr_add(x, u.a, v.a)),
                              expr_add(x, square(u.b), expr_mul(x, u.b, v.b))};
    case 2: /* u / v = uv / v^2 */
        return (struct twins){expr_div(x, u.a, v.a),
                              expr_div(x, expr_mul(x, u.b, v.b), square(v.b))};
    case 3: /* (u + v)^2 */
        return (struct twins){
            square(expr_add(x, u.a, v.a)),
            expr_add(x, expr_add(x, square(u.b), square(v.b)), times(2, expr_mul(x, u.b, v.b)))};
    case 4: /* 1 / (u + v) = (u - v) / (u^2 - v^2) */
        return (struct twins){
            expr_pow(x, expr_add(x, u.a, v.a), expr_int(x, -1)),
            expr_div(x, expr_sub(x, u.b, v.b), expr_sub(x, square(u.b), square(v.b)))};
    case 5: /* sqrt of (u + v)^2 */
        return (struct twins){expr_sqrt(x, expr_add(x, expr_add(x, square(u.a), square(v.a)),
                                                    times(2, expr_mul(x, u.a, v.a)))),
                              expr_call(x, EXPR_ABS, expr_add(x, u.b, v.b))};
    default: /* larger + smaller = u + v */
        return (struct twins){
            expr_add(x, expr_call2(x, EXPR_MAX, u.a, v.a), expr_call2(x, EXPR_MIN, u.a, v.a)),
            expr_add(x, u.b, v.b)};
    }
}

static struct twins twin_of_one(struct dice *d, int depth, int64_t kind)
{
    struct twins u = twin_any(d, depth - 1);
    int32_t one = expr_int(x, 1);
    switch (kind) {
    case 0: /* sqrt (1 + u^2), nested */
        return (struct twins){expr_sqrt(x, expr_add(x, one, square(u.a))),
                              expr_pow(x, expr_add(x, square(u.b), one), expr_ratio(x, 1, 2))};
    case 1: /* |1 + ui|^2 */
        return (struct twins){
            square(expr_call(x, EXPR_ABS,
                             expr_add(x, one, expr_mul(x, u.a, expr_constant(x, EXPR_I))))),
            expr_add(x, one, square(u.b))};
    case 2: /* floor u and -ceil (-u) */
        return (struct twins){expr_add(x, u.a, expr_call(x, EXPR_FLOOR, u.a)),
                              expr_sub(x, u.b, expr_call(x, EXPR_CEIL, expr_neg(x, u.b)))};
    case 3: /* real part of (1 + ui)^2 */
        return (struct twins){
            expr_call(x, EXPR_RE,
                      square(expr_add(x, one, expr_mul(x, u.a, expr_constant(x, EXPR_I))))),
            expr_sub(x, one, square(u.b))};
    default: /* the cube root of a cube, of either sign */
        return (struct twins){
            expr_call2(x, EXPR_ROOT, expr_pow(x, u.a, expr_int(x, 3)), expr_int(x, 3)), u.b};
    }
}

static struct twins twin_any(struct dice *d, int depth)
{
    if (depth == 0 || roll(d, 5) == 0)
        return twin_leaf(d);
    int64_t kind = roll(d, 16);
    return kind < 12 ? twin_of_two(d, depth, kind % 7) : twin_of_one(d, depth, roll(d, 5));
}

/* ------------------------------------------------------------------------------- balls */

/* Values straight from the formulas. A decision that the ball leaves open makes the value not
 * finite; numbers that are real have their imaginary part at exactly 0 here. */
struct values {
    acb_ptr at;
    bool *is_known;
    slong prec;
};

static void value_of(struct values *v, acb_t z, int32_t e);

static const acb_struct *value_at(struct values *v, int32_t e)
{
    if (!v->is_known[e])
        value_of(v, v->at + e, e);
    v->is_known[e] = true;
    return v->at + e;
}

static void power_value(struct values *v, acb_t z, int32_t e)
{
    const acb_struct *base = value_at(v, expr_arg(x, e, 0));
    int32_t exponent = expr_arg(x, e, 1);
    int64_t n;
    if (expr_get_int(x, exponent, &n)) {
        acb_pow_si(z, base, n, v->prec);
    } else if (expr_is(x, exponent, EXPR_NUMBER) &&
               fmpz_equal_si(fmpq_denref(expr_number(x, exponent)), 2)) {
        acb_sqrt(z, base, v->prec);
        acb_pow_fmpz(z, z, fmpq_numref(expr_number(x, exponent)), v->prec);
    } else if (arb_is_positive(acb_realref(base)) && acb_is_real(base)) {
        acb_pow(z, base, value_at(v, exponent), v->prec);
    } else {
        acb_indeterminate(z);
    }
}

static void cube_root(acb_t z, const acb_struct *a, slong prec)
{
    arb_ptr r = acb_realref(z);
    arb_zero(acb_imagref(z));
    if (!acb_is_real(a)) {
        acb_indeterminate(z);
    } else if (arb_is_negative(acb_realref(a))) {
        arb_neg(r, acb_realref(a));
        arb_root_ui(r, r, 3, prec);
        arb_neg(r, r);
    } else {
        arb_root_ui(r, acb_realref(a), 3, prec);
    }
}

static void floor_value(acb_t z, const acb_struct *a, bool is_up, slong prec)
{
    (is_up ? arb_ceil : arb_floor)(acb_realref(z), acb_realref(a), prec);
    arb_zero(acb_imagref(z));
    if (!acb_is_real(a) || !arb_is_exact(acb_realref(z)))
        acb_indeterminate(z);
}

static void call_value(struct values *v, acb_t z, int32_t e)
{
    const acb_struct *a = value_at(v, expr_arg(x, e, 0));
    switch ((enum expr_function)expr_which(x, e)) {
    case EXPR_SIN:
        acb_sin(z, a, v->prec);
        break;
    case EXPR_COS:
        acb_cos(z, a, v->prec);
        break;
    case EXPR_TAN:
        acb_tan(z, a, v->prec);
        break;
    case EXPR_LN:
        acb_log(z, a, v->prec);
        break;
    case EXPR_ATAN:
        acb_atan(z, a, v->prec);
        break;
    case EXPR_ABS:
        acb_abs(acb_realref(z), a, v->prec);
        arb_zero(acb_imagref(z));
        break;
    case EXPR_RE:
        acb_set(z, a);
        arb_zero(acb_imagref(z));
        break;
    case EXPR_ROOT:
        cube_root(z, a, v->prec);
        break;
    case EXPR_FLOOR:
    case EXPR_CEIL:
        floor_value(z, a, expr_is_call(x, e, EXPR_CEIL), v->prec);
        break;
    case EXPR_MAX:
    case EXPR_MIN: {
        const acb_struct *b = value_at(v, expr_arg(x, e, 1));
        bool is_max = expr_is_call(x, e, EXPR_MAX);
        (is_max ? arb_max : arb_min)(acb_realref(z), acb_realref(a), acb_realref(b), v->prec);
        arb_zero(acb_imagref(z));
        if (!acb_is_real(a) || !acb_is_real(b))
            acb_indeterminate(z);
        break;
    }
    default:
        cr_assert_fail("a function without a value");
    }
}

static void value_of(struct values *v, acb_t z, int32_t e)
{
    bool is_sum = expr_is(x, e, EXPR_ADD);
    switch (expr_op(x, e)) {
    case EXPR_NUMBER:
        acb_set_fmpq(z, expr_number(x, e), v->prec);
        break;
    case EXPR_CONSTANT:
        if (expr_is_constant(x, e, EXPR_PI))
            acb_const_pi(z, v->prec);
        else if (expr_is_constant(x, e, EXPR_I))
            acb_onei(z);
        else
            arb_const_e(acb_realref(z), v->prec);
        break;
    case EXPR_ADD:
    case EXPR_MUL:
        acb_set_si(z, is_sum ? 0 : 1);
        for (int32_t i = 0; i < expr_n_args(x, e); i++)
            (is_sum ? acb_add : acb_mul)(z, z, value_at(v, expr_arg(x, e, i)), v->prec);
        break;
    case EXPR_POW:
        power_value(v, z, e);
        break;
    default:
        call_value(v, z, e);
    }
}

static void difference_at(acb_t out, struct twins t, slong prec)
{
    struct arena tmp = mem;
    int32_t n = exprs_count(x);
    struct values v = {_acb_vec_init(n), NEW(&tmp, bool, n), prec};
    acb_sub(out, value_at(&v, t.a), value_at(&v, t.b), prec);
    _acb_vec_clear(v.at, n);
}

/* ------------------------------------------------------------------------------- verdicts */

enum how { BUILT_EQUAL, DISTURBED, UNRELATED, RELATED, N_WAYS };

struct counts {
    int64_t truths[N_WAYS][EXACT_UNKNOWN + 1];
    int64_t unchecked; /* the oracle's balls were not finite */
};

static struct twins make_pair(struct dice *d, enum how how, int depth)
{
    struct twins t = twin_any(d, depth);
    if (how == DISTURBED) {
        int32_t tiny = expr_pow(x, expr_int(x, 10), expr_int(x, -20 - roll(d, 80)));
        return (struct twins){t.a, expr_add(x, t.b, tiny)};
    }
    if (how == UNRELATED)
        return (struct twins){t.a, twin_any(d, depth).a};
    if (how == RELATED) {
        struct twins u = twin_any(d, 1);
        return (struct twins){expr_mul(x, t.a, u.a), expr_mul(x, t.b, twin_any(d, 1).a)};
    }
    return t;
}

static void print_pair(struct buf *out, struct twins t)
{
    exact_print(x, t.a, out);
    buf_put(out, STR("   against   "));
    exact_print(x, t.b, out);
}

static void check_with_balls(struct twins t, struct exact got, struct counts *n,
                             const struct dice *d)
{
    enum { FACTOR = 4, EXTRA = 4000, SHRINK = 64 };
    acb_t z;
    acb_init(z);
    difference_at(z, t, FACTOR * got.bits + EXTRA);
    bool is_open = !acb_is_finite(z);
    bool is_apart = !is_open && !acb_contains_zero(z);
    mag_t m;
    mag_init(m);
    acb_get_mag(m, z);
    bool is_together =
        !is_open && !is_apart && mag_cmp_2exp_si(m, -(FACTOR * got.bits + SHRINK)) < 0;
    mag_clear(m);
    acb_clear(z);
    n->unchecked += is_open;
    struct buf text = {0};
    print_pair(&text, t);
    const char *seed = "SEED and pair";
    if (got.truth == EXACT_EQUAL || got.truth == EXACT_PROBABLE)
        cr_assert(is_open || is_together, "%s %llu %llu: called equal by %s at %lld bits: %s", seed,
                  (unsigned long long)d->seed, (unsigned long long)d->pair, got.method,
                  (long long)got.bits, text.at);
    if (got.truth == EXACT_DIFFERENT)
        cr_assert(is_open || is_apart, "%s %llu %llu: called different by %s at %lld bits: %s",
                  seed, (unsigned long long)d->seed, (unsigned long long)d->pair, got.method,
                  (long long)got.bits, text.at);
    if (got.truth == EXACT_UNDEFINED)
        cr_assert(is_open, "%s %llu %llu: called undefined (%s): %s", seed,
                  (unsigned long long)d->seed, (unsigned long long)d->pair, got.method, text.at);
    buf_free(&text);
}

static struct exact decide(struct twins t)
{
    struct budget budget = {.work = WORK_OF_PAIR};
    struct exact got = exact_compare(x, t.a, t.b, &budget);
    budget.work = WORK_OF_PAIR;
    struct exact turned = exact_compare(x, t.b, t.a, &budget);
    cr_assert(got.truth == turned.truth);
    return got;
}

static void one_pair(struct dice *d, int depth, struct counts *n)
{
    struct arena before = mem;
    x = exprs_open(&mem);
    enum how how = d->pair % 2 == 0 ? BUILT_EQUAL : (enum how)(1 + roll(d, N_WAYS - 1));
    struct twins t = make_pair(d, how, depth);
    cr_assert(t.a != EXPR_NONE && t.b != EXPR_NONE);
    struct exact got = decide(t);
    n->truths[how][got.truth]++;
    if (how == BUILT_EQUAL)
        cr_assert(got.truth != EXACT_DIFFERENT,
                  "SEED %llu pair %llu: built equal, called different", (unsigned long long)d->seed,
                  (unsigned long long)d->pair);
    if (how == DISTURBED)
        cr_assert(got.truth != EXACT_EQUAL && got.truth != EXACT_PROBABLE,
                  "SEED %llu pair %llu: disturbed, called equal", (unsigned long long)d->seed,
                  (unsigned long long)d->pair);
    if (got.truth <= EXACT_UNDEFINED)
        check_with_balls(t, got, n, d);
    exprs_close(x);
    mem = before;
}

static struct counts run(int64_t n_pairs, int depth, uint64_t seed)
{
    struct counts n = {0};
    for (int64_t i = 0; i < n_pairs; i++) {
        struct dice d = {seed, (uint64_t)i, 0};
        one_pair(&d, depth, &n);
    }
    for (int how = 0; how < N_WAYS; how++)
        cr_log_info(
            "way %d: equal %lld, probable %lld, different %lld, undefined %lld, unknown %lld", how,
            (long long)n.truths[how][0], (long long)n.truths[how][1], (long long)n.truths[how][2],
            (long long)n.truths[how][3], (long long)n.truths[how][4]);
    cr_log_info("not checked: %lld", (long long)n.unchecked);
    return n;
}

/* Of what has a value, the share that was decided is part of the contract too. */
static void decided_at_least(const struct counts *n, int percent_equal, int percent_other)
{
    for (int how = 0; how < N_WAYS; how++) {
        const int64_t *t = n->truths[how];
        int64_t proved = t[EXACT_EQUAL] + t[EXACT_DIFFERENT];
        int64_t all = proved + t[EXACT_PROBABLE] + t[EXACT_UNKNOWN];
        int percent = how == BUILT_EQUAL ? percent_equal : percent_other;
        cr_expect(100 * proved >= percent * all, "way %d: %lld of %lld proved", how,
                  (long long)proved, (long long)all);
    }
}

Test(exact_random, algebraic_verdicts_agree_with_balls, .timeout = TIMEOUT_S)
{
    has_trig = true;
    struct counts n = run(SUPPORT_SIZE(20000), 3, support_seed(1));
    decided_at_least(&n, 70, 95);
}

Test(exact_random, elementary_verdicts_agree_with_balls, .timeout = TIMEOUT_S)
{
    has_trig = true;
    has_transcendental = true;
    struct counts n = run(SUPPORT_SIZE(4000), 2, support_seed(2));
    decided_at_least(&n, 70, 95);
}

/* ------------------------------------------------------------------------------- Calcium */

static void calcium_of(ca_t out, int32_t e, ca_ctx_t ctx);

static void calcium_power(ca_t out, int32_t e, ca_ctx_t ctx)
{
    ca_t exponent;
    ca_init(exponent, ctx);
    calcium_of(out, expr_arg(x, e, 0), ctx);
    calcium_of(exponent, expr_arg(x, e, 1), ctx);
    ca_pow(out, out, exponent, ctx);
    ca_clear(exponent, ctx);
}

static void calcium_call(ca_t out, int32_t e, ca_ctx_t ctx)
{
    ca_t third;
    calcium_of(out, expr_arg(x, e, 0), ctx);
    switch ((enum expr_function)expr_which(x, e)) {
    case EXPR_ABS:
        ca_abs(out, out, ctx);
        break;
    case EXPR_RE:
        ca_re(out, out, ctx);
        break;
    case EXPR_FLOOR:
        ca_floor(out, out, ctx);
        break;
    case EXPR_CEIL:
        ca_ceil(out, out, ctx);
        break;
    case EXPR_ROOT: /* the real one: sign x |x|^(1/3) */
        ca_init(third, ctx);
        ca_sgn(third, out, ctx);
        ca_abs(out, out, ctx);
        fmpq_t q;
        fmpq_init(q);
        fmpq_set_si(q, 1, 3);
        ca_pow_fmpq(out, out, q, ctx);
        fmpq_clear(q);
        ca_mul(out, out, third, ctx);
        ca_clear(third, ctx);
        break;
    default: /* min and max: not in Calcium */
        ca_unknown(out, ctx);
    }
}

static void calcium_of(ca_t out, int32_t e, ca_ctx_t ctx)
{
    bool is_sum = expr_is(x, e, EXPR_ADD);
    ca_t one;
    switch (expr_op(x, e)) {
    case EXPR_NUMBER:
        ca_set_fmpq(out, expr_number(x, e), ctx);
        break;
    case EXPR_CONSTANT:
        ca_i(out, ctx);
        break;
    case EXPR_ADD:
    case EXPR_MUL:
        ca_init(one, ctx);
        ca_set_si(out, is_sum ? 0 : 1, ctx);
        for (int32_t i = 0; i < expr_n_args(x, e); i++) {
            calcium_of(one, expr_arg(x, e, i), ctx);
            (is_sum ? ca_add : ca_mul)(out, out, one, ctx);
        }
        ca_clear(one, ctx);
        break;
    case EXPR_POW:
        calcium_power(out, e, ctx);
        break;
    default:
        calcium_call(out, e, ctx);
    }
}

static truth_t calcium_says(struct twins t)
{
    ca_ctx_t ctx;
    ca_t a;
    ca_t b;
    ca_ctx_init(ctx);
    ca_init(a, ctx);
    ca_init(b, ctx);
    calcium_of(a, t.a, ctx);
    calcium_of(b, t.b, ctx);
    truth_t says = ca_check_equal(a, b, ctx);
    ca_clear(a, ctx);
    ca_clear(b, ctx);
    ca_ctx_clear(ctx);
    return says;
}

Test(exact_random, radical_verdicts_agree_with_calcium, .timeout = TIMEOUT_S)
{
    uint64_t seed = support_seed(3);
    int64_t n = SUPPORT_SIZE(1000);
    int64_t n_decided = 0;
    for (int64_t i = 0; i < n; i++) {
        struct arena before = mem;
        struct dice d = {seed, (uint64_t)i, 0};
        x = exprs_open(&mem);
        struct twins t = make_pair(&d, i % 2 == 0 ? BUILT_EQUAL : UNRELATED, 1);
        struct exact got = decide(t);
        truth_t says = calcium_says(t);
        n_decided += says != T_UNKNOWN;
        struct buf text = {0};
        print_pair(&text, t);
        if (got.truth == EXACT_EQUAL)
            cr_assert(says != T_FALSE, "SEED %llu pair %lld: %s", (unsigned long long)seed,
                      (long long)i, text.at);
        if (got.truth == EXACT_DIFFERENT)
            cr_assert(says != T_TRUE, "SEED %llu pair %lld: %s", (unsigned long long)seed,
                      (long long)i, text.at);
        buf_free(&text);
        exprs_close(x);
        mem = before;
    }
    cr_assert(2 * n_decided > n, "Calcium decided %lld of %lld", (long long)n_decided,
              (long long)n);
}
