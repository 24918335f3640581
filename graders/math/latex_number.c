#include <assert.h>

#include "base/limits.h"
#include "graders/math/latex_parse.h"

static bool is_whole_token(const struct latex_parser *p, const struct latex_token *t)
{
    return t->kind == T_NUMBER && t->arg == 0 && latex_is_whole(latex_spelling(p, t));
}

static int64_t point_of(struct str s)
{
    return str_find(s, STR("."), 0);
}

/* ---------------------------------------------------------------------- digits in groups */

/* How many digits come before the point. */
static int64_t n_before_point(struct str s)
{
    int64_t point = point_of(s);
    return point < 0 ? s.n : point;
}

static bool is_exponent_form(struct str s)
{
    return str_find(s, STR("e"), 0) >= 0 || str_find(s, STR("E"), 0) >= 0;
}

/* Whether t and the number after it are digits of one: "1,234", "1{,}234", "1 234". */
static bool is_group(const struct latex_parser *p, const struct latex_token *t, enum latex_kind by)
{
    const struct latex_token *next = by == T_NUMBER ? t + 1 : t + 2;
    if (by != T_NUMBER && (t[1].kind != by || (by == T_COMMA && t[1].space != SPACE_NONE) ||
                           (by == T_COMMA && next->space != SPACE_NONE)))
        return false;
    if (next->kind != T_NUMBER || (by == T_NUMBER && next->space == SPACE_NONE) || next->arg != 0)
        return false;
    struct str s = latex_spelling(p, next);
    return !is_exponent_form(s) && n_before_point(s) == 3;
}

/* The last token of a number whose digits are grouped by one separator; t when they are not. */
static const struct latex_token *grouped(struct latex_parser *p, const struct latex_token *t,
                                         enum latex_kind by)
{
    const struct latex_token *first = t;
    struct str s = latex_spelling(p, t);
    bool began = by == T_COMMA && t > p->first + 1 && t[-1].kind == T_COMMA &&
                 t[-1].space == SPACE_NONE && t[-2].kind == T_NUMBER && t->space == SPACE_NONE;
    if (began || !is_whole_token(p, t) || s.n > 3 || s.at[0] == '0')
        return t;
    while (is_whole_token(p, t) && is_group(p, t, by))
        t += by == T_NUMBER ? 1 : 2;
    bool has_zeros = false; /* 5,040: nobody writes a number of a list so */
    for (const struct latex_token *i = first + 1; i <= t; i++)
        has_zeros |= i->kind == T_NUMBER && latex_spelling(p, i).at[0] == '0';
    p->has_zeros = has_zeros;
    bool goes_on =
        t[1].kind == by && (by != T_COMMA || (t[1].space == SPACE_NONE && t[2].kind == T_NUMBER &&
                                              t[2].space == SPACE_NONE));
    bool is_mixed = by == T_NUMBER && t[1].kind == T_SLASH && t != first; /* 1 234/567 */
    return goes_on || is_mixed ? first : t;
}

/* The digits of tokens from..to, separators left out. comma: what a comma between them becomes, and
 * points go; 0: points stay. */
static struct str joined(struct latex_parser *p, const struct latex_token *from,
                         const struct latex_token *to, char comma)
{
    int64_t n = 0;
    for (const struct latex_token *t = from; t <= to; t++)
        n += latex_spelling(p, t).n;
    char *out = arena_take(p->tmp, n + 1, 1, 1);
    n = 0;
    for (const struct latex_token *t = from; t <= to; t++) {
        struct str s = latex_spelling(p, t);
        for (int64_t i = 0; t->kind == T_NUMBER && i < s.n; i++)
            if (comma == 0 || s.at[i] != '.')
                out[n++] = s.at[i];
        if (t->kind == T_COMMA && comma != 0)
            out[n++] = comma;
    }
    return (struct str){out, n};
}

/* ".567", right after the token before it. */
static bool is_point_group(const struct latex_parser *p, const struct latex_token *t)
{
    struct str s = latex_spelling(p, t);
    return t->kind == T_NUMBER && t->space == SPACE_NONE && s.n == 4 && s.at[0] == '.' &&
           latex_is_whole(str_sub(s, 1, s.n));
}

/* 1.234.567: points that group digits. t when they do not. */
static const struct latex_token *grouped_by_points(const struct latex_parser *p,
                                                   const struct latex_token *t)
{
    const struct latex_token *last = t;
    struct str s = latex_spelling(p, t);
    int64_t point = point_of(s);
    if (point < 1 || point > 3 || s.n - point != 4)
        return t;
    while (is_point_group(p, last + 1))
        last++;
    return last;
}

/* 0,5 and 1.234,5 where the comma is the decimal point. */
static bool is_decimal_comma(const struct latex_parser *p, const struct latex_token *t)
{
    if (t[1].kind != T_COMMA || t[1].space != SPACE_NONE || !is_whole_token(p, t + 2) ||
        t[2].space != SPACE_NONE || t[3].kind == T_COMMA || p->is_inside ||
        t[-(t > p->first)].kind == T_COMMA)
        return false;
    struct str s = latex_spelling(p, t);
    int64_t point = point_of(s);
    return is_whole_token(p, t) || (point >= 1 && point <= 3 && s.n - point == 4);
}

/* ------------------------------------------------------------------------------- decimals */

static int32_t from_digits(struct latex_parser *p, struct str s)
{
    if (s.n > LIMIT_ANSWER_BYTES)
        return latex_limit(p, "a number too long");
    return latex_node(p, expr_digits(p->x, s));
}

/* 1.5e10 */
static int32_t scientific(struct latex_parser *p, struct str s)
{
    enum { FAR = 4096 };
    int64_t mark = str_find(s, STR("e"), 0);
    mark = mark < 0 ? str_find(s, STR("E"), 0) : mark;
    struct str power = str_sub(s, mark + 1, s.n);
    if (power.at[0] == '+')
        power = str_sub(power, 1, power.n);
    int32_t mantissa = from_digits(p, str_sub(s, 0, mark));
    int64_t k;
    if (p->failed)
        return EXPR_NONE;
    if (!str_i64(power, &k))
        return latex_limit(p, "an exponent too large");
    if (k > FAR || k < -FAR)
        return latex_node(
            p, expr_mul(p->x, mantissa, expr_pow(p->x, expr_int(p->x, 10), expr_int(p->x, k))));
    fmpq_t v;
    fmpq_init(v);
    fmpq_set_si(v, 10, 1);
    fmpq_pow_si(v, v, k);
    fmpq_mul(v, v, expr_number(p->x, mantissa));
    int32_t decimals = expr_decimals(p->x, mantissa);
    if (decimals != EXPR_EXACT)
        decimals -= (int32_t)k;
    int32_t e = expr_fmpq(p->x, v, decimals);
    fmpq_clear(v);
    return latex_node(p, e);
}

/* whole.fixed and then cycle for ever: (all digits - digits before the cycle) / 99..900..0 */
static int32_t repeating(struct latex_parser *p, struct str before, struct str cycle)
{
    enum { MOST = 2048 };
    int64_t point = point_of(before);
    if (cycle.n == 0 || before.n + cycle.n > MOST)
        return latex_limit(p, "a cycle of digits too long");
    int64_t n_fixed = point < 0 ? 0 : before.n - point - 1;
    int32_t head = expr_digits(p->x, before);
    int32_t tail = expr_digits(p->x, cycle);
    if (head == EXPR_NONE || tail == EXPR_NONE)
        return latex_node(p, EXPR_NONE);
    fmpq_t v;
    fmpz_t nines;
    fmpq_init(v);
    fmpz_init(nines);
    fmpz_set_ui(nines, 10);
    fmpz_pow_ui(nines, nines, (ulong)cycle.n);
    fmpz_sub_ui(nines, nines, 1);
    fmpq_div_fmpz(v, expr_number(p->x, tail), nines);
    fmpz_set_ui(nines, 10);
    fmpz_pow_ui(nines, nines, (ulong)n_fixed);
    fmpq_div_fmpz(v, v, nines);
    fmpq_add(v, v, expr_number(p->x, head));
    int32_t e = expr_fmpq(p->x, v, EXPR_EXACT);
    fmpq_clear(v);
    fmpz_clear(nines);
    return latex_node(p, e);
}

/* The digits in braces (or the one without) at the next token; none: empty. */
static struct str braced_digits(struct latex_parser *p, enum latex_kind open, enum latex_kind close)
{
    const struct latex_token *t = p->t;
    if (is_whole_token(p, t) && open == T_GROUP_OPEN) {
        p->t++;
        return latex_spelling(p, t);
    }
    if (t->kind != open || !is_whole_token(p, t + 1) || t[2].kind != close)
        return (struct str){0};
    p->t += 3;
    return latex_spelling(p, t + 1);
}

/* 0.1\dot{2}34\dot{5} */
static int32_t dotted(struct latex_parser *p, struct str before)
{
    p->t++;
    struct str first = braced_digits(p, T_GROUP_OPEN, T_GROUP_CLOSE);
    struct str middle = {0};
    struct str last = {0};
    if (latex_at(p, T_NUMBER) && p->t[1].kind == T_ACCENT && is_whole_token(p, p->t))
        middle = latex_spelling(p, p->t++);
    if (latex_at(p, T_ACCENT) && p->t->arg == 1) {
        p->t++;
        last = braced_digits(p, T_GROUP_OPEN, T_GROUP_CLOSE);
    }
    if (first.n == 0)
        return latex_fail(p, "a dot over something else");
    return repeating(
        p, before,
        arena_fmt(p->tmp, "%.*s%.*s%.*s", STR_ARG(first), STR_ARG(middle), STR_ARG(last)));
}

static bool repeats(struct str s, int64_t period, int64_t times)
{
    if (s.n < period * times)
        return false;
    for (int64_t i = s.n - period * (times - 1); i < s.n; i++)
        if (s.at[i] != s.at[i - period])
            return false;
    return times > 1;
}

/* The cycle that 0.333... or 0.1212... shows; 0: none. A cycle counts when it is all there is after
 * the point, or seen three times: 2.71828... and 1.7320508075688... show none. */
static int64_t shown_cycle(struct str after)
{
    enum { LONGEST = 32 };
    for (int64_t k = 1; k <= after.n / 2 && k <= LONGEST; k++)
        if (repeats(after, k, 3) || (after.n % k == 0 && repeats(after, k, after.n / k)))
            return k;
    return 0;
}

/* 0.333...: the cycle, or the digits as they stand. */
static int32_t with_dots(struct latex_parser *p, struct str s)
{
    struct str after = str_sub(s, point_of(s) + 1, s.n);
    int64_t cycle = shown_cycle(after);
    bool is_guess = cycle == 0;
    if (is_guess)
        cycle = repeats(after, 1, 2) ? 1 : 0;
    p->t++;
    if (cycle == 0 || latex_choice(p, CHOICE_DOTS) != is_guess)
        return from_digits(p, s);
    return repeating(p, str_sub(s, 0, s.n - cycle), str_sub(s, s.n - cycle, s.n));
}

/* ------------------------------------------------------------------------ what comes after */

/* The number after "_" as a base; 0 when there is none. */
static int64_t base_after(const struct latex_parser *p, int *n_tokens)
{
    static const char *const names[] = {"two",   "three", "four", "five",   "six",   "seven",
                                        "eight", "nine",  "ten",  "eleven", "twelve"};
    const struct latex_token *t = p->t + 1;
    bool is_braced = t->kind == T_GROUP_OPEN;
    t += is_braced;
    int64_t base = 0;
    if (t->kind == T_NUMBER)
        (void)str_i64(latex_spelling(p, t), &base);
    for (size_t i = 0; t->kind == T_WORD && i < sizeof names / sizeof *names; i++)
        base = str_eq(latex_text(p, t), str_of(names[i])) ? (int64_t)i + 2 : base;
    if (is_braced && t[1].kind != T_GROUP_CLOSE)
        return 0;
    *n_tokens = 2 + 2 * is_braced;
    return base >= 2 && base <= 36 ? base : 0;
}

static int32_t in_base(struct latex_parser *p, struct str s)
{
    enum { MOST = 4096 };
    int n_tokens = 0;
    int64_t base = base_after(p, &n_tokens);
    if (base == 0 || s.n > MOST)
        return latex_fail(p, "not a base");
    fmpq_t v;
    fmpq_init(v);
    bool is_good = true;
    for (int64_t i = 0; i < s.n; i++) {
        is_good &= s.at[i] - '0' < base;
        fmpz_mul_ui(fmpq_numref(v), fmpq_numref(v), (ulong)base);
        fmpz_add_ui(fmpq_numref(v), fmpq_numref(v), (ulong)(s.at[i] - '0'));
    }
    if (!is_good) {
        fmpq_clear(v);
        return latex_fail(p, "a digit the base does not have");
    }
    p->t += n_tokens;
    int32_t e =
        latex_choice(p, CHOICE_BASE) ? expr_digits(p->x, s) : expr_fmpq(p->x, v, EXPR_EXACT);
    fmpq_clear(v);
    return latex_node(p, e);
}

static bool is_proper(const struct latex_parser *p, int32_t e)
{
    if (!expr_is(p->x, e, EXPR_NUMBER) || expr_decimals(p->x, e) != EXPR_EXACT)
        return false;
    const fmpq *q = expr_number(p->x, e);
    return fmpq_sgn(q) > 0 && fmpz_cmp(fmpq_numref(q), fmpq_denref(q)) < 0;
}

static int32_t added_or_multiplied(struct latex_parser *p, int32_t e, int32_t fraction)
{
    if (p->failed)
        return EXPR_NONE;
    if (!is_proper(p, fraction) || latex_choice(p, CHOICE_MIXED))
        return latex_node(p, expr_mul(p->x, e, fraction));
    return latex_node(p, expr_add(p->x, e, fraction));
}

/* Whether "b/c" follows a whole number after a space: 7 3/4. */
static bool is_slash_fraction(const struct latex_parser *p)
{
    const struct latex_token *t = p->t;
    return is_whole_token(p, t) && t->space != SPACE_NONE && t[1].kind == T_SLASH &&
           is_whole_token(p, t + 2);
}

/* The token after a digit, or digits in braces; NULL for anything else. */
static const struct latex_token *after_whole(const struct latex_parser *p,
                                             const struct latex_token *t)
{
    if (is_whole_token(p, t))
        return t + 1;
    return t->kind == T_GROUP_OPEN && is_whole_token(p, t + 1) && t[2].kind == T_GROUP_CLOSE ? t + 3
                                                                                             : NULL;
}

static bool is_whole_fraction(const struct latex_parser *p)
{
    const struct latex_token *t = after_whole(p, p->t + 1);
    return t != NULL && after_whole(p, t) != NULL;
}

static int32_t mixed(struct latex_parser *p, int32_t e)
{
    if (latex_at(p, T_VULGAR)) {
        int32_t f = expr_ratio(p->x, p->t->arg / 16, p->t->arg % 16);
        p->t++;
        return latex_node(p, expr_add(p->x, e, f));
    }
    if (latex_at(p, T_FRAC) && is_whole_fraction(p))
        return added_or_multiplied(p, e, latex_primary(p));
    if (!is_slash_fraction(p))
        return e;
    int32_t a = expr_digits(p->x, latex_spelling(p, p->t));
    int32_t b = expr_digits(p->x, latex_spelling(p, p->t + 2));
    int32_t f = latex_node(p, expr_div(p->x, a, b));
    if (p->failed || !is_proper(p, f))
        return latex_fail(p, "two numbers side by side");
    p->t += 3;
    return latex_node(p, expr_add(p->x, e, f));
}

/* 5C2 */
static bool is_choose(const struct latex_parser *p)
{
    const struct latex_token *t = p->t;
    return t->kind == T_SYMBOL && t->name.n == 1 && t->name.at[0] == 'C' &&
           t->space == SPACE_NONE && is_whole_token(p, t + 1) && t[1].space == SPACE_NONE;
}

/* A whole number in digits, and what it may begin. */
static int32_t whole(struct latex_parser *p, struct str s)
{
    if (latex_at(p, T_UNDER) && p->t->space == SPACE_NONE)
        return in_base(p, s);
    int32_t e = from_digits(p, s);
    if (p->failed)
        return EXPR_NONE;
    if (is_choose(p)) {
        int32_t k = expr_digits(p->x, latex_spelling(p, p->t + 1));
        p->t += 2;
        return latex_node(p, expr_call2(p->x, EXPR_BINOMIAL, e, k));
    }
    return mixed(p, e);
}

/* One token with a point: 0.5, 0.\overline{3}, 0.(3), 0.333... */
static int32_t pointed(struct latex_parser *p, const struct latex_token *t)
{
    struct str s = latex_spelling(p, t);
    bool is_near = p->t->space == SPACE_NONE;
    if (latex_at(p, T_OVERLINE) && is_near) {
        p->t++;
        return repeating(p, s, braced_digits(p, T_GROUP_OPEN, T_GROUP_CLOSE));
    }
    if (latex_at_arg(p, T_OPEN, '(') && is_near && is_whole_token(p, p->t + 1) &&
        p->t[2].kind == T_CLOSE)
        return repeating(p, s, braced_digits(p, T_OPEN, T_CLOSE));
    if (latex_at_arg(p, T_ACCENT, 1) && is_near)
        return dotted(p, s);
    if (latex_at(p, T_DOTS) && is_near)
        return with_dots(p, s);
    return t->arg == 1 ? latex_fail(p, "nothing after the point") : from_digits(p, s);
}

static int32_t number(struct latex_parser *p)
{
    const struct latex_token *t = p->t;
    if (t->kind == T_VULGAR) {
        p->t++;
        return latex_node(p, expr_ratio(p->x, t->arg / 16, t->arg % 16));
    }
    assert(t->kind == T_NUMBER);
    struct str s = latex_spelling(p, t);
    if (is_exponent_form(s)) {
        p->t++;
        return scientific(p, s);
    }
    const struct latex_token *pointed_end = grouped_by_points(p, t);
    if (pointed_end != t) {
        p->t = pointed_end + 1;
        return from_digits(p, joined(p, t, pointed_end, '.'));
    }
    const struct latex_token *end = grouped(p, t, T_GROUP_COMMA);
    end = end == t ? grouped(p, t, T_NUMBER) : end;
    const struct latex_token *comma = end == t ? grouped(p, t, T_COMMA) : t;
    bool is_one = comma != t && p->has_zeros && !p->is_inside;
    if (comma != t && (is_one || (p->is_inside ? latex_choice(p, CHOICE_INSIDE)
                                               : !latex_choice(p, CHOICE_COMMA))))
        end = comma;
    if (end == t && comma == t && is_decimal_comma(p, t) && latex_choice(p, CHOICE_POINT)) {
        p->t = t + 3;
        return from_digits(p, joined(p, t, t + 2, '.'));
    }
    if (end == t && t[1].kind == T_GROUP_COMMA && latex_is_whole(s) && is_whole_token(p, t + 2)) {
        p->t = t + 3; /* 0{,}5 */
        return from_digits(
            p, arena_fmt(p->tmp, "%.*s.%.*s", STR_ARG(s), STR_ARG(latex_spelling(p, t + 2))));
    }
    p->t = end + 1;
    if (end == t)
        return is_whole_token(p, t) ? whole(p, s) : pointed(p, t);
    s = joined(p, t, end, 0);
    return latex_is_whole(s) ? whole(p, s) : from_digits(p, s);
}

int32_t latex_number(struct latex_parser *p)
{
    int32_t e = number(p);
    p->after_number = p->t;
    return e;
}
