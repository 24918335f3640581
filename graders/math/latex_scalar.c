#include <assert.h>

#include "base/limits.h"
#include "graders/math/latex_parse.h"

/* ------------------------------------------------------------------------------- names */

static bool is_plain_digits(struct str s)
{
    for (int64_t i = 0; i < s.n; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return s.n > 0;
}

static struct str token_text(const struct latex_parser *p, const struct latex_token *t)
{
    return t->name.n > 0 ? t->name : latex_text(p, t);
}

/* What stands after "_", as it is written, without its spaces. */
static struct str subscript(struct latex_parser *p)
{
    const struct latex_token *from = p->t;
    const struct latex_token *to = p->t + 1;
    if (from->kind == T_GROUP_OPEN) {
        if (from->match < 0) {
            (void)latex_fail(p, "a brace is not closed");
            return (struct str){0};
        }
        from++;
        to = p->first + p->t->match;
    } else if (from->kind != T_NUMBER && from->kind != T_SYMBOL && from->kind != T_CONSTANT &&
               from->kind != T_WORD) {
        (void)latex_fail(p, "no index after _");
        return (struct str){0};
    }
    int64_t n = 0;
    for (const struct latex_token *t = from; t < to; t++)
        n += token_text(p, t).n;
    char *out = arena_take(p->tmp, n + 1, 1, 1);
    n = 0;
    for (const struct latex_token *t = from; t < to; t++) {
        struct str s = token_text(p, t);
        memcpy(out + n, s.at, (size_t)s.n);
        n += s.n;
    }
    p->t = p->t->kind == T_GROUP_OPEN ? to + 1 : to;
    return (struct str){out, n};
}

static bool is_word(struct str s)
{
    for (int64_t i = 0; i < s.n; i++) {
        char c = s.at[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
            return false;
    }
    return s.n > 0;
}

/* name_index as "a_1", "a_max", "a_{n+1}". */
static struct str with_index(struct latex_parser *p, struct str name, struct str index)
{
    return is_word(index) ? arena_fmt(p->tmp, "%.*s_%.*s", STR_ARG(name), STR_ARG(index))
                          : arena_fmt(p->tmp, "%.*s_{%.*s}", STR_ARG(name), STR_ARG(index));
}

static struct str with_primes(struct latex_parser *p, struct str name)
{
    while (latex_at(p, T_PRIME) && p->t->space == SPACE_NONE) {
        static const char primes[] = "''''";
        int32_t n = p->t->arg < 4 ? p->t->arg : 4;
        name = arena_fmt(p->tmp, "%.*s%.*s", STR_ARG(name), (int)n, primes);
        p->t++;
    }
    return name;
}

/* The name at a T_SYMBOL with its index and primes. */
static struct str full_name(struct latex_parser *p)
{
    const struct latex_token *t = p->t++;
    struct str name = t->name;
    name = with_primes(p, name);
    if (latex_at(p, T_UNDER)) {
        p->t++;
        struct str index = subscript(p);
        if (p->failed)
            return name;
        name = with_index(p, name, index);
    } else if (latex_at(p, T_NUMBER) && p->t->space == SPACE_NONE && t->is_letters &&
               is_plain_digits(latex_text(p, p->t)) && !latex_choice(p, CHOICE_INDEX)) {
        name = with_index(p, name, latex_text(p, p->t));
        p->t++;
    }
    return with_primes(p, name);
}

static bool is_name(struct str s, char c)
{
    return s.n == 1 && s.at[0] == c;
}

/* e and i are constants, E and I too where sympy wrote the text. */
static int32_t constant_of(struct latex_parser *p, struct str name)
{
    bool is_small = is_name(name, 'e') || is_name(name, 'i');
    bool is_large = is_name(name, 'E') || is_name(name, 'I');
    if (is_small && !latex_choice(p, CHOICE_SYMBOL))
        return expr_constant(p->x, is_name(name, 'e') ? EXPR_E : EXPR_I);
    if (is_large && latex_choice(p, CHOICE_SYMPY))
        return expr_constant(p->x, is_name(name, 'E') ? EXPR_E : EXPR_I);
    return EXPR_NONE;
}

/* Whether a bracket after this name holds its arguments: f(x), or a(n) = ... */
static bool is_called(const struct latex_parser *p, struct str name, const struct latex_token *at)
{
    if (strchr("fghFGHPQ", name.at[0]) != NULL || name.at[name.n - 1] == '\'')
        return true;
    if (str_eq(name, STR("\\phi")) && p->t[1].kind == T_NUMBER && p->t[2].kind == T_CLOSE)
        return true;
    bool starts = at == p->first || at[-1].kind == T_COMMA || at[-1].kind == T_SEMICOLON ||
                  at[-1].kind == T_BREAK || at[-1].kind == T_KEYWORD || at[-1].kind == T_FILLER;
    return starts && p->t->match >= 0 && p->first[p->t->match + 1].kind == T_RELATION;
}

static int32_t applied(struct latex_parser *p, struct str name)
{
    int32_t base = p->n_stack;
    struct latex_around a = latex_inside(p, true);
    if (!latex_push(p, expr_symbol(p->x, name)))
        return EXPR_NONE;
    p->t++;
    do {
        if (!latex_push(p, latex_statement(p)))
            return EXPR_NONE;
    } while (latex_take(p, T_COMMA) || latex_take(p, T_SEMICOLON));
    latex_outside(p, a);
    if (!latex_expect(p, T_CLOSE, "a bracket is not closed"))
        return EXPR_NONE;
    int32_t n = p->n_stack - base - 1;
    int32_t arg = p->stack[base + 1];
    if (n == 2 && is_name(name, 'C')) {
        p->n_stack = base;
        return latex_node(p, expr_call2(p->x, EXPR_BINOMIAL, arg, p->stack[base + 2]));
    }
    if (n == 1 && str_eq(name, STR("\\phi")) && expr_is(p->x, arg, EXPR_NUMBER)) {
        p->n_stack = base;
        return latex_node(p, expr_call(p->x, EXPR_PHI, arg));
    }
    return latex_make(p, EXPR_APPLY, 0, "", base);
}

/* Two arguments of C: C(5, 2). */
static bool is_choose(const struct latex_parser *p, struct str name)
{
    if (!is_name(name, 'C') || p->t->match < 0)
        return false;
    for (const struct latex_token *t = p->t + 1; t < p->first + p->t->match; t++)
        if (t->kind == T_COMMA)
            return true;
    return false;
}

static int32_t named(struct latex_parser *p)
{
    const struct latex_token *at = p->t;
    if (at->name.n == 1) {
        bool is_alone = at[1].kind != T_UNDER && at[1].kind != T_PRIME;
        int32_t constant = is_alone ? constant_of(p, at->name) : EXPR_NONE;
        if (constant != EXPR_NONE) {
            p->t++;
            return constant;
        }
    }
    struct str name = full_name(p);
    if (p->failed)
        return EXPR_NONE;
    if (str_starts(name, STR("C_")) && latex_at(p, T_CARET) && p->t > at + 2) {
        struct str n = str_sub(name, 2, name.n);
        if (is_plain_digits(n)) { /* C_5^2 */
            p->t++;
            int32_t k = latex_exponent(p);
            return p->failed
                       ? EXPR_NONE
                       : latex_node(p, expr_call2(p->x, EXPR_BINOMIAL, expr_digits(p->x, n), k));
        }
    }
    if (latex_at_arg(p, T_OPEN, '(')) {
        bool likely = is_called(p, name, at) || is_choose(p, name);
        if (latex_choice(p, CHOICE_CALL) != likely)
            return applied(p, name);
    }
    return latex_node(p, expr_symbol(p->x, name));
}

/* The letters of ABC after \angle. */
static struct str letters(struct latex_parser *p)
{
    int32_t from = p->t->from;
    while (latex_at(p, T_SYMBOL) && p->t->run > 0)
        p->t++;
    p->t++;
    return str_sub(p->s, from, p->t[-1].to);
}

/* \vec{v}, \hat x, \mathit{e}: a symbol of that name. */
static int32_t accented(struct latex_parser *p)
{
    const struct latex_token *accent = p->t++;
    bool is_italic = accent->kind == T_ITALIC;
    struct str inner = accent->arg == 3 && latex_at(p, T_SYMBOL) ? letters(p) : subscript(p);
    if (p->failed || inner.n == 0)
        return latex_fail(p, "nothing under the accent");
    if (is_italic)
        return latex_node(p, expr_symbol(p->x, inner));
    struct str command = latex_text(p, accent);
    return latex_node(
        p, expr_symbol(p->x, arena_fmt(p->tmp, "%.*s{%.*s}", STR_ARG(command), STR_ARG(inner))));
}

static bool is_capital(const struct latex_parser *p, const struct latex_token *t)
{
    return t->kind == T_SYMBOL && t->name.n == 1 && t->name.at[0] >= 'A' && t->name.at[0] <= 'Z' &&
           p != NULL;
}

/* \overline{z} is the conjugate, \overline{AB} a segment's name. */
static int32_t overlined(struct latex_parser *p)
{
    const struct latex_token *t = p->t + 1;
    if (t->kind == T_GROUP_OPEN && is_capital(p, t + 1) && is_capital(p, t + 2))
        return accented(p);
    p->t++;
    int32_t inner = latex_argument(p);
    return p->failed ? EXPR_NONE : latex_node(p, expr_call(p->x, EXPR_CONJ, inner));
}

/* ------------------------------------------------------------------------ sets of numbers */

static int32_t half_line(struct latex_parser *p, bool is_open)
{
    int32_t ends[2] = {expr_int(p->x, 0), expr_constant(p->x, EXPR_INFINITY)};
    return expr_make(p->x, EXPR_INTERVAL, (is_open ? EXPR_OPEN_FROM : 0) | EXPR_OPEN_TO, STR(""),
                     ends, 2);
}

static int32_t negative_line(struct latex_parser *p)
{
    int32_t ends[2] = {expr_neg(p->x, expr_constant(p->x, EXPR_INFINITY)), expr_int(p->x, 0)};
    return expr_make(p->x, EXPR_INTERVAL, EXPR_OPEN_FROM | EXPR_OPEN_TO, STR(""), ends, 2);
}

/* The set with 0 added or taken away. */
static int32_t zero_with(struct latex_parser *p, enum expr_op op, int32_t set)
{
    int32_t zero = expr_int(p->x, 0);
    int32_t only = expr_make(p->x, EXPR_SET, 0, STR(""), &zero, 1);
    return expr_make(p->x, op, 0, STR(""), (int32_t[]){set, only}, 2);
}

/* What ^ or _ adds to R or Z: "+", "-", "*", ">0", "\ge0", "0". */
static struct str set_mark(struct latex_parser *p)
{
    const struct latex_token *t = p->t + 1;
    if (t->kind == T_PLUS || t->kind == T_MINUS || t->kind == T_TIMES) {
        p->t += 2;
        return t->kind == T_PLUS ? STR("+") : t->kind == T_MINUS ? STR("-") : STR("*");
    }
    if (t->kind == T_NUMBER && p->t->kind == T_UNDER) {
        p->t += 2;
        return str_eq(latex_text(p, t), STR("0")) ? STR("0") : (struct str){0};
    }
    if (t->kind != T_GROUP_OPEN || t->match < 0)
        return (struct str){0};
    const struct latex_token *end = p->first + t->match;
    t++;
    struct str mark = {0};
    if (t->kind == T_PLUS || t->kind == T_MINUS || t->kind == T_TIMES)
        mark = t->kind == T_PLUS ? STR("+") : t->kind == T_MINUS ? STR("-") : STR("*");
    else if (t->kind == T_RELATION && str_eq(latex_text(p, t + 1), STR("0")) && t + 2 == end)
        mark = t->arg == EXPR_GT   ? STR("+")
               : t->arg == EXPR_GE ? STR("g")
               : t->arg == EXPR_LT ? STR("-")
               : t->arg == EXPR_NE ? STR("*")
                                   : mark;
    if (mark.n > 0)
        p->t = end + 1;
    return mark;
}

static int32_t number_set(struct latex_parser *p, int32_t set, enum expr_constant which)
{
    while (latex_at(p, T_CARET) || latex_at(p, T_UNDER)) {
        struct str mark = set_mark(p);
        if (mark.n == 0)
            return set;
        bool is_reals = which == EXPR_REALS;
        if (mark.at[0] == '*')
            set = zero_with(p, EXPR_DIFFERENCE, set);
        else if (is_reals && mark.at[0] != '0')
            set = mark.at[0] == '-' ? negative_line(p) : half_line(p, mark.at[0] == '+');
        else if (which == EXPR_INTEGERS && mark.at[0] == '+')
            set = expr_constant(p->x, EXPR_NATURALS);
        else if ((which == EXPR_INTEGERS && mark.at[0] == 'g') ||
                 (which == EXPR_NATURALS && mark.at[0] == '0'))
            set = zero_with(p, EXPR_UNION, expr_constant(p->x, EXPR_NATURALS));
        else if (which != EXPR_NATURALS || mark.at[0] != '+')
            return latex_fail(p, "unknown set of numbers");
    }
    return latex_node(p, set);
}

static int32_t constant(struct latex_parser *p)
{
    enum expr_constant which = (enum expr_constant)p->t->arg;
    int32_t e = expr_constant(p->x, which);
    p->t++;
    return which >= EXPR_NATURALS ? number_set(p, e, which) : latex_node(p, e);
}

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
        if (!is_plain_digits(token_text(p, t)))
            return latex_fail(p, "no argument");
        return latex_node(p, expr_digits(p->x, token_text(p, t)));
    case T_SYMBOL: {
        p->t++;
        int32_t c = constant_of(p, t->name);
        return latex_node(p, c != EXPR_NONE ? c : expr_symbol(p->x, t->name));
    }
    case T_END:
        return latex_fail(p, "an argument is missing");
    default:
        return latex_primary(p);
    }
}

static int32_t fraction(struct latex_parser *p)
{
    p->t++;
    int32_t a = latex_argument(p);
    int32_t b = latex_argument(p);
    return p->failed ? EXPR_NONE : latex_node(p, expr_div(p->x, a, b));
}

/* {}_n C_k and ^nC_k, at the index that comes first. */
static int32_t prefixed_choose(struct latex_parser *p)
{
    p->t++;
    int32_t n = latex_argument(p);
    if (p->failed || !latex_at(p, T_SYMBOL) || !is_name(p->t->name, 'C'))
        return latex_fail(p, "an index without a name");
    p->t++;
    if (!latex_take(p, T_UNDER) && !latex_take(p, T_CARET))
        return latex_fail(p, "C without its second number");
    int32_t k = latex_argument(p);
    return p->failed ? EXPR_NONE : latex_node(p, expr_call2(p->x, EXPR_BINOMIAL, n, k));
}

static int32_t braces(struct latex_parser *p)
{
    bool is_empty = p->t[1].kind == T_GROUP_CLOSE;
    bool has_index = p->t[2 * is_empty].kind == T_UNDER || p->t[2 * is_empty].kind == T_CARET;
    if (is_empty && has_index) {
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
        return named(p);
    case T_CONSTANT:
        return constant(p);
    case T_FUNCTION:
        return latex_call(p);
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
        return overlined(p);
    case T_ACCENT:
    case T_ITALIC:
        return accented(p);
    case T_UNDER:
    case T_CARET:
        return prefixed_choose(p);
    case T_CURRENCY:
        return latex_money(p);
    case T_MOD:
        return latex_call(p);
    case T_DOTS:
        p->t++;
        return latex_node(p, expr_make(p->x, EXPR_DOTS, 0, STR(""), NULL, 0));
    case T_EMPTY_SET:
        p->t++;
        return latex_node(p, expr_make(p->x, EXPR_SET, 0, STR(""), NULL, 0));
    case T_END:
        return latex_fail(p, "something is missing at the end");
    case T_QUOTE: {
        struct str text = p->t++->name;
        return latex_node(p, expr_make(p->x, EXPR_TEXT, 0, text, NULL, 0));
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
    if (p->t[1].kind == T_DEGREE)
        return 2;
    return p->t[1].kind == T_GROUP_OPEN && p->t[2].kind == T_DEGREE && p->t[3].kind == T_GROUP_CLOSE
               ? 4
               : 0;
}

bool latex_raises(const struct latex_parser *p)
{
    return p->t->kind == T_CARET && raised_degree(p) == 0;
}

static int32_t power_of(struct latex_parser *p, int32_t base, int32_t exponent)
{
    if (p->failed)
        return EXPR_NONE;
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

/* x^12 is x^(12) to a person, and x^1 times 2 to TeX. */
static int32_t raised(struct latex_parser *p, int32_t base)
{
    p->t++;
    const struct latex_token *t = p->t;
    struct str digits = token_text(p, t);
    if (t->kind == T_NUMBER && digits.n > 1) {
        if (is_plain_digits(digits) && latex_choice(p, CHOICE_DIGITS)) {
            p->t++;
            int32_t low = expr_digits(p->x, str_sub(digits, 0, 1));
            int32_t rest = expr_digits(p->x, str_sub(digits, 1, digits.n));
            return latex_node(p, expr_mul(p->x, power_of(p, base, low), rest));
        }
        if (!is_plain_digits(digits)) { /* x^0.5 */
            int32_t e = latex_number(p);
            return power_of(p, base, e);
        }
    }
    int32_t e = latex_exponent(p);
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
        !is_plain_digits(token_text(p, p->t)))
        return e;
    int32_t m = expr_digits(p->x, token_text(p, p->t));
    p->t += 2;
    return expr_add(p->x, e, expr_div(p->x, m, expr_int(p->x, 60)));
}

static int32_t degrees(struct latex_parser *p, int32_t e)
{
    const struct latex_token *t = p->t;
    if (t->kind == T_SYMBOL && (is_name(t->name, 'C') || is_name(t->name, 'F')) && !p->is_angle) {
        p->t++;
        return with_unit(p, e, is_name(t->name, 'C') ? STR("degC") : STR("degF"));
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
            return latex_fail(p, "a transpose");
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

bool latex_starts_factor(struct latex_parser *p)
{
    switch (p->t->kind) {
    case T_NUMBER:
        return p->t != p->after_number; /* two numbers side by side are no product */
    case T_SYMBOL:
        return !latex_at_unit_letter(p);
    case T_FUNCTION:
        return !latex_at_minutes(p);
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
        return p->t->arg == '(' || !p->square_ends;
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
        !str_eq(token_text(p, p->t + 1), STR("10")))
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
        d = latex_make(p, EXPR_MUL, 0, "", base);
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
                return latex_make(p, EXPR_MUL, 0, "", base);
            unit = expr_name(p->x, p->stack[i]);
            p->stack[i] = expr_arg(p->x, p->stack[i], 0);
        }
    int32_t e = latex_make(p, EXPR_MUL, 0, "", base);
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
        return latex_make(p, EXPR_ADD, 0, "", base);
    struct str unit = expr_name(p->x, last);
    for (int32_t i = base; i < p->n_stack; i++)
        if (expr_is(p->x, p->stack[i], EXPR_MEASURE)) {
            if (!str_eq(expr_name(p->x, p->stack[i]), unit))
                return latex_make(p, EXPR_ADD, 0, "", base);
            p->stack[i] = expr_arg(p->x, p->stack[i], 0);
        }
    int32_t e = latex_make(p, EXPR_ADD, 0, "", base);
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
    p->t++;
    int32_t term = latex_product(p);
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
