/* The part of a declared text that is the answer: the last side of a numeric chain, or the exact
 * side of an approximation. Only what is surely a value of numbers alone is taken apart; x = 5 and
 * equations are left to the reader of answers. */
#include "graders/extract_parts.h"

/* Words and commands that are part of a value without variables. */
static bool is_value_word(struct str w)
{
    static const char *const words[] = {
        "frac",  "dfrac", "tfrac", "cfrac",  "sqrt",   "pi",          "ln",     "log",
        "lg",    "exp",   "sin",   "cos",    "tan",    "cot",         "sec",    "csc",
        "sinh",  "cosh",  "tanh",  "arcsin", "arccos", "arctan",      "cdot",   "times",
        "div",   "left",  "right", "binom",  "e",      "i",           "lfloor", "rfloor",
        "lceil", "rceil", "circ",  "big",    "Big",    "displaystyle"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(w, str_of(words[i])))
            return true;
    return false;
}

/* Whether the text is made of numbers, signs of calculation and known functions, and has a number.
 */
static bool is_numeric(struct str s)
{
    bool has_number = false;
    for (int64_t i = 0; i < s.n;) {
        char c = s.at[i];
        if (is_letter(c)) {
            int64_t to = i;
            while (to < s.n && is_letter(s.at[to]))
                to++;
            struct str w = str_sub(s, i, to);
            if (!is_value_word(w))
                return false;
            has_number = has_number || str_eq(w, STR("pi")) || str_eq(w, STR("e"));
            i = to;
            continue;
        }
        if (text_has(s, i, STR("π")) || text_has(s, i, STR("√")) || text_has(s, i, STR("×")) ||
            text_has(s, i, STR("·")) || text_has(s, i, STR("−"))) {
            has_number = has_number || c == STR("π").at[0];
            i += (c & 0xf0) == 0xe0 ? 3 : 2;
            continue;
        }
        if (!is_blank(c) && !is_digit(c) && (c == 0 || strchr("+-*/^().,{}[]|!\\%_", c) == NULL))
            return false;
        has_number = has_number || is_digit(c);
        i++;
    }
    return has_number;
}

static bool has_operator(struct str s)
{
    s = str_trim(s);
    for (int64_t i = 1; i < s.n; i++)
        if (strchr("+-*/^", s.at[i]) != NULL && s.at[i] != 0)
            return true;
    return str_find(s, STR("\\cdot"), 0) >= 0 || str_find(s, STR("\\times"), 0) >= 0;
}

bool is_bare_decimal(struct str text)
{
    int64_t from = 0;
    int64_t to = text.n;
    bool has_point = false;
    int64_t n_digits = 0;
    undress(text, &from, &to);
    from += byte_at(text, from) == '-' || byte_at(text, from) == '+';
    for (; from < to; from++) {
        char c = text.at[from];
        if (is_digit(c))
            n_digits++;
        else if (c == '.' && !has_point)
            has_point = true;
        else if (c != ',')
            break;
    }
    struct str tail = str_trim(str_sub(text, from, to));
    return has_point && n_digits > 0 &&
           (tail.n == 0 || str_eq(tail, STR("..")) || str_eq(tail, STR("...")) ||
            str_eq(tail, STR("…")) || str_eq(tail, STR("\\ldots")) || str_eq(tail, STR("\\dots")));
}

/* Whether an equals sign stands alone at i: not of <=, !=, :=, ==, =>. */
static bool is_equals(struct str s, int64_t i)
{
    char a = byte_at(s, i - 1);
    char b = byte_at(s, i + 1);
    return s.at[i] == '=' && b != '=' && b != '>' && (a == 0 || strchr("<>!:=", a) == NULL);
}

/* The place after the next equals sign outside all brackets, from i on, or -1. */
static int64_t next_side(struct str s, int64_t i, int64_t to)
{
    int64_t depth = 0;
    for (; i < to; i++) {
        char c = s.at[i];
        if (c == '{' || c == '(' || c == '[')
            depth++;
        else if (c == '}' || c == ')' || c == ']')
            depth--;
        else if (depth == 0 && is_equals(s, i))
            return i + 1;
    }
    return -1;
}

/* Whether a side says its value without a decimal point: 1/3 of 1/3 = 0.333. */
static bool is_exact_side(struct str side)
{
    return memchr(side.at, '.', (size_t)side.n) == NULL;
}

bool narrow_chain(struct str s, int64_t *from, int64_t *to)
{
    struct str t = str_sub(s, *from, *to);
    int64_t first = next_side(t, 0, t.n);
    struct str head = str_sub(t, 0, first - 1);
    struct str last = {0};
    bool is_plain = is_numeric(head) && has_operator(head);
    struct str exact = is_plain && is_exact_side(head) ? head : last;
    int64_t n = 0;
    for (int64_t i = first; i >= 0; n++) {
        int64_t next = next_side(t, i, t.n);
        last = str_sub(t, i, next < 0 ? t.n : next - 1);
        if (!is_numeric(last))
            return false;
        exact = is_exact_side(last) ? last : exact;
        i = next;
    }
    if (n == 0 || (n == 1 && !is_plain))
        return false;
    last = exact.n > 0 ? exact : last;
    int64_t a = last.at - s.at;
    int64_t b = a + last.n;
    undress(s, &a, &b);
    if (a == b)
        return false;
    *from = a;
    *to = b;
    return true;
}

/* Bytes of the sign of approximation at i, or 0. */
static int64_t about_sign(struct str s, int64_t i)
{
    if (text_has(s, i, STR("\\approx")) && !is_letter(byte_at(s, i + STR("\\approx").n)))
        return STR("\\approx").n;
    return text_has(s, i, STR("≈")) ? STR("≈").n : 0;
}

bool narrow_exact(struct str s, int64_t *from, int64_t *to)
{
    struct str t = str_sub(s, *from, *to);
    int64_t i = 0;
    while (i < t.n && about_sign(t, i) == 0)
        i++;
    if (i == t.n)
        return false;
    struct str right = str_trim(str_sub(t, i + about_sign(t, i), t.n));
    int64_t digit = byte_at(right, 0) == '-' || byte_at(right, 0) == '$';
    if (!is_digit(byte_at(right, digit)) && byte_at(right, digit) != '.')
        return false;
    int64_t side = 0; /* of x = \sqrt{17}, what has to be a value */
    for (int64_t next = next_side(t, 0, i); next >= 0; next = next_side(t, next, i))
        side = next;
    struct str left = str_sub(t, side, i);
    int64_t a = *from;
    int64_t b = *from + i;
    undress(s, &a, &b);
    if (a == b || !is_numeric(left))
        return false;
    *from = a;
    *to = b;
    return true;
}

bool narrow_clause(struct str s, int64_t *from, int64_t *to)
{
    enum { CLAUSE_BYTES = 200 };
    struct str t = str_sub(s, *from, *to);
    int64_t verb = -1;
    if (t.n > CLAUSE_BYTES || !text_has(t, 0, STR("the ")))
        return false;
    for (int64_t i = 0; i < t.n; i++)
        if (text_has(t, i, STR(" is ")) || text_has(t, i, STR(" are ")))
            verb = i + (text_has(t, i, STR(" is ")) ? 4 : 5);
    if (verb < 0)
        return false;
    int64_t a = *from + verb;
    int64_t b = *to;
    undress(s, &a, &b);
    if (!is_numeric(str_sub(s, a, b)))
        return false;
    *from = a;
    *to = b;
    return true;
}
