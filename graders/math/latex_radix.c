/* 2A_{16} and 0x2A: letters that are digits, where a text is nothing but one such number. To a
 * reader of letters both are products, so the number is another reading of a fair kind. */
#include "base/limits.h"
#include "graders/math/latex_parse.h"

/* The value of a digit, 36 for anything else. */
static int32_t digit_of(char c)
{
    enum { NONE = 36 };
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : NONE;
}

/* The number in digits of this base; EXPR_NONE where one of them is none. */
static int32_t value_of(struct latex_parser *p, struct str digits, int32_t base)
{
    fmpq_t v;
    fmpq_init(v);
    bool is_good = digits.n > 0 && digits.n <= LIMIT_RADIX_DIGITS;
    for (int64_t i = 0; i < digits.n && is_good; i++) {
        int32_t d = digit_of(digits.at[i]);
        is_good = d < base;
        fmpz_mul_ui(fmpq_numref(v), fmpq_numref(v), (ulong)base);
        fmpz_add_ui(fmpq_numref(v), fmpq_numref(v), (ulong)d);
    }
    int32_t e = is_good ? expr_fmpq(p->x, v, EXPR_EXACT) : EXPR_NONE;
    fmpq_clear(v);
    return e;
}

/* Two digits or more, a letter among them: A_{16} alone is the sixteenth of the A. */
static bool are_digits(struct str s)
{
    bool has_letter = false;
    for (int64_t i = 0; i < s.n; i++)
        has_letter |= digit_of(s.at[i]) >= 10;
    return s.n >= 2 && has_letter;
}

/* 2A_{16}, 2A_16 */
static int32_t with_index(struct latex_parser *p, struct str s)
{
    int64_t at = str_find(s, STR("_"), 0);
    if (at < 0 || !are_digits(str_sub(s, 0, at)))
        return EXPR_NONE;
    struct str index = str_sub(s, at + 1, s.n);
    if (str_starts(index, STR("{")) && str_ends(index, STR("}")))
        index = str_sub(index, 1, index.n - 1);
    int64_t base = 0;
    bool is_base = index.n == 2 && latex_is_whole(index) && str_i64(index, &base);
    return is_base && base >= 11 && base <= 16 ? value_of(p, str_sub(s, 0, at), (int32_t)base)
                                               : EXPR_NONE;
}

/* 0x2A, and not 0x10, which multiplies by 10 as well */
static int32_t with_prefix(struct latex_parser *p, struct str s)
{
    if (!str_starts(s, STR("0x")) || !are_digits(str_sub(s, 2, s.n)))
        return EXPR_NONE;
    return value_of(p, str_sub(s, 2, s.n), 16);
}

/* The text as it is written, without braces around all of it; empty where there are spaces in it,
 * or it is too long. */
static struct str bare(struct latex_parser *p)
{
    const struct latex_token *from = p->first;
    const struct latex_token *last = from;
    while (last[1].kind != T_END && last - from <= LIMIT_RADIX_DIGITS)
        last++;
    while (from < last && from->kind == T_GROUP_OPEN && p->first + from->match == last) {
        from++;
        last--;
    }
    for (const struct latex_token *t = from + 1; t <= last; t++)
        if (t->space != SPACE_NONE || t->from != t[-1].to)
            return (struct str){0};
    return str_sub(p->s, from->from, last->to);
}

int32_t latex_radix(struct latex_parser *p)
{
    struct str s = bare(p);
    int32_t e = with_index(p, s);
    e = e == EXPR_NONE ? with_prefix(p, s) : e;
    if (e == EXPR_NONE || !latex_choice(p, CHOICE_RADIX))
        return EXPR_NONE;
    while (!latex_at(p, T_END))
        p->t++;
    return e;
}
