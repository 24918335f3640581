#include <assert.h>

#include "graders/math/latex_parse.h"

static bool is_trig(int32_t f)
{
    return (f >= EXPR_SIN && f <= EXPR_CSC) || f == LATEX_F_CIS;
}

static bool is_log(int32_t f)
{
    return f == EXPR_LN || f == EXPR_LOG || f == LATEX_F_LG || f == LATEX_F_LOG2;
}

/* Functions that may go without brackets: \sin x, \ln 2, \sqrt3. */
static bool is_loose(int32_t f)
{
    return f <= EXPR_LOG || f == LATEX_F_LG || f == LATEX_F_LOG2 || f == LATEX_F_EXP ||
           f == LATEX_F_CIS || f == EXPR_RE || f == EXPR_IM || f == EXPR_ARG || f == EXPR_DET ||
           f == EXPR_SIGN;
}

/* --------------------------------------------------------------------------- the argument */

/* Whether another factor belongs to an argument without brackets. */
static bool argument_goes_on(struct latex_parser *p, bool only_numbers)
{
    if (p->t->kind == T_FUNCTION || p->t->kind == T_SUM)
        return false;
    if (p->t->kind == T_OPEN)
        return only_numbers && latex_starts_factor(p);
    return latex_starts_factor(p);
}

/* \sin\pi/6 is the sine of an angle, \sin x/x and \sin 2x/2 are quotients: what has a variable
 * ends at the slash. */
static bool has_variable(const struct latex_parser *p, int32_t base)
{
    for (int32_t i = base; i < p->n_stack; i++)
        if ((expr_has(p->x, p->stack[i]) & EXPR_HAS_SYMBOL) != 0)
            return true;
    return false;
}

/* \sin 2x, \sin\pi/4, \ln 2/3: a product without dots, up to the next function. */
static int32_t loose_argument(struct latex_parser *p, int32_t f)
{
    int32_t base = p->n_stack;
    if (!latex_push(p, latex_factor(p)))
        return EXPR_NONE;
    bool only_numbers = expr_is(p->x, p->stack[base], EXPR_NUMBER);
    while (!p->failed && argument_goes_on(p, only_numbers) &&
           (only_numbers && is_trig(f) ? true : !latex_choice(p, CHOICE_ARGUMENT))) {
        (void)latex_push(p, latex_factor(p));
        only_numbers = false;
    }
    bool takes_slash = is_trig(f) && !is_log(f) && !p->failed && !has_variable(p, base);
    while (!p->failed && latex_at(p, T_SLASH) && latex_choice(p, CHOICE_ARGUMENT) == !takes_slash) {
        p->t++;
        int32_t d = latex_factor(p);
        if (!p->failed)
            (void)latex_push(p, expr_pow(p->x, d, expr_int(p->x, -1)));
    }
    return latex_fold(p, EXPR_MUL, base);
}

/* What stands in brackets after a function, pushed one by one. Returns how many. */
static int32_t bracket_arguments(struct latex_parser *p)
{
    int32_t base = p->n_stack;
    enum latex_kind close = p->t->kind == T_GROUP_OPEN ? T_GROUP_CLOSE
                            : p->t->kind == T_SET_OPEN ? T_SET_CLOSE
                                                       : T_CLOSE;
    struct latex_around a = latex_inside(p, true);
    p->t++;
    do {
        if (!latex_push(p, latex_sum(p)))
            return 0;
    } while (latex_take(p, T_COMMA) || latex_take(p, T_SEMICOLON));
    latex_outside(p, a);
    (void)latex_expect(p, close, "a bracket is not closed");
    return p->failed ? 0 : p->n_stack - base;
}

static bool has_bracket(const struct latex_parser *p)
{
    return latex_at(p, T_OPEN) || latex_at(p, T_GROUP_OPEN) || latex_at(p, T_SET_OPEN);
}

/* Pushes the arguments of f and returns how many there are. */
static int32_t arguments(struct latex_parser *p, int32_t f)
{
    bool was_angle = p->is_angle;
    p->is_angle = is_trig(f);
    int32_t n = 0;
    if (has_bracket(p)) {
        n = bracket_arguments(p);
    } else if (is_loose(f)) {
        n = latex_push(p, loose_argument(p, f));
    } else if (f == LATEX_F_SQRT || f == LATEX_F_CBRT || f == EXPR_FLOOR || f == EXPR_CEIL ||
               f == EXPR_ABS) {
        n = latex_push(p, latex_primary(p));
    } else {
        (void)latex_fail(p, "a function without its arguments");
    }
    p->is_angle = was_angle;
    return p->failed ? 0 : n;
}

/* ------------------------------------------------------------------------------ the calls */

static int32_t quotient_of_factorials(struct latex_parser *p, int32_t n, int32_t k)
{
    int32_t low = expr_call(p->x, EXPR_FACTORIAL, expr_sub(p->x, n, k));
    return expr_div(p->x, expr_call(p->x, EXPR_FACTORIAL, n), low);
}

static int32_t logarithm(struct latex_parser *p, int32_t f, int32_t a, int32_t base)
{
    if (base == EXPR_NONE && f == EXPR_LOG && !latex_choice(p, CHOICE_LOG))
        return expr_call(p->x, EXPR_LN, a);
    if (base == EXPR_NONE)
        base = expr_int(p->x, f == LATEX_F_LOG2 ? 2 : 10);
    return expr_call2(p->x, EXPR_LOG, a, base);
}

/* One after the other, because the age of nodes orders sums. */
static int32_t cis(struct latex_parser *p, int32_t a)
{
    int32_t real = expr_call(p->x, EXPR_COS, a);
    int32_t imaginary = expr_call(p->x, EXPR_SIN, a);
    return expr_add(p->x, real, expr_mul(p->x, expr_constant(p->x, EXPR_I), imaginary));
}

static int32_t with_one(struct latex_parser *p, int32_t f, int32_t a, int32_t base)
{
    switch (f) {
    case EXPR_LOG:
    case LATEX_F_LG:
    case LATEX_F_LOG2:
        return logarithm(p, f, a, base);
    case LATEX_F_EXP:
        return expr_pow(p->x, expr_constant(p->x, EXPR_E), a);
    case LATEX_F_CIS:
        return cis(p, a);
    case LATEX_F_SQRT:
        return expr_sqrt(p->x, a);
    case LATEX_F_CBRT:
        return expr_call2(p->x, EXPR_ROOT, a, expr_int(p->x, 3));
    case LATEX_F_FACTORIAL:
        return expr_call(p->x, EXPR_FACTORIAL, a);
    default:
        return expr_call(p->x, (enum expr_function)f, a);
    }
}

static bool takes_one(int32_t f)
{
    return f != EXPR_ROOT && f != EXPR_BINOMIAL && f != EXPR_MOD && f != LATEX_F_CHOOSE &&
           f != LATEX_F_PERMUTE;
}

/* The call of f to the arguments on the stack since base. */
static int32_t call_of(struct latex_parser *p, int32_t f, int32_t n, int32_t log_base, int32_t base)
{
    const int32_t *a = p->stack + base;
    p->n_stack = base;
    bool is_any = f == EXPR_MIN || f == EXPR_MAX || f == EXPR_GCD || f == EXPR_LCM;
    if (is_any)
        return expr_make(p->x, EXPR_CALL, f, STR(""), a, n);
    if (n == 1 && takes_one(f))
        return with_one(p, f, a[0], log_base);
    if (n == 2 && f == EXPR_LOG && log_base == EXPR_NONE)
        return expr_call2(p->x, EXPR_LOG, a[0], a[1]);
    if (n == 2 && f == LATEX_F_CHOOSE)
        return expr_call2(p->x, EXPR_BINOMIAL, a[0], a[1]);
    if (n == 2 && f == LATEX_F_PERMUTE)
        return quotient_of_factorials(p, a[0], a[1]);
    if (n == 2 && (f == EXPR_ROOT || f == EXPR_MOD))
        return expr_call2(p->x, (enum expr_function)f, a[0], a[1]);
    return latex_fail(p, "a function with another number of arguments");
}

static int32_t inverse_of(int32_t f)
{
    static const int32_t inverse[] = {
        [EXPR_SIN] = EXPR_ASIN,   [EXPR_COS] = EXPR_ACOS,   [EXPR_TAN] = EXPR_ATAN,
        [EXPR_COT] = EXPR_ACOT,   [EXPR_SEC] = EXPR_ASEC,   [EXPR_CSC] = EXPR_ACSC,
        [EXPR_SINH] = EXPR_ASINH, [EXPR_COSH] = EXPR_ACOSH, [EXPR_TANH] = EXPR_ATANH};
    int32_t n = (int32_t)(sizeof inverse / sizeof *inverse);
    return f >= 0 && f < n && inverse[f] != 0 ? inverse[f] : -1;
}

/* log2(8) and log10(x), where the digits stick to the name. */
static int32_t glued_base(struct latex_parser *p, int32_t f)
{
    bool is_glued = f == EXPR_LOG && latex_at(p, T_NUMBER) && p->t->space == SPACE_NONE &&
                    p->t[-1].is_letters && p->t[1].kind == T_OPEN && p->t[1].space == SPACE_NONE;
    return is_glued ? latex_argument(p) : EXPR_NONE;
}

/* The base of a logarithm: \log_2 8, and \log_28 as TeX has it. */
static int32_t lower_index(struct latex_parser *p)
{
    p->t++;
    return latex_argument(p);
}

int32_t latex_call(struct latex_parser *p)
{
    int32_t f = p->t->kind == T_MOD ? EXPR_MOD : p->t->arg;
    int32_t exponent = EXPR_NONE;
    p->t++;
    int32_t log_base = glued_base(p, f);
    for (int i = 0; i < 2 && !p->failed; i++) {
        if (latex_at(p, T_UNDER) && (f == EXPR_LOG || f == LATEX_F_LG) && log_base == EXPR_NONE)
            log_base = lower_index(p);
        if (latex_raises(p) && exponent == EXPR_NONE) {
            p->t++;
            exponent = latex_exponent(p);
        }
    }
    if (p->failed)
        return EXPR_NONE;
    if (exponent != EXPR_NONE && expr_is_int(p->x, exponent, -1)) {
        f = inverse_of(f);
        exponent = EXPR_NONE;
        if (f < 0)
            return latex_fail(p, "an inverse function nobody knows");
    }
    int32_t base = p->n_stack;
    int32_t n = arguments(p, f);
    if (p->failed)
        return EXPR_NONE;
    int32_t e = call_of(p, f, n, log_base, base);
    if (!p->failed && exponent != EXPR_NONE)
        e = expr_pow(p->x, e, exponent);
    return latex_node(p, e);
}

/* ------------------------------------------------------------------- roots and binomials */

/* Whether \sqrt12 is to be read as TeX sets it: the root of 1, times 2. */
static bool splits_digits(struct latex_parser *p)
{
    struct str digits = latex_text(p, p->t);
    return latex_at(p, T_NUMBER) && p->t->name.n == 0 && digits.n > 1 && latex_is_whole(digits) &&
           latex_choice(p, CHOICE_DIGITS);
}

/* What a root sign without braces covers: all the digits of a number. */
static int32_t radicand(struct latex_parser *p, bool is_command)
{
    const struct latex_token *t = p->t;
    struct str digits = latex_spelling(p, t);
    if (t->kind == T_NUMBER && latex_is_whole(digits)) {
        p->t++;
        return latex_node(p, expr_digits(p->x, digits));
    }
    return is_command && t->kind != T_NUMBER ? latex_argument(p) : latex_primary(p);
}

static int32_t rooted(struct latex_parser *p, int32_t a, int32_t degree)
{
    int64_t n;
    if (p->failed)
        return EXPR_NONE;
    if (degree == EXPR_NONE || (expr_get_int(p->x, degree, &n) && n == 2))
        return latex_node(p, expr_sqrt(p->x, a));
    return latex_node(p, expr_call2(p->x, EXPR_ROOT, a, degree));
}

int32_t latex_root(struct latex_parser *p)
{
    bool is_command = p->s.at[p->t->from] == '\\';
    int32_t degree = p->t->arg > 2 ? expr_int(p->x, p->t->arg) : EXPR_NONE;
    p->t++;
    if (is_command && latex_at_arg(p, T_OPEN, '[')) {
        struct latex_around a = latex_inside(p, true);
        p->t++;
        degree = latex_sum(p);
        latex_outside(p, a);
        if (!latex_expect(p, T_CLOSE, "a bracket is not closed"))
            return EXPR_NONE;
    }
    if (!is_command || !splits_digits(p)) {
        int32_t a = radicand(p, is_command);
        return rooted(p, a, degree);
    }
    struct str digits = latex_text(p, p->t++);
    int32_t root = rooted(p, expr_digits(p->x, str_sub(digits, 0, 1)), degree);
    int32_t rest = expr_digits(p->x, str_sub(digits, 1, digits.n));
    return latex_node(p, expr_mul(p->x, root, rest));
}

int32_t latex_binom(struct latex_parser *p)
{
    p->t++;
    int32_t n = latex_argument(p);
    int32_t k = latex_argument(p);
    return p->failed ? EXPR_NONE : latex_node(p, expr_call2(p->x, EXPR_BINOMIAL, n, k));
}

/* -------------------------------------------------------------------- sums and products */

/* {k=1} or {k \in S}: pushes the index and the start, or the index and the set. */
static bool lower_bound(struct latex_parser *p, bool *is_set)
{
    bool is_braced = latex_take(p, T_GROUP_OPEN);
    bool is_italic = latex_at(p, T_ITALIC) && p->t[1].kind == T_GROUP_OPEN; /* \mathit{i} */
    p->t += is_italic ? 2 : 0;
    if (!latex_at(p, T_SYMBOL)) {
        (void)latex_fail(p, "no index to run over");
        return false;
    }
    if (!latex_push(p, expr_symbol(p->x, p->t->name)))
        return false;
    p->t += is_italic ? 2 : 1;
    *is_set = latex_at_arg(p, T_RELATION, EXPR_IN);
    if (!*is_set && !latex_at_arg(p, T_RELATION, EXPR_EQ)) {
        (void)latex_fail(p, "an index that runs over something else");
        return false;
    }
    p->t++;
    const struct latex_token *start = p->t;
    int32_t from = latex_sets(p);
    if (p->failed || !latex_push(p, *is_set ? latex_operand(p, start, from) : from))
        return false;
    return !is_braced || latex_expect(p, T_GROUP_CLOSE, "a brace is not closed");
}

int32_t latex_big(struct latex_parser *p)
{
    enum expr_op op = (enum expr_op)p->t->arg;
    int32_t base = p->n_stack;
    bool is_set = false;
    p->t++;
    if (!latex_push(p, expr_int(p->x, 0))) /* the body's place */
        return EXPR_NONE;
    if (!latex_expect(p, T_UNDER, "a sum without bounds") || !lower_bound(p, &is_set))
        return EXPR_NONE;
    if (!is_set) {
        if (!latex_expect(p, T_CARET, "a sum without its upper bound") ||
            !latex_push(p, latex_exponent(p)))
            return EXPR_NONE;
    }
    int32_t index = p->stack[base + 1];
    int32_t body = latex_product(p);
    if (p->failed)
        return EXPR_NONE;
    struct str name = expr_name(p->x, index); /* an index i is no longer the imaginary unit */
    if (str_eq(name, STR("i")) || str_eq(name, STR("e")))
        body = expr_replace(p->x, body, expr_constant(p->x, name.at[0] == 'i' ? EXPR_I : EXPR_E),
                            index);
    p->stack[base] = latex_node(p, body);
    return latex_make(p, op, 0, "", base);
}
