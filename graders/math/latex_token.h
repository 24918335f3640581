/* The tokens of an answer: LaTeX commands, plain words and Unicode signs that mean the same are the
 * same token, so that the parser (latex_parse.h) knows one language only.
 *
 * What is only layout is gone (\left, \displaystyle, \!, dollar signs around mathematics); spaces
 * are kept as a mark on the token after them, because "1 234", "5 m" and "x y" depend on them.
 * Nothing is refused here: a sign nobody knows is T_UNKNOWN, and an error where it is met. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

enum latex_kind {
    T_END,
    T_NUMBER,   /* digits with at most one point; arg: 1 when the point comes last */
    T_VULGAR,   /* one half in one sign; arg: numerator * 16 + denominator */
    T_SYMBOL,   /* a letter, Greek ones included; name: as the graph names it */
    T_CONSTANT, /* arg: enum expr_constant */
    T_FUNCTION, /* arg: enum expr_function, called with one argument, or one of LATEX_F_ below */
    T_WORD,     /* letters; arg: 1 + index of the unit they name, else 0 */
    T_KEYWORD,  /* arg: enum latex_keyword */
    T_FILLER,   /* a word that may stand before an answer: the, answer, value */
    T_SCALE,    /* hundred, thousand, million; arg: the power of ten */
    T_QUOTE,    /* text in double quotes */

    T_PLUS,
    T_MINUS,
    T_PLUS_MINUS, /* arg: 0 \pm, 1 \mp */
    T_TIMES,
    T_SLASH,
    T_CARET,
    T_UNDER,
    T_BANG,
    T_PERCENT,
    T_DEGREE,
    T_PRIME,    /* arg: how many */
    T_CURRENCY, /* name */

    T_COMMA,
    T_GROUP_COMMA, /* {,}: never between two members of a list */
    T_SEMICOLON,
    T_COLON,
    T_DOTS,
    T_BREAK,     /* \\ and ends of lines */
    T_AMPERSAND, /* & */

    T_OPEN,        /* arg: '(' or '[' */
    T_CLOSE,       /* arg: ')' or ']' */
    T_GROUP_OPEN,  /* {; arg: 1 when it is \boxed's, 2 when \mathbf's */
    T_GROUP_CLOSE, /* } */
    T_SET_OPEN,    /* \{ */
    T_SET_CLOSE,   /* \} */
    T_BAR,
    T_BAR_OPEN, /* \lvert */
    T_BAR_CLOSE,
    T_NORM,
    T_MID,
    T_FLOOR_OPEN,
    T_FLOOR_CLOSE,
    T_CEIL_OPEN,
    T_CEIL_CLOSE,
    T_ANGLE_OPEN,
    T_ANGLE_CLOSE,

    T_FRAC,
    T_SQRT, /* arg: 2, or 3 and 4 for the signs of cube and fourth root; 0 for the plain word */
    T_BINOM,
    T_OVER,     /* a \over b */
    T_CHOOSE,   /* a \choose b */
    T_SUM,      /* arg: enum expr_op */
    T_RELATION, /* arg: enum expr_relation */
    T_NOT,      /* \not, before a relation */
    T_UNION,
    T_INTERSECTION,
    T_SET_MINUS,
    T_EMPTY_SET,
    T_AND,
    T_OR,
    T_FOR_ALL,
    T_BEGIN,  /* arg: enum latex_environment */
    T_FINISH, /* \end{...} */
    T_OVERLINE,
    T_ACCENT, /* \vec, \hat: part of a symbol's name */
    T_ITALIC, /* \mathit: the letter is a symbol whatever it means elsewhere */
    T_MOD,    /* mod, \bmod */
    T_PMOD,
    T_ARROW,
    T_TRANSPOSE,
    T_UNKNOWN,
};

enum latex_keyword {
    KEY_AND,
    KEY_OR,
    KEY_FOR, /* for, where, when, if, with */
    KEY_ALL, /* all, any, every, each, some */
    KEY_IS,
    KEY_NOT,
    KEY_PER,
    KEY_IN,
    KEY_SQUARE,
    KEY_CUBIC,
    KEY_OF,
};

/* Functions that are not one call of the graph. */
enum latex_function {
    LATEX_F_EXP = 1000,
    LATEX_F_SQRT,
    LATEX_F_CBRT,
    LATEX_F_CIS, /* cos + i sin */
    LATEX_F_LG,
    LATEX_F_LOG2,
    LATEX_F_CHOOSE, /* C(n, k), binomial(n, k) */
    LATEX_F_PERMUTE,
    LATEX_F_FACTORIAL,
};

enum latex_environment { ENV_MATRIX, ENV_DET, ENV_CASES, ENV_LINES };

/* How much of a space stands before a token. */
enum { SPACE_NONE, SPACE_THIN, SPACE_SOME };

struct latex_token {
    uint8_t kind;
    uint8_t space;
    bool is_text;    /* inside \text{} */
    bool is_letters; /* made of plain letters, whatever they mean */
    uint8_t run;     /* letters that follow in the same run, split because nobody knows the word */
    int32_t arg;
    int32_t from; /* bytes of the text */
    int32_t to;
    bool holds_relation; /* of brackets: directly inside */
    int32_t match;       /* of brackets: the token that closes or opens it, -1: none */
    struct str name;
};

struct latex_tokens {
    struct latex_token *at; /* T_END comes after the last */
    int32_t n;              /* without T_END */
    bool is_too_long;       /* over LIMIT_MATH_TOKENS: not all of the text */
};

/* text is borrowed by the tokens; T_END's `from` is its length. */
struct latex_tokens latex_tokens_of(struct str text, struct arena *keep);

/* What a word or a command (without its backslash) means; false when nobody knows it. */
struct latex_meaning {
    uint8_t kind;
    int32_t arg;
    const char *name;
};
bool latex_word(struct str word, struct latex_meaning *out);
bool latex_command(struct str name, struct latex_meaning *out);
bool latex_sign(uint32_t code_point, struct latex_meaning *out);
bool latex_names_are_sorted(void); /* for a test: the searches depend on it */
