#include <assert.h>
#include <math.h>

#include "base/rng.h"
#include "graders/math/identity.h"
#include "graders/math/identity_point.h"

enum { NODE_NS = 40, MAX_DEPTH = 4 * LIMIT_MATH_DEPTH, MAX_BOUND = LIMIT_MATH_VARS };

struct walk {
    struct vars *v;
    int32_t bound[MAX_BOUND];
    int32_t n_bound;
};

bool vars_is_whole_name(struct str name)
{
    static const char letters[] = "ijklmnpqNMK";
    bool is_plain = name.n == 1 || (name.n > 1 && name.at[1] == '_');
    return is_plain && memchr(letters, name.at[0], sizeof letters - 1) != NULL;
}

int32_t vars_find(const struct vars *v, int32_t node)
{
    for (int32_t i = 0; i < v->n; i++)
        if (v->node[i] == node)
            return v->same[i];
    return -1;
}

static uint64_t hash_name(struct str name)
{
    uint64_t h = (uint64_t)name.n;
    for (int64_t i = 0; i < name.n; i++)
        h = rng_mix(h, (unsigned char)name.at[i]);
    return h;
}

static bool is_bound(const struct walk *w, int32_t symbol)
{
    for (int32_t i = 0; i < w->n_bound; i++)
        if (w->bound[i] == symbol)
            return true;
    return false;
}

/* Whether two calls of one named function have the same arguments. */
static enum exact_truth same_call(struct vars *v, int32_t a, int32_t b)
{
    struct exprs *x = v->x;
    if (expr_n_args(x, a) != expr_n_args(x, b) || expr_arg(x, a, 0) != expr_arg(x, b, 0))
        return EXACT_DIFFERENT;
    enum exact_truth all = EXACT_EQUAL;
    for (int32_t i = 1; i < expr_n_args(x, a); i++) {
        struct exact one = identity_compare(x, expr_arg(x, a, i), expr_arg(x, b, i), v->budget);
        if (one.truth == EXACT_DIFFERENT)
            return EXACT_DIFFERENT;
        if (one.truth != EXACT_EQUAL && one.truth != EXACT_PROBABLE)
            all = EXACT_UNKNOWN;
    }
    return all;
}

static void add_variable(struct vars *v, int32_t e, uint64_t name, int32_t use)
{
    for (int32_t i = 0; i < v->n; i++)
        if (v->node[i] == e) {
            v->use[i] |= use;
            return;
        }
    if (v->n == LIMIT_MATH_VARS) {
        v->is_full = true;
        return;
    }
    v->same[v->n] = v->n;
    if (expr_is(v->x, e, EXPR_APPLY))
        for (int32_t i = 0; i < v->n && v->same[v->n] == v->n; i++) {
            if (!expr_is(v->x, v->node[i], EXPR_APPLY))
                continue;
            enum exact_truth is_same = same_call(v, v->node[i], e);
            v->same[v->n] = is_same == EXACT_EQUAL ? v->same[i] : v->n;
            v->is_unsure |= is_same == EXACT_UNKNOWN;
        }
    v->node[v->n] = e;
    v->name[v->n] = name;
    v->use[v->n++] = use;
}

static void add_scale(struct vars *v, double size)
{
    enum { PLAIN = 2 };
    static const double far = 1e200;
    size = size > 0 && size < 1 ? 1 / size : size;
    v->is_far |= !(size < far);
    for (int32_t i = 0; i < v->n_scales; i++)
        if (v->scale[i] == size)
            return;
    if (!(size > PLAIN && size < far)) /* nor what is no number: inf / inf of long fractions */
        return;
    v->is_far |= v->n_scales == VARS_SCALES; /* not all are remembered */
    if (v->n_scales < VARS_SCALES)
        v->scale[v->n_scales++] = size;
}

static void add_number(struct vars *v, const fmpq *q)
{
    int64_t bits = (int64_t)(fmpz_bits(fmpq_numref(q)) + fmpz_bits(fmpq_denref(q)));
    v->bits = bits > v->bits ? bits : v->bits;
    add_scale(v, fabs(fmpz_get_d(fmpq_numref(q)) / fmpz_get_d(fmpq_denref(q))));
}

/* The size of e^20 or 10^20 is where a step may lie, too. */
static void add_constant(struct vars *v, int32_t e)
{
    enum { PREC = 64 };
    struct vars none = {.x = v->x, .budget = v->budget};
    struct point p;
    acb_t value;
    point_init(&p, &none);
    acb_init(value);
    bool is_done = point_ball(&p, e, value, PREC);
    add_scale(v,
              is_done ? fabs(arf_get_d(arb_midref(acb_realref(value)), ARF_RND_NEAR)) : HUGE_VAL);
    acb_clear(value);
    point_clear(&p);
}

static void add_bits(struct vars *v, double bits)
{
    if (bits > (double)v->bits)
        v->bits = bits < INT32_MAX ? (int64_t)bits : INT32_MAX;
}

/* A constant's power can be very small beside what it is added to. */
static void add_power(struct vars *v, int32_t base, const fmpq *exponent)
{
    enum { BITS = 4 }; /* of a base that is not written out */
    double each = BITS;
    if (expr_is(v->x, base, EXPR_NUMBER)) {
        const fmpq *b = expr_number(v->x, base);
        each = (double)(fmpz_bits(fmpq_numref(b)) + fmpz_bits(fmpq_denref(b)));
    }
    add_bits(v, each * fabs(fmpz_get_d(fmpq_numref(exponent))));
}

static void add_factorial(struct vars *v, int32_t e)
{
    int64_t n;
    if (expr_get_int(v->x, expr_arg(v->x, e, 0), &n) && n > 1)
        add_bits(v, (double)n * log2((double)n));
}

/* How arguments of a function are used. */
static int32_t use_below(struct vars *v, enum expr_function f)
{
    switch (f) {
    case EXPR_FACTORIAL:
    case EXPR_DOUBLE_FACTORIAL:
        return VAR_WHOLE;
    case EXPR_GCD:
    case EXPR_LCM:
    case EXPR_MOD:
    case EXPR_PHI:
    case EXPR_BINOMIAL:
        v->is_stepped |= f != EXPR_BINOMIAL;
        return VAR_WHOLE;
    case EXPR_FLOOR:
    case EXPR_CEIL:
    case EXPR_SIGN:
    case EXPR_MIN:
    case EXPR_MAX:
    case EXPR_ABS:
        v->is_stepped = true;
        return VAR_STEPPED;
    case EXPR_RE:
    case EXPR_IM:
    case EXPR_CONJ:
    case EXPR_ARG:
        v->has_parts = true;
        v->is_complex = true;
        return 0;
    default:
        return 0;
    }
}

/* A base that no real exponent suits: -1, -x, -2. */
static bool is_negative(const struct exprs *x, int32_t e)
{
    if (expr_is(x, e, EXPR_NUMBER))
        return fmpq_sgn(expr_number(x, e)) < 0;
    if (!expr_is(x, e, EXPR_MUL))
        return false;
    for (int32_t i = 0; i < expr_n_args(x, e); i++)
        if (expr_is(x, expr_arg(x, e, i), EXPR_NUMBER))
            return fmpq_sgn(expr_number(x, expr_arg(x, e, i))) < 0;
    return false;
}

static uint64_t walk(struct walk *w, int32_t e, int32_t use);

static uint64_t walk_power(struct walk *w, int32_t e, int32_t use)
{
    struct vars *v = w->v;
    int32_t base = expr_arg(v->x, e, 0);
    int32_t exponent = expr_arg(v->x, e, 1);
    bool is_number = expr_is(v->x, exponent, EXPR_NUMBER);
    if (is_number && !fmpz_is_one(fmpq_denref(expr_number(v->x, exponent))) &&
        !expr_is(v->x, base, EXPR_SYMBOL))
        v->is_stepped = true; /* (x^2)^(1/2) is |x| */
    if (is_number && (expr_has(v->x, base) & EXPR_HAS_SYMBOL) == 0)
        add_power(v, base, expr_number(v->x, exponent));
    uint64_t h = walk(w, base, use);
    int32_t use_above = is_negative(v->x, base) ? VAR_WHOLE : 0;
    return rng_mix(h, walk(w, exponent, use | use_above));
}

static uint64_t walk_loop(struct walk *w, int32_t e, int32_t use)
{
    struct vars *v = w->v;
    if (w->n_bound == MAX_BOUND || expr_n_args(v->x, e) < 3 ||
        !expr_is(v->x, expr_arg(v->x, e, 1), EXPR_SYMBOL)) {
        v->is_full = true;
        return 0;
    }
    v->has_loop = true;
    uint64_t h = 0;
    for (int32_t i = 2; i < expr_n_args(v->x, e); i++)
        h = rng_mix(h, walk(w, expr_arg(v->x, e, i), VAR_WHOLE));
    w->bound[w->n_bound++] = expr_arg(v->x, e, 1);
    h = rng_mix(h, walk(w, expr_arg(v->x, e, 0), use));
    w->n_bound--;
    return h;
}

/* A named function counts as a variable: what is below it matters only for telling it apart. */
static uint64_t walk_apply(struct walk *w, int32_t e, int32_t use)
{
    struct vars *v = w->v;
    uint64_t h = hash_name(expr_name(v->x, expr_arg(v->x, e, 0)));
    uint64_t free_below = expr_free(v->x, e);
    for (int32_t i = 0; i < w->n_bound; i++)
        v->is_full |= (free_below & expr_free(v->x, w->bound[i])) != 0; /* a_k in a sum over k */
    if (!v->is_full)
        add_variable(v, e, h, use);
    return h;
}

static uint64_t walk_symbol(struct walk *w, int32_t e, int32_t use)
{
    struct str name = expr_name(w->v->x, e);
    uint64_t h = hash_name(name);
    if (!is_bound(w, e))
        add_variable(w->v, e, h, use | (vars_is_whole_name(name) ? VAR_NAMED : 0));
    return is_bound(w, e) ? 1 : h;
}

static uint64_t walk_number(struct vars *v, int32_t e)
{
    const fmpq *q = expr_number(v->x, e);
    add_number(v, q);
    return rng_mix(fmpz_fdiv_ui(fmpq_numref(q), UINT32_MAX),
                   fmpz_fdiv_ui(fmpq_denref(q), UINT32_MAX));
}

/* Children of sums and products come in any order. */
static uint64_t walk_args(struct walk *w, int32_t e, int32_t use)
{
    struct vars *v = w->v;
    enum expr_op op = expr_op(v->x, e);
    uint64_t h = rng_mix((uint64_t)op, (uint64_t)(uint32_t)expr_which(v->x, e));
    for (int32_t i = 0; i < expr_n_args(v->x, e); i++) {
        uint64_t below = walk(w, expr_arg(v->x, e, i), use);
        h = op == EXPR_ADD || op == EXPR_MUL ? h + rng_mix((uint64_t)op, below) : rng_mix(h, below);
    }
    return h;
}

static uint64_t walk(struct walk *w, int32_t e, int32_t use)
{
    struct vars *v = w->v;
    if (v->is_full || !budget_spend(v->budget, NODE_NS)) {
        v->is_full = true;
        return 0;
    }
    enum expr_op op = expr_op(v->x, e);
    if ((op == EXPR_POW || op == EXPR_CALL) && (expr_has(v->x, e) & EXPR_HAS_SYMBOL) == 0)
        add_constant(v, e);
    switch (op) {
    case EXPR_NUMBER:
        return walk_number(v, e);
    case EXPR_SYMBOL:
        return walk_symbol(w, e, use);
    case EXPR_CONSTANT:
        v->is_complex |= expr_is_constant(v->x, e, EXPR_I);
        return (uint64_t)expr_which(v->x, e) + 7;
    case EXPR_APPLY:
        return walk_apply(w, e, use);
    case EXPR_SUM:
    case EXPR_PRODUCT:
        return walk_loop(w, e, use);
    case EXPR_POW:
        return walk_power(w, e, use);
    case EXPR_CALL:
        if (expr_is_call(v->x, e, EXPR_FACTORIAL))
            add_factorial(v, e);
        return walk_args(w, e, use | use_below(v, (enum expr_function)expr_which(v->x, e)));
    default:
        return walk_args(w, e, use);
    }
}

void vars_add(struct vars *v, int32_t e)
{
    struct walk w = {.v = v};
    if (expr_depth(v->x, e) > MAX_DEPTH) {
        v->is_full = true;
        return;
    }
    v->seed ^= rng_mix(walk(&w, e, 0), 1); /* the same for either side */
}

void vars_join(const struct vars *v, int32_t *a, int32_t *b)
{
    for (int32_t i = 0; i < v->n; i++)
        if (v->same[i] != i) {
            *a = expr_replace(v->x, *a, v->node[i], v->node[v->same[i]]);
            *b = expr_replace(v->x, *b, v->node[i], v->node[v->same[i]]);
        }
}

bool vars_are_functions(const struct exprs *x, int32_t a, int32_t b)
{
    enum { NOT = EXPR_HAS_COLLECTION | EXPR_HAS_MEASURE | EXPR_HAS_PLUS_MINUS | EXPR_HAS_DOTS };
    return ((expr_has(x, a) | expr_has(x, b)) & NOT) == 0;
}
