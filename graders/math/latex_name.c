#include "graders/math/latex_parse.h"

/* ------------------------------------------------------------------------------- names */

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
        n += latex_spelling(p, t).n;
    char *out = arena_take(p->tmp, n + 1, 1, 1);
    n = 0;
    for (const struct latex_token *t = from; t < to; t++) {
        struct str s = latex_spelling(p, t);
        memcpy(out + n, s.at, (size_t)s.n);
        n += s.n;
    }
    p->t = p->t->kind == T_GROUP_OPEN ? to + 1 : to;
    return (struct str){out, n};
}

/* name_index as "a_1", "a_n", and "a_{n+1}", "a_{max}" for the longer ones. */
static struct str with_index(struct latex_parser *p, struct str name, struct str index)
{
    bool is_short = latex_is_whole(index) || index.n == 1;
    return is_short ? arena_fmt(p->tmp, "%.*s_%.*s", STR_ARG(name), STR_ARG(index))
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
               latex_is_whole(latex_text(p, p->t)) && !latex_choice(p, CHOICE_INDEX)) {
        name = with_index(p, name, latex_text(p, p->t));
        p->t++;
    }
    return with_primes(p, name);
}

/* e and i are constants, E and I too where sympy wrote the text. */
int32_t latex_lettered(struct latex_parser *p, struct str name)
{
    bool is_small = latex_is_letter(name, 'e') || latex_is_letter(name, 'i');
    bool is_large = latex_is_letter(name, 'E') || latex_is_letter(name, 'I');
    if (is_small && !latex_choice(p, CHOICE_SYMBOL))
        return expr_constant(p->x, latex_is_letter(name, 'e') ? EXPR_E : EXPR_I);
    if (is_large && latex_choice(p, CHOICE_SYMPY))
        return expr_constant(p->x, latex_is_letter(name, 'E') ? EXPR_E : EXPR_I);
    return EXPR_NONE;
}

/* Greek names of functions: always, and of whole numbers where one follows: \sigma(12). */
static bool is_greek_call(const struct latex_parser *p, struct str name)
{
    static const char *const always[] = {"\\zeta", "\\Gamma", "\\psi"};
    static const char *const of_number[] = {"\\phi", "\\sigma", "\\tau",
                                            "\\mu",  "\\omega", "\\Omega"};
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        if (str_eq(name, str_of(always[i])))
            return true;
    bool is_number = p->t[1].kind == T_NUMBER && p->t[2].kind == T_CLOSE;
    for (size_t i = 0; i < sizeof of_number / sizeof *of_number && is_number; i++)
        if (str_eq(name, str_of(of_number[i])))
            return true;
    return false;
}

/* d(12), B(2, 3), T_n(x), \Phi_6(1): a letter before a lone number or before several arguments, and
 * a capital with an index before a lone letter. A product would be written the other way round. */
static bool is_of_values(const struct latex_parser *p, struct str name)
{
    const struct latex_token *in = p->t + 1;
    if (p->t->match < 0)
        return false;
    const struct latex_token *close = p->first + p->t->match;
    bool is_one = in + 1 == close;
    if (is_one && in->kind == T_NUMBER)
        return true;
    bool is_capital = (name.at[0] >= 'A' && name.at[0] <= 'Z') ||
                      (name.n > 1 && name.at[0] == '\\' && name.at[1] >= 'A' && name.at[1] <= 'Z');
    if (is_one && in->kind == T_SYMBOL)
        return is_capital && str_find(name, STR("_"), 0) >= 0;
    for (const struct latex_token *t = in; t < close; t++) {
        if (t->kind == T_COMMA)
            return true;
        if (t->kind == T_OPEN && t->match >= 0)
            t = p->first + t->match;
    }
    return false;
}

/* Whether a bracket after this name holds its arguments: f(x), or a(n) = ... */
static bool is_called(const struct latex_parser *p, struct str name, const struct latex_token *at)
{
    if (strchr("fghFGHOPQ", name.at[0]) != NULL || name.at[name.n - 1] == '\'')
        return true;
    if (is_greek_call(p, name) || is_of_values(p, name))
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
    if (n == 2 && latex_is_letter(name, 'C')) {
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
    if (!latex_is_letter(name, 'C') || p->t->match < 0)
        return false;
    for (const struct latex_token *t = p->t + 1; t < p->first + p->t->match; t++)
        if (t->kind == T_COMMA)
            return true;
    return false;
}

/* f^{-1}(x), f^{(3)}(2), f^2(x): a mark between a function's letter and its bracket belongs to the
 * name (inverse, derivative, iterate), as no reader of it multiplies. */
static struct str marked(struct latex_parser *p, struct str name)
{
    if (name.n != 1 || strchr("fghFGH", name.at[0]) == NULL || !latex_at(p, T_CARET))
        return name;
    const struct latex_token *from = p->t + 1;
    const struct latex_token *end = from + 1;
    if (from->kind == T_GROUP_OPEN)
        end = from->match < 0 ? from : p->first + from->match + 1;
    else if (from->kind == T_MINUS && from[1].kind == T_NUMBER)
        end = from + 2;
    if (end == from || end->kind != T_OPEN || end->arg != '(')
        return name;
    struct str mark = str_sub(p->s, from->from, end[-1].to);
    p->t = end;
    return arena_fmt(p->tmp, "%.*s^%.*s", STR_ARG(name), STR_ARG(mark));
}

int32_t latex_name(struct latex_parser *p)
{
    const struct latex_token *at = p->t;
    if (at->name.n == 1) {
        bool is_alone = at[1].kind != T_UNDER && at[1].kind != T_PRIME;
        int32_t constant = is_alone ? latex_lettered(p, at->name) : EXPR_NONE;
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
        if (latex_is_whole(n)) { /* C_5^2 */
            p->t++;
            int32_t k = latex_exponent(p);
            return p->failed
                       ? EXPR_NONE
                       : latex_node(p, expr_call2(p->x, EXPR_BINOMIAL, expr_digits(p->x, n), k));
        }
    }
    name = marked(p, name);
    if (p->failed)
        return EXPR_NONE;
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
    if (str_eq(command, STR("\\overrightarrow")))
        command = STR("\\vec");
    return latex_node(
        p, expr_symbol(p->x, arena_fmt(p->tmp, "%.*s{%.*s}", STR_ARG(command), STR_ARG(inner))));
}

/* Whether the braces hold two or more letters and digits and nothing else: a segment AB, or the
 * digits abc of a number. */
static bool is_run(const struct latex_parser *p, const struct latex_token *open)
{
    const struct latex_token *end = p->first + open->match;
    if (open->match < 0 || end - open < 3)
        return false;
    for (const struct latex_token *t = open + 1; t < end; t++)
        if (t->kind != T_SYMBOL && t->kind != T_NUMBER)
            return false;
    return true;
}

/* \overline{z} is the conjugate, \overline{AB} a segment's name. */
static int32_t overlined(struct latex_parser *p)
{
    const struct latex_token *t = p->t + 1;
    if (t->kind == T_GROUP_OPEN && is_run(p, t))
        return accented(p);
    p->t++;
    if (latex_at(p, T_NUMBER) ||
        (latex_at(p, T_GROUP_OPEN) && p->t[1].kind == T_NUMBER && p->t[2].kind == T_GROUP_CLOSE))
        return latex_fail(p, "a bar over digits");
    int32_t inner = latex_argument(p);
    return p->failed ? EXPR_NONE : latex_node(p, expr_call(p->x, EXPR_CONJ, inner));
}

int32_t latex_accent(struct latex_parser *p)
{
    return p->t->kind == T_OVERLINE ? overlined(p) : accented(p);
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
        else if (which == EXPR_RATIONALS && mark.at[0] == '+')
            set = expr_make(p->x, EXPR_INTERSECTION, 0, STR(""),
                            (int32_t[]){set, half_line(p, true)}, 2);
        else if (which != EXPR_NATURALS || mark.at[0] != '+')
            return latex_fail(p, "unknown set of numbers");
    }
    return latex_node(p, set);
}

int32_t latex_constant(struct latex_parser *p)
{
    enum expr_constant which = (enum expr_constant)p->t->arg;
    int32_t e = expr_constant(p->x, which);
    p->t++;
    return which >= EXPR_NATURALS ? number_set(p, e, which) : latex_node(p, e);
}
