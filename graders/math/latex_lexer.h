/* The lexer in the making: what its files share. latex_token.c drives, latex_run.c reads letters
 * and digits, latex_command.c what a backslash begins, latex_sign.c all other signs. */
#pragma once
#include "base/limits.h"
#include "graders/math/latex_token.h"

enum { LATEX_TEXT_DEPTH = 16 };

struct latex_lexer {
    struct str s;
    int64_t i;
    struct arena *keep;
    struct latex_token *out;
    int32_t n;
    int32_t *open; /* tokens of brackets not closed yet */
    int32_t n_open;
    int32_t depth; /* of braces */
    int32_t
        text[LATEX_TEXT_DEPTH]; /* depths at which a \text{ was opened: its braces are dropped */
    int32_t n_text;
    int32_t brace; /* what the next brace is: 1 \boxed's, 2 \mathbf's */
    uint8_t space;
    bool dollars_are_math;
    bool no_quotes; /* a quote was not closed: none after it is */
};

static inline bool lexer_is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}
static inline bool lexer_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || lexer_is_upper(c);
}
static inline bool lexer_is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static inline char lexer_peek(const struct latex_lexer *x, int64_t ahead)
{
    return x->i + ahead < x->s.n ? x->s.at[x->i + ahead] : 0;
}
static inline bool lexer_in_text(const struct latex_lexer *x)
{
    return x->n_text > 0;
}
static inline void lexer_space(struct latex_lexer *x, uint8_t how)
{
    x->space = how > x->space ? how : x->space;
}

/* The token of bytes [from, x->i). Borrowed until the next. */
struct latex_token *lexer_put(struct latex_lexer *x, uint8_t kind, int32_t arg, int64_t from);
void lexer_put_meaning(struct latex_lexer *x, const struct latex_meaning *m, int64_t from);

/* Each takes what begins at x->i. */
void lexer_letters(struct latex_lexer *x);
void lexer_number(struct latex_lexer *x);
void lexer_backslash(struct latex_lexer *x);
void lexer_brace(struct latex_lexer *x);
void lexer_dollar(struct latex_lexer *x);
void lexer_point(struct latex_lexer *x);
void lexer_unicode(struct latex_lexer *x);
bool lexer_compound(struct latex_lexer *x); /* false: no sign of several bytes */
void lexer_ascii(struct latex_lexer *x);
