#include <assert.h>

#include "base/limits.h"
#include "graders/math/latex_parse.h"

/* ------------------------------------------------------------------------ set operations */

static bool push_operand(struct latex_parser *p)
{
    const struct latex_token *from = p->t;
    int32_t e = latex_sum(p);
    return latex_push(p, latex_operand(p, from, e));
}

/* A n B n C */
static int32_t intersections(struct latex_parser *p)
{
    int32_t base = p->n_stack;
    const struct latex_token *from = p->t;
    int32_t first = latex_sum(p);
    if (!latex_at(p, T_INTERSECTION))
        return first;
    if (!latex_push(p, latex_operand(p, from, first)))
        return EXPR_NONE;
    while (latex_take(p, T_INTERSECTION))
        if (!push_operand(p))
            return EXPR_NONE;
    return latex_make(p, EXPR_INTERSECTION, 0, "", base);
}

static bool at_set_sign(const struct latex_parser *p)
{
    return latex_at(p, T_UNION) || latex_at(p, T_SET_MINUS);
}

/* From the left: A U B \ C is (A U B) \ C. */
int32_t latex_sets(struct latex_parser *p)
{
    int32_t base = p->n_stack;
    const struct latex_token *start = p->t;
    int32_t first = intersections(p);
    if (p->failed || !at_set_sign(p))
        return first;
    if (!latex_push(p, latex_operand(p, start, first)))
        return EXPR_NONE;
    while (!p->failed && at_set_sign(p)) {
        bool is_union = latex_at(p, T_UNION);
        if (!is_union && p->n_stack > base + 1)
            (void)latex_push(p, latex_make(p, EXPR_UNION, 0, "", base));
        const struct latex_token *from = ++p->t;
        int32_t e = intersections(p);
        if (!latex_push(p, latex_operand(p, from, e)))
            return EXPR_NONE;
        if (!is_union)
            (void)latex_push(p, latex_make(p, EXPR_DIFFERENCE, 0, "", base));
    }
    if (p->failed)
        return EXPR_NONE;
    return p->n_stack == base + 1 ? p->stack[--p->n_stack] : latex_make(p, EXPR_UNION, 0, "", base);
}

/* ---------------------------------------------------------------------------------- words */

/* Letters that nobody knows are a word among words. */
static bool is_run(const struct latex_parser *p, const struct latex_token *t)
{
    return p->only_words && t->kind == T_SYMBOL && (t->run > 0 || (t > p->first && t[-1].run > 0));
}

static bool is_wordy(const struct latex_token *t)
{
    return t->kind == T_WORD || t->kind == T_FILLER ||
           (t->kind == T_KEYWORD && t->arg != KEY_AND && t->arg != KEY_OR);
}

static bool ends_member(const struct latex_token *t)
{
    return t->kind == T_END || t->kind == T_COMMA || t->kind == T_SEMICOLON || t->kind == T_BREAK ||
           t->kind == T_CLOSE || t->kind == T_SET_CLOSE || t->kind == T_GROUP_CLOSE ||
           t->kind == T_AMPERSAND || t->kind == T_FINISH ||
           (t->kind == T_KEYWORD && (t->arg == KEY_AND || t->arg == KEY_OR));
}

/* A member that is nothing but words. */
static int32_t words(struct latex_parser *p)
{
    const struct latex_token *from = p->t;
    const struct latex_token *t = from;
    bool may_begin = t->kind == T_WORD || (t->kind == T_FILLER && p->only_words) ||
                     (t->kind == T_KEYWORD && (t->arg == KEY_NOT || t->arg == KEY_ALL ||
                                               t->arg == KEY_SQUARE || t->arg == KEY_CUBIC));
    if (!may_begin && !is_run(p, t))
        return EXPR_NONE;
    while ((is_wordy(t) || is_run(p, t)) &&
           (t == from || t->kind != T_KEYWORD || t->arg != KEY_FOR))
        t++;
    if (!ends_member(t))
        return EXPR_NONE;
    p->t = t;
    return latex_words(p, from, t);
}

/* ------------------------------------------------------------------------------ relations */

static char negation(int32_t relation)
{
    switch (relation) {
    case EXPR_EQ:
    case EXPR_CONGRUENT:
        return EXPR_NE;
    case EXPR_IN:
        return EXPR_NOT_IN;
    case EXPR_LT:
        return EXPR_GE;
    case EXPR_GT:
        return EXPR_LE;
    case EXPR_LE:
        return EXPR_GT;
    case EXPR_GE:
        return EXPR_LT;
    default:
        return 0;
    }
}

/* The relation at the next token, taken; 0 when there is none. */
static char take_relation(struct latex_parser *p)
{
    const struct latex_token *t = p->t;
    bool is_bar = (t->kind == T_MID || t->kind == T_BAR) && p->bars == 0 && !p->bar_ends;
    if (t->kind == T_NOT && t[1].kind == T_RELATION) {
        p->t += 2;
        return negation(t[1].arg);
    }
    if (t->kind == T_RELATION) {
        p->t++;
        return (char)t->arg;
    }
    if (t->kind == T_KEYWORD && (t->arg == KEY_IN || t->arg == KEY_IS)) {
        p->t++;
        bool is_article = p->t->kind == T_SYMBOL && p->t->is_letters && p->t->name.at[0] == 'a';
        p->t += is_article && p->t[1].kind == T_WORD;
        return t->arg == KEY_IN || is_wordy(p->t) ? EXPR_IN : EXPR_EQ;
    }
    if (t->kind == T_WORD) /* n even */
        return EXPR_IN;
    if (!is_bar)
        return 0;
    p->t++;
    return EXPR_DIVIDES;
}

/* (mod 5), \pmod{5}, mod 5 after a congruence; EXPR_NONE when there is none. */
static int32_t modulus(struct latex_parser *p)
{
    if (latex_take(p, T_PMOD))
        return latex_argument(p);
    bool is_open = latex_at(p, T_OPEN) && p->t[1].kind == T_MOD;
    p->t += is_open;
    if (!latex_take(p, T_MOD))
        return EXPR_NONE;
    int32_t n = latex_sum(p);
    if (is_open)
        (void)latex_expect(p, T_CLOSE, "a bracket is not closed");
    return p->failed ? EXPR_NONE : n;
}

static bool at_modulus(const struct latex_parser *p)
{
    return latex_at(p, T_PMOD) || (latex_at(p, T_OPEN) && p->t[1].kind == T_MOD);
}

/* 12 (mod 13), with nothing that it is congruent to: a class, not the number 12. It is read as the
 * set {12 + 13 k | k whole}. */
static int32_t remainder_of(struct latex_parser *p, int32_t e)
{
    if (!at_modulus(p))
        return e;
    int32_t m = modulus(p);
    if (p->failed)
        return EXPR_NONE;
    int32_t k = expr_symbol(p->x, STR("k"));
    int32_t element = expr_add(p->x, e, expr_mul(p->x, m, k));
    int32_t sides[] = {k, expr_constant(p->x, EXPR_INTEGERS)};
    int32_t parts[] = {element, expr_make(p->x, EXPR_RELATION, 0, STR("e"), sides, 2)};
    return latex_node(p, expr_make(p->x, EXPR_BUILDER, 0, STR(""), parts, 2));
}

enum { CHAIN = 64 };

/* Whether a modulus comes before the next relation: n = 1, 3 (mod 6). */
static bool modulus_follows(const struct latex_parser *p)
{
    for (const struct latex_token *t = p->t; t->kind != T_END && t->kind != T_RELATION; t++)
        if (t->kind == T_PMOD || t->kind == T_MOD)
            return true;
    return false;
}

static bool take_joint(struct latex_parser *p)
{
    bool is_any = false;
    while (latex_take(p, T_COMMA) ||
           ((latex_at_arg(p, T_KEYWORD, KEY_OR) || latex_at_arg(p, T_KEYWORD, KEY_AND)) &&
            latex_take(p, T_KEYWORD)))
        is_any = true;
    return is_any;
}

/* n = 1, 3 (mod 6): any of the congruences. On the stack: n and the first residue. */
static int32_t congruences(struct latex_parser *p, int32_t base)
{
    while (!p->failed && take_joint(p))
        (void)latex_push(p, latex_sum(p));
    int32_t m = modulus(p);
    if (p->failed || m == EXPR_NONE)
        return latex_fail(p, "a congruence without its modulus");
    int32_t a = p->stack[base];
    for (int32_t i = base + 1; i < p->n_stack; i++)
        p->stack[i - 1] = latex_node(
            p, expr_make(p->x, EXPR_RELATION, 0, STR("c"), (int32_t[]){a, p->stack[i], m}, 3));
    p->n_stack--;
    return latex_make(p, EXPR_OR, 0, "", base);
}

static int32_t chained(struct latex_parser *p, int32_t base, const char *names, int32_t n)
{
    if (n == 1 && names[0] == EXPR_CONGRUENT) {
        bool is_list = latex_at(p, T_COMMA) || latex_at(p, T_KEYWORD);
        if (is_list && modulus_follows(p))
            return congruences(p, base);
        int32_t m = modulus(p);
        if (p->failed)
            return EXPR_NONE;
        if (m == EXPR_NONE)
            return latex_make(p, EXPR_RELATION, 0, "=", base);
        (void)latex_push(p, m);
        return latex_make(p, EXPR_RELATION, 0, "c", base);
    }
    return latex_make(p, EXPR_RELATION, 0, names, base);
}

/* a:b is a/b, a:b:c a tuple of shares of the last. */
static int32_t ratio(struct latex_parser *p, int32_t first)
{
    int32_t base = p->n_stack;
    if (!latex_push(p, first))
        return EXPR_NONE;
    while (!p->colon_ends && latex_take(p, T_COLON))
        if (!latex_push(p, latex_sum(p)))
            return EXPR_NONE;
    int32_t n = p->n_stack - base;
    int32_t *a = p->stack + base;
    if (n <= 2) {
        p->n_stack = base;
        return n == 1 ? first : latex_node(p, expr_div(p->x, a[0], a[1]));
    }
    bool is_pattern = expr_is_int(p->x, a[n - 1], 0);
    for (int32_t i = 0; i < n; i++)
        is_pattern |= expr_is(p->x, a[i], EXPR_DOTS);
    for (int32_t i = 0; i < n - 1 && !is_pattern; i++)
        a[i] = latex_node(p, expr_div(p->x, a[i], a[n - 1]));
    if (!is_pattern)
        a[n - 1] = expr_int(p->x, 1);
    return latex_make(p, EXPR_TUPLE, 0, ":", base);
}

/* What a relation stands between. */
static int32_t operand(struct latex_parser *p)
{
    int32_t e = latex_sets(p);
    if (!p->failed && latex_at(p, T_COLON) && !p->colon_ends)
        e = ratio(p, e);
    return p->failed ? EXPR_NONE : e;
}

static bool is_set_relation(char c)
{
    return c == EXPR_IN || c == EXPR_NOT_IN || c == EXPR_SUBSET;
}

/* 5\sqrt3 \approx 8.66: the exact side may be all that is meant. */
static int32_t without_approximation(struct latex_parser *p, int32_t base, const char *names,
                                     int32_t n)
{
    if (p->failed || n == 0 || names[n - 1] != EXPR_APPROX)
        return n;
    if ((expr_has(p->x, p->stack[p->n_stack - 1]) & EXPR_HAS_DECIMAL) == 0 ||
        !latex_choice(p, CHOICE_APPROX))
        return n;
    p->n_stack--;
    assert(p->n_stack > base);
    return n - 1;
}

static int32_t relation(struct latex_parser *p, int32_t first)
{
    int32_t base = p->n_stack;
    char names[CHAIN + 1];
    int32_t n = 0;
    if (!latex_push(p, first))
        return EXPR_NONE;
    for (char c; (c = take_relation(p)) != 0; names[n++] = c) {
        if (n == CHAIN)
            return latex_limit(p, "a chain of relations too long");
        const struct latex_token *from = p->t;
        int32_t e = words(p);
        e = e == EXPR_NONE && !p->failed ? operand(p) : e;
        if (!latex_push(p, is_set_relation(c) ? latex_operand(p, from, e) : e))
            return EXPR_NONE;
    }
    n = without_approximation(p, base, names, n);
    names[n] = 0;
    if (n == 1 && names[0] == EXPR_EQ && at_modulus(p))
        names[0] = EXPR_CONGRUENT;
    if (n == 0) {
        first = p->failed ? EXPR_NONE : remainder_of(p, p->stack[base]);
        p->n_stack = base;
        return first;
    }
    return chained(p, base, names, n);
}

/* "odd n", "for some polynomial g": what kind of thing the name is. */
static int32_t described(struct latex_parser *p)
{
    const struct latex_token *from = p->t;
    while (from->kind == T_KEYWORD && from->arg == KEY_ALL)
        from++;
    const struct latex_token *t = from;
    while (t->kind == T_WORD && t->arg == 0)
        t++;
    if (t == from || t->kind != T_SYMBOL || t->run != 0 || !ends_member(t + 1))
        return EXPR_NONE;
    int32_t kind = latex_words(p, from, t);
    p->t = t + 1;
    int32_t args[2] = {expr_symbol(p->x, t->name), kind};
    return latex_node(p, expr_make(p->x, EXPR_RELATION, 0, STR("e"), args, 2));
}

static bool is_letter(const struct latex_token *t, char small)
{
    return t->kind == T_SYMBOL && t->name.n == 1 && (t->name.at[0] | 32) == small;
}

/* 3:30 pm is a time, not a ratio. */
static int32_t time_of_day(struct latex_parser *p)
{
    const struct latex_token *t = p->t;
    if (t->kind != T_NUMBER || t[1].kind != T_COLON || t[2].kind != T_NUMBER)
        return EXPR_NONE;
    bool is_minute = t[2].to - t[2].from == 2 && p->s.at[t[2].from] == '0';
    if (is_minute && ends_member(t + 3)) { /* 12:05, which no ratio is written as */
        p->t += 3;
        return latex_words(p, t, t + 3);
    }
    bool is_half = (is_letter(t + 3, 'a') || is_letter(t + 3, 'p')) && is_letter(t + 4, 'm');
    if (!is_half || !ends_member(t + 5) || t[2].to - t[2].from != 2)
        return EXPR_NONE;
    p->t += 5;
    struct str hour = latex_text(p, t);
    struct str minute = latex_text(p, t + 2);
    struct str name =
        arena_fmt(p->tmp, "%.*s:%.*s %cm", STR_ARG(hour), STR_ARG(minute), t[3].name.at[0] | 32);
    return latex_node(p, expr_make(p->x, EXPR_TEXT, 0, name, p->stack, 0));
}

/* "all n >= 2", "for n >= 2": the words add nothing to the condition. */
static void skip_all(struct latex_parser *p)
{
    const struct latex_token *t = p->t;
    while (t->kind == T_KEYWORD && (t->arg == KEY_ALL || t->arg == KEY_FOR))
        t++;
    if (t != p->t && t->kind == T_SYMBOL && (t[1].kind == T_RELATION || t[1].kind == T_KEYWORD))
        p->t = t;
}

/* \forall x > 0, f(x) = 0: the condition comes first. */
static int32_t quantified(struct latex_parser *p)
{
    if (!latex_enter(p))
        return EXPR_NONE;
    bool colon_ends = p->colon_ends;
    p->colon_ends = true;
    int32_t condition = latex_statement(p);
    p->colon_ends = colon_ends;
    if (!latex_take(p, T_COMMA) && !latex_take(p, T_COLON))
        (void)latex_fail(p, "nothing that holds for all");
    int32_t e = p->failed ? EXPR_NONE : latex_statement(p);
    latex_leave(p);
    return p->failed ? EXPR_NONE
                     : latex_node(p, expr_make(p->x, EXPR_FOR_ALL, 0, STR(""),
                                               (int32_t[]){e, condition}, 2));
}

int32_t latex_statement(struct latex_parser *p)
{
    if (latex_take(p, T_FOR_ALL))
        return quantified(p);
    skip_all(p);
    int32_t e = words(p);
    if (e == EXPR_NONE && !p->failed)
        e = described(p);
    if (e != EXPR_NONE || p->failed)
        return e;
    e = time_of_day(p);
    if (e != EXPR_NONE || p->failed)
        return e;
    e = operand(p);
    return p->failed ? EXPR_NONE : relation(p, e);
}
