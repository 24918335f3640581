#include "graders/judge/compare.h"

enum { SHOWN_BYTES = 40 };

static bool is_white(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Takes the next token off *rest; an empty one means there is none left. */
static struct str next_token(struct str *rest)
{
    int64_t from = 0;
    while (from < rest->n && is_white(rest->at[from]))
        from++;
    int64_t to = from;
    while (to < rest->n && !is_white(rest->at[to]))
        to++;
    struct str token = str_sub(*rest, from, to);
    *rest = str_sub(*rest, to, rest->n);
    return token;
}

/* Takes the next line with its newline; the last may lack it. */
static struct str next_line(struct str *rest)
{
    const char *end = rest->n == 0 ? NULL : memchr(rest->at, '\n', (size_t)rest->n);
    int64_t n = end == NULL ? rest->n : end - rest->at + 1;
    struct str line = str_sub(*rest, 0, n);
    *rest = str_sub(*rest, n, rest->n);
    return line;
}

/* Both outputs with one newline less at their ends, so that "1" and "1\n" are equal lines but
 * "1\n" and "1\n\n" are not. */
static struct str without_last_newline(struct str s)
{
    return s.n > 0 && s.at[s.n - 1] == '\n' ? str_sub(s, 0, s.n - 1) : s;
}

static const char *const mode_names[] = {"tokens", "lines", "exact", "white"};

const char *compare_mode_name(enum compare_mode mode)
{
    return mode_names[mode];
}

bool compare_mode_from_name(struct str name, enum compare_mode *out)
{
    for (size_t i = 0; i < sizeof mode_names / sizeof *mode_names; i++)
        if (str_eq(name, str_of(mode_names[i]))) {
            *out = (enum compare_mode)i;
            return true;
        }
    return false;
}

bool compare_output(const struct compare_rule *rule, struct str want, struct str got,
                    struct difference *d)
{
    struct str (*next)(struct str *) = rule->mode == COMPARE_TOKENS ? next_token : next_line;
    if (rule->mode == COMPARE_LINES) {
        want = without_last_newline(want);
        got = without_last_newline(got);
    }
    struct str whole = got;
    for (int64_t i = 1;; i++) {
        struct str a = next(&want);
        struct str b = next(&got);
        if (a.n == 0 && b.n == 0)
            return true;
        if (str_eq(a, b))
            continue;
        *d = (struct difference){.i_piece = i,
                                 .offset = whole.n - got.n - b.n,
                                 .want = str_sub(a, 0, SHOWN_BYTES),
                                 .got = str_sub(b, 0, SHOWN_BYTES)};
        return false;
    }
}
