#include <assert.h>

#include "base/limits.h"
#include "graders/math/latex_parse.h"
#include "graders/math/matrix.h"

/* ------------------------------------------------------------------------------- primaries */

int32_t latex_argument(struct latex_parser *p)
{
    if (p->failed)
        return EXPR_NONE;
    const struct latex_token *t = p->t;
    switch (t->kind) {
    case T_GROUP_OPEN:
        return latex_group(p);
    case T_NUMBER:
        p->t++;
        if (!latex_is_whole(latex_spelling(p, t)))
            return latex_fail(p, "no argument");
        return latex_node(p, expr_digits(p->x, latex_spelling(p, t)));
    case T_SYMBOL: {
        p->t++;
        int32_t c = latex_lettered(p, t->name);
        return latex_node(p, c != EXPR_NONE ? c : expr_symbol(p->x, t->name));
    }
    case T_END:
        return latex_fail(p, "an argument is missing");
    default:
        return latex_primary(p);
    }
}

/* \frac172: TeX makes it 1/7 times 2, and who writes it means 17/2 or 1/72. */
static int32_t fraction(struct latex_parser *p)
{
    p->t++;
    bool is_bare = latex_at(p, T_NUMBER);
    int32_t a = latex_argument(p);
    is_bare &= latex_at(p, T_NUMBER);
    int32_t b = latex_argument(p);
    if (is_bare && latex_at(p, T_NUMBER) && p->t->space == SPACE_NONE)
        return latex_fail(p, "more digits than a fraction takes");
    if (!p->failed && matrix_is(p->x, b))
        return latex_fail(p, "division by a matrix");
    return p->failed ? EXPR_NONE : latex_node(p, expr_div(p->x, a, b));
}

/* {}_n C_k and ^nC_k, at the index that comes first. */
static int32_t prefixed_choose(struct latex_parser *p)
{
    p->t++;
    int32_t n = latex_argument(p);
    if (p->failed || !latex_at(p, T_SYMBOL) || !latex_is_letter(p->t->name, 'C'))
        return latex_fail(p, "an index without a name");
    p->t++;
    if (!latex_take(p, T_UNDER) && !latex_take(p, T_CARET))
        return latex_fail(p, "C without its second number");
    int32_t k = latex_argument(p);
    return p->failed ? EXPR_NONE : latex_node(p, expr_call2(p->x, EXPR_BINOMIAL, n, k));
}

static int32_t braces(struct latex_parser *p)
{
    const struct latex_token *t = p->t + 1;
    if (t->kind == T_GROUP_CLOSE && (t[1].kind == T_UNDER || t[1].kind == T_CARET)) {
        p->t += 2;
        return prefixed_choose(p);
    }
    return latex_bracket(p);
}

/* Area = 5: a word for a name. */
static bool latex_at_name(const struct latex_parser *p)
{
    return p->t[1].kind == T_RELATION && p->t[1].arg == EXPR_EQ;
}

static int32_t word_name(struct latex_parser *p)
{
    int32_t text = latex_words(p, p->t, p->t + 1);
    p->t++;
    return p->failed ? EXPR_NONE : latex_node(p, expr_symbol(p->x, expr_name(p->x, text)));
}

static int32_t primary(struct latex_parser *p)
{
    switch (p->t->kind) {
    case T_NUMBER:
    case T_VULGAR:
        return latex_number(p);
    case T_SYMBOL:
        return latex_name(p);
    case T_CONSTANT:
        return latex_constant(p);
    case T_FUNCTION:
        return p->t->is_letters && latex_at_name(p) ? word_name(p) : latex_call(p);
    case T_FRAC:
        return fraction(p);
    case T_SQRT:
        return latex_root(p);
    case T_BINOM:
        return latex_binom(p);
    case T_SUM:
        return latex_big(p);
    case T_BEGIN:
        return latex_matrix(p);
    case T_GROUP_OPEN:
        return braces(p);
    case T_OPEN:
    case T_CLOSE:
    case T_SET_OPEN:
    case T_BAR:
    case T_BAR_OPEN:
    case T_NORM:
    case T_FLOOR_OPEN:
    case T_CEIL_OPEN:
    case T_ANGLE_OPEN:
        return latex_bracket(p);
    case T_OVERLINE:
    case T_ACCENT:
    case T_ITALIC:
        return latex_accent(p);
    case T_UNDER:
    case T_CARET:
        return prefixed_choose(p);
    case T_CURRENCY:
        return latex_money(p);
    case T_MOD:
        return latex_call(p);
    case T_DOTS:
        p->t++;
        return latex_node(p, expr_make(p->x, EXPR_DOTS, 0, STR(""), p->stack, 0));
    case T_EMPTY_SET:
        p->t++;
        return latex_node(p, expr_make(p->x, EXPR_SET, 0, STR(""), p->stack, 0));
    case T_END:
        return latex_fail(p, "something is missing at the end");
    case T_QUOTE: {
        struct str text = p->t++->name;
        return latex_node(p, expr_make(p->x, EXPR_TEXT, 0, text, p->stack, 0));
    }
    case T_WORD:
        if (latex_at_name(p))
            return word_name(p);
        return latex_fail(p, "unknown word");
    case T_UNKNOWN:
        return latex_fail(p, "unknown sign or command");
    default:
        return latex_fail(p, "something is missing here");
    }
}

int32_t latex_primary(struct latex_parser *p)
{
    if (!latex_enter(p))
        return EXPR_NONE;
    int32_t e = primary(p);
    latex_leave(p);
    return e;
}

/* --------------------------------------------------------------------- powers and the like */

/* ^\circ and ^{\circ}. */
static int32_t raised_degree(const struct latex_parser *p)
{
    if (p->t->kind != T_CARET)
        return 0;
    bool is_o = p->t[1].kind == T_SYMBOL && latex_is_letter(p->t[1].name, 'o') &&
                p->t != p->first && p->t[-1].kind == T_NUMBER; /* 90^o */
    if (p->t[1].kind == T_DEGREE || is_o)
        return 2;
    return p->t[1].kind == T_GROUP_OPEN && p->t[2].kind == T_DEGREE && p->t[3].kind == T_GROUP_CLOSE
               ? 4
               : 0;
}

bool latex_raises(const struct latex_parser *p)
{
    return p->t->kind == T_CARET && raised_degree(p) == 0;
}

static bool is_vector(const struct latex_parser *p, int32_t e)
{
    return expr_is(p->x, e, EXPR_MATRIX) || expr_is(p->x, e, EXPR_TUPLE);
}

static int32_t power_of(struct latex_parser *p, int32_t base, int32_t exponent)
{
    if (p->failed)
        return EXPR_NONE;
    bool is_t = expr_is(p->x, exponent, EXPR_SYMBOL) &&
                str_eq(expr_name(p->x, exponent), STR("T")) && is_vector(p, base);
    if (is_t)
        return latex_node(p, matrix_transposed(p->x, base));
    if (expr_is(p->x, base, EXPR_MATRIX) && !expr_is(p->x, exponent, EXPR_NUMBER))
        return latex_fail(p, "a transpose or a matrix to a power");
    int32_t power = expr_is(p->x, base, EXPR_MATRIX)
                        ? matrix_power(p->x, base, exponent, &p->matrix_work)
                        : EXPR_NONE;
    if (power != EXPR_NONE)
        return power;
    bool is_space = expr_is(p->x, base, EXPR_CONSTANT) && expr_is(p->x, exponent, EXPR_NUMBER);
    if (!is_space && (!latex_is_arithmetic(p, base) || !latex_is_arithmetic(p, exponent)))
        return EXPR_NONE; /* R^2 is a set, R^x is nothing */
    return latex_node(p, expr_pow(p->x, base, exponent));
}

int32_t latex_exponent(struct latex_parser *p)
{
    if (!latex_enter(p))
        return EXPR_NONE;
    bool is_minus = false;
    while (latex_at(p, T_MINUS) || latex_at(p, T_PLUS)) {
        is_minus ^= latex_at(p, T_MINUS);
        p->t++;
    }
    int32_t e =
        latex_at(p, T_SYMBOL) && p->t[1].kind == T_UNDER ? latex_primary(p) : latex_argument(p);
    if (!p->failed && latex_raises(p)) { /* 2^3^2 */
        p->t++;
        int32_t up = latex_exponent(p);
        e = power_of(p, e, up);
    }
    latex_leave(p);
    if (p->failed)
        return EXPR_NONE;
    return is_minus ? latex_node(p, expr_neg(p->x, e)) : e;
}

/* e^-2x, 2^2n, e^i\pi: whoever leaves the braces out may mean all of it. x^2y is x squared times y.
 */
static bool may_be_glued(const struct latex_parser *p, int32_t base, const struct latex_token *t)
{
    if (p->failed || t->kind != T_NUMBER || !expr_is(p->x, base, EXPR_SYMBOL))
        return !p->failed;
    return latex_at(p, T_SYMBOL) && p->t->name.n == 1 && strchr("nkm", p->t->name.at[0]) != NULL;
}

static int32_t glued_exponent(struct latex_parser *p, int32_t e)
{
    bool is_glued = latex_at(p, T_SYMBOL) || latex_at(p, T_CONSTANT);
    if (p->failed || !is_glued || p->t->space == SPACE_SOME || !latex_choice(p, CHOICE_EXPONENT))
        return e;
    while (!p->failed && (latex_at(p, T_SYMBOL) || latex_at(p, T_CONSTANT)) &&
           p->t->space != SPACE_SOME) {
        int32_t factor = latex_primary(p);
        e = p->failed ? EXPR_NONE : latex_node(p, expr_mul(p->x, e, factor));
    }
    return e;
}

/* x^12 is x^(12) to a person, and x^1 times 2 to TeX. */
static int32_t raised(struct latex_parser *p, int32_t base)
{
    p->t++;
    const struct latex_token *t = p->t;
    struct str digits = latex_spelling(p, t);
    if (t->kind == T_NUMBER && digits.n > 1) {
        if (latex_is_whole(digits) && latex_choice(p, CHOICE_DIGITS)) {
            p->t++;
            int32_t low = expr_digits(p->x, str_sub(digits, 0, 1));
            int32_t rest = expr_digits(p->x, str_sub(digits, 1, digits.n));
            return latex_node(p, expr_mul(p->x, power_of(p, base, low), rest));
        }
        if (!latex_is_whole(digits)) { /* x^0.5 */
            int32_t e = latex_number(p);
            return power_of(p, base, e);
        }
    }
    int32_t e = latex_exponent(p);
    if (t->kind != T_GROUP_OPEN && may_be_glued(p, base, t))
        e = glued_exponent(p, e);
    return power_of(p, base, e);
}

static int32_t with_unit(struct latex_parser *p, int32_t e, struct str unit)
{
    return latex_node(p, expr_make(p->x, EXPR_MEASURE, 0, unit, &e, 1));
}

/* 12^\circ 30' */
static int32_t minutes(struct latex_parser *p, int32_t e)
{
    if (!latex_at(p, T_NUMBER) || p->t[1].kind != T_PRIME || p->t[1].arg != 1 ||
        !latex_is_whole(latex_spelling(p, p->t)))
        return e;
    int32_t m = expr_digits(p->x, latex_spelling(p, p->t));
    p->t += 2;
    return expr_add(p->x, e, expr_div(p->x, m, expr_int(p->x, 60)));
}

static int32_t degrees(struct latex_parser *p, int32_t e)
{
    const struct latex_token *t = p->t;
    if (t->kind == T_SYMBOL && (latex_is_letter(t->name, 'C') || latex_is_letter(t->name, 'F')) &&
        !p->is_angle) {
        p->t++;
        return with_unit(p, e, latex_is_letter(t->name, 'C') ? STR("degC") : STR("degF"));
    }
    e = minutes(p, e);
    if (!p->is_angle)
        return with_unit(p, e, STR("deg"));
    int32_t factor = expr_mul(p->x, expr_constant(p->x, EXPR_PI), expr_ratio(p->x, 1, 180));
    return latex_node(p, expr_mul(p->x, e, factor));
}

static int32_t factorial(struct latex_parser *p, int32_t e)
{
    int32_t n = 1;
    p->t++;
    while (latex_at(p, T_BANG) && p->t->space == SPACE_NONE) {
        p->t++;
        n++;
    }
    if (n > 2)
        return latex_fail(p, "more than two exclamation marks");
    return latex_node(p, expr_call(p->x, n == 1 ? EXPR_FACTORIAL : EXPR_DOUBLE_FACTORIAL, e));
}

static int32_t power(struct latex_parser *p)
{
    int32_t e = latex_primary(p);
    while (!p->failed) {
        int32_t n_degree = raised_degree(p);
        if (n_degree > 0 || latex_at(p, T_DEGREE)) {
            p->t += n_degree > 0 ? n_degree : 1;
            e = degrees(p, e);
        } else if (latex_at(p, T_CARET) &&
                   (p->t[1].kind == T_TRANSPOSE ||
                    (p->t[1].kind == T_GROUP_OPEN && p->t[2].kind == T_TRANSPOSE))) {
            if (!is_vector(p, e))
                return latex_fail(p, "a transpose");
            p->t += p->t[1].kind == T_TRANSPOSE ? 2 : 4;
            e = latex_node(p, matrix_transposed(p->x, e));
        } else if (latex_at(p, T_CARET)) {
            e = raised(p, e);
        } else if (latex_at(p, T_BANG)) {
            e = factorial(p, e);
        } else if (latex_at(p, T_PERCENT)) {
            p->t++;
            e = with_unit(p, e, STR("%"));
        } else if (latex_at(p, T_CURRENCY) && p->t == p->after_number && p->t[1].kind != T_NUMBER) {
            e = with_unit(p, e, p->t++->name); /* 5 euros with the sign behind */
        } else {
            break;
        }
    }
    return p->failed ? EXPR_NONE : e;
}

int32_t latex_factor(struct latex_parser *p)
{
    bool is_minus = false;
    while (latex_at(p, T_MINUS) || latex_at(p, T_PLUS)) {
        is_minus ^= latex_at(p, T_MINUS);
        p->t++;
    }
    int32_t e = power(p);
    return p->failed ? EXPR_NONE : is_minus ? latex_node(p, expr_neg(p->x, e)) : e;
}

/* -------------------------------------------------------------------------------- products */

/* The last bracket of [0, 1[, after which nothing can stand that a bracket would hold. */
static bool closes_outward(const struct latex_token *t)
{
    switch (t[1].kind) {
    case T_END:
    case T_COMMA:
    case T_SEMICOLON:
    case T_CLOSE:
    case T_SET_CLOSE:
    case T_GROUP_CLOSE:
    case T_UNION:
    case T_INTERSECTION:
    case T_SET_MINUS:
    case T_KEYWORD:
    case T_RELATION:
        return true;
    default:
        return false;
    }
}

/* {1}{2} and 1\mathbf{2} look like 12, and are no product. */
static bool are_digits_beside(const struct latex_parser *p)
{
    const struct latex_token *t = p->t;
    if (t->kind != T_GROUP_OPEN || t[1].kind != T_NUMBER || t == p->first)
        return false;
    bool is_group = t[-1].kind == T_GROUP_CLOSE && t - p->first > 1 && t[-2].kind == T_NUMBER;
    return t[-1].kind == T_NUMBER || is_group;
}

bool latex_starts_factor(struct latex_parser *p)
{
    if (are_digits_beside(p))
        return false;
    switch (p->t->kind) {
    case T_NUMBER:
        return p->t != p->after_number; /* two numbers side by side are no product */
    case T_SYMBOL:
        return !latex_at_unit_letter(p);
    case T_FUNCTION:
        return !latex_at_minutes(p);
    case T_DOTS: /* 1 \cdot 2 \cdots n */
        return p->t[1].kind == T_NUMBER || p->t[1].kind == T_SYMBOL || p->t[1].kind == T_OPEN;
    case T_VULGAR:
    case T_CONSTANT:
    case T_FRAC:
    case T_SQRT:
    case T_BINOM:
    case T_SUM:
    case T_BEGIN:
    case T_GROUP_OPEN:
    case T_SET_OPEN:
    case T_BAR_OPEN:
    case T_FLOOR_OPEN:
    case T_CEIL_OPEN:
    case T_ANGLE_OPEN:
    case T_OVERLINE:
    case T_ACCENT:
    case T_ITALIC:
        return true;
    case T_OPEN:
        if (p->t[1].kind == T_MOD || p->t[1].kind == T_KEYWORD || p->t[1].kind == T_FOR_ALL ||
            p->t->holds_relation)
            return false; /* (mod 5), (for all n), (n > 1) */
        return p->t->arg == '(' || !closes_outward(p->t);
    case T_BAR:
        return p->bars == 0 && !p->bar_ends && p->n_bars > 1;
    default:
        return false;
    }
}

/* mantissa times 10^k, where the mantissa is a decimal: the decimals move. */
static bool scientific(struct latex_parser *p, int32_t base)
{
    enum { FAR = 4096 };
    if (p->n_stack != base + 1 || !expr_is(p->x, p->stack[base], EXPR_NUMBER) ||
        p->t[1].kind != T_NUMBER || p->t[2].kind != T_CARET ||
        !str_eq(latex_spelling(p, p->t + 1), STR("10")))
        return false;
    int32_t mantissa = p->stack[base];
    int32_t decimals = expr_decimals(p->x, mantissa);
    if (decimals == EXPR_EXACT)
        return false;
    p->t += 3;
    int32_t e = latex_exponent(p);
    int64_t k;
    if (p->failed)
        return true;
    if (!expr_get_int(p->x, e, &k) || k > FAR || k < -FAR) {
        (void)latex_push(p, expr_pow(p->x, expr_int(p->x, 10), e));
        return true;
    }
    fmpq_t v;
    fmpq_init(v);
    fmpq_set_si(v, 10, 1);
    fmpq_pow_si(v, v, k);
    fmpq_mul(v, v, expr_number(p->x, mantissa));
    p->stack[base] = latex_node(p, expr_fmpq(p->x, v, decimals - (int32_t)k));
    fmpq_clear(v);
    return true;
}

static bool divided(struct latex_parser *p)
{
    int32_t d = latex_factor(p);
    if (p->failed)
        return false;
    if (latex_starts_factor(p) && latex_choice(p, CHOICE_SLASH)) {
        int32_t base = p->n_stack;
        if (!latex_push(p, d))
            return false;
        while (!p->failed && latex_starts_factor(p))
            (void)latex_push(p, latex_factor(p));
        d = latex_fold(p, EXPR_MUL, base);
    }
    return !p->failed && latex_push(p, expr_pow(p->x, d, expr_int(p->x, -1)));
}

static bool multiplied(struct latex_parser *p, int32_t base)
{
    if (scientific(p, base))
        return !p->failed;
    p->t++;
    return latex_push(p, latex_factor(p));
}

/* A product with one measure in it measures as a whole: 2 * 30 degrees. */
static int32_t product_of(struct latex_parser *p, int32_t base)
{
    struct str unit = {0};
    for (int32_t i = base; i < p->n_stack && p->n_stack > base + 1; i++)
        if (!latex_is_arithmetic(p, p->stack[i]))
            return EXPR_NONE;
    for (int32_t i = base; i < p->n_stack && !p->failed; i++)
        if (expr_is(p->x, p->stack[i], EXPR_MEASURE)) {
            if (unit.n > 0)
                return latex_fold(p, EXPR_MUL, base);
            unit = expr_name(p->x, p->stack[i]);
            p->stack[i] = expr_arg(p->x, p->stack[i], 0);
        }
    int32_t e = latex_fold(p, EXPR_MUL, base);
    return p->failed || unit.n == 0 ? e : with_unit(p, e, unit);
}

int32_t latex_product(struct latex_parser *p)
{
    int32_t base = p->n_stack;
    if (!latex_push(p, latex_factor(p)))
        return EXPR_NONE;
    for (bool goes_on = true; goes_on && !p->failed;) {
        if (latex_at(p, T_TIMES)) {
            goes_on = multiplied(p, base);
        } else if (latex_take(p, T_SLASH)) {
            goes_on = divided(p);
        } else if (latex_at(p, T_MOD) && !p->is_angle && p->n_stack > base) {
            p->t++;
            int32_t a = product_of(p, base);
            bool is_negative =
                !p->failed && expr_is(p->x, a, EXPR_NUMBER) && fmpq_sgn(expr_number(p->x, a)) < 0;
            if (is_negative) /* -(7 mod 3) or (-7) mod 3 */
                return latex_fail(p, "a sign before a remainder");
            int32_t n = latex_factor(p);
            goes_on = !p->failed && latex_push(p, expr_call2(p->x, EXPR_MOD, a, n));
        } else {
            goes_on = latex_starts_factor(p) && latex_push(p, latex_factor(p));
        }
    }
    if (p->failed)
        return EXPR_NONE;
    int32_t e = p->n_stack == base + 1 ? p->stack[--p->n_stack] : product_of(p, base);
    return p->failed ? EXPR_NONE : latex_measure(p, e);
}

/* ------------------------------------------------------------------------------------ sums */

/* 3 cm + 5 cm, and 2 + \sqrt{3} cm: the sum has the unit. */
static int32_t sum_of(struct latex_parser *p, int32_t base)
{
    int32_t n = p->n_stack - base;
    int32_t last = p->stack[p->n_stack - 1];
    if (n == 1) {
        p->n_stack = base;
        return last;
    }
    for (int32_t i = base; i < p->n_stack; i++)
        if (!latex_is_arithmetic(p, p->stack[i]))
            return EXPR_NONE;
    if (!expr_is(p->x, last, EXPR_MEASURE) || str_eq(expr_name(p->x, last), STR("%")))
        return latex_fold(p, EXPR_ADD, base);
    struct str unit = expr_name(p->x, last);
    for (int32_t i = base; i < p->n_stack; i++)
        if (expr_is(p->x, p->stack[i], EXPR_MEASURE)) {
            if (!str_eq(expr_name(p->x, p->stack[i]), unit))
                return latex_fold(p, EXPR_ADD, base);
            p->stack[i] = expr_arg(p->x, p->stack[i], 0);
        }
    int32_t e = latex_fold(p, EXPR_ADD, base);
    return p->failed ? EXPR_NONE : with_unit(p, e, unit);
}

static int32_t negated(struct latex_parser *p, int32_t e)
{
    if (!expr_is(p->x, e, EXPR_MEASURE))
        return expr_neg(p->x, e);
    int32_t value = expr_neg(p->x, expr_arg(p->x, e, 0));
    return value == EXPR_NONE ? EXPR_NONE : with_unit(p, value, expr_name(p->x, e));
}

static bool is_set_minus(struct latex_parser *p, int32_t base, bool is_minus, int32_t term)
{
    return is_minus && p->n_stack == base + 1 && latex_is_set(p, p->stack[base]) &&
           latex_is_set(p, term);
}

static bool next_term(struct latex_parser *p, int32_t base)
{
    bool is_both = latex_at(p, T_PLUS_MINUS);
    bool is_minus = latex_at(p, T_MINUS);
    int32_t which = p->t->arg;
    const struct latex_token *from = ++p->t;
    int32_t term = latex_product(p);
    if (is_minus && p->n_stack == base + 1 && latex_is_set(p, p->stack[base]))
        term = latex_operand(p, from, term);
    if (p->failed)
        return false;
    if (is_both) {
        int32_t args[2] = {p->n_stack > base ? sum_of(p, base) : expr_int(p->x, 0), term};
        p->n_stack = base;
        return !p->failed &&
               latex_push(p, expr_make(p->x, EXPR_PLUS_MINUS, which, STR(""), args, 2));
    }
    if (is_set_minus(p, base, is_minus, term)) {
        p->stack[base] = latex_node(
            p, expr_make(p->x, EXPR_DIFFERENCE, 0, STR(""), (int32_t[]){p->stack[base], term}, 2));
        return !p->failed;
    }
    return latex_push(p, is_minus ? negated(p, term) : term);
}

int32_t latex_sum(struct latex_parser *p)
{
    int32_t base = p->n_stack;
    if (!latex_enter(p))
        return EXPR_NONE;
    bool has_sign = latex_at(p, T_MINUS) || latex_at(p, T_PLUS) || latex_at(p, T_PLUS_MINUS);
    if (!has_sign)
        (void)latex_push(p, latex_product(p));
    while (!p->failed && (latex_at(p, T_MINUS) || latex_at(p, T_PLUS) || latex_at(p, T_PLUS_MINUS)))
        if (!next_term(p, base))
            break;
    latex_leave(p);
    return p->failed ? EXPR_NONE : latex_node(p, sum_of(p, base));
}
