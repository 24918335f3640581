#include "graders/math/term.h"

#include <assert.h>

#include "base/limits.h"

enum { FIRST_TERMS = 64, MAX_DEPTH = 4000 };

/* ------------------------------------------------------------------------------- the store */

void terms_open(struct terms *T, struct arena mem, struct budget *budget)
{
    *T = (struct terms){
        .mem = mem, .budget = budget, .cap = FIRST_TERMS, .n_table = 4 * FIRST_TERMS};
    T->at = NEW(&T->mem, struct term, T->cap);
    T->table = NEW(&T->mem, int32_t, T->n_table);
}

void terms_close(struct terms *T)
{
    for (int32_t i = 0; i < T->n; i++) {
        fmpq_clear(T->at[i].q);
        acb_clear(T->at[i].value);
    }
    T->n = 0;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0x9e3779b97f4a7c15U;
    return h ^ (h >> 29);
}

static uint64_t hash_fmpz(uint64_t h, const fmpz_t v)
{
    return COEFF_IS_MPZ(*v) ? mix(h, fmpz_fdiv_ui(v, 0xffffffffffffffc5U)) : mix(h, (uint64_t)*v);
}

static uint64_t hash_of(const struct term_make *m)
{
    uint64_t h = mix((uint64_t)m->kind, (uint64_t)(uint32_t)m->k);
    for (int32_t i = 0; i < m->n_args; i++)
        h = mix(h, (uint64_t)(uint32_t)m->args[i]);
    return m->q == NULL ? h : hash_fmpz(hash_fmpz(h, fmpq_numref(m->q)), fmpq_denref(m->q));
}

static bool is_same(const struct term *a, const struct term_make *m, uint64_t hash)
{
    if (a->hash != hash || a->kind != m->kind || a->k != m->k || a->n_args != m->n_args)
        return false;
    for (int32_t i = 0; i < m->n_args; i++)
        if (a->args[i] != m->args[i])
            return false;
    return m->q == NULL ? fmpq_is_zero(a->q) : fmpq_equal(a->q, m->q);
}

static void grow(struct terms *T)
{
    struct term *more = NEW(&T->mem, struct term, 2 * (int64_t)T->cap);
    memcpy(more, T->at, (size_t)T->n * sizeof *more);
    T->at = more;
    T->cap *= 2;
    T->n_table *= 2;
    T->table = NEW(&T->mem, int32_t, T->n_table);
    uint64_t mask = (uint64_t)T->n_table - 1;
    for (int32_t k = 0; k < T->n; k++) {
        uint64_t i = T->at[k].hash & mask;
        while (T->table[i] != 0)
            i = (i + 1) & mask;
        T->table[i] = k + 1;
    }
}

static int64_t bits_of(const fmpq_t q)
{
    return (int64_t)fmpz_bits(fmpq_numref(q)) + (int64_t)fmpz_bits(fmpq_denref(q));
}

static int32_t add_node(struct terms *T, const struct term_make *m, uint64_t hash, int32_t depth)
{
    enum { WORK_NODE = 200, CACHED = 8 }; /* many nodes do not fit into caches */
    if (T->n >= LIMIT_MATH_TERMS || depth > MAX_DEPTH ||
        !budget_spend(T->budget, WORK_NODE + T->n / CACHED))
        return TERM_UNKNOWN;
    if (T->n == T->cap)
        grow(T);
    struct term *p = &T->at[T->n];
    *p = (struct term){.kind = (uint8_t)m->kind, .facts = (uint8_t)m->facts, .k = m->k};
    p->hash = hash;
    p->depth = depth;
    fmpq_init(p->q);
    if (m->q != NULL)
        fmpq_set(p->q, m->q);
    acb_init(p->value);
    p->n_args = m->n_args;
    if (m->n_args > 0) {
        int32_t *args = NEW(&T->mem, int32_t, m->n_args);
        memcpy(args, m->args, (size_t)m->n_args * sizeof *args);
        T->at[T->n].args = args;
    }
    return T->n++;
}

int32_t term_intern(struct terms *T, const struct term_make *m)
{
    int32_t depth = 0;
    for (int32_t i = 0; i < m->n_args; i++) {
        if (m->args[i] < 0)
            return m->args[i];
        if (T->at[m->args[i]].depth >= depth)
            depth = T->at[m->args[i]].depth + 1;
    }
    if (m->q != NULL && bits_of(m->q) > LIMIT_MATH_BITS)
        return TERM_UNKNOWN;
    uint64_t hash = hash_of(m);
    uint64_t mask = (uint64_t)T->n_table - 1;
    uint64_t i = hash & mask;
    for (; T->table[i] != 0; i = (i + 1) & mask) {
        struct term *old = &T->at[T->table[i] - 1];
        if (is_same(old, m, hash)) {
            old->facts |= (uint8_t)m->facts;
            return T->table[i] - 1;
        }
    }
    int32_t cap = T->cap;
    int32_t made = add_node(T, m, hash, depth);
    if (made < 0)
        return made;
    if (cap != T->cap)
        for (mask = (uint64_t)T->n_table - 1, i = hash & mask; T->table[i] != 0;)
            i = (i + 1) & mask;
    T->table[i] = made + 1;
    return made;
}

/* ------------------------------------------------------------------------------- atoms */

int32_t term_rational(struct terms *T, const fmpq_t q)
{
    int facts = TERM_IS_REAL | TERM_IS_ALGEBRAIC | (fmpq_sgn(q) > 0 ? TERM_IS_POSITIVE : 0);
    return term_intern(T, &(struct term_make){.kind = TERM_RATIONAL, .facts = facts, .q = q});
}

int32_t term_ratio(struct terms *T, int64_t p, int64_t q)
{
    assert(q > 0);
    fmpq_t v;
    fmpq_init(v);
    fmpq_set_si(v, p, (ulong)q);
    int32_t made = term_rational(T, v);
    fmpq_clear(v);
    return made;
}

int32_t term_int(struct terms *T, int64_t v)
{
    return term_ratio(T, v, 1);
}

int32_t term_pi(struct terms *T)
{
    return term_intern(
        T, &(struct term_make){.kind = TERM_PI, .facts = TERM_IS_REAL | TERM_IS_POSITIVE});
}

int32_t term_i(struct terms *T)
{
    fmpq_t q;
    fmpq_init(q);
    fmpq_set_si(q, 1, 4);
    int32_t made = term_unit(T, q);
    fmpq_clear(q);
    return made;
}

bool term_is_zero(const struct terms *T, int32_t t)
{
    return t >= 0 && term_kind(T, t) == TERM_RATIONAL && fmpq_is_zero(T->at[t].q);
}

bool term_is_pi_times(const struct terms *T, int32_t t, fmpq_t r)
{
    const struct term *p = term_at(T, t);
    if (p->kind == TERM_PI)
        fmpq_one(r);
    else if (p->kind == TERM_RATIONAL && fmpq_is_zero(p->q))
        fmpq_zero(r);
    else if (p->kind == TERM_MUL && p->n_args == 1 && term_kind(T, p->args[0]) == TERM_PI)
        fmpq_set(r, p->q);
    else
        return false;
    return true;
}

/* ------------------------------------------------------------------------------- the circle */

/* r = q - floor(q) */
static void fraction_of(fmpq_t r, const fmpq_t q)
{
    fmpz_fdiv_r(fmpq_numref(r), fmpq_numref(q), fmpq_denref(q));
    fmpz_set(fmpq_denref(r), fmpq_denref(q));
}

static bool is_ratio(const fmpq_t q, slong p, ulong r)
{
    return fmpz_equal_si(fmpq_numref(q), p) && fmpz_equal_ui(fmpq_denref(q), r);
}

/* r in [0, 1) */
static int32_t unit_in_turn(struct terms *T, fmpq_t r)
{
    fmpq_t half;
    fmpq_init(half);
    fmpq_set_si(half, 1, 2);
    bool is_low = fmpq_cmp(r, half) >= 0;
    if (is_low)
        fmpq_sub(r, r, half);
    fmpq_clear(half);
    int32_t made = fmpq_is_zero(r)
                       ? term_int(T, 1)
                       : term_intern(T, &(struct term_make){
                                            .kind = TERM_UNIT, .facts = TERM_IS_ALGEBRAIC, .q = r});
    return is_low ? term_neg(T, made) : made;
}

int32_t term_unit(struct terms *T, const fmpq_t q)
{
    fmpq_t r;
    fmpq_init(r);
    fraction_of(r, q);
    int32_t made = unit_in_turn(T, r);
    fmpq_clear(r);
    return made;
}

/* cos(2 pi r) for 0 <= r <= 1/4; the angles that have square roots get them. */
static int32_t cos_in_quarter(struct terms *T, const fmpq_t r)
{
    if (fmpq_is_zero(r))
        return term_int(T, 1);
    if (is_ratio(r, 1, 4))
        return term_int(T, 0);
    if (is_ratio(r, 1, 6))
        return term_ratio(T, 1, 2);
    int32_t half = term_ratio(T, 1, 2);
    if (is_ratio(r, 1, 8))
        return term_mul(T, half, term_root(T, term_int(T, 2), 2));
    if (is_ratio(r, 1, 12))
        return term_mul(T, half, term_root(T, term_int(T, 3), 2));
    if (is_ratio(r, 1, 5) || is_ratio(r, 1, 10)) {
        int32_t shift = term_ratio(T, is_ratio(r, 1, 5) ? -1 : 1, 4);
        return term_add(T, shift,
                        term_mul(T, term_ratio(T, 1, 4), term_root(T, term_int(T, 5), 2)));
    }
    int facts = TERM_IS_ALGEBRAIC | TERM_IS_REAL | TERM_IS_POSITIVE;
    return term_mul(T, half,
                    term_intern(T, &(struct term_make){.kind = TERM_COS, .facts = facts, .q = r}));
}

int32_t term_cos_pi(struct terms *T, const fmpq_t q)
{
    fmpq_t r;
    fmpq_t turn;
    fmpq_init(r);
    fmpq_init(turn);
    fmpq_div_2exp(r, q, 1);
    fraction_of(r, r);
    fmpq_set_si(turn, 1, 2);
    if (fmpq_cmp(r, turn) > 0) { /* cos is even */
        fmpq_sub(r, r, turn);
        fmpq_sub(r, turn, r);
    }
    fmpq_set_si(turn, 1, 4);
    bool is_left = fmpq_cmp(r, turn) > 0;
    if (is_left) { /* cos(pi - x) = -cos x */
        fmpq_set_si(turn, 1, 2);
        fmpq_sub(r, turn, r);
    }
    int32_t made = cos_in_quarter(T, r);
    fmpq_clear(r);
    fmpq_clear(turn);
    return is_left ? term_neg(T, made) : made;
}

/* ------------------------------------------------------------------------------- short forms */

int32_t term_add(struct terms *T, int32_t a, int32_t b)
{
    return term_sum(T, (int32_t[]){a, b}, 2);
}

int32_t term_mul(struct terms *T, int32_t a, int32_t b)
{
    return term_product(T, (int32_t[]){a, b}, 2);
}

int32_t term_neg(struct terms *T, int32_t a)
{
    return term_mul(T, term_int(T, -1), a);
}

int32_t term_sub(struct terms *T, int32_t a, int32_t b)
{
    return term_add(T, a, term_neg(T, b));
}

int32_t term_div(struct terms *T, int32_t a, int32_t b)
{
    return term_mul(T, a, term_power_si(T, b, -1));
}

int32_t term_scale(struct terms *T, int32_t a, const fmpq_t q)
{
    return term_mul(T, term_rational(T, q), a);
}

int32_t term_power_si(struct terms *T, int32_t a, int64_t n)
{
    fmpz_t k;
    fmpz_init_set_si(k, n);
    int32_t made = term_power(T, a, k);
    fmpz_clear(k);
    return made;
}
