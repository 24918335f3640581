#include "graders/math/expr.h"
#include "graders/math/latex_lexer.h"
#include "graders/math/latex_unit.h"

enum { SHORT_RUN = 4, SPLIT_RUN = 12, LOWER_RUN = 24 };

/* --------------------------------------------------------------------------- runs of letters */

static bool lower(struct str s, char out[LOWER_RUN], struct str *low)
{
    if (s.n > LOWER_RUN)
        return false;
    for (int64_t i = 0; i < s.n; i++)
        out[i] = lexer_is_upper(s.at[i]) ? (char)(s.at[i] + ('a' - 'A')) : s.at[i];
    *low = (struct str){out, s.n};
    return true;
}

static bool is_one_of(uint8_t kind, uint8_t a, uint8_t b, uint8_t c)
{
    return kind == a || kind == b || kind == c;
}

static bool is_wordy(uint8_t kind)
{
    return is_one_of(kind, T_WORD, T_KEYWORD, T_FILLER) || kind == T_PERCENT || kind == T_SCALE;
}

/* A word as it stands, else in lower case: "And", "Sin", "NONE". */
static bool known_word(struct str s, struct latex_meaning *out)
{
    char room[LOWER_RUN];
    struct str low;
    if (latex_word(s, out))
        return true;
    if (lexer_is_upper(s.at[0]) && lower(s, room, &low)) {
        bool is_capitals = lexer_is_upper(s.at[1]);
        if (latex_word(low, out) && out->kind != T_SYMBOL &&
            (!is_capitals || (s.n > 2 && is_wordy(out->kind))))
            return true;
    }
    int32_t unit = latex_unit_of(s);
    if (unit == 0)
        return false;
    *out = (struct latex_meaning){T_WORD, unit, NULL};
    return true;
}

static bool may_be_glued(const struct latex_meaning *m)
{
    return m->kind == T_FUNCTION && (m->arg <= EXPR_LN || m->arg == EXPR_LOG ||
                                     m->arg == LATEX_F_SQRT || m->arg == LATEX_F_EXP);
}

/* The longest function that begins at s[i]; 0: none. */
static int64_t glued_function(struct str s, int64_t i, struct latex_meaning *out)
{
    for (int64_t n = s.n - i < 6 ? s.n - i : 6; n >= 2; n--)
        if (latex_word(str_sub(s, i, i + n), out) && may_be_glued(out))
            return n;
    return 0;
}

static void put_letters(struct latex_lexer *x, int64_t from, int64_t to)
{
    int64_t end = x->i;
    for (int64_t i = from; i < to; i++) {
        x->i = i + 1;
        struct latex_token *t = lexer_put(x, T_SYMBOL, 0, i);
        t->name = str_sub(x->s, i, i + 1);
        t->is_letters = true;
        t->run = (uint8_t)(to - 1 - i);
    }
    x->i = end;
}

/* sinx, xsin(x), pir: a function or pi with at most one letter on each side. */
static bool glued(struct latex_lexer *x, int64_t from, struct str s)
{
    struct latex_meaning m;
    if (s.n > SPLIT_RUN)
        return false;
    for (int64_t i = 0; i < 2 && i < s.n; i++) {
        int64_t n = glued_function(s, i, &m);
        if (n == 0 && str_starts(str_sub(s, i, s.n), STR("pi")) && (i == 0 || s.at[0] == 'i')) {
            n = 2;
            (void)latex_word(STR("pi"), &m);
        }
        if (n == 0 || s.n - i - n > 1)
            continue;
        put_letters(x, from, from + i);
        lexer_put_meaning(x, &m, from + i);
        x->out[x->n - 1].is_letters = true;
        put_letters(x, from + i + n, from + s.n);
        return true;
    }
    return false;
}

/* "(0, 1) U (2, 3)" in plain text. */
static bool is_union(const struct latex_lexer *x, struct str s)
{
    if (!str_eq(s, STR("U")) || x->n == 0 || x->space != SPACE_SOME || lexer_peek(x, 0) != ' ')
        return false;
    uint8_t before = x->out[x->n - 1].kind;
    char after = lexer_peek(x, 1);
    bool is_left = after == '\\' && lexer_peek(x, 2) == 'l' && lexer_peek(x, 3) == 'e';
    return is_one_of(before, T_CLOSE, T_SET_CLOSE, T_GROUP_CLOSE) &&
           (is_left || after == '(' || after == '[' || after == '{' || after == ']');
}

void lexer_letters(struct latex_lexer *x)
{
    int64_t from = x->i;
    while (lexer_is_letter(lexer_peek(x, 0)))
        x->i++;
    struct str s = str_sub(x->s, from, x->i);
    struct latex_meaning m;
    bool is_called = lexer_peek(x, 0) == '(';
    if (is_called && str_eq(s, STR("Matrix")))
        return; /* Matrix([[1, 2]]) */
    if (is_union(x, s)) {
        lexer_put(x, T_UNION, 0, from);
        return;
    }
    if (s.n == 1) {
        put_letters(x, from, x->i);
        return;
    }
    bool is_product = !is_called && (str_eq(s, STR("re")) || str_eq(s, STR("im")));
    if (!is_product && known_word(s, &m)) {
        lexer_put_meaning(x, &m, from);
        x->out[x->n - 1].is_letters = true;
        return;
    }
    if (!lexer_in_text(x) && glued(x, from, s))
        return;
    bool is_ordinal = x->n > 0 && x->out[x->n - 1].kind == T_NUMBER && x->space == SPACE_NONE &&
                      (str_eq(s, STR("th")) || str_eq(s, STR("st")) || str_eq(s, STR("rd")));
    bool is_name = is_ordinal || (lexer_is_upper(s.at[0]) && !lexer_is_upper(s.at[1]) && s.n > 2);
    if (!lexer_in_text(x) && s.n <= SHORT_RUN && !is_name)
        put_letters(x, from, x->i);
    else
        lexer_put(x, T_WORD, 0, from)->is_letters = true;
}

/* ----------------------------------------------------------------------------------- numbers */

static bool point_belongs(const struct latex_lexer *x)
{
    struct str rest = str_sub(x->s, x->i + 1, x->s.n);
    return str_starts(rest, STR("\\overline")) || str_starts(rest, STR("\\bar")) ||
           str_starts(rest, STR("\\dot{")) || str_starts(rest, STR("\\dot ")) ||
           str_starts(rest, STR("\\dot\\")) ||
           (rest.n > 1 && rest.at[0] == '(' && lexer_is_digit(rest.at[1]));
}

static void digits(struct latex_lexer *x)
{
    while (lexer_is_digit(lexer_peek(x, 0)))
        x->i++;
}

/* Whether TeX takes one digit only here: \frac12, \frac1{72}, \frac{1}2. */
static bool takes_one_digit(const struct latex_lexer *x)
{
    if (x->n == 0)
        return false;
    int32_t i = x->n - 1;
    if (x->out[i].kind == T_FRAC || x->out[i].kind == T_BINOM)
        return true;
    if (x->out[i].kind == T_GROUP_CLOSE)
        i = x->out[i].match;
    else if (x->out[i].kind == T_GROUP_OPEN)
        return false;
    return i > 0 && (x->out[i - 1].kind == T_FRAC || x->out[i - 1].kind == T_BINOM);
}

/* 1{.}5, as 1{,}5 is written where the comma is the point */
static bool is_braced_point(const struct latex_lexer *x)
{
    return lexer_peek(x, 0) == '{' && lexer_peek(x, 1) == '.' && lexer_peek(x, 2) == '}' &&
           lexer_is_digit(lexer_peek(x, 3));
}

static void braced(struct latex_lexer *x, int64_t from)
{
    struct str before = str_sub(x->s, from, x->i);
    x->i += 3;
    int64_t at = x->i;
    digits(x);
    lexer_put(x, T_NUMBER, 0, from)->name =
        arena_fmt(x->keep, "%.*s.%.*s", STR_ARG(before), STR_ARG(str_sub(x->s, at, x->i)));
}

void lexer_number(struct latex_lexer *x)
{
    int64_t from = x->i;
    if (lexer_peek(x, 0) != '.' && takes_one_digit(x)) {
        x->i++;
        lexer_put(x, T_NUMBER, 0, from);
        return;
    }
    digits(x);
    bool ends_in_point = false;
    if (lexer_peek(x, 0) == '.' && lexer_is_digit(lexer_peek(x, 1))) {
        x->i++;
        digits(x);
    } else if (is_braced_point(x)) {
        braced(x, from);
        return;
    } else if (lexer_peek(x, 0) == '.' && point_belongs(x)) {
        x->i++;
        ends_in_point = true;
    }
    int64_t sign = lexer_peek(x, 1) == '-' || lexer_peek(x, 1) == '+';
    bool has_mark = lexer_peek(x, 0) == 'e' || lexer_peek(x, 0) == 'E';
    if (has_mark && !ends_in_point && lexer_is_digit(lexer_peek(x, 1 + sign))) {
        int64_t mark = x->i;
        x->i += 1 + sign;
        digits(x);
        if (lexer_is_letter(lexer_peek(x, 0)) ||
            (lexer_peek(x, 0) == '.' && lexer_is_digit(lexer_peek(x, 1))))
            x->i = mark;
    }
    lexer_put(x, T_NUMBER, ends_in_point, from);
}
