#include "graders/math/latex_token.h"

#include <assert.h>

#include "graders/math/latex_lexer.h"

/* ---------------------------------------------------------------------------------- tokens */

static bool is_one_of(uint8_t kind, uint8_t a, uint8_t b, uint8_t c)
{
    return kind == a || kind == b || kind == c;
}

/* Round and square brackets close each other: [0, 1) is an interval. A brace is closed by a brace
 * alone, and what was left open in it stays open. */
static void match(struct latex_lexer *x, int32_t i)
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

struct latex_token *lexer_put(struct latex_lexer *x, uint8_t kind, int32_t arg, int64_t from)
{
    struct latex_token *t = &x->out[x->n++];
    *t = (struct latex_token){.kind = kind,
                              .space = x->space,
                              .is_text = lexer_in_text(x),
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

void lexer_put_meaning(struct latex_lexer *x, const struct latex_meaning *m, int64_t from)
{
    struct latex_token *t = lexer_put(x, m->kind, m->arg, from);
    if (m->name != NULL)
        t->name = str_of(m->name);
}

/* ------------------------------------------------------------------------------------ driver */

static void next(struct latex_lexer *x)
{
    char c = lexer_peek(x, 0);
    if (c == ' ' || (c >= '\t' && c <= '\r') || c == '~') {
        lexer_space(x, c == '~' ? SPACE_THIN : SPACE_SOME);
        x->i++;
    } else if (c == '\\') {
        lexer_backslash(x);
    } else if (lexer_is_digit(c) || (c == '.' && lexer_is_digit(lexer_peek(x, 1)))) {
        lexer_number(x);
    } else if (lexer_is_letter(c)) {
        lexer_letters(x);
    } else if (c == '{' || c == '}') {
        lexer_brace(x);
    } else if (c == '$') {
        lexer_dollar(x);
    } else if ((unsigned char)c >= 0x80) {
        lexer_unicode(x);
    } else if (!lexer_compound(x)) {
        if (c == '.')
            lexer_point(x);
        else
            lexer_ascii(x);
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
        if (is_open && !is_double && (before == ' ' || lexer_is_digit(after)))
            return false;
        is_open = !is_open;
        i += is_double;
        n++;
    }
    return n > 0 && !is_open;
}

/* At most one token a byte, and two a byte for signs outside ASCII: a raised 2 makes four. */
static int64_t most_tokens(struct str s)
{
    int64_t n = s.n + 2;
    for (int64_t i = 0; i < s.n; i++)
        n += (unsigned char)s.at[i] >= 0x80;
    return n;
}

struct latex_tokens latex_tokens_of(struct str text, struct arena *keep)
{
    enum { SLACK = 64 }; /* one step of the lexer makes less */
    assert(text.n < INT32_MAX / 4);
    struct latex_lexer x = {.s = text, .keep = keep, .dollars_are_math = dollars_pair(text)};
    int64_t most = most_tokens(text);
    most = most > LIMIT_MATH_TOKENS + SLACK ? LIMIT_MATH_TOKENS + SLACK : most;
    x.out = NEW(keep, struct latex_token, most);
    x.open = NEW(keep, int32_t, most);
    while (x.i < text.n && x.n <= LIMIT_MATH_TOKENS) {
        int64_t before = x.i;
        next(&x);
        assert(x.i > before);
        assert(x.n < most);
    }
    int32_t n = x.n;
    lexer_put(&x, T_END, 0, x.i);
    return (struct latex_tokens){x.out, n, n > LIMIT_MATH_TOKENS};
}
