#include "base/limits.h"
#include "graders/math/latex_parse.h"
#include "graders/math/latex_unit.h"

enum { UNIT_WORDS = 6, UNIT_BYTES = 120 };

/* The unit being read, as one canonical text. */
struct unit {
    char text[UNIT_BYTES];
    int64_t n;
    bool is_full;
};

static void put(struct unit *u, struct str s)
{
    if (u->n + s.n > UNIT_BYTES) {
        u->is_full = true;
        return;
    }
    memcpy(u->text + u->n, s.at, (size_t)s.n);
    u->n += s.n;
}

/* An unknown word counts as it is, in lower case and without the plural's s: "apple". */
static void put_word(struct unit *u, struct str s)
{
    if (s.n > 3 && str_ends(s, STR("s")) && !str_ends(s, STR("ss")))
        s = str_sub(s, 0, s.n - 1);
    for (int64_t i = 0; i < s.n; i++) {
        char c = s.at[i];
        c = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
        put(u, (struct str){&c, 1});
    }
}

/* ---------------------------------------------------------------------------------- words */

static bool is_letter_unit(const struct latex_parser *p, const struct latex_token *t)
{
    return t->kind == T_SYMBOL && t->name.n == 1 && t->run == 0 &&
           (t == p->first || t[-1].run == 0) && latex_unit_of(t->name) != 0;
}

static bool is_minutes(const struct latex_token *t)
{
    return t->kind == T_FUNCTION && t->is_letters && t->arg == EXPR_MIN && t[1].kind != T_OPEN &&
           t[1].kind != T_GROUP_OPEN && t[1].kind != T_SET_OPEN;
}

bool latex_at_minutes(const struct latex_parser *p)
{
    return is_minutes(p->t);
}

/* Whether what follows a bare letter lets it be a unit: the end, a power, or "/s". */
static bool may_end_in_unit(const struct latex_parser *p, const struct latex_token *t)
{
    t++;
    if (t->kind == T_CARET && t[1].kind == T_NUMBER)
        t += 2;
    else if (t->kind == T_CARET && t[1].kind == T_GROUP_OPEN && t[1].match >= 0)
        t = p->first + t[1].match + 1;
    if (t->kind == T_SLASH && is_letter_unit(p, t + 1))
        return may_end_in_unit(p, t + 1);
    return t->kind == T_END || t->kind == T_COMMA || t->kind == T_CLOSE || t->kind == T_KEYWORD;
}

bool latex_at_unit_letter(struct latex_parser *p)
{
    const struct latex_token *t = p->t;
    if (t == p->first || !is_letter_unit(p, t))
        return false;
    if (t->is_text)
        return true;
    bool is_after_number = t == p->after_number || t[-1].kind == T_GROUP_CLOSE;
    return is_after_number && may_end_in_unit(p, t) && latex_choice(p, CHOICE_UNIT);
}

static bool is_unit_token(const struct latex_parser *p, const struct latex_token *t)
{
    if (t->kind == T_WORD)
        return true;
    if (t->kind == T_KEYWORD)
        return t->arg == KEY_SQUARE || t->arg == KEY_CUBIC || t->arg == KEY_IN;
    return is_minutes(t) || (t->is_text && is_letter_unit(p, t));
}

static int64_t small_power(struct latex_parser *p)
{
    int64_t n = 0;
    if (!latex_at(p, T_CARET))
        return 1;
    const struct latex_token *t = p->t + 1;
    bool is_braced = t->kind == T_GROUP_OPEN;
    t += is_braced;
    bool is_minus = t->kind == T_MINUS;
    t += is_minus;
    struct str s = latex_spelling(p, t);
    if (t->kind != T_NUMBER || !str_i64(s, &n) || n < 1 || n > 9)
        return 0;
    p->t = t + 1 + is_braced;
    return is_minus ? -n : n;
}

static void put_power(struct unit *u, int64_t n)
{
    if (n == 1)
        return;
    char digit = (char)('0' + (n < 0 ? -n : n));
    put(u, STR("^"));
    if (n < 0)
        put(u, STR("-"));
    put(u, (struct str){&digit, 1});
}

static void put_unit_token(struct latex_parser *p, struct unit *u)
{
    const struct latex_token *t = p->t++;
    struct str s = latex_text(p, t);
    if (t->kind == T_KEYWORD && t->arg == KEY_IN)
        put(u, STR("in"));
    else if (t->kind == T_FUNCTION)
        put(u, STR("min"));
    else if (t->kind == T_SYMBOL)
        put(u, latex_unit_name(latex_unit_of(t->name)));
    else if (t->arg > 0)
        put(u, latex_unit_name(t->arg));
    else
        put_word(u, s);
}

/* One unit with its power: "cm^2", "square feet", "sq. in", "apples". */
static bool one_unit(struct latex_parser *p, struct unit *u)
{
    int64_t n = 1;
    if (latex_at_arg(p, T_KEYWORD, KEY_SQUARE) || latex_at_arg(p, T_KEYWORD, KEY_CUBIC)) {
        n = p->t->arg == KEY_SQUARE ? 2 : 3;
        p->t++;
    }
    if (!is_unit_token(p, p->t) && !is_letter_unit(p, p->t))
        return false;
    put_unit_token(p, u);
    int64_t power = small_power(p);
    if (power == 0)
        return false;
    put_power(u, n == 1 ? power : n);
    return power == 1 || n == 1;
}

/* Words after a number that nobody knows as units: "12 red apples". */
static void more_words(struct latex_parser *p, struct unit *u)
{
    for (int n = 1; n < UNIT_WORDS && latex_at(p, T_WORD); n++) {
        put(u, STR(" "));
        put_unit_token(p, u);
    }
}

static bool at_per(const struct latex_parser *p)
{
    bool is_sign = p->t->kind == T_SLASH || latex_at_arg(p, T_KEYWORD, KEY_PER);
    return is_sign && (is_unit_token(p, p->t + 1) || is_letter_unit(p, p->t + 1));
}

static bool at_times(const struct latex_parser *p)
{
    return p->t->kind == T_TIMES && is_unit_token(p, p->t + 1) && p->t[1].kind != T_KEYWORD;
}

static bool whole_unit(struct latex_parser *p, struct unit *u)
{
    if (!one_unit(p, u))
        return false;
    more_words(p, u);
    while (at_per(p) || at_times(p)) {
        put(u, p->t->kind == T_TIMES ? STR("*") : STR("/"));
        p->t++;
        if (is_letter_unit(p, p->t)) {
            put_unit_token(p, u);
            put_power(u, small_power(p));
        } else if (!one_unit(p, u)) {
            return false;
        }
    }
    return !u->is_full;
}

/* -------------------------------------------------------------------------------- measures */

static int32_t measure(struct latex_parser *p, int32_t value, struct str unit)
{
    return latex_node(p, expr_make(p->x, EXPR_MEASURE, 0, unit, &value, 1));
}

/* 3.5 million */
static int32_t scaled(struct latex_parser *p, int32_t value)
{
    while (latex_at(p, T_SCALE) && !p->failed) {
        int32_t power = expr_pow(p->x, expr_int(p->x, 10), expr_int(p->x, p->t->arg));
        p->t++;
        value = latex_node(p, expr_mul(p->x, value, power));
    }
    return value;
}

static bool begins_unit(struct latex_parser *p)
{
    const struct latex_token *t = p->t;
    if (t->kind == T_KEYWORD && t->arg == KEY_IN) /* 5 in, but not "5 in the ..." nor "x in S" */
        return t->is_text || (t[1].kind == T_END && t[-1].kind == T_NUMBER);
    if (t->kind == T_KEYWORD && t->arg != KEY_SQUARE && t->arg != KEY_CUBIC)
        return false;
    return is_unit_token(p, t) || latex_at_unit_letter(p);
}

/* "n even", "x real": words after a name say something about it. */
static bool says_something(const struct latex_parser *p, int32_t value)
{
    return latex_at(p, T_WORD) && p->t->arg == 0 && (expr_has(p->x, value) & EXPR_HAS_SYMBOL) != 0;
}

int32_t latex_measure(struct latex_parser *p, int32_t value)
{
    struct unit u = {.n = 0};
    value = scaled(p, value);
    if (p->failed || !expr_is_scalar(p->x, value) || expr_is(p->x, value, EXPR_MEASURE))
        return value;
    if (!begins_unit(p) || says_something(p, value))
        return value;
    if (!whole_unit(p, &u))
        return latex_fail(p, "unknown unit");
    return measure(p, value, (struct str){u.text, u.n});
}

int32_t latex_money(struct latex_parser *p)
{
    struct str unit = p->t->name;
    p->t++;
    if (!latex_at(p, T_NUMBER) && !latex_at(p, T_FRAC) && !latex_at(p, T_MINUS) &&
        !latex_at(p, T_SYMBOL) && !latex_at(p, T_OPEN))
        return latex_fail(p, "money without an amount");
    int32_t value = latex_factor(p);
    value = p->failed ? EXPR_NONE : scaled(p, value);
    return p->failed ? EXPR_NONE : measure(p, value, unit);
}
