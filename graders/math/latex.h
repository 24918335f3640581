/* Reads an answer written in LaTeX, plain text or Unicode, as a person would, and says when it
 * cannot.
 *
 * A text may have more than one reading: 1,234 is a number or two, (1, 2) a pair or an open
 * interval, 1\frac12 a mixed number or a product, f(x) a call or a product. The readings are given
 * best first, each with the choices it took; all live in the caller's graph. Which reading counts
 * is not decided here (equal.h).
 *
 * TeX's own rules hold: \frac12 is 1/2, \sqrt3x is sqrt(3) times x, x^12 is x^1 times 2 in TeX's
 * eyes, and both that and x^(12) are readings where the text has no braces. Nothing is guessed: a
 * character or command that is not understood, or a dimension over its limit, ends the reading with
 * its place. Work is linear in the text times LIMIT_MATH_READINGS.
 *
 * What the graph has no operation for is said so:
 *   1 + 2 + ... + n        EXPR_LIST named "+" (or "*"), terms in order, never added up
 *   3:4                    the quotient; 3:4:5 an EXPR_TUPLE named ":" of shares of the last
 *   x = 1, 2               EXPR_RELATION "=" whose right side is the list; x != 0, 1 is EXPR_AND
 *   n is even, odd n       EXPR_RELATION "e" whose right side is EXPR_TEXT
 *   cases with conditions  EXPR_LIST "or" of EXPR_FOR_ALL (value, condition)
 *   12 red apples          EXPR_MEASURE, unknown words in lower case without a plural's s
 *   5 (mod 7)              EXPR_MOD, where nothing is congruent to it
 *   \mathit{e}             always the symbol: how expr_print tells it from the constant */
#pragma once
#include "graders/math/expr.h"

/* How likely a reading is what was meant. Two choices are as likely as the less likely one. */
enum latex_likely {
    LATEX_FAIR,     /* the plain one, or one that a person may well have meant */
    LATEX_DOUBTFUL, /* \log to base 10, 1/2x as 1/(2x): only where the problem says so */
    LATEX_WILD,     /* 10^12 as 20, 7\frac34 as 21/4: what TeX would make of it, and nobody means */
};

struct latex_reading {
    int32_t root;
    const char *how; /* static: "" for the plain one, else the choice: "comma groups digits" */
    enum latex_likely likely;
};

enum latex_end {
    LATEX_READ,     /* at least one reading */
    LATEX_EMPTY,    /* nothing but space */
    LATEX_UNKNOWN,  /* something not understood, at `at` */
    LATEX_TOO_LONG, /* over a limit: why names it */
};

enum { LATEX_READINGS = 8 };

struct latex {
    enum latex_end end;
    struct latex_reading readings[LATEX_READINGS];
    int32_t n;
    int64_t at;      /* byte where reading ended, unless LATEX_READ */
    const char *why; /* static: "unknown command", "a brace is not closed" */
};

/* text   any bytes, at most LIMIT_ANSWER_BYTES are looked at (more: LATEX_TOO_LONG)
 * x      gets the nodes; its arena is where tokens go as well */
struct latex latex_read(struct exprs *x, struct str text, struct arena tmp);
