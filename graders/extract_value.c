/* The value of a declaration: where it ends, and whether it is one. A value reaches to the end of
 * its sentence, or to a clause that only explains it; mathematics is passed whole. */
#include "base/limits.h"
#include "graders/extract_parts.h"

bool is_one_of(struct str word, const char *const *list)
{
    for (; *list != NULL; list++)
        if (word.n == (int64_t)strlen(*list) && text_has(word, 0, str_of(*list)))
            return true;
    return false;
}

int64_t word_end(struct str s, int64_t i)
{
    enum { WORD_BYTES = 64 };
    int64_t most = i + WORD_BYTES < s.n ? i + WORD_BYTES : s.n;
    while (i < most && (is_letter(s.at[i]) || s.at[i] == '\'' || (s.at[i] & 0x80) != 0))
        i++;
    return i;
}

int64_t skip_dress(struct str s, int64_t i)
{
    while (i < s.n &&
           (s.at[i] == ' ' || s.at[i] == '\t' || strchr("*_`\"')}]~", s.at[i]) != NULL) &&
           s.at[i] != 0)
        i++;
    return i;
}

/* Words with which a clause begins that explains the answer. */
static bool is_aside(struct str s, int64_t i)
{
    static const struct str asides[] = {{", which", 7},
                                        {" which ", 7},
                                        {", because", 9},
                                        {" because ", 9},
                                        {", since", 7},
                                        {" since ", 7},
                                        {", so ", 5},
                                        {", as ", 5},
                                        {", achieved", 10},
                                        {", attained", 10},
                                        {", obtained", 10},
                                        {" (since", 7},
                                        {" (because", 9},
                                        {" (which", 7},
                                        {", hence", 7},
                                        {", therefore", 11},
                                        {" as required", 12},
                                        {" as desired", 11},
                                        {" as claimed", 11},
                                        {"，因为", 9},
                                        {"因为", 6},
                                        {"，所以", 9},
                                        {"，其中", 9},
                                        {", with equality", 15},
                                        {", where ", 8},
                                        {" — ", 5},
                                        {"</", 2},
                                        {", and this", 10},
                                        {" weil ", 6},
                                        {" denn ", 6},
                                        {" car ", 5},
                                        {" porque ", 8},
                                        {", not ", 6},
                                        {" (by ", 5},
                                        {" (the ", 6},
                                        {" (as ", 5},
                                        {" (in ", 5},
                                        {" (note", 6},
                                        {" (that", 6},
                                        {" (see ", 6},
                                        {" (from ", 7},
                                        {" or equivalently", 16},
                                        {", or equivalently", 17},
                                        {", i.e.", 6},
                                        {" (i.e.", 6},
                                        {", that is", 9}};
    char c = s.at[i];
    if (c != ' ' && c != ',' && c != '<' && (c & 0x80) == 0)
        return false;
    for (size_t k = 0; k < sizeof asides / sizeof *asides; k++)
        if (text_has(s, i, asides[k]))
            return true;
    return false;
}

/* Whether the full stop at i ends a sentence. */
static bool is_stop(struct str s, int64_t i)
{
    char before = byte_at(s, i - 1);
    char after = byte_at(s, skip_dress(s, i + 1));
    if (before == '.' || byte_at(s, i + 1) == '.')
        return false;
    if (i >= 6 && str_ends(str_sub(s, 0, i), STR("\\right")))
        return false;
    bool is_spaced = i + 1 == s.n || skip_dress(s, i + 1) > i + 1 || is_blank(s.at[i + 1]);
    return is_spaced || after == '<' || after == '\\' || (after & 0x80) != 0;
}

/* Whether a closing bracket at i, one too many, only marks an option: "B) 15 m/s". */
static bool is_option_mark(struct str s, int64_t from, int64_t i)
{
    int64_t next = skip_dress(s, i + 1);
    return i == from + 1 && is_letter(s.at[from]) && next < s.n && s.at[next] != '\n';
}

/* Past the mathematics that opens at i. It may also be the end of what opened before the value: -1;
 * or a sign of currency: i + 1. */
static int64_t pass_math(struct str s, int64_t from, int64_t i, bool *has_math)
{
    int64_t a;
    int64_t b;
    int64_t end = *has_math ? math_end(s, i, &a, &b) : -1;
    if (end >= 0)
        return end;
    *has_math = false;
    return s.at[i] == '$' && (i == from || is_digit(byte_at(s, i + 1))) ? i + 1 : -1;
}

/* Past a quotation that is a value of JSON, or -1. */
static int64_t quotation_end(struct str s, int64_t from, int64_t most)
{
    if (byte_at(s, from) != '"')
        return -1;
    int64_t to = from + 1;
    while (to < most && s.at[to] != '"' && s.at[to] != '\n')
        to += s.at[to] == '\\' ? 2 : 1;
    int64_t next = to < most ? skip_blank(s, to + 1) : s.n;
    return next < s.n && (s.at[next] == ',' || s.at[next] == '}') ? to + 1 : -1;
}

int64_t value_end(struct str s, int64_t from, int64_t most, bool *is_question)
{
    int64_t depth = 0;
    bool has_math = true;
    int64_t quoted = quotation_end(s, from, most);
    *is_question = false;
    if (quoted > 0)
        return quoted;
    for (int64_t i = from; i < most; i++) {
        char c = s.at[i];
        char next = byte_at(s, i + 1);
        if (c == '$' || (c == '\\' && next != 0 && strchr("()[]", next) != NULL)) {
            bool is_end = next == ')' || next == ']';
            int64_t end = c == '\\' && is_end ? -1 : pass_math(s, from, i, &has_math);
            if (end < 0)
                return i;
            i = end - 1;
            continue;
        }
        if (c == '\\') {
            i++;
            continue;
        }
        depth += (c == '{' || c == '(' || c == '[') - (c == '}' || c == ')' || c == ']');
        if (depth < 0 && c == ')' && is_option_mark(s, from, i))
            depth = 0;
        if (c == '\n' || (depth < 0 && c != ']' && i > from))
            return i;
        *is_question = c == '?';
        if (*is_question || text_has(s, i, STR("。")) || (c == '.' && is_stop(s, i)) ||
            (i > from && is_aside(s, i)))
            return i;
    }
    return most;
}

/* What kind of declaration a value makes; false: none at all. */
bool value_kind(struct str value, enum said_kind *kind)
{
    static const char *const nots[] = {"not", "isn't", "cannot", "never", "neither", "nicht", NULL};
    static const char *const no_value[] = {
        "correct", "right",   "wrong",     "incorrect", "consistent",  "verified",   "confirmed",
        "unclear", "unknown", "shown",     "above",     "below",       "reasonable", "expressed",
        "written", "boxed",   "supposed",  "expected",  "what",        "whatever",   "close",
        "in",      "of",      "required",  "unique",    "independent", "found",      "obtained",
        "well",    "still",   "sensitive", NULL};
    static const char *const loose[] = {"a",  "an",  "the", "that",  "this", "it",
                                        "we", "all", "any", "every", NULL};
    struct str w = str_sub(value, 0, word_end(value, 0));
    if (is_one_of(w, nots) || text_has(value, 0, STR("不是")))
        *kind = SAID_NOT;
    else if (is_one_of(w, no_value))
        return false;
    else
        *kind = w.n + 2 < value.n && is_one_of(w, loose) ? SAID_LOOSE : SAID_VALUE;
    return true;
}
