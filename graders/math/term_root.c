/* Roots, exponentials, logarithms and arguments of terms in normal form.
 *
 * What is positive is taken out of a root, a logarithm and an argument, since that never turns the
 * value onto another branch: (p b)^(1/k) = p^(1/k) b^(1/k) and log(p b) = log p + log b for p > 0.
 * Of a sum the content is taken out: 8 + 4 sqrt 3 is 4 times 2 + sqrt 3. */
#include <assert.h>

#include "graders/math/factor.h"
#include "graders/math/term.h"

/* ------------------------------------------------------------------------ what is positive */

struct split {
    fmpq number[1];    /* positive rational factor */
    int32_t *positive; /* other positive factors */
    int32_t n;
    int32_t rest; /* all else; the number 1 when there is nothing else */
};

/* gcd of all coefficients of a sum, as a positive rational */
static void content_of(const struct terms *T, int32_t t, fmpq_t c)
{
    const struct term *p = term_at(T, t);
    fmpq_abs(c, p->q);
    for (int32_t i = 0; i < p->n_args; i++) {
        const struct term *a = term_at(T, p->args[i]);
        fmpq_t one;
        fmpq_init(one);
        fmpq_one(one);
        fmpq_gcd(c, c, a->kind == TERM_MUL ? a->q : one);
        fmpq_clear(one);
    }
    fmpq_abs(c, c);
}

static void split_sum(struct terms *T, int32_t t, struct split *s)
{
    content_of(T, t, s->number);
    assert(!fmpq_is_zero(s->number));
    fmpq_t inverse;
    fmpq_init(inverse);
    fmpq_set(inverse, s->number);
    fmpq_inv(inverse, inverse);
    bool is_plain = fmpq_is_one(inverse);
    int facts = T->at[t].facts;
    s->rest = is_plain ? t : term_scale(T, t, inverse);
    if (s->rest >= 0)
        T->at[s->rest].facts |= (uint8_t)facts; /* what was proved of t holds for a positive part */
    fmpq_clear(inverse);
}

static void split_product(struct terms *T, int32_t t, struct split *s)
{
    int32_t n = T->at[t].n_args;
    const int32_t *args = T->at[t].args;
    s->positive = NEW(&T->mem, int32_t, n);
    int32_t *others = NEW(&T->mem, int32_t, n + 1);
    int32_t n_others = 0;
    for (int32_t i = 0; i < n; i++) {
        if (term_is(T, args[i], TERM_IS_POSITIVE))
            s->positive[s->n++] = args[i];
        else
            others[n_others++] = args[i];
    }
    fmpq_abs(s->number, T->at[t].q);
    if (fmpq_sgn(T->at[t].q) < 0)
        others[n_others++] = term_int(T, -1);
    s->rest = term_product(T, others, n_others);
    if (s->rest >= 0)
        T->at[s->rest].facts |= T->at[t].facts & (TERM_IS_REAL | TERM_IS_POSITIVE);
}

static void split_open(struct terms *T, int32_t t, struct split *s)
{
    *s = (struct split){.rest = t};
    fmpq_init(s->number);
    fmpq_one(s->number);
    const struct term *p = term_at(T, t);
    if (p->kind == TERM_RATIONAL) {
        fmpq_abs(s->number, p->q);
        s->rest = term_int(T, fmpq_sgn(p->q));
    } else if (p->kind == TERM_MUL) {
        split_product(T, t, s);
    } else if (p->kind == TERM_ADD) {
        split_sum(T, t, s);
    }
}

static void split_close(struct split *s)
{
    fmpq_clear(s->number);
}

/* Whether t = e^(2 pi i q) with -1/2 < q <= 1/2. */
static bool is_on_circle(const struct terms *T, int32_t t, fmpq_t q)
{
    const struct term *p = term_at(T, t);
    if (p->kind == TERM_UNIT) {
        fmpq_set(q, p->q);
        return true;
    }
    if (p->kind == TERM_RATIONAL && fmpz_is_pm1(fmpq_numref(p->q)) &&
        fmpz_is_one(fmpq_denref(p->q))) {
        fmpq_set_si(q, fmpq_sgn(p->q) < 0, fmpq_sgn(p->q) < 0 ? 2 : 1);
        return true;
    }
    if (p->kind != TERM_MUL || p->n_args != 1 || term_kind(T, p->args[0]) != TERM_UNIT ||
        !fmpz_equal_si(fmpq_numref(p->q), -1) || !fmpz_is_one(fmpq_denref(p->q)))
        return false;
    fmpq_set_si(q, 1, 2);
    fmpq_sub(q, term_at(T, p->args[0])->q, q);
    return true;
}

/* Whether t = base^e, principal: base positive, or a root to a power within (-1, 1). */
static bool is_principal_power(const struct terms *T, int32_t t, int32_t *base, fmpq_t e)
{
    const struct term *p = term_at(T, t);
    fmpq_one(e);
    if (p->kind == TERM_POWER) {
        fmpq_set(e, p->q);
        *base = p->args[0];
        if (term_is(T, *base, TERM_IS_POSITIVE) && term_kind(T, *base) != TERM_ROOT)
            return true;
        p = term_at(T, *base);
    }
    if (p->kind != TERM_ROOT)
        return false;
    *base = p->args[0];
    fmpq_div_fmpz(e, e, (fmpz_t){p->k});
    fmpz_t whole;
    fmpz_init(whole);
    fmpz_tdiv_q(whole, fmpq_numref(e), fmpq_denref(e));
    bool is_small = fmpz_is_zero(whole) || term_is(T, *base, TERM_IS_POSITIVE);
    fmpz_clear(whole);
    return is_small;
}

/* ------------------------------------------------------------------------------- roots */

static int32_t root_node(struct terms *T, int32_t a, int64_t k)
{
    enum { MAX_DEGREE = 100000 };
    if (a < 0 || k > MAX_DEGREE)
        return a < 0 ? a : TERM_UNKNOWN;
    int facts = T->at[a].facts & (TERM_IS_POSITIVE | TERM_IS_ALGEBRAIC);
    facts |= (facts & TERM_IS_POSITIVE) != 0 ? TERM_IS_REAL : 0;
    return term_intern(
        T, &(struct term_make){
               .kind = TERM_ROOT, .facts = facts, .k = (int32_t)k, .args = &a, .n_args = 1});
}

static int32_t root_of_number(struct terms *T, const fmpq_t q, int64_t k)
{
    struct factors f;
    if (fmpq_is_one(q))
        return term_int(T, 1);
    if (!factors_of(&f, q, T->budget))
        return TERM_UNKNOWN;
    int32_t *parts = NEW(&T->mem, int32_t, f.n);
    fmpq_t p;
    fmpq_init(p);
    for (int32_t i = 0; i < f.n; i++) {
        fmpq_set_fmpz(p, f.at[i].p);
        parts[i] = term_power_si(T, root_node(T, term_rational(T, p), k), f.at[i].e);
    }
    int32_t made = term_product(T, parts, f.n);
    fmpq_clear(p);
    factors_clear(&f);
    return made;
}

/* t has no positive factor to take out. */
static int32_t root_of_rest(struct terms *T, int32_t t, int64_t k)
{
    fmpq_t q;
    fmpq_init(q);
    int32_t base;
    int32_t made;
    if (is_on_circle(T, t, q)) {
        fmpq_div_fmpz(q, q, (fmpz_t){k});
        made = term_unit(T, q);
    } else if (is_principal_power(T, t, &base, q)) {
        fmpq_div_fmpz(q, q, (fmpz_t){k});
        made = term_power_q(T, base, q);
    } else if (term_kind(T, t) == TERM_EXP && term_is(T, t, TERM_IS_REAL)) {
        fmpq_set_si(q, 1, (ulong)k);
        made = term_exp(T, term_scale(T, T->at[t].args[0], q));
    } else {
        made = root_node(T, t, k);
    }
    fmpq_clear(q);
    return made;
}

int32_t term_root(struct terms *T, int32_t a, int64_t k)
{
    assert(k > 0);
    if (a < 0 || k == 1 || term_is_zero(T, a))
        return a;
    if (k > INT32_MAX)
        return TERM_UNKNOWN;
    struct split s;
    split_open(T, a, &s);
    int32_t *parts = NEW(&T->mem, int32_t, (int64_t)s.n + 2);
    for (int32_t i = 0; i < s.n; i++)
        parts[i] = root_of_rest(T, s.positive[i], k);
    parts[s.n] = root_of_number(T, s.number, k);
    parts[s.n + 1] = s.rest < 0 ? s.rest : root_of_rest(T, s.rest, k);
    int32_t made = term_product(T, parts, s.n + 2);
    split_close(&s);
    return made;
}

int32_t term_power_q(struct terms *T, int32_t a, const fmpq_t q)
{
    if (a < 0)
        return a;
    if (!fmpz_fits_si(fmpq_denref(q)))
        return TERM_UNKNOWN;
    return term_power(T, term_root(T, a, fmpz_get_si(fmpq_denref(q))), fmpq_numref(q));
}

/* ------------------------------------------------------------------------------- logarithms */

static int32_t log_node(struct terms *T, int32_t a)
{
    if (a < 0)
        return a;
    int facts = term_is(T, a, TERM_IS_POSITIVE) ? TERM_IS_REAL : 0;
    return term_intern(
        T, &(struct term_make){.kind = TERM_LOG, .facts = facts, .args = &a, .n_args = 1});
}

/* 2 pi q times i or times 1 */
static int32_t angle(struct terms *T, const fmpq_t q, bool is_imaginary)
{
    fmpq_t twice;
    fmpq_init(twice);
    fmpq_mul_2exp(twice, q, 1);
    int32_t made = term_scale(T, term_pi(T), twice);
    fmpq_clear(twice);
    return is_imaginary ? term_mul(T, made, term_i(T)) : made;
}

static int32_t log_of_number(struct terms *T, const fmpq_t q)
{
    struct factors f;
    if (fmpq_is_one(q))
        return term_int(T, 0);
    if (!factors_of(&f, q, T->budget))
        return TERM_UNKNOWN;
    int32_t *parts = NEW(&T->mem, int32_t, f.n);
    fmpq_t p;
    fmpq_init(p);
    for (int32_t i = 0; i < f.n; i++) {
        fmpq_set_fmpz(p, f.at[i].p);
        parts[i] = term_mul(T, term_int(T, f.at[i].e), log_node(T, term_rational(T, p)));
    }
    int32_t made = term_sum(T, parts, f.n);
    fmpq_clear(p);
    factors_clear(&f);
    return made;
}

static int32_t log_of_rest(struct terms *T, int32_t t)
{
    fmpq_t q;
    fmpq_init(q);
    int32_t base;
    int32_t made;
    if (is_on_circle(T, t, q))
        made = angle(T, q, true);
    else if (is_principal_power(T, t, &base, q))
        made = term_scale(T, term_log(T, base), q);
    else if (term_kind(T, t) == TERM_EXP && term_is(T, t, TERM_IS_REAL))
        made = T->at[t].args[0];
    else
        made = log_node(T, t);
    fmpq_clear(q);
    return made;
}

int32_t term_log(struct terms *T, int32_t a)
{
    if (a < 0)
        return a;
    assert(!term_is_zero(T, a));
    struct split s;
    split_open(T, a, &s);
    int32_t *parts = NEW(&T->mem, int32_t, (int64_t)s.n + 2);
    for (int32_t i = 0; i < s.n; i++)
        parts[i] = log_of_rest(T, s.positive[i]);
    parts[s.n] = log_of_number(T, s.number);
    parts[s.n + 1] = s.rest < 0 ? s.rest : log_of_rest(T, s.rest);
    int32_t made = term_sum(T, parts, s.n + 2);
    split_close(&s);
    return made;
}

static int32_t arg_of_rest(struct terms *T, int32_t t)
{
    fmpq_t q;
    fmpq_init(q);
    int32_t base;
    int32_t made;
    if (is_on_circle(T, t, q))
        made = angle(T, q, false);
    else if (is_principal_power(T, t, &base, q))
        made = term_scale(T, term_arg(T, base), q);
    else if (term_is(T, t, TERM_IS_POSITIVE))
        made = term_int(T, 0);
    else
        made = term_intern(
            T,
            &(struct term_make){.kind = TERM_ARG, .facts = TERM_IS_REAL, .args = &t, .n_args = 1});
    fmpq_clear(q);
    return made;
}

int32_t term_arg(struct terms *T, int32_t a)
{
    if (a < 0)
        return a;
    assert(!term_is_zero(T, a));
    struct split s;
    split_open(T, a, &s);
    int32_t made = s.rest < 0 ? s.rest : arg_of_rest(T, s.rest);
    split_close(&s);
    return made;
}

/* ------------------------------------------------------------------------------- exponentials */

static int32_t exp_node(struct terms *T, int32_t a)
{
    if (a < 0)
        return a;
    int facts = term_is(T, a, TERM_IS_REAL) ? TERM_IS_REAL | TERM_IS_POSITIVE : 0;
    return term_intern(
        T, &(struct term_make){.kind = TERM_EXP, .facts = facts, .args = &a, .n_args = 1});
}

/* e^(c base): a power of e^(base/denominator), so that e^(1/2) and e^(3/2) share it. */
static int32_t exp_of_part(struct terms *T, int32_t base, const fmpq_t c)
{
    enum { MAX_POWER = 1000 };
    fmpq_t part;
    fmpq_init(part);
    fmpz_one(fmpq_numref(part));
    fmpz_set(fmpq_denref(part), fmpq_denref(c));
    int32_t made;
    if (fmpz_cmpabs(fmpq_numref(c), (fmpz_t){MAX_POWER}) > 0)
        made = exp_node(T, term_scale(T, base, c));
    else
        made = term_power(T, exp_node(T, term_scale(T, base, part)), fmpq_numref(c));
    fmpq_clear(part);
    return made;
}

/* |a|^2, without a product of conjugates where a is seen to be r + i s. */
static int32_t norm_of(struct terms *T, int32_t a)
{
    int32_t norm = term_mul(T, a, term_conj(T, a));
    if (norm >= 0)
        T->at[norm].facts |= TERM_IS_REAL | TERM_IS_POSITIVE;
    return norm;
}

/* e^(i c arg a) = (a / |a|)^c, principal since arg is within (-pi, pi). */
static int32_t exp_of_arg(struct terms *T, int32_t a, const fmpq_t c)
{
    int32_t direction = term_div(T, a, term_root(T, norm_of(T, a), 2));
    return term_power_q(T, direction, c);
}

/* e^(c base), where base is a term of a sum without its coefficient */
static int32_t exp_of_term(struct terms *T, int32_t base, const fmpq_t c)
{
    struct term p = T->at[base];
    if (p.kind == TERM_LOG)
        return term_power_q(T, p.args[0], c);
    if (p.kind == TERM_MUL && p.n_args == 2) {
        int32_t unit = p.args[term_kind(T, p.args[0]) == TERM_UNIT ? 0 : 1];
        int32_t other = p.args[unit == p.args[0] ? 1 : 0];
        bool is_i = unit == term_i(T);
        if (is_i && term_kind(T, other) == TERM_PI) {
            fmpq_t turn;
            fmpq_init(turn);
            fmpq_div_2exp(turn, c, 1);
            int32_t made = term_unit(T, turn);
            fmpq_clear(turn);
            return made;
        }
        if (is_i && term_kind(T, other) == TERM_ARG)
            return exp_of_arg(T, T->at[other].args[0], c);
    }
    return exp_of_part(T, base, c);
}

/* A term c base of a sum, taken apart. */
static int32_t base_of(struct terms *T, int32_t t, fmpq_t c)
{
    fmpq_one(c);
    if (term_kind(T, t) != TERM_MUL)
        return t;
    fmpq_set(c, T->at[t].q);
    fmpq_t inverse;
    fmpq_init(inverse);
    fmpq_inv(inverse, c);
    int32_t base = term_scale(T, t, inverse);
    fmpq_clear(inverse);
    return base;
}

int32_t term_exp(struct terms *T, int32_t a)
{
    enum { MAX_TERMS = 32 };
    if (a < 0)
        return a;
    struct term p = T->at[a];
    bool is_sum = p.kind == TERM_ADD;
    if (is_sum && p.n_args > MAX_TERMS)
        return exp_node(T, a);
    int32_t parts[MAX_TERMS + 1];
    int32_t n = 0;
    fmpq_t c;
    fmpq_init(c);
    if (is_sum || p.kind == TERM_RATIONAL) {
        fmpq_set(c, p.q);
        parts[n++] = fmpq_is_zero(c) ? term_int(T, 1) : exp_of_part(T, term_int(T, 1), c);
    }
    for (int32_t i = 0; i < (is_sum ? p.n_args : p.kind == TERM_RATIONAL ? 0 : 1); i++) {
        int32_t base = base_of(T, is_sum ? p.args[i] : a, c);
        parts[n++] = base < 0 ? base : exp_of_term(T, base, c);
    }
    fmpq_clear(c);
    int32_t made = term_product(T, parts, n);
    if (made >= 0 && (p.facts & TERM_IS_REAL) != 0)
        T->at[made].facts |= TERM_IS_REAL | TERM_IS_POSITIVE;
    return made;
}

/* ------------------------------------------------------------------------------- conjugates */

static int32_t conj_of(struct terms *T, int32_t t);

static int32_t conj_of_args(struct terms *T, int32_t t)
{
    struct term p = T->at[t];
    int32_t *args = NEW(&T->mem, int32_t, p.n_args);
    for (int32_t i = 0; i < p.n_args; i++)
        args[i] = conj_of(T, p.args[i]);
    int32_t number = term_rational(T, p.q);
    switch (p.kind) {
    case TERM_ADD:
        return term_add(T, number, term_sum(T, args, p.n_args));
    case TERM_MUL:
        return term_mul(T, number, term_product(T, args, p.n_args));
    case TERM_POWER:
        return term_power(T, args[0], fmpq_numref(p.q));
    case TERM_ROOT:
        return term_root(T, args[0], p.k);
    case TERM_EXP:
        return term_exp(T, args[0]);
    default:
        assert(p.kind == TERM_LOG); /* arg is real */
        return term_log(T, args[0]);
    }
}

static int32_t conj_of(struct terms *T, int32_t t)
{
    if (t < 0 || term_is(T, t, TERM_IS_REAL))
        return t;
    if (T->at[t].stamp == T->stamp)
        return T->at[t].memo;
    int32_t made;
    if (term_kind(T, t) == TERM_UNIT) {
        fmpq_t q;
        fmpq_init(q);
        fmpq_neg(q, T->at[t].q);
        made = term_unit(T, q);
        fmpq_clear(q);
    } else {
        made = conj_of_args(T, t);
    }
    T->at[t].memo = made;
    T->at[t].stamp = T->stamp;
    return made;
}

int32_t term_conj(struct terms *T, int32_t a)
{
    T->stamp++;
    return conj_of(T, a);
}
