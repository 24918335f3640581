#include "graders/math/latex.h"

#include <assert.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "graders/math/latex_parse.h"

static_assert(LATEX_READINGS == LIMIT_MATH_READINGS, "one for each run");
static_assert(N_CHOICES <= 32, "bits of a mask");

static const char *const hows[N_CHOICES] = {
    [CHOICE_INSIDE] = "comma groups digits inside brackets",
    [CHOICE_EXPONENT] = "exponent goes on",
    [CHOICE_COMMA] = "comma read the other way",
    [CHOICE_APPROX] = "approximation left out",
    [CHOICE_POINT] = "comma is the decimal point",
    [CHOICE_PAIR] = "(a, b) is an open interval",
    [CHOICE_SQUARE] = "[a, b] is a list",
    [CHOICE_MIXED] = "number before a fraction multiplies",
    [CHOICE_LETTER] = "letter is a variable",
    [CHOICE_CALL] = "name before a bracket read the other way",
    [CHOICE_DIGITS] = "digits as TeX takes them",
    [CHOICE_SLASH] = "slash takes the whole product",
    [CHOICE_ARGUMENT] = "argument of a function read the other way",
    [CHOICE_LOG] = "log is to base 10",
    [CHOICE_SYMBOL] = "e and i are variables",
    [CHOICE_SYMPY] = "E and I are constants",
    [CHOICE_UNIT] = "letter is a unit",
    [CHOICE_INDEX] = "digits after a letter multiply",
    [CHOICE_BASE] = "base goes without saying",
    [CHOICE_RADIX] = "letters are digits of a base",
    [CHOICE_DOTS] = "dots read the other way",
    [CHOICE_WORDS] = "as words",
    [CHOICE_BRACES] = "braces are a set",
};

/* What a person may well have meant; WILD is what TeX or a pedant would make of the text, and
 * nobody means; the rest is doubtful. */
enum {
    FAIR = 1U << CHOICE_COMMA | 1U << CHOICE_PAIR | 1U << CHOICE_LETTER | 1U << CHOICE_SYMPY |
           1U << CHOICE_UNIT | 1U << CHOICE_RADIX | 1U << CHOICE_WORDS | 1U << CHOICE_BRACES,
    WILD = 1U << CHOICE_MIXED | 1U << CHOICE_DIGITS,
};

static enum latex_likely likely(uint32_t taken)
{
    if ((taken & WILD) != 0)
        return LATEX_WILD;
    return (taken & ~(uint32_t)FAIR) == 0 ? LATEX_FAIR : LATEX_DOUBTFUL;
}

/* ---------------------------------------------------------------------------- outer dress */

/* Whether s is open ... close with no close in between. */
static bool is_wrapped(struct str s, struct str open, struct str close, struct str *inner)
{
    if (s.n < open.n + close.n || !str_starts(s, open) || !str_ends(s, close))
        return false;
    struct str in = str_sub(s, open.n, s.n - close.n);
    if (str_find(in, close, 0) >= 0 || (close.at[0] != '\\' && str_ends(in, STR("\\"))))
        return false;
    *inner = in;
    return true;
}

/* \boxed{...} around everything. */
static bool is_boxed(struct str s, struct str *inner)
{
    struct str open = STR("\\boxed{");
    if (!str_starts(s, open) || !str_ends(s, STR("}")))
        return false;
    int64_t depth = 0;
    for (int64_t i = open.n - 1; i < s.n; i++) {
        i += s.at[i] == '\\';
        depth += i < s.n && s.at[i] == '{';
        depth -= i < s.n && s.at[i] == '}';
        if (depth == 0 && i + 1 < s.n)
            return false;
    }
    *inner = str_sub(s, open.n, s.n - 1);
    return depth == 0;
}

static bool is_stop(struct str s)
{
    return s.n > 1 && str_ends(s, STR(".")) && !str_ends(s, STR("..")) &&
           !str_ends(s, STR("\\.")) && !str_ends(s, STR("\\right.")) &&
           !str_ends(s, STR("\\left."));
}

/* Math brackets, boxes, bold and the full stop of the sentence come off. */
static struct str undress(struct str s)
{
    enum { ROUNDS = 16 };
    for (int round = 0; round < ROUNDS; round++) {
        s = str_trim(s);
        if (is_stop(s))
            s = str_sub(s, 0, s.n - 1);
        else if (!is_wrapped(s, STR("$$"), STR("$$"), &s) &&
                 !is_wrapped(s, STR("$"), STR("$"), &s) &&
                 !is_wrapped(s, STR("\\("), STR("\\)"), &s) &&
                 !is_wrapped(s, STR("\\["), STR("\\]"), &s) &&
                 !is_wrapped(s, STR("**"), STR("**"), &s) && !is_boxed(s, &s))
            return s;
    }
    return s;
}

/* Full-width signs (U+FF01 to U+FF5E) as the ASCII they stand for. */
static int full_width(struct str s, int64_t i)
{
    uint32_t c = 0;
    if ((unsigned char)s.at[i] != 0xEF || utf8_decode(s, i, &c) != 3)
        return 0;
    return c >= 0xFF01 && c <= 0xFF5E ? (int)(c - 0xFEE0) : 0;
}

static struct str narrowed(struct str s, struct arena *keep)
{
    if (s.n == 0 || memchr(s.at, 0xEF, (size_t)s.n) == NULL)
        return s;
    char *out = arena_take(keep, s.n, 1, 1);
    int64_t n = 0;
    for (int64_t i = 0; i < s.n; i++) {
        int c = full_width(s, i);
        out[n++] = c != 0 ? (char)c : s.at[i];
        i += c != 0 ? 2 : 0;
    }
    return (struct str){out, n};
}

/* Where byte `at` of the narrowed text was. */
static int64_t widened(struct str s, int64_t at)
{
    int64_t i = 0;
    for (; at > 0 && i < s.n; at--)
        i += full_width(s, i) != 0 ? 3 : 1;
    return i;
}

/* ------------------------------------------------------------------------------- readings */

static bool is_new(const struct latex *out, int32_t root)
{
    for (int32_t i = 0; i < out->n; i++)
        if (out->readings[i].root == root)
            return false;
    return true;
}

static const char *how_of(uint32_t taken)
{
    for (int32_t c = N_CHOICES - 1; c >= 0; c--)
        if ((taken >> c & 1U) != 0)
            return hows[c];
    return "";
}

/* One run with the choices taken; *met grows by those that came up. */
static void run(struct latex_parser *start, uint32_t taken, struct latex *out, uint32_t *met)
{
    struct latex_parser p = *start;
    p.taken = taken;
    int32_t root = latex_answer(&p);
    if (!p.failed && !latex_at(&p, T_END))
        root = latex_fail(&p, "does not go on like this");
    *met |= p.met;
    if (!p.failed && root != EXPR_NONE) {
        if (is_new(out, root))
            out->readings[out->n++] = (struct latex_reading){root, how_of(taken), likely(taken)};
    } else if (taken == 0) {
        out->end = p.is_too_long ? LATEX_TOO_LONG : LATEX_UNKNOWN;
        out->at = p.at;
        out->why = p.why;
    }
}

/* The plain reading, then one choice the other way, then two. */
static void runs(struct latex_parser *p, struct latex *out)
{
    uint32_t met = 0;
    int32_t n_runs = 1;
    run(p, 0, out, &met);
    for (int32_t a = 0; a < N_CHOICES && n_runs < LIMIT_MATH_READINGS; a++)
        if ((met >> a & 1U) != 0) {
            run(p, 1U << a, out, &met);
            n_runs++;
        }
    for (int32_t a = 0; a < N_CHOICES && n_runs < LIMIT_MATH_READINGS; a++)
        for (int32_t b = a + 1; b < N_CHOICES && n_runs < LIMIT_MATH_READINGS; b++)
            if ((met >> a & 1U) != 0 && (met >> b & 1U) != 0) {
                run(p, 1U << a | 1U << b, out, &met);
                n_runs++;
            }
    if (out->n > 0)
        out->end = LATEX_READ;
}

/* What a parser must know of the whole text. */
static void survey(struct latex_parser *p, const struct latex_tokens *tokens)
{
    bool has_word = false;
    p->only_words = true;
    for (int32_t i = 0; i < tokens->n; i++) {
        const struct latex_token *t = &tokens->at[i];
        p->n_bars += t->kind == T_BAR;
        has_word |= t->kind == T_WORD && t->arg == 0;
        p->only_words &= t->is_letters || t->kind == T_COMMA || t->kind == T_SEMICOLON;
    }
    p->only_words &= has_word;
}

struct latex latex_read(struct exprs *x, struct str text, struct arena tmp)
{
    struct latex out = {.end = LATEX_EMPTY, .why = "nothing to read"};
    if (text.n > LIMIT_ANSWER_BYTES)
        return (struct latex){.end = LATEX_TOO_LONG, .at = LIMIT_ANSWER_BYTES, .why = "too long"};
    struct str narrow = narrowed(text, &tmp);
    struct str s = undress(narrow);
    struct latex_tokens tokens = latex_tokens_of(s, &tmp);
    if (tokens.n == 0)
        return out;
    if (tokens.is_too_long)
        return (struct latex){.end = LATEX_TOO_LONG,
                              .at = widened(text, tokens.at[tokens.n].from + (s.at - narrow.at)),
                              .why = "too many signs"};
    struct latex_parser p = {.x = x,
                             .s = s,
                             .t = tokens.at,
                             .first = tokens.at,
                             .tmp = &tmp,
                             .matrix_work = LIMIT_MATRIX_WORK};
    p.stack = NEW(&tmp, int32_t, 2 * (int64_t)tokens.n + 16);
    survey(&p, &tokens);
    runs(&p, &out);
    if (out.end != LATEX_READ)
        out.at = widened(text, out.at + (s.at - narrow.at));
    return out;
}
