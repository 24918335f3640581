#include "graders/math/latex_token.h"

#include <assert.h>

#include "base/utf8.h"
#include "graders/math/expr.h"
#include "graders/math/latex_unit.h"

enum { TEXT_DEPTH = 16, SHORT_RUN = 4, SPLIT_RUN = 12 };

struct lexer {
    struct str s;
    int64_t i;
    struct arena *keep;
    struct latex_token *out;
    int32_t n;
    int32_t *open; /* tokens of brackets not closed yet */
    int32_t n_open;
    int32_t depth;            /* of braces */
    int32_t text[TEXT_DEPTH]; /* depths at which a \text{ was opened: its braces are dropped */
    int32_t n_text;
    uint8_t space;
    bool dollars_are_math;
    int32_t brace; /* what the next brace is: 1 \boxed's, 2 \mathbf's */
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char peek(const struct lexer *x, int64_t ahead)
{
    return x->i + ahead < x->s.n ? x->s.at[x->i + ahead] : 0;
}

static bool in_text(const struct lexer *x)
{
    return x->n_text > 0;
}

static void space(struct lexer *x, uint8_t how)
{
    x->space = how > x->space ? how : x->space;
}

/* ---------------------------------------------------------------------------------- tokens */

static bool is_one_of(uint8_t kind, uint8_t a, uint8_t b, uint8_t c)
{
    return kind == a || kind == b || kind == c;
}

/* Round and square brackets close each other: [0, 1) is an interval. A brace is closed by a brace
 * alone, and what was left open in it stays open. */
static void match(struct lexer *x, int32_t i)
{
    struct latex_token *t = &x->out[i];
    if (is_one_of(t->kind, T_OPEN, T_GROUP_OPEN, T_SET_OPEN)) {
        x->open[x->n_open++] = i;
        return;
    }
    bool is_round = t->kind == T_CLOSE;
    while (!is_round && x->n_open > 0 && x->out[x->open[x->n_open - 1]].kind != t->kind - 1)
        x->n_open--;
    if (x->n_open > 0 && x->out[x->open[x->n_open - 1]].kind == t->kind - 1) {
        t->match = x->open[--x->n_open];
        x->out[t->match].match = i;
    }
}

static struct latex_token *put(struct lexer *x, uint8_t kind, int32_t arg, int64_t from)
{
    struct latex_token *t = &x->out[x->n++];
    *t = (struct latex_token){.kind = kind,
                              .space = x->space,
                              .is_text = in_text(x),
                              .arg = arg,
                              .from = (int32_t)from,
                              .to = (int32_t)x->i,
                              .match = -1};
    x->space = SPACE_NONE;
    if (kind >= T_OPEN && kind <= T_SET_CLOSE)
        match(x, x->n - 1);
    if (kind == T_RELATION && x->n_open > 0)
        x->out[x->open[x->n_open - 1]].holds_relation = true;
    return t;
}

static void put_meaning(struct lexer *x, const struct latex_meaning *m, int64_t from)
{
    struct latex_token *t = put(x, m->kind, m->arg, from);
    if (m->name != NULL)
        t->name = str_of(m->name);
}

/* --------------------------------------------------------------------------- runs of letters */

static bool lower(struct str s, char out[SPLIT_RUN * 2], struct str *low)
{
    if (s.n > SPLIT_RUN * 2)
        return false;
    for (int64_t i = 0; i < s.n; i++)
        out[i] = is_upper(s.at[i]) ? (char)(s.at[i] + ('a' - 'A')) : s.at[i];
    *low = (struct str){out, s.n};
    return true;
}

static bool is_wordy(uint8_t kind)
{
    return is_one_of(kind, T_WORD, T_KEYWORD, T_FILLER) || kind == T_PERCENT || kind == T_SCALE;
}

/* A word as it stands, else in lower case: "And", "Sin", "NONE". */
static bool known_word(struct str s, struct latex_meaning *out)
{
    char room[SPLIT_RUN * 2];
    struct str low;
    if (latex_word(s, out))
        return true;
    if (is_upper(s.at[0]) && lower(s, room, &low)) {
        bool is_capitals = is_upper(s.at[1]);
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

static void put_letters(struct lexer *x, int64_t from, int64_t to)
{
    int64_t end = x->i;
    for (int64_t i = from; i < to; i++) {
        x->i = i + 1;
        struct latex_token *t = put(x, T_SYMBOL, 0, i);
        t->name = str_sub(x->s, i, i + 1);
        t->is_letters = true;
        t->run = (uint8_t)(to - 1 - i);
    }
    x->i = end;
}

/* sinx, xsin(x), pir: a function or pi with at most one letter on each side. */
static bool glued(struct lexer *x, int64_t from, struct str s)
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
        put_meaning(x, &m, from + i);
        x->out[x->n - 1].is_letters = true;
        put_letters(x, from + i + n, from + s.n);
        return true;
    }
    return false;
}

static void letters(struct lexer *x)
{
    int64_t from = x->i;
    while (is_letter(peek(x, 0)))
        x->i++;
    struct str s = str_sub(x->s, from, x->i);
    struct latex_meaning m;
    if (s.n == 1) {
        put_letters(x, from, x->i);
        return;
    }
    if (known_word(s, &m)) {
        put_meaning(x, &m, from);
        x->out[x->n - 1].is_letters = true;
        return;
    }
    if (!in_text(x) && glued(x, from, s))
        return;
    bool is_ordinal = x->n > 0 && x->out[x->n - 1].kind == T_NUMBER && x->space == SPACE_NONE &&
                      (str_eq(s, STR("th")) || str_eq(s, STR("st")) || str_eq(s, STR("rd")));
    bool is_name = is_ordinal || (is_upper(s.at[0]) && !is_upper(s.at[1]) && s.n > 2);
    if (!in_text(x) && s.n <= SHORT_RUN && !is_name)
        put_letters(x, from, x->i);
    else
        put(x, T_WORD, 0, from)->is_letters = true;
}

/* ----------------------------------------------------------------------------------- numbers */

static bool point_belongs(const struct lexer *x)
{
    struct str rest = str_sub(x->s, x->i + 1, x->s.n);
    return str_starts(rest, STR("\\overline")) || str_starts(rest, STR("\\bar")) ||
           str_starts(rest, STR("\\dot{")) || str_starts(rest, STR("\\dot ")) ||
           str_starts(rest, STR("\\dot\\")) ||
           (rest.n > 1 && rest.at[0] == '(' && is_digit(rest.at[1]));
}

static void digits(struct lexer *x)
{
    while (is_digit(peek(x, 0)))
        x->i++;
}

/* Whether TeX takes one digit only here: \frac12, \frac1{72}, \frac{1}2. */
static bool takes_one_digit(const struct lexer *x)
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

static void number(struct lexer *x)
{
    int64_t from = x->i;
    if (peek(x, 0) != '.' && takes_one_digit(x)) {
        x->i++;
        put(x, T_NUMBER, 0, from);
        return;
    }
    digits(x);
    bool ends_in_point = false;
    if (peek(x, 0) == '.' && is_digit(peek(x, 1))) {
        x->i++;
        digits(x);
    } else if (peek(x, 0) == '.' && point_belongs(x)) {
        x->i++;
        ends_in_point = true;
    }
    int64_t sign = peek(x, 1) == '-' || peek(x, 1) == '+';
    bool has_mark = peek(x, 0) == 'e' || peek(x, 0) == 'E';
    if (has_mark && !ends_in_point && is_digit(peek(x, 1 + sign))) {
        int64_t mark = x->i;
        x->i += 1 + sign;
        digits(x);
        if (is_letter(peek(x, 0)) || (peek(x, 0) == '.' && is_digit(peek(x, 1))))
            x->i = mark;
    }
    put(x, T_NUMBER, ends_in_point, from);
}

/* ---------------------------------------------------------------------------------- commands */

static bool is_named(struct str name, const char *const *list)
{
    for (; *list != NULL; list++)
        if (str_eq(name, str_of(*list)))
            return true;
    return false;
}

static const char *const text_wrappers[] = {
    "text",   "textrm", "textbf", "textit",       "textnormal", "textup", "textsf",
    "texttt", "mathrm", "mbox",   "operatorname", "hbox",       "emph",   NULL};
static const char *const math_wrappers[] = {
    "mathbf", "boldsymbol", "bm", "mathsf", "mathtt", "pmb",        "mathcal",    "mathscr",
    "mathop", "mathfrak",   "bf", "rm",     "it",     "mathnormal", "ensuremath", NULL};
static const char *const nothing[] = {"displaystyle", "textstyle", "scriptstyle",
                                      "limits",       "nolimits",  "strut",
                                      "bigskip",      "relax",     NULL};
static const char *const blanks[] = {"quad",       "qquad",    "thinspace",    "enspace", "space",
                                     "thickspace", "medspace", "nobreakspace", NULL};
static const char *const openers[] = {"left", "bigl", "Bigl", "biggl", "Biggl", NULL};
static const char *const closers[] = {"right", "bigr", "Bigr", "biggr", "Biggr", NULL};
static const char *const sizes[] = {"middle", "big", "Big", "bigg", "Bigg", NULL};
static const char *const skippers[] = {"hspace", "vspace", "phantom", "color", "textcolor", NULL};

static void skip_blank(struct lexer *x)
{
    while (peek(x, 0) == ' ')
        x->i++;
}

/* {name} or one letter; empty when neither follows. */
static struct str short_argument(struct lexer *x)
{
    int64_t back = x->i;
    skip_blank(x);
    bool is_braced = peek(x, 0) == '{';
    int64_t from = x->i + is_braced;
    int64_t to = from;
    while (to < x->s.n && to - from < 2 * SPLIT_RUN &&
           (is_letter(x->s.at[to]) || x->s.at[to] == '*') && (is_braced || to == from))
        to++;
    if (to == from || (is_braced && (to >= x->s.n || x->s.at[to] != '}'))) {
        x->i = back;
        return (struct str){0};
    }
    x->i = to + is_braced;
    return str_sub(x->s, from, to);
}

static void skip_argument(struct lexer *x)
{
    skip_blank(x);
    if (peek(x, 0) != '{')
        return;
    int64_t depth = 0;
    for (; x->i < x->s.n; x->i++) {
        depth += x->s.at[x->i] == '{';
        depth -= x->s.at[x->i] == '}';
        if (depth == 0) {
            x->i++;
            return;
        }
    }
}

static void enter_text(struct lexer *x)
{
    if (peek(x, 0) == '*')
        x->i++;
    skip_blank(x);
    if (peek(x, 0) != '{' || x->n_text == TEXT_DEPTH)
        return;
    x->i++;
    x->text[x->n_text++] = x->depth++;
    space(x, SPACE_THIN);
}

static void blackboard(struct lexer *x, int64_t from)
{
    struct latex_meaning m;
    struct str letter = short_argument(x);
    if (letter.n == 1 && latex_command(letter, &m)) /* \R, \Z, ... */
        put_meaning(x, &m, from);
    else
        put(x, T_UNKNOWN, 0, from);
}

static void environment(struct lexer *x, int64_t from, bool is_begin)
{
    static const struct {
        const char *name;
        enum latex_environment is;
    } known[] = {{"matrix", ENV_MATRIX},  {"pmatrix", ENV_MATRIX},     {"bmatrix", ENV_MATRIX},
                 {"Bmatrix", ENV_MATRIX}, {"smallmatrix", ENV_MATRIX}, {"array", ENV_MATRIX},
                 {"vmatrix", ENV_DET},    {"cases", ENV_CASES},        {"aligned", ENV_LINES},
                 {"align*", ENV_LINES},   {"align", ENV_LINES},        {"gathered", ENV_LINES},
                 {"split", ENV_LINES},    {"equation*", ENV_LINES},    {"equation", ENV_LINES},
                 {"dcases", ENV_CASES},   {"gather", ENV_LINES},       {"gather*", ENV_LINES}};
    struct str name = short_argument(x);
    if (str_eq(name, STR("array")) && is_begin)
        skip_argument(x);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(name, str_of(known[i].name))) {
            put(x, is_begin ? T_BEGIN : T_FINISH, (int32_t)known[i].is, from);
            return;
        }
    put(x, T_UNKNOWN, 0, from);
}

/* \left( is (; \left. is nothing; \left| and \left< say which side they are of. */
static void delimiter(struct lexer *x, int64_t from, bool opens, bool closes)
{
    skip_blank(x);
    char c = peek(x, 0);
    bool is_command = str_starts(str_sub(x->s, x->i, x->s.n), STR("\\vert"));
    if (c == '.') {
        x->i++;
    } else if ((c == '|' || is_command) && (opens || closes)) {
        x->i += is_command ? 5 : 1;
        put(x, opens ? T_BAR_OPEN : T_BAR_CLOSE, 0, from);
    } else if ((c == '<' && opens) || (c == '>' && closes)) {
        x->i++;
        put(x, opens ? T_ANGLE_OPEN : T_ANGLE_CLOSE, 0, from);
    }
}

static void named_command(struct lexer *x, int64_t from, struct str name)
{
    struct latex_meaning m;
    bool opens = is_named(name, openers);
    bool closes = is_named(name, closers);
    if (latex_command(name, &m))
        put_meaning(x, &m, from);
    else if (opens || closes || is_named(name, sizes))
        delimiter(x, from, opens, closes);
    else if (is_named(name, text_wrappers))
        enter_text(x);
    else if (is_named(name, blanks))
        space(x, SPACE_SOME);
    else if (is_named(name, skippers))
        skip_argument(x);
    else if (str_eq(name, STR("begin")) || str_eq(name, STR("end")))
        environment(x, from, str_eq(name, STR("begin")));
    else if (str_eq(name, STR("mathbb")) || str_eq(name, STR("Bbb")))
        blackboard(x, from);
    else if (str_eq(name, STR("boxed")) || str_eq(name, STR("fbox")))
        x->brace = 1;
    else if (is_named(name, math_wrappers))
        x->brace = 2;
    else if (!is_named(name, nothing))
        put(x, T_UNKNOWN, 0, from);
}

/* "R \ {0}" in plain text: a set before, a bracket after. */
static bool is_set_minus(const struct lexer *x)
{
    if (x->n == 0 || x->space != SPACE_SOME)
        return false;
    const struct latex_token *t = &x->out[x->n - 1];
    bool is_set = (t->kind == T_CONSTANT && t->arg >= EXPR_NATURALS) || t->kind == T_CLOSE ||
                  t->kind == T_SET_CLOSE || t->kind == T_GROUP_CLOSE ||
                  (t->kind == T_SYMBOL && t->name.n == 1 && is_upper(t->name.at[0]));
    struct str rest = str_trim(str_sub(x->s, x->i, x->s.n));
    return is_set && (str_starts(rest, STR("{")) || str_starts(rest, STR("\\{")) ||
                      str_starts(rest, STR("[")) || str_starts(rest, STR("(")));
}

static void backslash_sign(struct lexer *x, int64_t from, char c)
{
    static const struct {
        char c;
        uint8_t kind;
        const char *name;
    } signs[] = {{'{', T_SET_OPEN, NULL}, {'}', T_SET_CLOSE, NULL}, {'|', T_NORM, NULL},
                 {'\\', T_BREAK, NULL},   {'%', T_PERCENT, NULL},   {'$', T_CURRENCY, "$"},
                 {'_', T_UNDER, NULL}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (signs[i].c == c) {
            struct latex_token *t = put(x, signs[i].kind, 0, from);
            if (signs[i].name != NULL)
                t->name = str_of(signs[i].name);
            return;
        }
    if (c == '!') {
        while (peek(x, 0) == ' ') /* "11,\! 111": mathematics has no spaces */
            x->i++;
        return;
    }
    if (c == '/' || c == '-')
        return;
    if (c == ' ' && is_set_minus(x)) {
        put(x, T_SET_MINUS, 0, from);
        return;
    }
    if (c == '(' || c == ')' || c == '[' || c == ']')
        space(x, SPACE_SOME);
    else if (c != 0 && strchr(" ,;:>\t\n", c) != NULL)
        space(x, SPACE_THIN);
    else
        put(x, T_UNKNOWN, 0, from);
}

static void backslash(struct lexer *x)
{
    int64_t from = x->i++;
    while (is_letter(peek(x, 0)))
        x->i++;
    if (x->i > from + 1) {
        named_command(x, from, str_sub(x->s, from + 1, x->i));
        return;
    }
    char c = peek(x, 0);
    x->i += c != 0;
    backslash_sign(x, from, c);
}

/* ------------------------------------------------------------------------------------- signs */

static void brace(struct lexer *x)
{
    int64_t from = x->i;
    bool is_open = peek(x, 0) == '{';
    int64_t n_comma = is_open && peek(x, 1) == ',' ? (peek(x, 2) == ' ' ? 4 : 3) : 0;
    if (n_comma > 0 && peek(x, n_comma - 1) == '}') {
        x->i += n_comma;
        put(x, T_GROUP_COMMA, 0, from);
        return;
    }
    x->i++;
    if (!is_open && x->n_text > 0 && x->text[x->n_text - 1] == x->depth - 1) {
        x->n_text--;
        x->depth--;
        space(x, SPACE_THIN);
        return;
    }
    x->depth += is_open ? 1 : -1;
    put(x, is_open ? T_GROUP_OPEN : T_GROUP_CLOSE, is_open ? x->brace : 0, from);
    x->brace = 0;
}

/* Signs of two and three bytes first. */
static bool compound(struct lexer *x)
{
    static const struct {
        struct str text;
        uint8_t kind;
        int32_t arg;
    } known[] = {{{"...", 3}, T_DOTS, 0},
                 {{"<=>", 3}, T_ARROW, 0},
                 {{"<=", 2}, T_RELATION, EXPR_LE},
                 {{">=", 2}, T_RELATION, EXPR_GE},
                 {{"==", 2}, T_RELATION, EXPR_EQ},
                 {{":=", 2}, T_RELATION, EXPR_EQ},
                 {{"<>", 2}, T_RELATION, EXPR_NE},
                 {{"=>", 2}, T_ARROW, 0},
                 {{"->", 2}, T_ARROW, 0},
                 {{"**", 2}, T_CARET, 0},
                 {{"+-", 2}, T_PLUS_MINUS, 0},
                 {{"+/-", 3}, T_PLUS_MINUS, 0},
                 {{"||", 2}, T_NORM, 0}};
    struct str rest = str_sub(x->s, x->i, x->i + 3);
    bool is_factorial = x->n > 0 && x->out[x->n - 1].kind == T_NUMBER && x->space == SPACE_NONE;
    if (str_starts(rest, STR("!=")) && !is_factorial) {
        x->i += 2;
        put(x, T_RELATION, EXPR_NE, x->i - 2);
        return true;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].kind != T_NORM && str_starts(rest, known[i].text)) {
            int64_t from = x->i;
            x->i += known[i].text.n;
            while (known[i].kind == T_DOTS && peek(x, 0) == '.')
                x->i++;
            put(x, known[i].kind, known[i].arg, from);
            return true;
        }
    return false;
}

static bool quote(struct lexer *x, struct str open, struct str close)
{
    struct str rest = str_sub(x->s, x->i, x->s.n);
    if (!str_starts(rest, open))
        return false;
    int64_t end = str_find(rest, close, open.n);
    if (end < 0)
        return false;
    int64_t from = x->i;
    x->i += end + close.n;
    put(x, T_QUOTE, 0, from)->name = str_sub(rest, open.n, end);
    return true;
}

static void ascii(struct lexer *x)
{
    static const char kinds[] = "+-*/^_!%,;:=<>()[]|&'";
    static const uint8_t meant[] = {
        T_PLUS,    T_MINUS, T_TIMES,     T_SLASH, T_CARET,    T_UNDER,     T_BANG,
        T_PERCENT, T_COMMA, T_SEMICOLON, T_COLON, T_RELATION, T_RELATION,  T_RELATION,
        T_OPEN,    T_CLOSE, T_OPEN,      T_CLOSE, T_BAR,      T_AMPERSAND, T_PRIME};
    int64_t from = x->i;
    char c = peek(x, 0);
    if (c == '"' && quote(x, STR("\""), STR("\"")))
        return;
    if (c == '`' && quote(x, STR("``"), STR("''")))
        return;
    x->i++;
    const char *at = c == 0 ? NULL : strchr(kinds, c);
    if (at == NULL) {
        put(x, T_UNKNOWN, 0, from);
        return;
    }
    while (c == '\'' && peek(x, 0) == '\'')
        x->i++;
    put(x, meant[at - kinds], c == '\'' ? (int32_t)(x->i - from) : c, from);
}

static void dollar(struct lexer *x)
{
    int64_t from = x->i++;
    if (x->dollars_are_math)
        space(x, SPACE_SOME);
    else
        put(x, T_CURRENCY, 0, from)->name = STR("$");
}

/* A full stop that no number owns: after letters it ends a sentence or shortens a word. */
static void point(struct lexer *x)
{
    int64_t from = x->i++;
    if (x->n == 0 || !x->out[x->n - 1].is_letters || x->space != SPACE_NONE)
        put(x, T_UNKNOWN, 0, from);
}

/* --------------------------------------------------------------------------------- Unicode */

static bool is_blank(uint32_t c)
{
    return c == 0xA0 || (c >= 0x2000 && c <= 0x200D) || c == 0x202F || c == 0x205F || c == 0x3000 ||
           c == 0x2060 || c == 0xFEFF;
}

/* The sign below a small raised (or lowered) one, 0 for any other. */
static char small_sign(uint32_t c, bool is_raised)
{
    static const char tail[] = "+-=()";
    uint32_t zero = is_raised ? 0x2070 : 0x2080;
    if (is_raised && (c == 0xB2 || c == 0xB3 || c == 0xB9))
        return c == 0xB9 ? '1' : (char)('0' + (c - 0xB0));
    if (is_raised && c == 0x207F)
        return 'n';
    if (is_raised && c == 0x2071)
        return 'i';
    if (c < zero || c > zero + 14 || (is_raised && c >= 0x2071 && c <= 0x2073))
        return 0;
    return c < zero + 10 ? (char)('0' + (c - zero)) : tail[c - zero - 10];
}

/* The token of one small sign, or of a run of small digits; returns how many signs it took. */
static int64_t small_token(struct lexer *x, struct str plain, int64_t from)
{
    char c = plain.at[0];
    int64_t n = 0;
    while (n < plain.n && is_digit(plain.at[n]))
        n++;
    if (n > 0) {
        put(x, T_NUMBER, 0, from)->name = arena_str(x->keep, str_sub(plain, 0, n));
        return n;
    }
    if (is_letter(c)) {
        put(x, T_SYMBOL, 0, from)->name = c == 'n' ? STR("n") : STR("i");
        return 1;
    }
    uint8_t kind = c == '+'   ? T_PLUS
                   : c == '-' ? T_MINUS
                   : c == '=' ? T_RELATION
                   : c == '(' ? T_OPEN
                              : T_CLOSE;
    put(x, kind, c, from);
    return 1;
}

/* A run of small signs is an exponent or an index in braces. */
static void small_run(struct lexer *x, bool is_raised)
{
    enum { MOST = 16 };
    int64_t from = x->i;
    char plain[MOST];
    int64_t n = 0;
    uint32_t c = 0;
    for (int bytes; n < MOST && x->i < x->s.n && (bytes = utf8_decode(x->s, x->i, &c)) > 1;
         x->i += bytes) {
        plain[n] = small_sign(c, is_raised);
        if (plain[n] == 0)
            break;
        n++;
    }
    assert(n > 0);
    put(x, is_raised ? T_CARET : T_UNDER, 0, from);
    put(x, T_GROUP_OPEN, 0, from);
    for (int64_t i = 0; i < n;)
        i += small_token(x, (struct str){plain + i, n - i}, from);
    put(x, T_GROUP_CLOSE, 0, from);
}

static void unicode(struct lexer *x)
{
    uint32_t c = 0;
    struct latex_meaning m;
    int n = utf8_decode(x->s, x->i, &c);
    int64_t from = x->i;
    if (n > 0 && (small_sign(c, true) != 0 || small_sign(c, false) != 0)) {
        small_run(x, small_sign(c, true) != 0);
        return;
    }
    if (c == 0x201C && quote(x, STR("\xe2\x80\x9c"), STR("\xe2\x80\x9d")))
        return;
    x->i += n > 0 ? n : 1;
    if (n > 0 && is_blank(c))
        space(x, SPACE_THIN);
    else if (n > 0 && latex_sign(c, &m))
        put_meaning(x, &m, from);
    else
        put(x, T_UNKNOWN, 0, from);
}

/* ------------------------------------------------------------------------------------ driver */

static void next(struct lexer *x)
{
    char c = peek(x, 0);
    if (c == ' ' || (c >= '\t' && c <= '\r') || c == '~') {
        space(x, c == '~' ? SPACE_THIN : SPACE_SOME);
        x->i++;
    } else if (c == '\\') {
        backslash(x);
    } else if (is_digit(c) || (c == '.' && is_digit(peek(x, 1)))) {
        number(x);
    } else if (is_letter(c)) {
        letters(x);
    } else if (c == '{' || c == '}') {
        brace(x);
    } else if (c == '$') {
        dollar(x);
    } else if ((unsigned char)c >= 0x80) {
        unicode(x);
    } else if (!compound(x)) {
        if (c == '.')
            point(x);
        else
            ascii(x);
    }
}

/* Whether every dollar sign opens or closes mathematics: an opening one has no space after it, a
 * closing one none before it and no digit after it. "$5 and $6" fails and is money. */
static bool dollars_pair(struct str s)
{
    bool is_open = false;
    int64_t n = 0;
    for (int64_t i = 0; i < s.n; i++) {
        if (s.at[i] == '\\')
            i++;
        if (i >= s.n || s.at[i] != '$' || s.at[i - (s.at[i] == '$' && i > 0)] == '\\')
            continue;
        bool is_double = i + 1 < s.n && s.at[i + 1] == '$';
        char before = i > 0 ? s.at[i - 1] : ' ';
        char after = i + 1 + is_double < s.n ? s.at[i + 1 + is_double] : ' ';
        if (is_open && !is_double && (before == ' ' || is_digit(after)))
            return false;
        is_open = !is_open;
        i += is_double;
        n++;
    }
    return n > 0 && !is_open;
}

struct latex_tokens latex_tokens_of(struct str text, struct arena *keep)
{
    assert(text.n < INT32_MAX / 4);
    struct lexer x = {.s = text, .keep = keep, .dollars_are_math = dollars_pair(text)};
    x.out = NEW(keep, struct latex_token, 2 * text.n + 2); /* a raised 2 of two bytes makes four */
    x.open = NEW(keep, int32_t, 2 * text.n + 2);
    while (x.i < text.n) {
        int64_t before = x.i;
        next(&x);
        assert(x.i > before);
    }
    put(&x, T_END, 0, text.n);
    return (struct latex_tokens){x.out, x.n - 1};
}
