#include "graders/terms/compare.h"

#include <assert.h>
#include <math.h>

#include "graders/terms/decimal.h"

/* Right outputs are mostly the same bytes as the expected ones, so every mode first runs over what
 * is alike, eight bytes at a time, then looks closely at the token or line where that ended, and
 * goes on behind it. No byte is looked at more than three times. Counting tokens and lines is
 * left to the one moment when a difference is told. */

enum { SHOWN_BYTES = 40 };

static bool is_white(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_blank(char c)
{
    return c != '\n' && is_white(c);
}

/* A place in both outputs. */
struct place {
    int64_t want, got;
};

/* How many bytes are the same from here. */
static int64_t alike(struct str want, struct str got, struct place p)
{
    int64_t n = want.n - p.want < got.n - p.got ? want.n - p.want : got.n - p.got;
    const char *x = want.at + p.want;
    const char *y = got.at + p.got;
    int64_t i = 0;
    for (uint64_t a = 0, b = 0; i + 8 <= n; i += 8) {
        memcpy(&a, x + i, 8);
        memcpy(&b, y + i, 8);
        if (a != b)
            break;
    }
    while (i < n && x[i] == y[i])
        i++;
    return i;
}

/* Over what is alike, but back to where the token that it ended in began. */
static struct place skip_alike(struct str want, struct str got, struct place p)
{
    int64_t n = alike(want, got, p);
    if (p.want + n == want.n && p.got + n == got.n)
        return (struct place){want.n, got.n};
    while (n > 0 && !is_white(want.at[p.want + n - 1]))
        n--;
    return (struct place){p.want + n, p.got + n};
}

static int64_t skip(struct str s, int64_t i, bool (*is)(char))
{
    while (i < s.n && is(s.at[i]))
        i++;
    return i;
}

static struct str token_at(struct str s, int64_t i)
{
    int64_t to = i;
    while (to < s.n && !is_white(s.at[to]))
        to++;
    return str_sub(s, i, to);
}

/* --- telling where -------------------------------------------------------------------------- */

static int64_t count_tokens(struct str s)
{
    int64_t n = 0;
    bool was_white = true;
    for (int64_t i = 0; i < s.n; i++) {
        n += was_white && !is_white(s.at[i]);
        was_white = is_white(s.at[i]);
    }
    return n;
}

static int64_t count_lines(struct str s)
{
    int64_t n = 0;
    for (int64_t i = 0; i >= 0 && i < s.n; i++) {
        i = str_find(s, STR("\n"), i);
        if (i < 0)
            break;
        n++;
    }
    return n;
}

static bool differ(struct difference *d, int64_t i_piece, int64_t offset, struct str want,
                   struct str got)
{
    *d = (struct difference){.i_piece = i_piece,
                             .offset = offset,
                             .want = str_sub(want, 0, SHOWN_BYTES),
                             .got = str_sub(got, 0, SHOWN_BYTES)};
    return false;
}

/* --- tokens --------------------------------------------------------------------------------- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_same_text(struct str a, struct str b, bool forgives_case)
{
    if (!forgives_case || a.n != b.n)
        return str_eq(a, b);
    for (int64_t i = 0; i < a.n; i++)
        if (lower(a.at[i]) != lower(b.at[i]))
            return false;
    return true;
}

/* The expected token decides: when it is a number, the other must be one too, and near. */
static bool is_same_token(const struct compare_rule *rule, const struct tolerance *t,
                          struct str want, struct str got)
{
    struct decimal a;
    struct decimal b;
    if (want.n == 0 || got.n == 0)
        return want.n == got.n;
    if (str_eq(want, got))
        return true;
    if (rule->has_float && decimal_read(want, &a))
        return decimal_read(got, &b) && decimal_is_near(&a, &b, t);
    return is_same_text(want, got, rule->forgives_case);
}

static bool compare_tokens(const struct compare_rule *rule, struct str want, struct str got,
                           struct difference *d)
{
    struct tolerance t = {0};
    struct place p = {0};
    if (rule->has_float)
        t = tolerance_of(rule->abs_tolerance, rule->rel_tolerance);
    for (;;) {
        p = skip_alike(want, got, p);
        struct place white = p;
        p = (struct place){skip(want, p.want, is_white), skip(got, p.got, is_white)};
        if (rule->is_space_exact &&
            !str_eq(str_sub(want, white.want, p.want), str_sub(got, white.got, p.got)))
            return differ(d, count_tokens(str_sub(want, 0, p.want)) + 1, white.got,
                          str_sub(want, white.want, want.n), str_sub(got, white.got, got.n));
        struct str a = token_at(want, p.want);
        struct str b = token_at(got, p.got);
        if (!is_same_token(rule, &t, a, b))
            return differ(d, count_tokens(str_sub(want, 0, p.want)) + 1, p.got, a, b);
        if (a.n == 0)
            return true;
        p = (struct place){p.want + a.n, p.got + b.n};
    }
}

/* --- lines ---------------------------------------------------------------------------------- */

static int64_t line_start(struct str s, int64_t i)
{
    while (i > 0 && s.at[i - 1] != '\n')
        i--;
    return i;
}

/* With its newline; the last may lack it. */
static struct str line_at(struct str s, int64_t from)
{
    int64_t end = str_find(s, STR("\n"), from);
    return str_sub(s, from, end < 0 ? s.n : end + 1);
}

static bool compare_bytes(struct str want, struct str got, struct difference *d)
{
    int64_t n = alike(want, got, (struct place){0});
    if (n == want.n && n == got.n)
        return true;
    int64_t from = line_start(want, n);
    return differ(d, count_lines(str_sub(want, 0, from)) + 1, from, line_at(want, from),
                  line_at(got, from));
}

/* Both outputs with one newline less at their ends, so that "1" and "1\n" are equal lines but
 * "1\n" and "1\n\n" are not. */
static struct str without_last_newline(struct str s)
{
    return s.n > 0 && s.at[s.n - 1] == '\n' ? str_sub(s, 0, s.n - 1) : s;
}

static bool compare_white(struct str want, struct str got, struct difference *d)
{
    struct place p = {0};
    for (;;) {
        p = skip_alike(want, got, p);
        p = (struct place){skip(want, p.want, is_blank), skip(got, p.got, is_blank)};
        /* one has ended: nothing but white space may follow in the other */
        if (p.want == want.n)
            p.got = skip(got, p.got, is_white);
        if (p.got == got.n)
            p.want = skip(want, p.want, is_white);
        struct str a = token_at(want, p.want);
        struct str b = token_at(got, p.got);
        if (!str_eq(a, b) || (p.want == want.n) != (p.got == got.n))
            return differ(d, count_lines(str_sub(want, 0, p.want)) + 1, p.got, a, b);
        if (p.want == want.n)
            return true;
        /* no tokens: both stand at the end of a line */
        int64_t n = a.n > 0 ? a.n : 1;
        p = (struct place){p.want + n, p.got + n};
    }
}

/* --- rules ---------------------------------------------------------------------------------- */

static const char *const mode_names[] = {"tokens", "lines", "exact", "white"};

const char *compare_mode_name(enum compare_mode mode)
{
    assert((int)mode >= 0);
    assert((size_t)mode < sizeof mode_names / sizeof *mode_names);
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

/* The number after flag i. */
static bool read_tolerance(const struct str *flags, int64_t n_flags, int64_t i, double *out,
                           struct err *e)
{
    double v = 0;
    if (i + 1 == n_flags)
        return FAIL(e, ERR_INPUT, "validator flag %.*s lacks its number", STR_ARG(flags[i]));
    if (!str_f64(flags[i + 1], &v) || v < 0)
        return FAIL(e, ERR_INPUT, "validator flag %.*s: \"%.*s\" is not a number of 0 or more",
                    STR_ARG(flags[i]), STR_ARG(str_sub(flags[i + 1], 0, SHOWN_BYTES)));
    *out = v;
    return true;
}

bool compare_rule_from_flags(const struct str *flags, int64_t n_flags, struct compare_rule *rule,
                             struct err *e)
{
    struct compare_rule r = {.mode = COMPARE_TOKENS, .forgives_case = true};
    for (int64_t i = 0; i < n_flags; i++) {
        bool is_abs = str_eq(flags[i], STR("float_absolute_tolerance"));
        bool is_rel = str_eq(flags[i], STR("float_relative_tolerance"));
        bool is_both = str_eq(flags[i], STR("float_tolerance"));
        double v = 0;
        if (str_eq(flags[i], STR("case_sensitive"))) {
            r.forgives_case = false;
        } else if (str_eq(flags[i], STR("space_change_sensitive"))) {
            r.is_space_exact = true;
        } else if (is_abs || is_rel || is_both) {
            TRY(read_tolerance(flags, n_flags, i, &v, e));
            i++;
            r.has_float = true;
            r.abs_tolerance = is_rel ? r.abs_tolerance : v;
            r.rel_tolerance = is_abs ? r.rel_tolerance : v;
        } else {
            return FAIL(e, ERR_INPUT, "unknown validator flag \"%.*s\"",
                        STR_ARG(str_sub(flags[i], 0, SHOWN_BYTES)));
        }
    }
    *rule = r;
    return true;
}

bool compare_output(const struct compare_rule *rule, struct str want, struct str got,
                    struct difference *d)
{
    want = want.n == 0 ? STR("") : want; /* never NULL: places are offsets */
    got = got.n == 0 ? STR("") : got;
    switch (rule->mode) {
    case COMPARE_TOKENS:
        return compare_tokens(rule, want, got, d);
    case COMPARE_WHITE:
        return compare_white(want, got, d);
    case COMPARE_EXACT:
        return compare_bytes(want, got, d);
    case COMPARE_LINES:
        break;
    }
    return compare_bytes(without_last_newline(want), without_last_newline(got), d);
}
