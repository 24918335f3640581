/* What answers are dressed in: white space, full stops, Markdown, the delimiters of mathematics. */
#include "graders/extract_parts.h"

bool text_has(struct str s, int64_t i, struct str word)
{
    if (i < 0 || word.n > s.n - i)
        return false;
    for (int64_t k = 0; k < word.n; k++)
        if (lower(s.at[i + k]) != word.at[k])
            return false;
    return true;
}

int64_t skip_blank(struct str s, int64_t i)
{
    while (i < s.n && is_blank(s.at[i]))
        i++;
    return i;
}

bool ends_paragraph(struct str s, int64_t i)
{
    if (byte_at(s, i) != '\n')
        return false;
    do
        i++;
    while (i < s.n && s.at[i] != '\n' && is_blank(s.at[i]));
    return byte_at(s, i) == '\n';
}

/* Where a dollar at or after i closes what began before it, or -1: on the same paragraph. */
static int64_t closing_dollar(struct str s, int64_t i)
{
    for (; i < s.n; i++) {
        if (s.at[i] == '$')
            return i;
        if (s.at[i] == '\\')
            i++;
        else if (ends_paragraph(s, i))
            return -1;
    }
    return -1;
}

enum { MATH_BYTES = 16384 }; /* of one formula */

int64_t math_end(struct str s, int64_t i, int64_t *inner_from, int64_t *inner_to)
{
    struct str near = str_sub(s, 0, i + MATH_BYTES);
    int64_t close = -1;
    int64_t width = 2;
    if (text_has(s, i, STR("$$"))) {
        close = str_find(near, STR("$$"), i + 2);
    } else if (byte_at(s, i) == '$') {
        width = 1;
        close = closing_dollar(near, i + 1);
    } else if (text_has(s, i, STR("\\("))) {
        close = str_find(near, STR("\\)"), i + 2);
    } else if (text_has(s, i, STR("\\["))) {
        close = str_find(near, STR("\\]"), i + 2);
    }
    if (close < 0)
        return -1;
    *inner_from = i + width;
    *inner_to = close;
    return close + width;
}

/* Bytes of the mark of punctuation that ends at `to`, or 0. */
static int64_t trailing_mark(struct str s, int64_t from, int64_t to)
{
    struct str t = str_sub(s, from, to);
    char last = byte_at(t, t.n - 1);
    char before = byte_at(t, t.n - 2);
    if (last == '.') /* not of "..." and not of \right. */
        return before != '.' && !str_ends(t, STR("\\right."));
    if (last == ',' || last == ';' || last == ':')
        return before != '\\';
    if (last == '*')
        return before != '^' && before != '{';
    if (last == '`')
        return 1;
    static const struct str marks[] = {{"。", 3}, {"，", 3}, {"；", 3}, {"∎", 3},
                                       {"■", 3},  {"□", 3},  {"✓", 3},  {"✅", 3}};
    for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
        if (str_ends(t, marks[k]))
            return marks[k].n;
    return str_ends(t, STR("\xc2\xa0")) || str_ends(t, STR("__")) ? 2 : 0;
}

static int64_t leading_mark(struct str s, int64_t from, int64_t to)
{
    struct str t = str_sub(s, from, to);
    if (str_starts(t, STR("*")) || str_starts(t, STR("`")))
        return 1;
    return str_starts(t, STR("\xc2\xa0")) || str_starts(t, STR("__")) ? 2 : 0;
}

/* Quotes around the whole, and mathematics that is the whole. */
static bool unwrap(struct str s, int64_t *from, int64_t *to)
{
    static const struct {
        struct str open;
        struct str close;
    } quotes[] = {
        {{"\"", 1}, {"\"", 1}}, {{"'", 1}, {"'", 1}}, {{"“", 3}, {"”", 3}}, {{"_", 1}, {"_", 1}}};
    struct str t = str_sub(s, *from, *to);
    int64_t inner_from = 0;
    int64_t inner_to = 0;
    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++) {
        int64_t n = quotes[i].open.n;
        if (t.n > 2 * n && str_starts(t, quotes[i].open) && str_ends(t, quotes[i].close)) {
            *from += n;
            *to -= n;
            return true;
        }
    }
    char a = byte_at(t, 0);
    if ((a != '$' && a != '\\') || math_end(s, *from, &inner_from, &inner_to) != *to)
        return false;
    *from = inner_from;
    *to = inner_to;
    return true;
}

void undress(struct str s, int64_t *from, int64_t *to)
{
    for (;;) {
        while (*from < *to && is_blank(s.at[*from]))
            ++*from;
        while (*from < *to && is_blank(s.at[*to - 1]))
            --*to;
        if (*from == *to)
            return;
        int64_t n = leading_mark(s, *from, *to);
        *from += n;
        int64_t m = *from < *to ? trailing_mark(s, *from, *to) : 0;
        *to -= m;
        if (n + m == 0 && !unwrap(s, from, to))
            return;
    }
}
