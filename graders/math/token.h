/* An answer as tokens: LaTeX, plain text and the common Unicode signs brought to one form.
 *
 * What only changes the look is dropped here (spacing, \left, \displaystyle, \mathbf{}, outer $),
 * what has several spellings gets one (\dfrac -> \frac, \times -> *, U+2212 -> -, \text{13} -> 13).
 * Nothing is interpreted: an unknown command stays a token, and the reader then understands less.
 */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum token_kind {
    TOKEN_NUMBER,  /* 12  3.5  .5  1e6 */
    TOKEN_LETTER,  /* one letter of mathematics */
    TOKEN_WORD,    /* letters inside \text{}, or two and more in a row */
    TOKEN_COMMAND, /* \frac, \pi, without the backslash's argument */
    TOKEN_SIGN,    /* anything else, one character: + - * / ^ ( ) [ ] { } \{ \} , = % ... */
};

enum token_space {
    SPACE_NONE,
    SPACE_SOME,     /* blanks, which TeX would not even show */
    SPACE_THIN,     /* asked for: \, \; ~ and the Unicode spaces */
    SPACE_NEGATIVE, /* \! */
};

struct token {
    enum token_kind kind;
    enum token_space space; /* before it */
    struct str text;        /* canonical */
};

struct token_list {
    const struct token *at;
    int64_t n;
};

/* Tokens of the text, which is kept alive by the caller. Never fails: bytes that mean nothing
 * become signs. */
struct token_list tokens_of(struct str text, struct arena *keep);

/* One text for one meaning: tokens joined, with a space only where letters or digits would meet,
 * and in "1, 234", which is not "1,234". */
struct str tokens_text(const struct token *at, int64_t n, struct arena *keep);

static inline bool token_is(const struct token *t, const char *text)
{
    return t->kind != TOKEN_WORD && str_eq(t->text, str_of(text));
}
