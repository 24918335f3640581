#include <flint/fmpz_poly_factor.h>

#include "graders/math/quotient.h"
#include "graders/math/region_set.h"

/* left - right = N/D with N and D in one variable: their real roots cut the line, and from plus
 * infinity downwards every root of odd multiplicity turns the sign. */
enum { MAX_DEGREE = 48, MAX_BITS = 4096, MAX_ROOTS = LIMIT_MATH_PIECES };

struct root {
    int32_t at;
    int32_t in_num; /* multiplicities */
    int32_t in_den;
};

struct roots {
    struct root of[MAX_ROOTS];
    int32_t n;
    bool has_complex; /* some root is not real */
};

static bool fail(struct region_work *w, const char *why)
{
    w->why = why;
    return false;
}

static bool add_root(struct region_work *w, struct roots *r, int32_t at, int32_t times, bool is_den)
{
    if (at == EXPR_NONE)
        return fail(w, "too large");
    int32_t i = 0;
    int order = 1;
    while (i < r->n) {
        if (!region_order(w, r->of[i].at, at, &order))
            return false;
        if (order >= 0)
            break;
        i++;
    }
    if (i == r->n || order != 0) {
        if (r->n == MAX_ROOTS)
            return fail(w, "too many roots");
        memmove(&r->of[i + 1], &r->of[i], (size_t)(r->n - i) * sizeof r->of[0]);
        r->of[i] = (struct root){.at = at};
        r->n++;
    }
    *(is_den ? &r->of[i].in_den : &r->of[i].in_num) += times;
    return true;
}

/* a s^2 + b s + c with constants, a other than 0. */
static bool add_quadratic(struct region_work *w, struct roots *r, const int32_t c[3], int32_t times,
                          bool is_den)
{
    struct exprs *x = w->x;
    int32_t disc =
        expr_sub(x, expr_mul(x, c[1], c[1]), expr_mul(x, expr_int(x, 4), expr_mul(x, c[2], c[0])));
    int32_t twice = expr_mul(x, expr_int(x, 2), c[2]);
    int32_t middle = expr_div(x, expr_neg(x, c[1]), twice);
    int order;
    if (disc == EXPR_NONE || middle == EXPR_NONE)
        return fail(w, "too large");
    if (!region_order(w, disc, expr_int(x, 0), &order))
        return false;
    r->has_complex |= order < 0;
    if (order < 0)
        return true;
    if (order == 0)
        return add_root(w, r, middle, 2 * times, is_den);
    int32_t half = expr_div(x, expr_sqrt(x, disc), twice);
    return add_root(w, r, expr_sub(x, middle, half), times, is_den) &&
           add_root(w, r, expr_add(x, middle, half), times, is_den);
}

/* ------------------------------------------------------------------------ over the rationals */

static int32_t coefficient(struct region_work *w, const fmpz_poly_t f, slong i)
{
    fmpq_t v;
    fmpq_init(v);
    fmpz_poly_get_coeff_fmpz(fmpq_numref(v), f, i);
    int32_t e = expr_fmpq(w->x, v, EXPR_EXACT);
    fmpq_clear(v);
    return e;
}

/* a s^n + b: its real roots are radicals. */
static bool add_binomial(struct region_work *w, struct roots *r, const fmpz_poly_t f, int32_t times,
                         bool is_den)
{
    struct exprs *x = w->x;
    slong degree = fmpz_poly_degree(f);
    for (slong i = 1; i < degree; i++)
        if (!fmpz_is_zero(fmpz_poly_get_coeff_ptr(f, i)))
            return fail(w, "roots that are no radicals");
    bool is_odd = degree % 2 == 1;
    int32_t power = expr_div(x, expr_neg(x, coefficient(w, f, 0)), coefficient(w, f, degree));
    int32_t own = expr_call2(x, EXPR_ROOT, power, expr_int(x, degree));
    r->has_complex = true; /* the degree is above 2 */
    return add_root(w, r, own, times, is_den) &&
           (is_odd || add_root(w, r, expr_neg(x, own), times, is_den));
}

static bool add_factor(struct region_work *w, struct roots *r, const fmpz_poly_t f, int32_t times,
                       bool is_den)
{
    enum { NS = 20000 };
    slong degree = fmpz_poly_degree(f);
    if (degree == 1)
        return add_root(w, r,
                        expr_div(w->x, expr_neg(w->x, coefficient(w, f, 0)), coefficient(w, f, 1)),
                        times, is_den);
    if (degree == 2) {
        int32_t c[3] = {coefficient(w, f, 0), coefficient(w, f, 1), coefficient(w, f, 2)};
        return add_quadratic(w, r, c, times, is_den);
    }
    if (!budget_spend(w->budget, NS * degree))
        return fail(w, "budget");
    if (fmpz_poly_num_real_roots(f) == 0) {
        r->has_complex = true;
        return true;
    }
    return add_binomial(w, r, f, times, is_den);
}

static bool add_polynomial(struct region_work *w, struct roots *r, const fmpz_poly_t f, bool is_den)
{
    enum { NS = 2000 };
    slong degree = fmpz_poly_degree(f);
    slong bits = fmpz_poly_max_bits(f);
    if (degree <= 0)
        return true;
    if (degree > MAX_DEGREE || bits > MAX_BITS || bits < -MAX_BITS ||
        !budget_spend(w->budget, NS * degree * degree))
        return fail(w, "a polynomial of too high a degree");
    fmpz_poly_factor_t by;
    fmpz_poly_factor_init(by);
    fmpz_poly_factor(by, f);
    bool is_done = true;
    for (slong i = 0; i < by->num && is_done; i++)
        is_done = add_factor(w, r, by->p + i, (int32_t)by->exp[i], is_den);
    fmpz_poly_factor_clear(by);
    return is_done;
}

/* f in the generator s alone, as a dense polynomial. */
static bool dense(struct region_work *w, struct quotients *ps, const fmpz_mpoly_t f, int32_t s,
                  fmpz_poly_t out)
{
    fmpz_poly_zero(out);
    for (slong i = 0; i < fmpz_mpoly_length(f, ps->ctx); i++) {
        slong exps[LIMIT_MATH_GENS] = {0};
        fmpz_mpoly_get_term_exp_si(exps, f, i, ps->ctx);
        slong degree = s < 0 ? 0 : exps[s];
        if (degree > MAX_DEGREE)
            return fail(w, "a polynomial of too high a degree");
        fmpz_t c;
        fmpz_init(c);
        fmpz_mpoly_get_term_coeff_fmpz(c, f, i, ps->ctx);
        fmpz_poly_set_coeff_fmpz(out, degree, c);
        fmpz_clear(c);
    }
    return true;
}

/* What the sign of the quotient far right and its roots make of the line. */
static bool cut_line(struct region_work *w, const struct roots *r, int sign, char op,
                     struct region *out)
{
    bool is_equation = op == EXPR_EQ || op == EXPR_NE;
    if (is_equation && r->has_complex && !w->is_real)
        return fail(w, "solutions that are not real");
    bool wants_below = op == EXPR_LT || op == EXPR_LE || op == EXPR_NE;
    bool wants_above = op == EXPR_GT || op == EXPR_GE || op == EXPR_NE;
    bool wants_zero = op == EXPR_LE || op == EXPR_GE || op == EXPR_EQ;
    for (int32_t i = 0; i < r->n; i++)
        sign = (r->of[i].in_num + r->of[i].in_den) % 2 == 1 ? -sign : sign;
    *out = region_all(sign < 0 ? wants_below : wants_above);
    for (int32_t i = 0; i < r->n; i++) {
        bool is_pole = r->of[i].in_den > 0;
        w->has_pole |= is_pole;
        sign = (r->of[i].in_num + r->of[i].in_den) % 2 == 1 ? -sign : sign;
        if (!region_put(out, r->of[i].at, false, !is_pole && wants_zero) ||
            !region_put(out, r->of[i].at, true, sign < 0 ? wants_below : wants_above))
            return fail(w, "too many pieces");
    }
    return true;
}

/* The constant v op 0, for every value of the variable. */
static bool all_or_none(int sign, char op, struct region *out)
{
    bool is_in = sign < 0    ? op == EXPR_LT || op == EXPR_LE || op == EXPR_NE
                 : sign == 0 ? op == EXPR_LE || op == EXPR_GE || op == EXPR_EQ
                             : op == EXPR_GT || op == EXPR_GE || op == EXPR_NE;
    *out = region_all(is_in);
    return true;
}

static bool solve_rational(struct region_work *w, const fmpz_poly_t num, const fmpz_poly_t den,
                           char op, struct region *out)
{
    struct roots r = {0};
    if (!add_polynomial(w, &r, den, true))
        return false;
    r.has_complex = false; /* those of the divisor lose nothing */
    if (fmpz_poly_is_zero(num)) {
        if (r.n > 0)
            return fail(w, "zero with poles");
        return all_or_none(0, op, out);
    }
    int sign = fmpz_sgn(fmpz_poly_lead(num)) * fmpz_sgn(fmpz_poly_lead(den));
    return add_polynomial(w, &r, num, false) && cut_line(w, &r, sign, op, out);
}

/* ------------------------------------------------------------------------ other coefficients */

/* Coefficients c[0] + c[1] s + c[2] s^2 of f as constants; false for a higher degree. */
static bool small_coefficients(struct region_work *w, struct quotients *ps, const fmpz_mpoly_t f,
                               int32_t s, int32_t c[3])
{
    enum { MAX = 4 };
    int32_t coefs[MAX];
    int64_t exps[MAX * LIMIT_MATH_GENS];
    int32_t n = quotient_coefficients(ps, f, coefs, exps, MAX);
    c[0] = c[1] = c[2] = expr_int(w->x, 0);
    for (int32_t i = 0; i < n; i++) {
        int64_t degree = s < 0 ? 0 : exps[(int64_t)i * ps->n_gens + s];
        if (degree > 2 || coefs[i] == EXPR_NONE)
            return fail(w, "a polynomial with irrational coefficients");
        c[degree] = coefs[i];
    }
    return n >= 0 || fail(w, "a polynomial with irrational coefficients");
}

static bool solve_constants(struct region_work *w, struct quotients *ps, const struct quotient *p,
                            int32_t s, char op, struct region *out)
{
    int32_t top[3];
    int32_t below[3];
    int32_t zero = expr_int(w->x, 0);
    if (!small_coefficients(w, ps, p->num, s, top) || !small_coefficients(w, ps, p->den, s, below))
        return false;
    if (below[1] != zero || below[2] != zero)
        return fail(w, "a divisor with irrational coefficients");
    int sign[3];
    int sign_below;
    for (int i = 0; i < 3; i++)
        if (!region_order(w, top[i], zero, &sign[i]))
            return false;
    if (!region_order(w, below[0], zero, &sign_below) || sign_below == 0)
        return fail(w, "a divisor that may be zero");
    struct roots r = {0};
    if (sign[2] == 0 && sign[1] == 0)
        return all_or_none(sign[0] * sign_below, op, out);
    if (sign[2] == 0) {
        int32_t at = expr_div(w->x, expr_neg(w->x, top[0]), top[1]);
        return add_root(w, &r, at, 1, false) && cut_line(w, &r, sign[1] * sign_below, op, out);
    }
    return add_quadratic(w, &r, top, 1, false) && cut_line(w, &r, sign[2] * sign_below, op, out);
}

/* ----------------------------------------------------------------------------- any relation */

static bool solve_quotient(struct region_work *w, struct quotients *ps, int32_t symbol,
                           int32_t diff, char op, struct region *out)
{
    CLEANUP(quotient_clear) struct quotient p = {0};
    quotient_init(ps, &p);
    if (!quotient_of(ps, diff, &p) || !quotient_reduce(&p))
        return fail(w, "not a quotient of polynomials");
    uint32_t kinds = quotient_kinds(ps, p.num) | quotient_kinds(ps, p.den);
    if ((kinds & ~(1U << QUOTIENT_SYMBOL | 1U << QUOTIENT_CONSTANT)) != 0)
        return fail(w, "not a quotient of polynomials");
    int32_t s = -1;
    for (int32_t i = 0; i < ps->n_gens; i++) {
        bool is_other = ps->gens[i].kind != QUOTIENT_SYMBOL || ps->gens[i].base != symbol;
        if (!is_other)
            s = i;
        else if (!ps->gens[i].is_constant)
            return fail(w, "more than one variable");
    }
    if ((kinds & 1U << QUOTIENT_CONSTANT) != 0)
        return solve_constants(w, ps, &p, s, op, out);
    fmpz_poly_t num;
    fmpz_poly_t den;
    fmpz_poly_init(num);
    fmpz_poly_init(den);
    bool is_done = dense(w, ps, p.num, s, num) && dense(w, ps, p.den, s, den) &&
                   solve_rational(w, num, den, op, out);
    fmpz_poly_clear(num);
    fmpz_poly_clear(den);
    return is_done;
}

static bool has_symbol(const struct exprs *x, int32_t e)
{
    return (expr_has(x, e) & EXPR_HAS_SYMBOL) != 0;
}

static char flipped(char op)
{
    switch (op) {
    case EXPR_LT:
        return EXPR_GT;
    case EXPR_LE:
        return EXPR_GE;
    case EXPR_GT:
        return EXPR_LT;
    case EXPR_GE:
        return EXPR_LE;
    default:
        return op;
    }
}

static bool solve_plain(struct region_work *w, int32_t symbol, int32_t left, char op, int32_t right,
                        struct region *out)
{
    struct exprs *x = w->x;
    int order;
    if (left == symbol && !has_symbol(x, right)) {
        int32_t infinity = expr_constant(x, EXPR_INFINITY);
        bool is_minus = right == expr_neg(x, infinity);
        if (right == infinity || is_minus)
            return all_or_none(is_minus ? 1 : -1, op, out);
        if (!region_order(w, right, expr_int(x, 0), &order)) /* it must be real */
            return false;
        *out = region_half(op, right);
        return true;
    }
    if (right == symbol && !has_symbol(x, left))
        return solve_plain(w, symbol, right, flipped(op), left, out);
    int32_t diff = expr_sub(x, left, right);
    if (diff == EXPR_NONE || !expr_is_scalar(x, diff))
        return fail(w, "not a relation of numbers");
    struct quotients ps;
    bool is_done = quotients_open(&ps, x, &diff, 1, w->budget)
                       ? solve_quotient(w, &ps, symbol, diff, op, out)
                       : fail(w, "not a quotient of polynomials");
    quotients_close(&ps);
    return is_done;
}

/* |f| op c, c a constant. */
static bool solve_abs(struct region_work *w, int32_t symbol, int32_t f, char op, int32_t c,
                      struct region *out)
{
    int32_t minus = expr_neg(w->x, c);
    bool is_inner = op == EXPR_LT || op == EXPR_LE || op == EXPR_NE;
    struct region up;
    struct region down;
    int sign;
    if (minus == EXPR_NONE || !region_order(w, c, expr_int(w->x, 0), &sign))
        return false;
    if (op == EXPR_EQ && sign < 0) {
        *out = region_all(false);
        return true;
    }
    if (op == EXPR_NE && sign < 0)
        return fail(w, "an absolute value below zero");
    w->is_real |= op == EXPR_EQ || op == EXPR_NE;
    if (!solve_plain(w, symbol, f, op, c, &up) ||
        !solve_plain(w, symbol, f, flipped(op), minus, &down))
        return false;
    return is_inner ? region_and(w, &up, &down, out) : region_or(w, &up, &down, out);
}

bool region_solve(struct region_work *w, int32_t symbol, int32_t left, char op, int32_t right,
                  struct region *out)
{
    struct exprs *x = w->x;
    bool in_left = expr_is_call(x, left, EXPR_ABS) && has_symbol(x, left);
    bool in_right = expr_is_call(x, right, EXPR_ABS) && has_symbol(x, right);
    if (in_left && in_right) {
        int32_t two = expr_int(x, 2);
        return solve_plain(w, symbol, expr_pow(x, expr_arg(x, left, 0), two), op,
                           expr_pow(x, expr_arg(x, right, 0), two), out);
    }
    if (in_left && !has_symbol(x, right))
        return solve_abs(w, symbol, expr_arg(x, left, 0), op, right, out);
    if (in_right && !has_symbol(x, left))
        return solve_abs(w, symbol, expr_arg(x, right, 0), flipped(op), left, out);
    return solve_plain(w, symbol, left, op, right, out);
}
