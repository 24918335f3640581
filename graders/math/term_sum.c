/* Sums and products of terms in normal form: like terms and like factors meet here.
 *
 * Both work on a list of parts, (base, coefficient) in a sum and (base, exponent) in a product. An
 * exponent is rational: the principal root A^(1/k) is the factor A to the power 1/k, and since
 * A^r = exp(r log A), exponents of one base add up whatever A is. */
#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"
#include "graders/math/factor.h"
#include "graders/math/term.h"

struct part {
    int32_t base;
    fmpq c[1];
};

struct parts {
    struct part *at;
    int32_t n;
    int32_t cap;
    fmpq number[1]; /* constant of a sum, coefficient of a product */
    fmpq turn[1];   /* of a product: angle as part of a full turn */
    int32_t failed; /* 0, or what a constructor gave instead of a node */
};

static void parts_open(struct parts *l)
{
    *l = (struct parts){0};
    fmpq_init(l->number);
    fmpq_init(l->turn);
}

static void parts_close(struct parts *l)
{
    for (int32_t i = 0; i < l->n; i++)
        fmpq_clear(l->at[i].c);
    fmpq_clear(l->number);
    fmpq_clear(l->turn);
}

static void put(struct terms *T, struct parts *l, int32_t base, const fmpq_t c)
{
    enum { FIRST = 16, WORK_PART = 80 };
    if (base < 0 || !budget_spend(T->budget, WORK_PART)) {
        l->failed = base < 0 ? base : TERM_UNKNOWN;
        return;
    }
    if (l->n == l->cap) {
        int32_t cap = l->cap == 0 ? FIRST : 2 * l->cap;
        struct part *more = NEW(&T->mem, struct part, cap);
        if (l->n > 0)
            memcpy(more, l->at, (size_t)l->n * sizeof *more);
        l->at = more;
        l->cap = cap;
    }
    struct part *p = &l->at[l->n++];
    p->base = base;
    fmpq_init(p->c);
    fmpq_set(p->c, c);
}

static int by_base(const void *a, const void *b)
{
    const struct part *p = a;
    const struct part *q = b;
    return (p->base > q->base) - (p->base < q->base);
}

/* Parts in order of their bases, each base once, none with 0. */
static void merge(struct parts *l)
{
    if (l->n > 1)
        qsort(l->at, (size_t)l->n, sizeof *l->at, by_base);
    int32_t kept = 0;
    for (int32_t i = 0; i < l->n; i++) {
        if (kept > 0 && l->at[kept - 1].base == l->at[i].base) {
            fmpq_add(l->at[kept - 1].c, l->at[kept - 1].c, l->at[i].c);
            fmpq_clear(l->at[i].c);
        } else {
            if (kept > 0 && fmpq_is_zero(l->at[kept - 1].c))
                fmpq_clear(l->at[--kept].c);
            l->at[kept++] = l->at[i];
        }
    }
    if (kept > 0 && fmpq_is_zero(l->at[kept - 1].c))
        fmpq_clear(l->at[--kept].c);
    l->n = kept;
}

static int64_t bits_of(const fmpq_t q)
{
    return (int64_t)fmpz_bits(fmpq_numref(q)) + (int64_t)fmpz_bits(fmpq_denref(q));
}

static bool spend_bits(struct terms *T, struct parts *l, int64_t bits)
{
    enum { LIMB = 64 };
    int64_t limbs = bits / LIMB; /* with a gcd, which is what takes the time */
    if (bits <= LIMIT_MATH_BITS && budget_spend(T->budget, 40 + limbs * (20 + limbs)))
        return true;
    l->failed = TERM_UNKNOWN;
    return false;
}

/* Facts that hold of a sum or product when they hold of all its parts. Also known of parts that no
 * longer show it: x and its conjugate are each not real, their sum was real when it was made. */
static int facts_of_all(const struct terms *T, const int32_t *t, int32_t n)
{
    int facts = n > 0 ? TERM_IS_REAL | TERM_IS_POSITIVE | TERM_IS_ALGEBRAIC : 0;
    for (int32_t i = 0; i < n; i++)
        facts &= T->at[t[i]].facts;
    return facts;
}

/* ------------------------------------------------------------------------------- sums */

/* c times a base that has no coefficient of its own */
static int32_t scaled(struct terms *T, int32_t base, const fmpq_t c)
{
    if (fmpq_is_one(c))
        return base;
    int facts = T->at[base].facts & ~(fmpq_sgn(c) < 0 ? TERM_IS_POSITIVE : 0);
    struct term_make m = {.kind = TERM_MUL, .facts = facts, .q = c, .args = &base, .n_args = 1};
    if (term_kind(T, base) == TERM_MUL) {
        m.args = T->at[base].args;
        m.n_args = T->at[base].n_args;
    }
    return term_intern(T, &m);
}

static int32_t without_coefficient(struct terms *T, int32_t t)
{
    struct term p = T->at[t];
    if (p.n_args == 1)
        return p.args[0];
    if (fmpq_is_one(p.q))
        return t;
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    int facts = facts_of_all(T, p.args, p.n_args) | (p.facts & TERM_IS_REAL);
    int32_t made = term_intern(
        T, &(struct term_make){
               .kind = TERM_MUL, .facts = facts, .q = one, .args = p.args, .n_args = p.n_args});
    fmpq_clear(one);
    return made;
}

static void take_term(struct terms *T, struct parts *l, int32_t t, const fmpq_t c)
{
    fmpq_t d;
    fmpq_init(d);
    const fmpq *q = T->at[t].q;
    switch (term_kind(T, t)) {
    case TERM_RATIONAL:
    case TERM_ADD:
        if (!spend_bits(T, l, bits_of(q) + bits_of(l->number)))
            break;
        fmpq_mul(d, q, c);
        fmpq_add(l->number, l->number, d);
        for (int32_t i = 0; i < T->at[t].n_args; i++)
            take_term(T, l, T->at[t].args[i], c);
        break;
    case TERM_MUL:
        fmpq_mul(d, q, c);
        put(T, l, without_coefficient(T, t), d);
        break;
    default:
        put(T, l, t, c);
    }
    fmpq_clear(d);
}

static int32_t end_sum(struct terms *T, struct parts *l)
{
    merge(l);
    if (l->n == 0)
        return term_rational(T, l->number);
    int32_t *args = NEW(&T->mem, int32_t, l->n);
    for (int32_t i = 0; i < l->n; i++) {
        args[i] = scaled(T, l->at[i].base, l->at[i].c);
        if (args[i] < 0)
            return args[i];
    }
    if (l->n == 1 && fmpq_is_zero(l->number))
        return args[0];
    int facts = facts_of_all(T, args, l->n);
    facts &= ~(fmpq_sgn(l->number) < 0 ? TERM_IS_POSITIVE : 0);
    return term_intern(
        T, &(struct term_make){
               .kind = TERM_ADD, .facts = facts, .q = l->number, .args = args, .n_args = l->n});
}

/* c times the sum of all t */
static int32_t sum_times(struct terms *T, const int32_t *t, int32_t n, const fmpq_t c)
{
    struct parts l;
    parts_open(&l);
    for (int32_t i = 0; i < n && l.failed == 0; i++) {
        if (t[i] < 0)
            l.failed = t[i];
        else
            take_term(T, &l, t[i], c);
    }
    int32_t made = l.failed != 0 ? l.failed : end_sum(T, &l);
    parts_close(&l);
    if (made >= 0 && fmpq_is_one(c))
        T->at[made].facts |= (uint8_t)facts_of_all(T, t, n);
    return made;
}

int32_t term_sum(struct terms *T, const int32_t *t, int32_t n)
{
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    int32_t made = sum_times(T, t, n, one);
    fmpq_clear(one);
    return made;
}

/* ------------------------------------------------------------------------------- products */

/* The number q to the whole power e goes into the coefficient where that stays small; else its
 * primes become parts. */
static void take_number(struct terms *T, struct parts *l, const fmpq_t q, const fmpq_t e)
{
    assert(fmpz_is_one(fmpq_denref(e)));
    const fmpz *n = fmpq_numref(e);
    if (fmpq_is_one(q))
        return;
    if (fmpz_is_zero(n) || fmpq_is_zero(q)) {
        if (fmpq_is_zero(q))
            fmpq_zero(l->number);
        return;
    }
    bool is_small = fmpz_bits(n) < 32;
    int64_t bits = is_small ? bits_of(q) * llabs(fmpz_get_si(n)) : INT64_MAX;
    if (is_small &&
        (bits <= LIMIT_MATH_BITS || (fmpz_is_pm1(fmpq_numref(q)) && fmpz_is_one(fmpq_denref(q))))) {
        if (!spend_bits(T, l, (bits <= LIMIT_MATH_BITS ? bits : 1) + bits_of(l->number)))
            return;
        fmpq_t power;
        fmpq_init(power);
        fmpq_pow_si(power, q, fmpz_get_si(n));
        fmpq_mul(l->number, l->number, power);
        fmpq_clear(power);
        return;
    }
    if (fmpq_sgn(q) < 0 && fmpz_is_odd(n))
        fmpq_neg(l->number, l->number);
    struct factors f;
    if (!factors_of(&f, q, T->budget)) {
        l->failed = TERM_UNKNOWN;
        return;
    }
    fmpq_t times;
    fmpq_init(times);
    for (int32_t i = 0; i < f.n; i++) {
        fmpq_t p;
        fmpq_init(p);
        fmpq_set_fmpz(p, f.at[i].p);
        fmpq_mul_si(times, e, f.at[i].e);
        put(T, l, term_rational(T, p), times);
        fmpq_clear(p);
    }
    fmpq_clear(times);
    factors_clear(&f);
}

static void take_factor(struct terms *T, struct parts *l, int32_t t, const fmpq_t e)
{
    fmpq_t d;
    fmpq_init(d);
    const struct term *p = &T->at[t];
    switch (p->kind) {
    case TERM_RATIONAL:
        take_number(T, l, p->q, e);
        break;
    case TERM_UNIT:
        fmpq_mul(d, p->q, e);
        fmpq_add(l->turn, l->turn, d);
        break;
    case TERM_MUL: /* T->at moves when numbers are taken apart */
        take_number(T, l, p->q, e);
        for (int32_t i = 0; i < T->at[t].n_args; i++)
            take_factor(T, l, T->at[t].args[i], e);
        break;
    case TERM_POWER:
        fmpq_mul(d, p->q, e);
        take_factor(T, l, p->args[0], d);
        break;
    case TERM_ROOT:
        fmpq_div_fmpz(d, e, (fmpz_t){p->k});
        put(T, l, p->args[0], d);
        break;
    default:
        put(T, l, t, e);
    }
    fmpq_clear(d);
}

static int32_t power_node(struct terms *T, int32_t base, const fmpz_t n)
{
    if (fmpz_is_one(n) || base < 0)
        return base;
    fmpq_t q;
    fmpq_init(q);
    fmpq_set_fmpz(q, n);
    int32_t made = term_intern(
        T, &(struct term_make){
               .kind = TERM_POWER, .facts = T->at[base].facts, .q = q, .args = &base, .n_args = 1});
    fmpq_clear(q);
    return made;
}

static int32_t root_node(struct terms *T, int32_t base, const fmpz_t k)
{
    enum { MAX_DEGREE = 100000 };
    if (fmpz_cmp_si(k, MAX_DEGREE) > 0)
        return TERM_UNKNOWN;
    int facts = T->at[base].facts & (TERM_IS_POSITIVE | TERM_IS_ALGEBRAIC);
    facts |= (facts & TERM_IS_POSITIVE) != 0 ? TERM_IS_REAL : 0;
    return term_intern(T, &(struct term_make){.kind = TERM_ROOT,
                                              .facts = facts,
                                              .k = (int32_t)fmpz_get_si(k),
                                              .args = &base,
                                              .n_args = 1});
}

static bool is_compound(enum term_kind k)
{
    return k == TERM_MUL || k == TERM_UNIT || k == TERM_POWER || k == TERM_ROOT;
}

/* The p-part of a number moves into a power of p that stays one: 2 * 2^(10^10) is 2^(10^10 + 1). */
static void move_valuation(fmpq_t number, const fmpz_t p, fmpz_t e)
{
    slong up = fmpz_remove(fmpq_numref(number), fmpq_numref(number), p);
    slong down = fmpz_remove(fmpq_denref(number), fmpq_denref(number), p);
    fmpz_add_si(e, e, up - down);
}

struct factor_list {
    int32_t *at;
    int32_t n;
    int32_t again; /* a product of factors that have to be taken apart once more */
};

static void add_whole(struct terms *T, struct parts *l, struct factor_list *f, int32_t base,
                      fmpz_t whole)
{
    if (fmpz_is_zero(whole))
        return;
    if (is_compound(term_kind(T, base))) {
        f->again = term_mul(T, f->again, term_power(T, base, whole));
        return;
    }
    if (term_kind(T, base) == TERM_RATIONAL) {
        const fmpq *q = T->at[base].q;
        bool is_small =
            fmpz_bits(whole) < 32 && bits_of(q) * llabs(fmpz_get_si(whole)) <= LIMIT_MATH_BITS;
        if (is_small || !fmpz_is_one(fmpq_denref(q))) {
            fmpq_t e;
            fmpq_init(e);
            fmpq_set_fmpz(e, whole);
            take_number(T, l, q, e); /* a prime, or small: adds no part */
            fmpq_clear(e);
            return;
        }
        move_valuation(l->number, fmpq_numref(q), whole);
    }
    f->at[f->n++] = power_node(T, base, whole);
}

static void add_part(struct terms *T, struct parts *l, struct factor_list *f, int32_t i)
{
    fmpz_t whole;
    fmpz_t rest;
    fmpz_init(whole);
    fmpz_init(rest);
    int32_t base = l->at[i].base;
    fmpz_fdiv_qr(whole, rest, fmpq_numref(l->at[i].c), fmpq_denref(l->at[i].c));
    if (!fmpz_is_zero(rest))
        f->at[f->n++] = power_node(T, root_node(T, base, fmpq_denref(l->at[i].c)), rest);
    add_whole(T, l, f, base, whole);
    fmpz_clear(whole);
    fmpz_clear(rest);
}

static int by_number(const void *a, const void *b)
{
    const int32_t *p = a;
    const int32_t *q = b;
    return (*p > *q) - (*p < *q);
}

static int32_t make_product(struct terms *T, struct parts *l, struct factor_list *f)
{
    if (f->n == 0 || fmpq_is_zero(l->number))
        return term_rational(T, l->number);
    if (f->n == 1 && term_kind(T, f->at[0]) == TERM_ADD)
        return sum_times(T, f->at, 1, l->number);
    if (f->n == 1 && fmpq_is_one(l->number))
        return f->at[0];
    int facts = facts_of_all(T, f->at, f->n);
    facts &= ~(fmpq_sgn(l->number) < 0 ? TERM_IS_POSITIVE : 0);
    qsort(f->at, (size_t)f->n, sizeof *f->at, by_number);
    return term_intern(
        T, &(struct term_make){
               .kind = TERM_MUL, .facts = facts, .q = l->number, .args = f->at, .n_args = f->n});
}

/* The angle becomes a sign and at most one factor. */
static int32_t end_turn(struct terms *T, struct parts *l)
{
    if (fmpq_is_zero(l->turn))
        return TERM_UNKNOWN;
    int32_t unit = term_unit(T, l->turn);
    if (unit < 0) {
        l->failed = unit;
        return unit;
    }
    const struct term *p = term_at(T, unit);
    if (p->kind == TERM_UNIT)
        return unit;
    fmpq_mul(l->number, l->number, p->q); /* 1, -1, or -1 times a unit */
    return p->kind == TERM_MUL ? p->args[0] : TERM_UNKNOWN;
}

static int32_t end_product(struct terms *T, struct parts *l)
{
    merge(l);
    struct factor_list f = {.at = NEW(&T->mem, int32_t, 2 * (int64_t)l->n + 1),
                            .again = term_int(T, 1)};
    int32_t n = l->n; /* what is added while parts end lies behind it, and there is none */
    for (int32_t i = 0; i < n && l->failed == 0; i++)
        add_part(T, l, &f, i);
    assert(l->n == n);
    int32_t unit = end_turn(T, l);
    if (unit >= 0)
        f.at[f.n++] = unit;
    for (int32_t i = 0; i < f.n; i++)
        if (f.at[i] < 0)
            return f.at[i];
    if (l->failed != 0 || f.again < 0)
        return l->failed != 0 ? l->failed : f.again;
    int32_t made = make_product(T, l, &f);
    bool is_done = term_kind(T, f.again) == TERM_RATIONAL && fmpq_is_one(T->at[f.again].q);
    return is_done ? made : term_mul(T, made, f.again);
}

static int32_t product_to(struct terms *T, const int32_t *t, int32_t n, const fmpq_t e)
{
    struct parts l;
    parts_open(&l);
    fmpq_one(l.number);
    for (int32_t i = 0; i < n && l.failed == 0; i++) {
        if (t[i] < 0)
            l.failed = t[i];
        else
            take_factor(T, &l, t[i], e);
    }
    int32_t made = l.failed != 0 ? l.failed : end_product(T, &l);
    parts_close(&l);
    if (made >= 0)
        T->at[made].facts |= (uint8_t)facts_of_all(T, t, n);
    return made;
}

int32_t term_product(struct terms *T, const int32_t *t, int32_t n)
{
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    int32_t made = product_to(T, t, n, one);
    fmpq_clear(one);
    return made;
}

int32_t term_power(struct terms *T, int32_t a, const fmpz_t n)
{
    if (a < 0)
        return a;
    if (fmpz_is_zero(n))
        return term_int(T, 1);
    fmpq_t e;
    fmpq_init(e);
    fmpq_set_fmpz(e, n);
    int32_t made = product_to(T, &a, 1, e);
    fmpq_clear(e);
    return made;
}
