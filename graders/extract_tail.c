/* The end of a reply that declares nothing: one short expression, a display, a line, a number. All
 * of it looks at the last LIMIT_ANSWER_BYTES at most. */
#include "base/limits.h"
#include "graders/extract_parts.h"

enum { BARE_BYTES = 256, LINE_BYTES = 512, BARE_WORDS = 3, TEXT_WORDS = 2 };

static int64_t tail_from(struct str s, int64_t from)
{
    return s.n - from > LIMIT_ANSWER_BYTES ? s.n - LIMIT_ANSWER_BYTES : from;
}

/* Words that no answer begins with: what a reply says when it gives none. */
static bool is_refusal(struct str s)
{
    static const struct str words[] = {
        {"i ", 2},      {"cannot", 6}, {"can't", 5},   {"sorry", 5},     {"unsure", 6},
        {"unknown", 7}, {"i'm", 3},    {"no idea", 7}, {"no answer", 9}, {"unclear", 7},
        {"done", 4},    {"ok", 2},     {"step ", 5},   {"n/a", 3}};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (text_has(s, 0, words[k]))
            return true;
    return false;
}

/* Bytes of the character at i if words are made of it; signs and Greek letters are not words. */
static int64_t word_byte(struct str s, int64_t i, bool *is_wide)
{
    unsigned char c = (unsigned char)byte_at(s, i);
    *is_wide = c >= 0xe3 && c <= 0xed;
    if (*is_wide)
        return 3;
    if ((c >= 0xc3 && c <= 0xca) || (c >= 0xd0 && c <= 0xd4))
        return 2;
    return is_letter((char)c);
}

/* Counts the words of two letters and more (of Chinese and the like, the characters), and whether
 * anything else than words is there. */
static int64_t count_words(struct str s, bool *has_sign)
{
    int64_t n = 0;
    *has_sign = false;
    for (int64_t i = 0; i < s.n;) {
        bool is_wide;
        int64_t to = i + (s.at[i] == '\\');
        bool is_command = to > i;
        int64_t n_wide = 0;
        for (int64_t k = word_byte(s, to, &is_wide); k > 0; k = word_byte(s, to, &is_wide)) {
            n_wide += is_wide;
            to += k;
        }
        bool is_joiner = (to - i == 2 && text_has(s, i, STR("or"))) ||
                         (to - i == 3 && text_has(s, i, STR("and")));
        if (!is_command)
            n += n_wide > 0 ? n_wide : to - i > 1 && !is_joiner;
        *has_sign = *has_sign || is_command || (to == i && !is_blank(s.at[i]));
        i = to > i ? to : i + 1;
    }
    return n;
}

bool is_bare_answer(struct str s, int64_t *from, int64_t *to)
{
    int64_t a = *from;
    int64_t b = *to;
    bool has_sign;
    undress(s, &a, &b);
    struct str t = str_sub(s, a, b);
    if (t.n == 0 || t.n > BARE_BYTES || memchr(t.at, '\n', (size_t)t.n) != NULL || is_refusal(t))
        return false;
    int64_t n_words = count_words(t, &has_sign);
    bool is_sentence = str_find(t, STR(". "), 0) >= 0 || str_find(t, STR("? "), 0) >= 0 ||
                       str_ends(t, STR("?")) || str_ends(t, STR("!")) ||
                       (n_words > 0 && str_find(t, STR(": "), 0) >= 0);
    if (is_sentence || n_words > (has_sign ? BARE_WORDS : TEXT_WORDS))
        return false;
    *from = a;
    *to = b;
    return true;
}

bool tail_display(struct str s, int64_t from, int64_t *at, int64_t *to)
{
    bool is_found = false;
    bool is_unclosed[3] = {false}; /* nothing more of this kind closes: \( \[ $$ */
    for (int64_t i = tail_from(s, from); i < s.n; i++) {
        int64_t a;
        int64_t b;
        if (s.at[i] != '$' && s.at[i] != '\\')
            continue;
        bool is_display = text_has(s, i, STR("$$")) || text_has(s, i, STR("\\["));
        int kind = s.at[i] == '\\' ? byte_at(s, i + 1) == '[' : is_display ? 2 : -1;
        int64_t end = kind >= 0 && is_unclosed[kind] ? -1 : math_end(s, i, &a, &b);
        if (end < 0) {
            is_unclosed[kind < 0 ? 0 : kind] |= kind >= 0;
            i += kind >= 0;
            continue;
        }
        undress(s, &a, &b);
        if (is_display && a < b) {
            *at = a;
            *to = b;
            is_found = true;
        }
        i = end - 1;
    }
    return is_found;
}

bool tail_line(struct str s, int64_t from, int64_t *at, int64_t *to)
{
    int64_t b = s.n;
    while (b > from && is_blank(s.at[b - 1]))
        b--;
    int64_t a = b;
    while (a > from && b - a <= LINE_BYTES && s.at[a - 1] != '\n')
        a--;
    *at = a;
    *to = b;
    return is_bare_answer(s, at, to);
}

/* Whether the byte can be inside a number: 1,234.5 or 3/4. */
static bool is_inside(struct str s, int64_t i)
{
    char c = s.at[i];
    return is_digit(c) || ((c == '.' || c == ',' || c == '/') && is_digit(byte_at(s, i - 1)) &&
                           is_digit(byte_at(s, i + 1)));
}

bool tail_number(struct str s, int64_t from, int64_t *at, int64_t *to)
{
    int64_t least = tail_from(s, from);
    int64_t b = s.n;
    while (b > least && !is_digit(s.at[b - 1]))
        b--;
    int64_t a = b;
    while (a > least && is_inside(s, a - 1))
        a--;
    if (a == b)
        return false;
    char sign = byte_at(s, a - 1);
    char before = byte_at(s, a - 2);
    bool is_minus = a > least && sign == '-' &&
                    (a - 1 == least || is_blank(before) || strchr("$(=[{*:", before) != NULL);
    if (is_minus)
        a--;
    else if (a - 3 >= least && text_has(s, a - 3, STR("−")))
        a -= 3;
    *at = a;
    *to = b;
    return true;
}
