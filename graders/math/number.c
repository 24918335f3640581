#include "graders/math/number.h"

#include <assert.h>

#include "base/limits.h"

enum { OPERATORS_MAX = 1024, EXPONENT_MAX = 1000000 };

/* Recursive descent over tokens. Every function returns false when what stands there is not, or
 * not surely, a number. */
struct parser {
    const struct token *at;
    int64_t n;
    int64_t i;
    enum comma how;
    int depth;
    int n_operators;
    struct work *w;
};

/* ------------------------------------------------------------------------------- literals */

static bool is_digits(const struct token *t)
{
    for (int64_t i = 0; i < t->text.n; i++)
        if (t->text.at[i] < '0' || t->text.at[i] > '9')
            return false;
    return t->kind == TOKEN_NUMBER;
}

/* ddd or, as the last group, ddd.ddd */
static bool is_group(const struct token *t)
{
    if (t->kind != TOKEN_NUMBER || t->text.n < 3)
        return false;
    struct str s = t->text;
    for (int64_t i = 0; i < s.n; i++)
        if (!(s.at[i] >= '0' && s.at[i] <= '9') && !(i == 3 && s.at[i] == '.'))
            return false;
    return s.n == 3 || s.at[3] == '.';
}

enum separator {
    SEPARATOR_NONE,
    SEPARATOR_COMMA,
    SEPARATOR_BRACED,
    SEPARATOR_THIN,
    SEPARATOR_SPACE
};

/* The separator at `at`, before a group, and its length in tokens. */
static enum separator separator_at(const struct token *at, int64_t n, int64_t *n_tokens)
{
    *n_tokens = 1;
    if (n >= 2 && token_is(at, ",") && at->space == SPACE_NONE && at[1].space == SPACE_NONE)
        return SEPARATOR_COMMA;
    if (n >= 2 && token_is(at, ",") && at->space == SPACE_NONE && at[1].space == SPACE_NEGATIVE)
        return SEPARATOR_BRACED;
    *n_tokens = 3;
    if (n >= 4 && token_is(at, "{") && token_is(at + 1, ",") && token_is(at + 2, "}") &&
        at->space == SPACE_NONE)
        return SEPARATOR_BRACED;
    *n_tokens = 0;
    if (n >= 1 && at->space == SPACE_THIN)
        return SEPARATOR_THIN;
    return n >= 1 && at->space == SPACE_SOME ? SEPARATOR_SPACE : SEPARATOR_NONE;
}

int64_t number_length(const struct token *at, int64_t n, enum comma how)
{
    int64_t n_tokens;
    if (n < 1 || at->kind != TOKEN_NUMBER)
        return 0;
    if (how == COMMA_POINT && n >= 3 && is_digits(at) && is_digits(at + 2) &&
        separator_at(at + 1, n - 1, &n_tokens) == SEPARATOR_COMMA)
        return 3;
    if (!is_digits(at) || at->text.n > 3 || at->text.at[0] == '0')
        return 1;
    int64_t length = 1;
    enum separator first = separator_at(at + 1, n - 1, &n_tokens);
    bool needs_leave = first == SEPARATOR_COMMA || first == SEPARATOR_SPACE;
    if (first == SEPARATOR_NONE || (needs_leave && how != COMMA_GROUPS))
        return 1;
    while (length < n && separator_at(at + length, n - length, &n_tokens) == first &&
           length + n_tokens < n && is_group(&at[length + n_tokens])) {
        length += n_tokens + 1;
        if (at[length - 1].text.n > 3)
            break; /* the decimals end it */
    }
    return length;
}

/* Digits of the literal with everything between them left out; *point counts those after a point,
 * -1 when there is none; *exponent is what follows e. */
static bool literal_digits(const struct token *at, int64_t n, bool is_comma_point,
                           struct buf *digits, int64_t *point, int64_t *exponent)
{
    *point = -1;
    *exponent = 0;
    for (int64_t i = 0; i < n; i++) {
        if (at[i].kind != TOKEN_NUMBER) {
            if (is_comma_point)
                *point = 0;
            continue;
        }
        for (int64_t j = 0; j < at[i].text.n; j++) {
            char c = at[i].text.at[j];
            if (c == 'e' || c == 'E') {
                bool plus = at[i].text.at[j + 1] == '+';
                return str_i64(str_sub(at[i].text, j + 1 + plus, at[i].text.n), exponent) &&
                       *exponent <= EXPONENT_MAX && *exponent >= -EXPONENT_MAX;
            }
            if (c == '.') {
                *point = 0;
                continue;
            }
            buf_byte(digits, c);
            *point += *point >= 0;
        }
    }
    return true;
}

static bool power_of_ten(struct work *w, int64_t exponent, struct rational *out)
{
    return rat_small(w, 10, 1, out) && rat_pow(w, *out, exponent, out);
}

static int64_t count_significant(struct str digits)
{
    int64_t i = 0;
    while (i < digits.n && digits.at[i] == '0')
        i++;
    return digits.n - i;
}

static bool literal(struct parser *p, struct value *out)
{
    CLEANUP(buf_free) struct buf digits = {0};
    const struct token *at = p->at + p->i;
    int64_t n = number_length(at, p->n - p->i, p->how);
    int64_t point;
    int64_t exponent;
    struct big whole;
    struct big one;
    struct rational scale;
    if (n == 0 || !literal_digits(at, n, p->how == COMMA_POINT && n == 3 && token_is(at + 1, ","),
                                  &digits, &point, &exponent))
        return false;
    int64_t shift = exponent - (point > 0 ? point : 0);
    if (!big_read(p->w, buf_str(&digits), &whole) || !big_small(p->w, 1, &one) ||
        !rat_make(p->w, false, whole, one, &out->number))
        return false;
    if (shift != 0 &&
        (!power_of_ten(p->w, shift, &scale) || !rat_mul(p->w, out->number, scale, &out->number)))
        return false;
    out->n_decimals = point > 0 && exponent == 0 ? point : DECIMALS_NONE;
    out->n_significant = count_significant(buf_str(&digits));
    p->i += n;
    return true;
}

/* ----------------------------------------------------------------------------- expressions */

static bool sum(struct parser *p, struct value *out);

static bool is_next(const struct parser *p, const char *text)
{
    return p->i < p->n && token_is(&p->at[p->i], text);
}

static bool take(struct parser *p, const char *text)
{
    if (!is_next(p, text))
        return false;
    p->i++;
    return true;
}

static bool operator_spent(struct parser *p)
{
    return ++p->n_operators > OPERATORS_MAX;
}

static bool group(struct parser *p, const char *open, const char *close, struct value *out)
{
    if (p->depth >= LIMIT_BRACE_DEPTH || !take(p, open))
        return false;
    p->depth++;
    bool ok = sum(p, out) && take(p, close);
    p->depth--;
    out->n_decimals = DECIMALS_NONE;
    return ok;
}

static bool divide(struct parser *p, struct rational a, struct rational b, struct value *out)
{
    out->n_decimals = DECIMALS_NONE;
    return !rat_is_zero(b) && rat_div(p->w, a, b, &out->number);
}

static bool fraction(struct parser *p, struct value *out)
{
    struct value num;
    struct value den;
    return take(p, "\\frac") && group(p, "{", "}", &num) && group(p, "{", "}", &den) &&
           divide(p, num.number, den.number, out);
}

/* {digits} as a \frac has them, or digits: a part of a mixed number. */
static bool whole_at(const struct parser *p, int64_t i, bool is_braced, int64_t *n)
{
    *n = is_braced ? 3 : 1;
    return i + *n <= p->n && is_digits(&p->at[i + is_braced]) &&
           (!is_braced || (token_is(&p->at[i], "{") && token_is(&p->at[i + 2], "}")));
}

enum mixed { MIXED_NO, MIXED_YES, MIXED_BROKEN };

/* 2\frac12 and 2 1/2: a whole number and a proper fraction of whole numbers. A fraction that
 * follows a number in any other way has no one meaning. */
static enum mixed mixed(struct parser *p, struct value *out)
{
    bool is_frac = is_next(p, "\\frac");
    int64_t n_num;
    int64_t n_den;
    if (!is_frac && !(p->i < p->n && p->at[p->i].kind == TOKEN_NUMBER))
        return MIXED_NO;
    int64_t num_at = p->i + is_frac;
    if (!whole_at(p, num_at, is_frac, &n_num))
        return MIXED_BROKEN;
    int64_t den_at = num_at + n_num + !is_frac;
    if ((!is_frac && !(den_at <= p->n - 1 && token_is(&p->at[den_at - 1], "/"))) ||
        !whole_at(p, den_at, is_frac, &n_den))
        return MIXED_BROKEN;
    struct value num;
    struct value den;
    struct parser a = {p->at + num_at + is_frac, 1, 0, p->how, 0, 0, p->w};
    struct parser b = {p->at + den_at + is_frac, 1, 0, p->how, 0, 0, p->w};
    if (!literal(&a, &num) || !literal(&b, &den) || big_cmp(num.number.num, den.number.num) >= 0 ||
        rat_is_zero(num.number))
        return MIXED_BROKEN;
    struct value part;
    if (!divide(p, num.number, den.number, &part) ||
        !rat_add(p->w, out->number, part.number, &out->number))
        return MIXED_BROKEN;
    out->n_decimals = DECIMALS_NONE;
    p->i = den_at + n_den;
    return MIXED_YES;
}

static bool atom(struct parser *p, bool *is_mixed, struct value *out)
{
    *is_mixed = false;
    if (is_next(p, "("))
        return group(p, "(", ")", out);
    if (is_next(p, "{"))
        return group(p, "{", "}", out);
    if (is_next(p, "\\frac"))
        return fraction(p, out);
    int64_t from = p->i;
    if (!literal(p, out))
        return false;
    bool is_plain = p->i == from + 1 && is_digits(&p->at[from]);
    bool is_spaced = p->i > from + 1 && p->at[p->i - 1].space >= SPACE_SOME;
    if (is_spaced && is_next(p, "/"))
        return false; /* 1 234/5: a mixed number, or thousands over five? */
    bool follows = is_next(p, "\\frac") || (p->i < p->n && p->at[p->i].kind == TOKEN_NUMBER);
    if (follows && !is_plain)
        return false;
    enum mixed m = follows ? mixed(p, out) : MIXED_NO;
    *is_mixed = m == MIXED_YES;
    return m != MIXED_BROKEN && !(*is_mixed && is_next(p, "/"));
}

static bool exponent(struct parser *p, int64_t *out)
{
    struct value v;
    uint64_t size;
    bool minus = take(p, "-");
    bool ok = is_next(p, "{")   ? group(p, "{", "}", &v)
              : is_next(p, "(") ? group(p, "(", ")", &v)
                                : literal(p, &v);
    if (!ok || !rat_is_whole(v.number) || !big_u64(v.number.num, &size) || size > EXPONENT_MAX)
        return false;
    *out = v.number.minus != minus ? -(int64_t)size : (int64_t)size;
    return true;
}

static bool power(struct parser *p, struct value *out)
{
    bool is_mixed;
    int64_t from = p->i;
    int64_t n;
    if (!atom(p, &is_mixed, out))
        return false;
    if (!take(p, "^"))
        return true;
    /* -3^2 is dealt with by the sign's owner; {..}^ and \frac{}{}^ would need TeX's own reading */
    bool is_base = !is_mixed && (token_is(&p->at[from], "(") || p->i - 1 == from + 1);
    bool is_braced = is_next(p, "{") || is_next(p, "(");
    if (!is_base || operator_spent(p) || !exponent(p, &n) || is_next(p, "^") ||
        (!is_braced && is_next(p, "/")))
        return false; /* 2^3^2, 2^1/2 */
    if (rat_is_zero(out->number) && n <= 0)
        return false;
    out->n_decimals = DECIMALS_NONE;
    return rat_pow(p->w, out->number, n, &out->number);
}

static bool factor(struct parser *p, struct value *out)
{
    bool minus = take(p, "-");
    if ((!minus && take(p, "+") && is_next(p, "-")) || !power(p, out))
        return false;
    if (minus)
        out->number = rat_neg(out->number);
    return true;
}

/* Products, then at most one division: 1/2*3 and 1/2/3 mean two things in handwriting. */
static bool product(struct parser *p, struct value *out)
{
    struct value next;
    if (!factor(p, out))
        return false;
    while (take(p, "*")) {
        if (operator_spent(p) || !factor(p, &next) ||
            !rat_mul(p->w, out->number, next.number, &out->number))
            return false;
        out->n_decimals = DECIMALS_NONE;
    }
    if (!take(p, "/"))
        return true;
    return !operator_spent(p) && factor(p, &next) && divide(p, out->number, next.number, out) &&
           !is_next(p, "*") && !is_next(p, "/");
}

static bool sum(struct parser *p, struct value *out)
{
    struct value next;
    if (!product(p, out))
        return false;
    while (is_next(p, "+") || is_next(p, "-")) {
        bool minus = is_next(p, "-");
        p->i++;
        if (operator_spent(p) || !product(p, &next))
            return false;
        if (minus)
            next.number = rat_neg(next.number);
        if (!rat_add(p->w, out->number, next.number, &out->number))
            return false;
        out->n_decimals = DECIMALS_NONE;
    }
    return true;
}

bool number_read(const struct token *at, int64_t n, enum comma how, struct work *w,
                 struct value *out)
{
    struct parser p = {.at = at, .n = n, .how = how, .w = w};
    struct value v = {0};
    if (!sum(&p, &v) || p.i != n)
        return false;
    assert(v.number.den.n > 0);
    out->number = v.number;
    out->n_decimals = v.n_decimals;
    out->n_significant = v.n_significant;
    return true;
}
