#include <assert.h>

#include "graders/math/quotient.h"

/* Rules used here hold at every point where both sides have a value:
 *     b^(u + v) = b^u b^v      (b^(m/d))^k = b^(k m/d), k whole      (p q)^m = p^m q^m, p, q > 0
 *     (n + 1)! = (n + 1) n!    binomial(n, 2) = n (n - 1)/2          log_b a = ln a/ln b
 * Not used, because it does not: (x y)^(1/2) = x^(1/2) y^(1/2), ln x y = ln x + ln y. */
enum { MAX_SHIFT = 40, MAX_CHOOSE = 30, MAX_DEGREE = 1 << 20, NODE_NS = 60, NUMBER_BITS = 1 << 14 };

static bool fail(struct quotients *ps, enum quotient_end end)
{
    if (ps->end == QUOTIENT_FINE)
        ps->end = end;
    return false;
}

/* The generator like g, whose den becomes a common one while they are gathered. -1: no room. */
static int32_t gen_of(struct quotients *ps, struct quotient_gen g)
{
    for (int32_t i = 0; i < ps->n_gens; i++) {
        struct quotient_gen *at = &ps->gens[i];
        if (at->kind != g.kind || at->base != g.base || at->exponent != g.exponent ||
            at->is_odd != g.is_odd)
            continue;
        if (ps->is_open)
            return i;
        int64_t den = at->den / (int64_t)n_gcd((ulong)at->den, (ulong)g.den) * g.den;
        if (den > MAX_DEGREE)
            return -1;
        at->den = den;
        return i;
    }
    assert(!ps->is_open); /* building goes where gathering went */
    if (ps->n_gens == LIMIT_MATH_GENS)
        return -1;
    ps->gens[ps->n_gens] = g;
    return ps->n_gens++;
}

static bool is_constant(const struct exprs *x, int32_t e)
{
    return (expr_has(x, e) & EXPR_HAS_SYMBOL) == 0;
}

static bool atom(struct quotients *ps, int32_t e, struct quotient *out)
{
    bool has_variables = !is_constant(ps->x, e);
    bool is_variable = expr_is(ps->x, e, EXPR_SYMBOL) || expr_is(ps->x, e, EXPR_APPLY);
    struct quotient_gen g = {
        .base = e, .exponent = EXPR_NONE, .den = 1, .is_constant = !has_variables};
    g.kind = is_variable ? QUOTIENT_SYMBOL : has_variables ? QUOTIENT_OPAQUE : QUOTIENT_CONSTANT;
    int32_t gen = gen_of(ps, g);
    return gen < 0 ? fail(ps, QUOTIENT_LARGE) : quotient_set_gen(out, gen, 1);
}

/* i is the square root of -1: so its powers need nobody else. */
static bool imaginary(struct quotients *ps, struct quotient *out)
{
    struct quotient_gen g = {.kind = QUOTIENT_ROOT,
                             .base = expr_int(ps->x, -1),
                             .exponent = EXPR_NONE,
                             .den = 2,
                             .is_constant = true};
    int32_t gen = gen_of(ps, g);
    return gen < 0 || g.base == EXPR_NONE ? fail(ps, QUOTIENT_LARGE)
                                          : quotient_set_gen(out, gen, ps->gens[gen].den / 2);
}

static bool add_or_mul(struct quotients *ps, int32_t e, struct quotient *out)
{
    bool is_sum = expr_is(ps->x, e, EXPR_ADD);
    TRY(quotient_of(ps, expr_arg(ps->x, e, 0), out));
    for (int32_t i = 1; i < expr_n_args(ps->x, e); i++) {
        CLEANUP(quotient_clear) struct quotient part = {0};
        quotient_init(ps, &part);
        TRY(quotient_of(ps, expr_arg(ps->x, e, i), &part));
        TRY(is_sum ? quotient_add(out, &part) : quotient_mul(out, &part));
    }
    return true;
}

static int64_t number_bits(const fmpq *v)
{
    return (int64_t)fmpz_bits(fmpq_numref(v)) + (int64_t)fmpz_bits(fmpq_denref(v));
}

/* 2^99999 stays what it is: exact.h knows how to compare it. */
static bool is_huge(const struct exprs *x, int32_t base, int64_t k)
{
    if (!expr_is(x, base, EXPR_NUMBER) || fmpq_is_zero(expr_number(x, base)))
        return false;
    int64_t each = number_bits(expr_number(x, base));
    return k > NUMBER_BITS / each || k < -NUMBER_BITS / each;
}

static bool whole_power(struct quotients *ps, int32_t base, int64_t k, struct quotient *out)
{
    TRY(quotient_of(ps, base, out));
    return quotient_pow(out, k); /* 0^0 is 1 */
}

/* base^(p/q), q > 1. */
static bool root(struct quotients *ps, int32_t base, const fmpq *r, struct quotient *out)
{
    if (fmpz_cmp_si(fmpq_denref(r), MAX_DEGREE) > 0 ||
        fmpz_cmp_si(fmpq_numref(r), MAX_DEGREE) > 0 || fmpz_cmp_si(fmpq_numref(r), -MAX_DEGREE) < 0)
        return fail(ps, QUOTIENT_LARGE);
    int64_t p = fmpz_get_si(fmpq_numref(r));
    int64_t q = fmpz_get_si(fmpq_denref(r));
    if (!ps->is_open)
        TRY(quotient_of(ps, base, out));
    struct quotient_gen g = {.kind = QUOTIENT_ROOT,
                             .base = base,
                             .exponent = EXPR_NONE,
                             .den = q,
                             .is_odd = q % 2 == 1 && !ps->budget->is_principal,
                             .is_constant = is_constant(ps->x, base)};
    int32_t gen = gen_of(ps, g);
    if (gen < 0)
        return fail(ps, QUOTIENT_LARGE);
    return quotient_set_gen(out, gen, p * (ps->gens[gen].den / q));
}

/* ------------------------------------------------------------------- symbolic exponents */

/* out *= base^(q m) */
static bool times_power(struct quotients *ps, int32_t base, int32_t m, const fmpq_t q,
                        struct quotient *out)
{
    const struct exprs *x = ps->x;
    if (fmpz_cmp_si(fmpq_denref(q), MAX_DEGREE) > 0 || fmpz_bits(fmpq_numref(q)) > 20)
        return fail(ps, QUOTIENT_LARGE);
    struct quotient_gen g = {.kind = QUOTIENT_POWER,
                             .base = base,
                             .exponent = m,
                             .den = fmpz_get_si(fmpq_denref(q)),
                             .is_constant = is_constant(x, base) && is_constant(x, m)};
    int32_t gen = gen_of(ps, g);
    if (gen < 0)
        return fail(ps, QUOTIENT_LARGE);
    struct quotient_gen *own = &ps->gens[gen];
    own->is_involution = expr_is_int(x, base, -1) && expr_is(x, m, EXPR_SYMBOL) && own->den == 1;
    CLEANUP(quotient_clear) struct quotient part = {0};
    quotient_init(ps, &part);
    TRY(quotient_set_gen(&part, gen,
                         fmpz_get_si(fmpq_numref(q)) * (own->den / fmpz_get_si(fmpq_denref(q)))));
    return quotient_mul(out, &part);
}

/* out *= base^(sign q m) for a positive whole base, by its primes. */
static bool times_whole(struct quotients *ps, ulong base, int sign, int32_t m, const fmpq_t q,
                        struct quotient *out)
{
    n_factor_t f;
    n_factor_init(&f);
    n_factor(&f, base, 0);
    bool is_done = true;
    fmpq_t own;
    fmpq_init(own);
    for (int i = 0; i < f.num && is_done; i++) {
        fmpq_mul_si(own, q, sign * (slong)f.exp[i]);
        int32_t prime = expr_int(ps->x, (int64_t)f.p[i]);
        is_done = prime != EXPR_NONE && times_power(ps, prime, m, own, out);
    }
    fmpq_clear(own);
    return is_done || fail(ps, QUOTIENT_LARGE);
}

static bool times_base(struct quotients *ps, int32_t base, int32_t m, const fmpq_t q,
                       struct quotient *out)
{
    enum { SMALL_BITS = 32 };
    if (m == EXPR_NONE)
        return fail(ps, QUOTIENT_LARGE);
    const fmpq *b = expr_is(ps->x, base, EXPR_NUMBER) ? expr_number(ps->x, base) : NULL;
    if (b == NULL || fmpq_is_zero(b) || fmpz_bits(fmpq_numref(b)) > SMALL_BITS ||
        fmpz_bits(fmpq_denref(b)) > SMALL_BITS)
        return times_power(ps, base, m, q, out);
    ulong p = fmpz_get_ui(fmpq_numref(b)); /* the absolute value */
    ulong r = fmpz_get_ui(fmpq_denref(b));
    if (fmpq_sgn(b) < 0)
        TRY(times_power(ps, expr_int(ps->x, -1), m, q, out));
    return times_whole(ps, p, 1, m, q, out) && times_whole(ps, r, -1, m, q, out);
}

/* out *= base^(q e), the exponent taken apart. */
static bool times_terms(struct quotients *ps, int32_t base, int32_t e, const fmpq_t q,
                        struct quotient *out)
{
    struct exprs *x = ps->x;
    bool is_done = true;
    if (expr_is(x, e, EXPR_ADD)) {
        for (int32_t i = 0; i < expr_n_args(x, e) && is_done; i++)
            is_done = times_terms(ps, base, expr_arg(x, e, i), q, out);
        return is_done;
    }
    fmpq_t own;
    fmpq_init(own);
    fmpq_set(own, q);
    int32_t rest = e;
    if (expr_is(x, e, EXPR_MUL)) {
        rest = expr_int(x, 1);
        for (int32_t i = 0; i < expr_n_args(x, e); i++) {
            int32_t a = expr_arg(x, e, i);
            if (expr_is(x, a, EXPR_NUMBER))
                fmpq_mul(own, own, expr_number(x, a));
            else
                rest = expr_mul(x, rest, a);
        }
    }
    if (rest == EXPR_NONE) {
        is_done = fail(ps, QUOTIENT_LARGE);
    } else if (expr_is(x, e, EXPR_NUMBER)) {
        fmpq_mul(own, own, expr_number(x, e));
        int32_t plain = expr_pow(x, base, expr_fmpq(x, own, EXPR_EXACT));
        CLEANUP(quotient_clear) struct quotient part = {0};
        quotient_init(ps, &part);
        is_done = plain == EXPR_NONE ? fail(ps, QUOTIENT_LARGE)
                                     : quotient_of(ps, plain, &part) && quotient_mul(out, &part);
    } else if (expr_is(x, rest, EXPR_ADD) && rest != e) {
        is_done = times_terms(ps, base, rest, own, out);
    } else {
        is_done = times_base(ps, base, rest, own, out);
    }
    fmpq_clear(own);
    return is_done;
}

static bool power(struct quotients *ps, int32_t e, struct quotient *out)
{
    struct exprs *x = ps->x;
    int32_t base = expr_arg(x, e, 0);
    int32_t exponent = expr_arg(x, e, 1);
    int64_t k;
    if (expr_get_int(x, exponent, &k))
        return is_huge(x, base, k) ? atom(ps, e, out) : whole_power(ps, base, k, out);
    if (expr_is(x, exponent, EXPR_NUMBER)) {
        if (!fmpz_is_one(fmpq_denref(expr_number(x, exponent))))
            return root(ps, base, expr_number(x, exponent), out);
        return fail(ps, QUOTIENT_LARGE);
    }
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    quotient_set_fmpq(out, one);
    bool is_done = times_terms(ps, base, exponent, one, out);
    fmpq_clear(one);
    return is_done;
}

/* ----------------------------------------------------------------------------------- calls */

/* out *= e + by, or /= */
static bool times_shifted(struct quotients *ps, int32_t e, int64_t by, bool is_over,
                          struct quotient *out)
{
    int32_t shifted = expr_add(ps->x, e, expr_int(ps->x, by));
    if (shifted == EXPR_NONE)
        return fail(ps, QUOTIENT_LARGE);
    CLEANUP(quotient_clear) struct quotient part = {0};
    quotient_init(ps, &part);
    TRY(quotient_of(ps, shifted, &part));
    if (is_over)
        TRY(quotient_invert(&part));
    return quotient_mul(out, &part);
}

/* A function nothing else is known of, its arguments put in order. */
static bool function(struct quotients *ps, int32_t e, struct quotient *out)
{
    enum { MAX_ARGS = 8 };
    struct exprs *x = ps->x;
    int32_t args[MAX_ARGS];
    int32_t n = expr_n_args(x, e);
    if (n > MAX_ARGS)
        return atom(ps, e, out);
    for (int32_t i = 0; i < n; i++)
        args[i] = quotient_linear(x, expr_arg(x, e, i), ps->budget);
    int32_t made = expr_make(x, EXPR_CALL, expr_which(x, e), STR(""), args, n);
    return made == EXPR_NONE ? fail(ps, QUOTIENT_LARGE) : atom(ps, made, out);
}

/* (m + c)! by m!, c whole. */
static bool factorial(struct quotients *ps, int32_t e, struct quotient *out)
{
    struct exprs *x = ps->x;
    int32_t a = quotient_linear(x, expr_arg(x, e, 0), ps->budget);
    int64_t c = 0;
    if (expr_is(x, a, EXPR_ADD))
        for (int32_t i = 0; i < expr_n_args(x, a); i++)
            (void)expr_get_int(x, expr_arg(x, a, i), &c);
    if (c == 0 || c > MAX_SHIFT || c < -MAX_SHIFT)
        return function(ps, e, out);
    int32_t m = expr_sub(x, a, expr_int(x, c));
    int32_t base = expr_call(x, EXPR_FACTORIAL, m);
    if (base == EXPR_NONE)
        return fail(ps, QUOTIENT_LARGE);
    TRY(atom(ps, base, out));
    for (int64_t i = 1; i <= c; i++)
        TRY(times_shifted(ps, m, i, false, out));
    for (int64_t i = 0; i > c; i--)
        TRY(times_shifted(ps, m, i, true, out));
    return true;
}

static bool binomial(struct quotients *ps, int32_t e, struct quotient *out)
{
    struct exprs *x = ps->x;
    int32_t n = expr_arg(x, e, 0);
    int32_t k = expr_arg(x, e, 1);
    int64_t times;
    if (!expr_get_int(x, k, &times)) {
        int32_t below = expr_mul(x, expr_call(x, EXPR_FACTORIAL, k),
                                 expr_call(x, EXPR_FACTORIAL, expr_sub(x, n, k)));
        int32_t all = expr_div(x, expr_call(x, EXPR_FACTORIAL, n), below);
        return all == EXPR_NONE ? fail(ps, QUOTIENT_LARGE) : quotient_of(ps, all, out);
    }
    if (times < 0 || times > MAX_CHOOSE)
        return atom(ps, e, out);
    fmpq_t over;
    fmpq_init(over);
    fmpz_fac_ui(fmpq_denref(over), (ulong)times);
    fmpz_one(fmpq_numref(over));
    quotient_set_fmpq(out, over);
    fmpq_clear(over);
    for (int64_t i = 0; i < times; i++)
        TRY(times_shifted(ps, n, -i, false, out));
    return true;
}

static bool logarithm(struct quotients *ps, int32_t e, struct quotient *out)
{
    int32_t top = expr_call(ps->x, EXPR_LN, expr_arg(ps->x, e, 0));
    int32_t base = expr_call(ps->x, EXPR_LN, expr_arg(ps->x, e, 1));
    if (top == EXPR_NONE || base == EXPR_NONE)
        return fail(ps, QUOTIENT_LARGE);
    CLEANUP(quotient_clear) struct quotient below = {0};
    quotient_init(ps, &below);
    return atom(ps, top, out) && atom(ps, base, &below) && quotient_invert(&below) &&
           quotient_mul(out, &below);
}

static bool call(struct quotients *ps, int32_t e, struct quotient *out)
{
    struct exprs *x = ps->x;
    int64_t degree;
    bool has_variables = !is_constant(x, e);
    if (expr_is_call(x, e, EXPR_ROOT) && expr_get_int(x, expr_arg(x, e, 1), &degree) &&
        degree > 1 && degree < MAX_DEGREE) {
        fmpq_t r;
        fmpq_init(r);
        fmpq_set_si(r, 1, (ulong)degree);
        bool is_done = root(ps, expr_arg(x, e, 0), r, out);
        fmpq_clear(r);
        return is_done;
    }
    if (expr_is_call(x, e, EXPR_FACTORIAL) && has_variables)
        return factorial(ps, e, out);
    if (expr_is_call(x, e, EXPR_BINOMIAL) && has_variables)
        return binomial(ps, e, out);
    if (expr_is_call(x, e, EXPR_LOG) && has_variables)
        return logarithm(ps, e, out);
    return function(ps, e, out);
}

bool quotient_of(struct quotients *ps, int32_t e, struct quotient *out)
{
    if (!budget_spend(ps->budget, NODE_NS))
        return fail(ps, QUOTIENT_LARGE);
    switch (expr_op(ps->x, e)) {
    case EXPR_NUMBER:
        if (number_bits(expr_number(ps->x, e)) > NUMBER_BITS)
            return atom(ps, e, out);
        quotient_set_fmpq(out, expr_number(ps->x, e));
        return true;
    case EXPR_CONSTANT:
        if (expr_which(ps->x, e) >= EXPR_NATURALS || expr_is_constant(ps->x, e, EXPR_INFINITY))
            return fail(ps, QUOTIENT_NOT_A_SCALAR);
        return expr_is_constant(ps->x, e, EXPR_I) ? imaginary(ps, out) : atom(ps, e, out);
    case EXPR_SYMBOL:
    case EXPR_APPLY:
    case EXPR_SUM:
    case EXPR_PRODUCT:
        return atom(ps, e, out);
    case EXPR_ADD:
    case EXPR_MUL:
        return add_or_mul(ps, e, out);
    case EXPR_POW:
        return power(ps, e, out);
    case EXPR_CALL:
        return call(ps, e, out);
    default:
        return fail(ps, QUOTIENT_NOT_A_SCALAR);
    }
}

bool quotients_open(struct quotients *ps, struct exprs *x, const int32_t *e, int32_t n,
                    struct budget *budget)
{
    *ps = (struct quotients){.x = x, .budget = budget};
    for (int32_t i = 0; i < n; i++) {
        struct quotient seen = {.ps = ps};
        TRY(quotient_of(ps, e[i], &seen));
    }
    fmpz_mpoly_ctx_init(ps->ctx, ps->n_gens > 0 ? ps->n_gens : 1, ORD_LEX);
    ps->is_open = true;
    return true;
}
