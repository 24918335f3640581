#include "graders/math/unread.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char at(struct str s, int64_t i)
{
    return i >= 0 && i < s.n ? s.at[i] : '\0';
}

static bool has(struct str s, const char *word)
{
    return str_find(s, str_of(word), 0) >= 0;
}

static int64_t count(struct str s, const char *word)
{
    int64_t n = 0;
    int64_t i = str_find(s, str_of(word), 0);
    for (; i >= 0; i = str_find(s, str_of(word), i + 1))
        n++;
    return n;
}

static bool starts_at(struct str s, int64_t i, const char *word)
{
    return str_starts(str_sub(s, i, s.n), str_of(word));
}

/* Where what stands at i ends, if it is a command; else i. Of a command with words for an argument
 * (\text{and}) the argument belongs to it. */
static int64_t after_command(struct str s, int64_t i)
{
    static const char *const words[] = {"\\text", "\\mbox", "\\operatorname", "\\textbf",
                                        "\\textrm"};
    if (at(s, i) != '\\')
        return i;
    int64_t end = i + 1;
    while (is_letter(at(s, end)))
        end++;
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (str_eq(str_sub(s, i, end), str_of(words[k])) && at(s, end) == '{')
            while (end < s.n && s.at[end] != '}')
                end++;
    return end == i + 1 ? i + 2 : end;
}

static int64_t after_spaces(struct str s, int64_t i)
{
    while (at(s, i) == ' ' || at(s, i) == '{' || at(s, i) == '}' || starts_at(s, i, "\\,"))
        i += at(s, i) == '\\' ? 2 : 1;
    return i;
}

/* What a d of a differential stands before: a single letter, or a Greek one. */
static bool is_differentiated(struct str s, int64_t i)
{
    if (at(s, i) == '^') /* d^2 y */
        i = after_spaces(s, is_digit(at(s, i + 1)) ? i + 2 : i + 1);
    while (is_digit(at(s, i)) || at(s, i) == '}')
        i++;
    i = after_spaces(s, i);
    if (at(s, i) == '\\')
        return is_letter(at(s, i + 1)) && !starts_at(s, i, "\\frac") &&
               !starts_at(s, i, "\\cdot") && !starts_at(s, i, "\\times") &&
               !starts_at(s, i, "\\right") && !starts_at(s, i, "\\in") && !starts_at(s, i, "\\l") &&
               !starts_at(s, i, "\\g") && !starts_at(s, i, "\\t");
    return is_letter(at(s, i)) && !is_letter(at(s, i + 1));
}

/* dx, dy/dt, d/dx, \mathrm{d}x. A d that continues a word or a product of letters is none. */
static bool has_differential(struct str s)
{
    if (has(s, "\\mathrm{d}") || has(s, "\\mathrm d") || has(s, "\\operatorname{d}") ||
        has(s, "\\partial") || has(s, "\\frac{d}{d"))
        return true;
    for (int64_t i = 0; i < s.n; i++) {
        int64_t next = after_command(s, i);
        if (next > i) {
            i = next - 1;
            continue;
        }
        if (s.at[i] == 'd' && !is_letter(at(s, i - 1)) && is_differentiated(s, i + 1))
            return true;
    }
    return false;
}

/* \Delta y / \Delta x, \delta(t - 1) */
static bool has_increment(struct str s)
{
    return count(s, "\\Delta") + count(s, "\\delta") > 1 || has(s, "\\delta(");
}

/* 1^2 + 2^2 + ... + 10^2: what the dots stand for is in the form of the terms, not in their values.
 * Three terms before them show it. */
static bool has_terms_in_dots(struct str s)
{
    int64_t dots = str_find(s, STR("\\cdots"), 0);
    dots = dots >= 0 ? dots : str_find(s, STR("\\dots"), 0);
    dots = dots >= 0 ? dots : str_find(s, STR("\\ldots"), 0);
    dots = dots >= 0 ? dots : str_find(s, STR("..."), 0);
    if (dots < 0)
        return false;
    struct str head = str_sub(s, 0, dots);
    bool is_formed = has(head, "^") || has(head, "\\cdot") || has(head, "\\times") ||
                     has(head, "\\frac") || has(head, "!");
    bool is_product = count(head, "+") == 0 && !has(head, "^") && !has(head, ",");
    return is_formed && !is_product && count(head, "+") < 3 && count(head, ",") < 3;
}

/* Letters that stand in subscripts, other than the bounds of sums and products. */
static void note_indices(struct str s, bool is_index[256])
{
    for (int64_t i = str_find(s, STR("_"), 0); i >= 0; i = str_find(s, STR("_"), i + 1)) {
        struct str before = str_trim(str_sub(s, i < 16 ? 0 : i - 16, i));
        if (str_ends(before, STR("\\sum")) || str_ends(before, STR("\\prod")) ||
            str_ends(before, STR("\\limits")))
            continue;
        int64_t end = i + 2;
        if (at(s, i + 1) == '{')
            end = str_find(s, STR("}"), i);
        for (int64_t k = i + 1; k < (end < 0 ? s.n : end); k++)
            is_index[(unsigned char)at(s, k)] = true;
        i = end < 0 ? s.n : end - 1;
    }
}

/* A sum or product at i, `after` behind its name, that runs over a noted letter. */
static bool runs_over(struct str s, int64_t after, const bool is_index[256])
{
    int64_t i = after_spaces(s, after);
    if (starts_at(s, i, "\\limits"))
        i = after_spaces(s, i + 7);
    if (at(s, i) != '_')
        return false;
    i = after_spaces(s, i + 1);
    return is_letter(at(s, i)) && !is_letter(at(s, i + 1)) && is_index[(unsigned char)at(s, i)];
}

static bool sums_over_index(struct str s)
{
    static const char *const what[] = {"\\sum", "\\prod"};
    bool is_index[256] = {false};
    if (!has(s, what[0]) && !has(s, what[1]))
        return false;
    note_indices(s, is_index);
    for (int k = 0; k < 2; k++)
        for (int64_t i = str_find(s, str_of(what[k]), 0); i >= 0;
             i = str_find(s, str_of(what[k]), i + 1))
            if (runs_over(s, i + str_of(what[k]).n, is_index))
                return true;
    return false;
}

/* A little circle or star that is no degree sign. */
static bool has_composition(struct str s)
{
    if (has(s, "\\star") || has(s, "\\ast") || has(s, "\\oplus") || has(s, "\\otimes"))
        return true;
    for (int64_t i = str_find(s, STR("\\circ"), 0); i >= 0; i = str_find(s, STR("\\circ"), i + 1)) {
        int64_t before = i - 1;
        while (at(s, before) == ' ' || at(s, before) == '{')
            before--;
        if (at(s, before) != '^')
            return true;
    }
    return false;
}

/* E[X], x[n]: a call, not a product; E(X), V(X), \operatorname{E}(X) likewise. */
static bool has_call(struct str s)
{
    for (int64_t i = 0; i < s.n; i++) {
        int64_t next = after_command(s, i);
        if (starts_at(s, i, "\\operatorname{") && at(s, next) == '}' &&
            (at(s, next + 1) == '(' || at(s, next + 1) == '['))
            return next - i == 15; /* of a single letter */
        if (next > i) {
            i = next - 1;
            continue;
        }
        if (is_letter(s.at[i]) && at(s, i + 1) == '[')
            return true;
        if ((s.at[i] == 'E' || s.at[i] == 'V') && at(s, i + 1) == '(')
            return true;
    }
    return false;
}

static bool has_vectors(struct str s)
{
    int64_t n = count(s, "\\vec") + count(s, "\\mathbf") + count(s, "\\hat") +
                count(s, "\\overrightarrow") + count(s, "\\boldsymbol");
    bool is_product = has(s, "\\times") || has(s, "\\cdot") || has(s, "}\\mathbf") ||
                      has(s, "}\\hat") || has(s, "}\\vec");
    return n > 1 && is_product;
}

/* (C) 12, \textbf{(C)}\ 12, C) 12: an option and what it says; which of them counts? */
static bool is_labelled(struct str s)
{
    static const char *const marks[] = {"\\textbf{", "\\text{", "\\mathrm{", "\\mathbf{",
                                        "\\textrm{"};
    s = str_trim(s);
    for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
        if (str_starts(s, str_of(marks[k])))
            s = str_sub(s, str_of(marks[k]).n, s.n);
    int64_t i = at(s, 0) == '(' ? 1 : 0;
    if (at(s, i) < 'A' || at(s, i) > 'J' || at(s, i + 1) != ')')
        return false;
    for (i += 2; i < s.n; i++)
        if (is_digit(s.at[i]) || is_letter(s.at[i]))
            return true;
    return false;
}

const char *unread_form(struct str s)
{
    if (has_differential(s) || has_increment(s))
        return "derivatives and differentials are not read";
    if (has_terms_in_dots(s))
        return "what dots stand for is not certain from so few terms";
    if (sums_over_index(s))
        return "a sum over what carries its index";
    if (has_composition(s))
        return "a composition of functions, or an operation of the problem";
    if (has_call(s))
        return "a letter with brackets that may be a function";
    if (has_vectors(s))
        return "products of vectors are not read";
    return is_labelled(s) ? "the letter of an option beside its text" : NULL;
}

/* The letter whose values begin behind a comma at i: k = 1, 0 \le k \le 3; '\0': none do. */
static char listed_letter(struct str s, int64_t i)
{
    static const char *const skipped[] = {"\\,", "\\ ", "\\;", "\\quad", "\\leq", "\\le", " "};
    for (size_t k = 0; k < sizeof skipped / sizeof *skipped; k++) {
        while (is_digit(at(s, i)))
            i++;
        if (starts_at(s, i, skipped[k])) {
            i += str_of(skipped[k]).n;
            k = (size_t)-1; /* from the first again */
        }
    }
    char next = at(s, after_spaces(s, i + 1));
    return is_letter(at(s, i)) && (next == '=' || next == '\\' || next == '<') ? at(s, i) : '\0';
}

/* x = 2k, k = 1, 2, 3: values of a letter that stands before them, and not as one that is given. */
static bool has_listed_letter(struct str s)
{
    bool is_used[256] = {false};
    for (int64_t i = 0; i < s.n; i++) {
        if (s.at[i] == ',' && is_used[(unsigned char)listed_letter(s, i + 1)])
            return true;
        if (is_letter(s.at[i]) && at(s, after_spaces(s, i + 1)) != '=')
            is_used[(unsigned char)s.at[i]] = true;
    }
    return false;
}

/* c \in \mathbb{R}: a letter that stands for any number, whatever it is called. In front of a set's
 * condition it is the set's own. */
static bool declares_letter(struct str s)
{
    bool is_builder = has(s, "\\{") || has(s, "\\mid") || has(s, "|");
    return has(s, "\\in") && !is_builder &&
           (has(s, "\\mathbb") || has(s, "\\R") || has(s, "\\mathbf{R}"));
}

static bool has_digits_in_letters(struct str s)
{
    for (int64_t i = str_find(s, STR("\\overline{"), 0); i >= 0;
         i = str_find(s, STR("\\overline{"), i + 1))
        for (int64_t k = i + 10; k < s.n && s.at[k] != '}'; k++)
            if (is_letter(s.at[k]))
                return true;
    return false;
}

/* {(1, 2)}: the set of one solution may be how a solution is written. */
static bool is_set_of_one_tuple(struct str s)
{
    int64_t open = str_find(s, STR("\\{"), 0);
    int64_t close = str_find(s, STR("\\}"), open < 0 ? 0 : open);
    if (open < 0 || close < 0)
        return false;
    struct str inside = str_trim(str_sub(s, open + 2, close));
    return at(inside, 0) == '(' && count(inside, "(") == 1 && at(inside, inside.n - 1) == ')';
}

const char *unread_difference(struct str s, struct str other)
{
    if (has(s, "\\angle") || has(s, "\\overrightarrow"))
        return "names of points may be written in more than one order";
    if (has_digits_in_letters(s))
        return "letters under a bar may be digits";
    if (has_listed_letter(s))
        return "a letter whose values are listed";
    if (declares_letter(s))
        return "a letter that stands for any number";
    return is_set_of_one_tuple(s) && !has(other, "\\{")
               ? "a set of one solution may be that solution"
               : NULL;
}
