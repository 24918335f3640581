#include <assert.h>

#include "base/utf8.h"
#include "graders/math/expr.h"
#include "graders/math/latex_lexer.h"

/* ------------------------------------------------------------------------------------- signs */

/* {} that only keeps signs apart: beside something, and no index hangs on it. */
static bool is_idle(const struct latex_lexer *x)
{
    char after = lexer_peek(x, 2);
    if (after == '_' || after == '^')
        return false;
    if (x->n == 0)
        return after == '\\';
    uint8_t kind = x->out[x->n - 1].kind;
    return kind == T_NUMBER || kind == T_SYMBOL || kind == T_CONSTANT || kind == T_CLOSE ||
           (kind == T_GROUP_CLOSE && after != '{');
}

void lexer_brace(struct latex_lexer *x)
{
    int64_t from = x->i;
    bool is_open = lexer_peek(x, 0) == '{';
    int64_t n_comma = is_open && lexer_peek(x, 1) == ',' ? (lexer_peek(x, 2) == ' ' ? 4 : 3) : 0;
    if (n_comma > 0 && lexer_peek(x, n_comma - 1) == '}') {
        x->i += n_comma;
        lexer_put(x, T_GROUP_COMMA, 0, from);
        return;
    }
    if (is_open && lexer_peek(x, 1) == '}' && is_idle(x)) {
        x->i += 2;
        return;
    }
    x->i++;
    if (!is_open && x->n_text > 0 && x->text[x->n_text - 1] == x->depth - 1) {
        x->n_text--;
        x->depth--;
        lexer_space(x, SPACE_THIN);
        return;
    }
    x->depth += is_open ? 1 : -1;
    lexer_put(x, is_open ? T_GROUP_OPEN : T_GROUP_CLOSE, is_open ? x->brace : 0, from);
    x->brace = 0;
}

/* Signs of two and three bytes first. */
bool lexer_compound(struct latex_lexer *x)
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
        lexer_put(x, T_RELATION, EXPR_NE, x->i - 2);
        return true;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].kind != T_NORM && str_starts(rest, known[i].text)) {
            int64_t from = x->i;
            x->i += known[i].text.n;
            while (known[i].kind == T_DOTS && lexer_peek(x, 0) == '.')
                x->i++;
            lexer_put(x, known[i].kind, known[i].arg, from);
            return true;
        }
    return false;
}

static bool quote(struct latex_lexer *x, struct str open, struct str close)
{
    struct str rest = str_sub(x->s, x->i, x->s.n);
    if (x->no_quotes || !str_starts(rest, open))
        return false;
    int64_t end = str_find(rest, close, open.n);
    x->no_quotes = end < 0; /* so that the search stays linear */
    if (end < 0)
        return false;
    int64_t from = x->i;
    x->i += end + close.n;
    lexer_put(x, T_QUOTE, 0, from)->name = str_sub(rest, open.n, end);
    return true;
}

void lexer_ascii(struct latex_lexer *x)
{
    static const char kinds[] = "+-*/^_!%,;:=<>()[]|&'";
    static const uint8_t meant[] = {
        T_PLUS,    T_MINUS, T_TIMES,     T_SLASH, T_CARET,    T_UNDER,     T_BANG,
        T_PERCENT, T_COMMA, T_SEMICOLON, T_COLON, T_RELATION, T_RELATION,  T_RELATION,
        T_OPEN,    T_CLOSE, T_OPEN,      T_CLOSE, T_BAR,      T_AMPERSAND, T_PRIME};
    int64_t from = x->i;
    char c = lexer_peek(x, 0);
    if (c == '"' && quote(x, STR("\""), STR("\"")))
        return;
    if (c == '`' && quote(x, STR("``"), STR("''")))
        return;
    x->i++;
    const char *at = c == 0 ? NULL : strchr(kinds, c);
    if (at == NULL) {
        lexer_put(x, T_UNKNOWN, 0, from);
        return;
    }
    while (c == '\'' && lexer_peek(x, 0) == '\'')
        x->i++;
    lexer_put(x, meant[at - kinds], c == '\'' ? (int32_t)(x->i - from) : c, from);
}

void lexer_dollar(struct latex_lexer *x)
{
    int64_t from = x->i++;
    if (x->dollars_are_math)
        lexer_space(x, SPACE_SOME);
    else
        lexer_put(x, T_CURRENCY, 0, from)->name = STR("$");
}

/* A full stop that no number owns: after letters it ends a sentence or shortens a word. */
void lexer_point(struct latex_lexer *x)
{
    int64_t from = x->i++;
    if (x->n == 0 || !x->out[x->n - 1].is_letters || x->space != SPACE_NONE)
        lexer_put(x, T_UNKNOWN, 0, from);
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
static int64_t small_token(struct latex_lexer *x, struct str plain, int64_t from)
{
    char c = plain.at[0];
    int64_t n = 0;
    while (n < plain.n && lexer_is_digit(plain.at[n]))
        n++;
    if (n > 0) {
        lexer_put(x, T_NUMBER, 0, from)->name = arena_str(x->keep, str_sub(plain, 0, n));
        return n;
    }
    if (lexer_is_letter(c)) {
        lexer_put(x, T_SYMBOL, 0, from)->name = c == 'n' ? STR("n") : STR("i");
        return 1;
    }
    uint8_t kind = c == '+'   ? T_PLUS
                   : c == '-' ? T_MINUS
                   : c == '=' ? T_RELATION
                   : c == '(' ? T_OPEN
                              : T_CLOSE;
    lexer_put(x, kind, c, from);
    return 1;
}

/* A run of small signs is an exponent or an index in braces. */
static void small_run(struct latex_lexer *x, bool is_raised)
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
    lexer_put(x, is_raised ? T_CARET : T_UNDER, 0, from);
    lexer_put(x, T_GROUP_OPEN, 0, from);
    for (int64_t i = 0; i < n;)
        i += small_token(x, (struct str){plain + i, n - i}, from);
    lexer_put(x, T_GROUP_CLOSE, 0, from);
}

void lexer_unicode(struct latex_lexer *x)
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
        lexer_space(x, SPACE_THIN);
    else if (n > 0 && latex_sign(c, &m))
        lexer_put_meaning(x, &m, from);
    else
        lexer_put(x, T_UNKNOWN, 0, from);
}
