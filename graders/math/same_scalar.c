/* Numbers and functions. First as they stand, exactly; then what a policy allows: a unit on one
 * side only, percent, a gold that was rounded. */
#include <assert.h>

#include "graders/math/doubt.h"
#include "graders/math/identity.h"
#include "graders/math/same.h"
#include "graders/math/units.h"

/* A scalar taken apart: 5 cm is 5 and "cm"; 28% is 28/100 with raw 28; 30 deg is pi/6 with raw 30.
 */
struct measured {
    int32_t value;
    int32_t raw;
    struct str unit; /* "" none */
    bool is_radians; /* said so, and so no degrees */
};

static struct measured measured_of(struct exprs *x, int32_t e)
{
    enum { HUNDRED = 100, HALF_TURN = 180, DOZEN = 12 };
    struct measured m = {e, e, STR(""), false};
    if (!expr_is(x, e, EXPR_MEASURE))
        return m;
    m.raw = expr_arg(x, e, 0);
    m.value = m.raw;
    m.unit = expr_name(x, e);
    int32_t factor = EXPR_NONE;
    bool is_dozen = str_eq(m.unit, STR("dozen"));
    if (str_eq(m.unit, STR("rad")) || is_dozen) { /* numbers, in other words */
        m.raw = is_dozen ? expr_mul(x, m.raw, expr_int(x, DOZEN)) : m.raw;
        m.value = m.raw;
        m.unit = STR("");
        m.is_radians = !is_dozen;
    }
    if (str_eq(m.unit, STR("%")))
        factor = expr_ratio(x, 1, HUNDRED);
    else if (str_eq(m.unit, STR("deg")))
        factor = expr_mul(x, expr_constant(x, EXPR_PI), expr_ratio(x, 1, HALF_TURN));
    int32_t value = factor == EXPR_NONE ? EXPR_NONE : expr_mul(x, m.raw, factor);
    if (value != EXPR_NONE)
        m.value = value;
    return m;
}

/* ----------------------------------------------------------------------------- as they stand */

enum { MAX_RENAMED = 4 };

/* The free symbols of e that the other side has not, at most MAX_RENAMED; -1: more. */
static int32_t own_symbols(const struct exprs *x, int32_t e, int32_t other, int32_t *out)
{
    int32_t n = 0;
    for (int32_t s = 0; s < exprs_count(x); s++) {
        if (!expr_is(x, s, EXPR_SYMBOL) || (expr_free(x, e) & expr_free(x, s)) == 0 ||
            (expr_free(x, other) & expr_free(x, s)) != 0)
            continue;
        if (n == MAX_RENAMED)
            return -1;
        out[n++] = s;
    }
    return n;
}

/* Tries the names of a in every order for those of b, as far as `from` is set. */
static bool try_names(struct same_in *in, int32_t a, int32_t b, const int32_t *from, int32_t *to,
                      int32_t n, struct same *found)
{
    if (n == 0) {
        *found = same_exact(identity_compare(in->x, a, b, in->budget));
        return found->verdict == EQUAL_YES;
    }
    for (int32_t k = 0; k < n; k++) {
        int32_t taken = to[k];
        int32_t next = expr_replace(in->x, b, from[n - 1], taken);
        to[k] = to[n - 1];
        bool is_found = next != EXPR_NONE && try_names(in, a, next, from, to, n - 1, found);
        to[k] = taken;
        if (is_found)
            return true;
    }
    return false;
}

static struct same as_functions(struct same_in *in, int32_t a, int32_t b)
{
    int32_t of_a[MAX_RENAMED];
    int32_t of_b[MAX_RENAMED];
    struct same again;
    struct same s = same_exact(identity_compare(in->x, a, b, in->budget));
    if (s.verdict == EQUAL_YES || expr_free(in->x, a) == expr_free(in->x, b))
        return s;
    int32_t n = own_symbols(in->x, a, b, of_a);
    if (n <= 0 || n != own_symbols(in->x, b, a, of_b))
        return s;
    bool is_open = n == 1 && doubt_is_open_constant(expr_name(in->x, of_a[0])) &&
                   doubt_is_open_constant(expr_name(in->x, of_b[0]));
    if ((!in->policy->may_rename && !is_open) || !try_names(in, a, b, of_b, of_a, n, &again))
        return s;
    return in->policy->may_rename ? same_by_policy(again, "rename")
                                  : same_doubt(again, "an open constant has another name");
}

static struct same as_they_stand(struct same_in *in, int32_t a, int32_t b)
{
    if (a == b)
        return same_expression(in->x, a);
    int32_t has = expr_has(in->x, a) | expr_has(in->x, b);
    bool has_a = (expr_has(in->x, a) & EXPR_HAS_PLUS_MINUS) != 0;
    bool has_b = (expr_has(in->x, b) & EXPR_HAS_PLUS_MINUS) != 0;
    if (has_a != has_b)
        return same_no(LEVEL_D1, "several values against one");
    if (has_a)
        return same_unsure("signs that may belong together");
    if ((has & EXPR_HAS_DOTS) != 0)
        return same_unsure("an ellipsis has no certain meaning");
    if ((has & EXPR_HAS_MEASURE) != 0)
        return same_unsure("a unit inside an expression");
    return as_functions(in, a, b);
}

/* --------------------------------------------------------------------------------- rounding */

enum { LEAST_DIGITS = 2, SURE_DIGITS = 3, PRED_DIGITS = 6 };

static const char gold_rounds[] = "rounding: the gold's precision";
static const char pred_rounds[] = "rounding: the answer's precision";

/* How many digits a decimal has from its first that is not zero to its last. */
static int32_t significant(struct exprs *x, int32_t e)
{
    fmpz_t v;
    int32_t places = expr_decimals(x, e);
    fmpz_init(v);
    fmpz_set_ui(v, 10); /* NOLINT: ten */
    fmpz_pow_ui(v, v, (ulong)(places > 0 ? places : -places));
    if (places > 0)
        fmpz_mul(v, v, fmpq_numref(expr_number(x, e)));
    else
        fmpz_tdiv_q(v, fmpq_numref(expr_number(x, e)), v);
    if (places > 0)
        fmpz_tdiv_q(v, v, fmpq_denref(expr_number(x, e)));
    int32_t n = fmpz_is_zero(v) ? 0 : (int32_t)fmpz_sizeinbase(v, 10);
    fmpz_clear(v);
    return n;
}

/* Whether `value` lies within half a unit of the last digit of the decimal d. */
static bool rounds_to(struct same_in *in, int32_t value, int32_t d)
{
    fmpq_t half;
    fmpz_t unit;
    int32_t places = expr_decimals(in->x, d);
    if (expr_has(in->x, value) & (EXPR_HAS_SYMBOL | EXPR_HAS_DOTS | EXPR_HAS_MEASURE))
        return false;
    fmpz_init(unit);
    fmpq_init(half);
    fmpz_set_ui(unit, 10); /* NOLINT: ten */
    fmpz_pow_ui(unit, unit, (ulong)(places > 0 ? places : -places));
    fmpq_set_si(half, 1, 2);
    if (places > 0)
        fmpq_div_fmpz(half, half, unit);
    else
        fmpq_mul_fmpz(half, half, unit);
    struct exact e = exact_within(in->x, value, expr_number(in->x, d), half, in->budget);
    fmpq_clear(half);
    fmpz_clear(unit);
    return e.truth == EXACT_EQUAL;
}

static bool is_decimal(struct exprs *x, int32_t e)
{
    return expr_is(x, e, EXPR_NUMBER) && expr_decimals(x, e) != EXPR_EXACT;
}

/* Only called for numbers that are proved different. A decimal of one digit is taken as it stands;
 * one of two digits against a longer decimal may as well be exact: 2.54 is not shown to be what 2.5
 * means. */
static struct same by_rounding(struct same_in *in, int32_t gold, int32_t pred, struct same s)
{
    struct exprs *x = in->x;
    bool is_gold = is_decimal(x, gold) && rounds_to(in, pred, gold);
    bool is_pred = is_decimal(x, pred) && rounds_to(in, gold, pred);
    if (is_gold) {
        int32_t n = significant(x, gold);
        bool is_sure = n >= SURE_DIGITS || (n == LEAST_DIGITS && !is_decimal(x, pred));
        if (n < LEAST_DIGITS)
            return s;
        if (!is_sure || in->policy->rounding == ROUNDING_NONE)
            return same_unsure("the gold may be rounded");
        return same_by_policy(same_yes(LEVEL_E2, gold_rounds), gold_rounds);
    }
    if (is_pred && significant(x, pred) >= LEAST_DIGITS) {
        int32_t least = in->policy->rounding_digits > 0 ? in->policy->rounding_digits : PRED_DIGITS;
        if (in->policy->rounding != ROUNDING_PRED || significant(x, pred) < least)
            return same_unsure("the answer is the gold, rounded");
        return same_by_policy(same_yes(LEVEL_E2, pred_rounds), pred_rounds);
    }
    return s;
}

static struct same with_rounding(struct same_in *in, int32_t gold, int32_t pred)
{
    struct same s = as_they_stand(in, gold, pred);
    return s.verdict == EQUAL_NO ? by_rounding(in, gold, pred, s) : s;
}

/* ------------------------------------------------------------------------------------ units */

static struct same percent_against_none(struct same_in *in, struct measured g, struct measured p)
{
    struct same s = with_rounding(in, g.value, p.value);
    if (s.verdict == EQUAL_YES)
        return s;
    struct same raw = with_rounding(in, g.raw, p.raw);
    if (raw.verdict == EQUAL_NO)
        return s.verdict == EQUAL_NO ? raw : s;
    return in->policy->percent == PERCENT_LOOSE ? same_by_policy(raw, "percent: loose")
                                                : same_doubt(raw, "percent against a bare number");
}

/* 500 cm against 5: metres, if the problem asks for them. */
static bool could_be_converted(struct same_in *in, struct measured g, struct measured p)
{
    bool is_gold = g.unit.n > 0;
    int32_t with = is_gold ? g.raw : p.raw;
    int32_t without = is_gold ? p.raw : g.raw;
    struct str unit = is_gold ? g.unit : p.unit;
    struct str other;
    for (int32_t i = 0; unit_at(i, &other); i++) {
        int32_t a = with;
        int32_t b = without;
        if (!str_eq(other, unit) && unit_convert(in->x, &a, unit, &b, other) &&
            exact_compare(in->x, a, b, in->budget).truth == EXACT_EQUAL)
            return true;
    }
    return false;
}

static struct same one_unit(struct same_in *in, struct measured g, struct measured p)
{
    struct str unit = g.unit.n > 0 ? g.unit : p.unit;
    if (str_eq(unit, STR("%")))
        return percent_against_none(in, g, p);
    if (g.is_radians || p.is_radians)
        return with_rounding(in, g.value, p.value);
    struct same s = with_rounding(in, g.raw, p.raw);
    if (str_eq(unit, STR("deg"))) { /* 30 deg is pi/6, and may be meant by 30 */
        struct same turned = with_rounding(in, g.value, p.value);
        if (turned.verdict == EQUAL_YES)
            return turned;
    }
    if (s.verdict == EQUAL_NO && in->policy->units != UNITS_IGNORE && could_be_converted(in, g, p))
        return same_unsure("a unit on one side only, and another unit would fit");
    if (in->policy->units == UNITS_STRICT)
        return same_doubt(s, "only one side has a unit");
    return same_by_policy(s,
                          in->policy->units == UNITS_IGNORE ? "units: ignore" : "units: optional");
}

struct same same_scalar(struct same_in *in, int32_t gold, int32_t pred)
{
    struct measured g = measured_of(in->x, gold);
    struct measured p = measured_of(in->x, pred);
    if (gold == pred)
        return as_they_stand(in, gold, pred);
    if (g.unit.n == 0 && p.unit.n == 0)
        return with_rounding(in, g.raw, p.raw);
    if (str_eq(g.unit, p.unit))
        return with_rounding(in, g.raw, p.raw);
    if (g.unit.n == 0 || p.unit.n == 0)
        return one_unit(in, g, p);
    if (in->policy->units == UNITS_IGNORE)
        return same_by_policy(with_rounding(in, g.raw, p.raw), "units: ignore");
    bool are_converted = unit_convert(in->x, &g.raw, g.unit, &p.raw, p.unit);
    if (are_converted)
        return with_rounding(in, g.raw, p.raw);
    if (in->depth > 1 || unit_is_known(g.unit) || unit_is_known(p.unit))
        return same_no(LEVEL_D1, "the units differ");
    return same_unsure("the units differ");
}

/* The one open constant of e where it is added and nothing else; EXPR_NONE. */
static int32_t added_constant(struct same_in *in, int32_t e, int32_t *rest)
{
    struct exprs *x = in->x;
    int32_t found = EXPR_NONE;
    for (int32_t s = 0; expr_is(x, e, EXPR_ADD) && s < expr_n_args(x, e); s++) {
        int32_t a = expr_arg(x, e, s);
        if (expr_is(x, a, EXPR_SYMBOL) && doubt_is_open_constant(expr_name(x, a)))
            found = found == EXPR_NONE ? a : found;
    }
    *rest = found == EXPR_NONE ? EXPR_NONE : expr_replace(x, e, found, expr_int(x, 0));
    bool is_gone = *rest != EXPR_NONE && (expr_free(x, *rest) & expr_free(x, found)) == 0;
    return is_gone ? found : EXPR_NONE;
}

bool same_differs_by_more(struct same_in *in, int32_t gold, int32_t pred)
{
    struct exprs *x = in->x;
    int32_t of_g;
    int32_t of_p;
    if (added_constant(in, gold, &of_g) == EXPR_NONE ||
        added_constant(in, pred, &of_p) == EXPR_NONE)
        return false;
    int32_t difference = expr_sub(x, of_g, of_p);
    int32_t n = exprs_count(x);
    for (int32_t s = 0; s < n && difference != EXPR_NONE; s++) {
        if (!expr_is(x, s, EXPR_SYMBOL) || (expr_free(x, difference) & expr_free(x, s)) == 0)
            continue;
        int32_t moved = expr_replace(x, difference, s, expr_add(x, s, expr_int(x, 1)));
        if (moved != EXPR_NONE &&
            identity_compare(x, difference, moved, in->budget).truth == EXACT_DIFFERENT)
            return true;
    }
    return false;
}
