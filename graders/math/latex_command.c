#include "graders/math/expr.h"
#include "graders/math/latex_lexer.h"

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
static const char *const nothing[] = {"displaystyle", "textstyle", "scriptstyle", "limits",
                                      "nolimits",     "therefore", "because",     "strut",
                                      "bigskip",      "relax",     NULL};
static const char *const blanks[] = {"quad",       "qquad",    "thinspace",    "enspace", "space",
                                     "thickspace", "medspace", "nobreakspace", NULL};
static const char *const openers[] = {"left", "bigl", "Bigl", "biggl", "Biggl", NULL};
static const char *const closers[] = {"right", "bigr", "Bigr", "biggr", "Biggr", NULL};
static const char *const sizes[] = {"middle", "big", "Big", "bigg", "Bigg", NULL};
static const char *const skippers[] = {"hspace", "vspace", "phantom", "color", "textcolor", NULL};

static void skip_blank(struct latex_lexer *x)
{
    while (lexer_peek(x, 0) == ' ')
        x->i++;
}

/* {name} or one letter; empty when neither follows. */
static struct str short_argument(struct latex_lexer *x)
{
    int64_t back = x->i;
    skip_blank(x);
    enum { MOST = 24 };
    bool is_braced = lexer_peek(x, 0) == '{';
    int64_t from = x->i + is_braced;
    int64_t to = from;
    while (to < x->s.n && to - from < MOST &&
           (lexer_is_letter(x->s.at[to]) || x->s.at[to] == '*') && (is_braced || to == from))
        to++;
    if (to == from || (is_braced && (to >= x->s.n || x->s.at[to] != '}'))) {
        x->i = back;
        return (struct str){0};
    }
    x->i = to + is_braced;
    return str_sub(x->s, from, to);
}

static void skip_argument(struct latex_lexer *x)
{
    skip_blank(x);
    if (lexer_peek(x, 0) != '{')
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

static void enter_text(struct latex_lexer *x)
{
    if (lexer_peek(x, 0) == '*')
        x->i++;
    skip_blank(x);
    if (lexer_peek(x, 0) != '{' || x->n_text == LATEX_TEXT_DEPTH)
        return;
    x->i++;
    x->text[x->n_text++] = x->depth++;
    lexer_space(x, SPACE_THIN);
}

static void blackboard(struct latex_lexer *x, int64_t from)
{
    struct latex_meaning m;
    struct str letter = short_argument(x);
    if (letter.n == 1 && latex_command(letter, &m)) /* \R, \Z, ... */
        lexer_put_meaning(x, &m, from);
    else
        lexer_put(x, T_UNKNOWN, 0, from);
}

static void environment(struct latex_lexer *x, int64_t from, bool is_begin)
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
            lexer_put(x, is_begin ? T_BEGIN : T_FINISH, (int32_t)known[i].is, from);
            return;
        }
    lexer_put(x, T_UNKNOWN, 0, from);
}

/* \left( is (; \left. is nothing; \left| and \left< say which side they are of. */
static void delimiter(struct latex_lexer *x, int64_t from, bool opens, bool closes)
{
    skip_blank(x);
    char c = lexer_peek(x, 0);
    bool is_command = str_starts(str_sub(x->s, x->i, x->s.n), STR("\\vert"));
    if (c == '.') {
        x->i++;
    } else if ((c == '|' || is_command) && (opens || closes)) {
        x->i += is_command ? 5 : 1;
        lexer_put(x, opens ? T_BAR_OPEN : T_BAR_CLOSE, 0, from);
    } else if ((c == '<' && opens) || (c == '>' && closes)) {
        x->i++;
        lexer_put(x, opens ? T_ANGLE_OPEN : T_ANGLE_CLOSE, 0, from);
    }
}

static void named_command(struct latex_lexer *x, int64_t from, struct str name)
{
    struct latex_meaning m;
    bool opens = is_named(name, openers);
    bool closes = is_named(name, closers);
    if (latex_command(name, &m))
        lexer_put_meaning(x, &m, from);
    else if (opens || closes || is_named(name, sizes))
        delimiter(x, from, opens, closes);
    else if (is_named(name, text_wrappers))
        enter_text(x);
    else if (is_named(name, blanks))
        lexer_space(x, SPACE_SOME);
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
        lexer_put(x, T_UNKNOWN, 0, from);
}

/* "R \ {0}" in plain text: a set before, a bracket after. */
static bool is_set_minus(const struct latex_lexer *x)
{
    if (x->n == 0 || x->space != SPACE_SOME)
        return false;
    const struct latex_token *t = &x->out[x->n - 1];
    bool is_set = (t->kind == T_CONSTANT && t->arg >= EXPR_NATURALS) || t->kind == T_CLOSE ||
                  t->kind == T_SET_CLOSE || t->kind == T_GROUP_CLOSE ||
                  (t->kind == T_SYMBOL && t->name.n == 1 && lexer_is_upper(t->name.at[0]));
    struct str rest = str_trim(str_sub(x->s, x->i, x->s.n));
    return is_set && (str_starts(rest, STR("{")) || str_starts(rest, STR("\\{")) ||
                      str_starts(rest, STR("[")) || str_starts(rest, STR("(")));
}

static void backslash_sign(struct latex_lexer *x, int64_t from, char c)
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
            struct latex_token *t = lexer_put(x, signs[i].kind, 0, from);
            if (signs[i].name != NULL)
                t->name = str_of(signs[i].name);
            return;
        }
    if (c == '!') {
        while (lexer_peek(x, 0) == ' ') /* "11,\! 111": mathematics has no spaces */
            x->i++;
        return;
    }
    if (c == '/' || c == '-')
        return;
    if (c == ' ' && is_set_minus(x)) {
        lexer_put(x, T_SET_MINUS, 0, from);
        return;
    }
    if (c == '(' || c == ')' || c == '[' || c == ']')
        lexer_space(x, SPACE_SOME);
    else if (c != 0 && strchr(" ,;:>\t\n", c) != NULL)
        lexer_space(x, SPACE_THIN);
    else
        lexer_put(x, T_UNKNOWN, 0, from);
}

void lexer_backslash(struct latex_lexer *x)
{
    int64_t from = x->i++;
    while (lexer_is_letter(lexer_peek(x, 0)))
        x->i++;
    if (x->i > from + 1) {
        named_command(x, from, str_sub(x->s, from + 1, x->i));
        return;
    }
    char c = lexer_peek(x, 0);
    x->i += c != 0;
    backslash_sign(x, from, c);
}
