/* The parser of answers: recursive descent over tokens (latex_token.h), one file a layer:
 *
 *     latex_answer.c     lists, "or", conditions, words          1, 2 or 3 for all n
 *     latex_statement.c  chains of relations, set operations     0 < x <= [1, 2) U {3}
 *     latex_scalar.c     sums, products, powers                  -2xy^2/3 + n!
 *     latex_name.c       names, constants, sets of numbers       x_1, f'(x), \vec{v}, Z^+
 *     latex_number.c     the forms of numbers                    1,234.5  0.(3)  1 1/2  2.5e3
 *     latex_radix.c      letters as digits                   2A_{16}  0x2A
 *     latex_call.c       functions, sums, binomials, roots       sin^2 x, log_2 8
 *     latex_bracket.c    everything in brackets, matrices        (1, 2)  {x | x > 0}  |x|
 *     latex_measure.c    units, percent, money                   5 cm/s^2
 *
 * A text that can be read in two ways is parsed again with another choice: where a layer meets such
 * a place it asks latex_choice, which notes that the place exists and says which way to go in this
 * run. So one run never goes back, and its work is linear.
 *
 * Every function returns a node or EXPR_NONE after latex_fail; the first failure counts. */
#pragma once
#include "graders/math/latex.h"
#include "graders/math/latex_token.h"

/* What may be read another way, most telling first: readings are tried in this order. */
enum latex_choice {
    CHOICE_INSIDE,   /* (1,234): separates, inside brackets | groups digits */
    CHOICE_EXPONENT, /* e^-2x, 2^2n: one token, as TeX has it | all that is glued to it */
    CHOICE_COMMA,    /* 1,234: groups digits | separates */
    CHOICE_APPROX,   /* a \approx b: says both | only the exact a */
    CHOICE_POINT,    /* 0,5 and 1.234,5: the comma is the decimal point */
    CHOICE_PAIR,     /* (1, 2): pair | open interval */
    CHOICE_SQUARE,   /* [1, 2]: interval | list */
    CHOICE_MIXED,    /* 1\frac12: mixed number | product */
    CHOICE_LETTER,   /* A: an option | a variable */
    CHOICE_CALL,     /* f(x), a(x): the likelier of call and product | the other */
    CHOICE_DIGITS,   /* x^12, \sqrt12: all the digits | as TeX has it */
    CHOICE_SLASH,    /* 1/2x: x/2 | 1/(2x) */
    CHOICE_ARGUMENT, /* \sin a/b, \ln 2 x: how far the argument goes */
    CHOICE_LOG,      /* \log: natural | base 10 */
    CHOICE_SYMBOL,   /* e, i: constants | variables */
    CHOICE_SYMPY,    /* E, I: variables | constants */
    CHOICE_UNIT,     /* 5m: product | metres */
    CHOICE_INDEX,    /* x1: x_1 | product */
    CHOICE_BASE,     /* 101_2: five | the digits, the base goes without saying */
    CHOICE_RADIX,    /* 2A_{16}, 0x2A: product | number whose digits are letters */
    CHOICE_DOTS,     /* 0.4166...: as it looks | the other */
    CHOICE_WORDS,    /* "all real numbers": what they mean | words; "ab": product | word */
    CHOICE_BRACES,   /* {5}: group | set */
    N_CHOICES,
};

struct latex_parser {
    struct exprs *x;
    struct str s;
    const struct latex_token *t; /* the next token */
    const struct latex_token *first;
    struct arena *tmp;

    uint32_t taken; /* bits of the choices that go the second way */
    uint32_t met;

    int32_t *stack; /* nodes of lists being read, as long as there are tokens */
    int32_t n_stack;
    int32_t depth;
    bool only_words; /* letters and joints, at least one of them a word: "alice and bob" */
    int32_t n_bars;  /* in the whole text: one alone divides */
    bool has_zeros;  /* of the digits grouped last: a group began with 0 */
    const struct latex_token *after_number; /* what comes after the last number */

    /* what surrounds, saved and cleared by every bracket */
    int32_t bars;    /* | opened */
    bool bar_ends;   /* a bar ends the element of a set builder */
    bool colon_ends; /* likewise, ":" */
    bool is_inside;  /* in brackets, where a comma separates: (1,234) */

    int64_t matrix_work; /* what is left for products and powers of matrices */

    bool is_angle; /* inside the argument of sin: degrees are numbers */

    bool failed;
    bool is_too_long;
    int64_t at;
    const char *why;
};

int32_t latex_fail(struct latex_parser *p, const char *why); /* at the next token */
int32_t latex_limit(struct latex_parser *p, const char *why);
bool latex_choice(struct latex_parser *p, enum latex_choice c); /* true: the second way */

/* Counts the nesting: false and failed when it is too deep. Pair with latex_leave. */
bool latex_enter(struct latex_parser *p);
void latex_leave(struct latex_parser *p);

/* What surrounds, put aside while a bracket is read. */
struct latex_around {
    int32_t bars;
    bool bar_ends;
    bool colon_ends;
    bool is_inside;
};
struct latex_around latex_inside(struct latex_parser *p, bool is_inside);
void latex_outside(struct latex_parser *p, struct latex_around a);

static inline bool latex_at(const struct latex_parser *p, enum latex_kind kind)
{
    return p->t->kind == kind;
}
static inline bool latex_at_arg(const struct latex_parser *p, enum latex_kind kind, int32_t arg)
{
    return p->t->kind == kind && p->t->arg == arg;
}
bool latex_take(struct latex_parser *p, enum latex_kind kind); /* the token, if it comes next */
bool latex_expect(struct latex_parser *p, enum latex_kind kind, const char *why);
static inline struct str latex_text(const struct latex_parser *p, const struct latex_token *t)
{
    return str_sub(p->s, t->from, t->to);
}

/* How a token is spelled: the letter or digits a sign stands for, else its bytes. */
static inline struct str latex_spelling(const struct latex_parser *p, const struct latex_token *t)
{
    return t->name.n > 0 ? t->name : latex_text(p, t);
}
static inline bool latex_is_letter(struct str s, char c)
{
    return s.n == 1 && s.at[0] == c;
}
bool latex_is_whole(struct str s); /* digits and nothing else */

bool latex_push(struct latex_parser *p, int32_t e);
/* The node of what was pushed since base, which is popped. */
int32_t latex_make(struct latex_parser *p, enum expr_op op, int32_t which, const char *name,
                   int32_t base);
int32_t latex_node(struct latex_parser *p, int32_t e); /* EXPR_NONE becomes a limit failure */

/* ------------------------------------------------------------------------------- layers */

int32_t latex_answer(struct latex_parser *p);    /* up to a token that no answer goes over */
int32_t latex_statement(struct latex_parser *p); /* one member of a list */
int32_t latex_sets(struct latex_parser *p);      /* no relation, no list */
int32_t latex_sum(struct latex_parser *p);       /* a + b - c */
int32_t latex_product(struct latex_parser *p);
int32_t latex_factor(struct latex_parser *p); /* with its sign, powers and units of angle */
int32_t latex_primary(struct latex_parser *p);
bool latex_starts_factor(struct latex_parser *p); /* so that a product goes on */

bool latex_raises(const struct latex_parser *p); /* at "^" with an exponent, not degrees */
int32_t latex_exponent(struct latex_parser *p);  /* after ^ */
int32_t latex_argument(struct latex_parser *p);  /* TeX's: a group or one sign */
int32_t latex_group(struct latex_parser *p);     /* { ... } */

int32_t latex_number(struct latex_parser *p);
int32_t latex_radix(struct latex_parser *p);    /* the whole text, EXPR_NONE where it is none */
int32_t latex_name(struct latex_parser *p);     /* at T_SYMBOL */
int32_t latex_constant(struct latex_parser *p); /* at T_CONSTANT */
int32_t latex_accent(struct latex_parser *p);   /* at T_ACCENT, T_ITALIC, T_OVERLINE */
int32_t latex_lettered(struct latex_parser *p, struct str name); /* e and i, EXPR_NONE for others */
int32_t latex_call(struct latex_parser *p);                      /* at T_FUNCTION */
int32_t latex_root(struct latex_parser *p);                      /* at T_SQRT */
int32_t latex_binom(struct latex_parser *p);                     /* at T_BINOM */
int32_t latex_big(struct latex_parser *p);                       /* at T_SUM */
int32_t latex_bracket(struct latex_parser *p);                   /* at any opening token */
int32_t latex_matrix(struct latex_parser *p);                    /* at T_BEGIN */

/* The unit after a value, if there is one: EXPR_MEASURE, else the value. */
int32_t latex_measure(struct latex_parser *p, int32_t value);
int32_t latex_money(struct latex_parser *p); /* at T_CURRENCY */
/* A letter after a number that is a unit: \text{ m} surely, a bare m as another reading. */
bool latex_at_unit_letter(struct latex_parser *p);
bool latex_at_minutes(const struct latex_parser *p); /* "min" that is no function */

/* The words of tokens from..to as EXPR_TEXT. */
int32_t latex_words(struct latex_parser *p, const struct latex_token *from,
                    const struct latex_token *to);

/* The sum or product (LIST named "+" or "*" when there are dots in it: its terms are a pattern,
 * which adding up would destroy) of what was pushed since base. */
int32_t latex_fold(struct latex_parser *p, enum expr_op op, int32_t base);

/* Whether e can be added and multiplied: a scalar, a matrix or a tuple; fails otherwise. */
bool latex_is_arithmetic(struct latex_parser *p, int32_t e);

/* What was read from token `from` up to here, where only a set makes sense: {0} is one, (0, 1) an
 * open interval, R the real numbers. */
int32_t latex_operand(struct latex_parser *p, const struct latex_token *from, int32_t e);
bool latex_is_set(const struct latex_parser *p, int32_t e);
