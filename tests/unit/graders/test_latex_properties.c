/* Rendering and reading are inverse: a random expression, written in random spellings, is read as
 * the node it was built as; and what expr_print shows of any node is read back as that node.
 * Hostile texts end within their limits. */
#include <criterion/criterion.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/rng.h"
#include "graders/math/latex.h"
#include "tests/support/support.h"

static struct arena keep;
static struct arena tmp;

static void start(void)
{
    arena_init(&keep, "test", LIMIT_ARENA_ITEM);
    arena_init(&tmp, "test tmp", LIMIT_ARENA_TMP);
}

static void stop(void)
{
    arena_fini(&keep);
    arena_fini(&tmp);
}

TestSuite(latex_properties, .init = start, .fini = stop, .timeout = 120);

/* A node and one way to write it; how tightly the text holds together. */
enum tightness { SUM, PRODUCT, POWER, ATOM };

struct made {
    int32_t e;
    struct str text;
    enum tightness holds;
};

struct maker {
    struct exprs *x;
    struct arena *mem;
    uint64_t seed;
    uint64_t stream;
    uint64_t n;
};

static uint64_t below(struct maker *m, uint64_t n)
{
    return rng_below(m->seed, m->stream, m->n++, n);
}

static struct str wrapped(struct maker *m, struct made a, enum tightness wanted)
{
    static const char *const pairs[][2] = {{"(", ")"},
                                           {"\\left(", "\\right)"},
                                           {"{(", ")}"},
                                           {"\\bigl( ", " \\bigr)"},
                                           {"\\left[", "\\right]"}};
    if (a.holds >= wanted)
        return a.text;
    uint64_t k = below(m, 5);
    return arena_fmt(m->mem, "%s%.*s%s", pairs[k][0], STR_ARG(a.text), pairs[k][1]);
}

static struct made atom(struct maker *m)
{
    static const char *const names[][2] = {
        {"x", "x"},     {"y", "y"},       {"a", "\\mathbf{a}"},    {"n", "n"},
        {"x_1", "x_1"}, {"x_1", "x_{1}"}, {"\\alpha", "\\alpha "}, {"\\alpha", "\xce\xb1"}};
    uint64_t k = below(m, 12);
    if (k < 8)
        return (struct made){expr_symbol(m->x, str_of(names[k][0])), str_of(names[k][1]), ATOM};
    if (k == 8)
        return (struct made){expr_constant(m->x, EXPR_PI),
                             below(m, 2) != 0 ? STR("\\pi ") : STR("\xcf\x80"), ATOM};
    if (k == 9) {
        struct str digits = arena_fmt(m->mem, "%d.%02d", (int)below(m, 20), (int)below(m, 100));
        return (struct made){expr_digits(m->x, digits), digits, ATOM};
    }
    int64_t v = (int64_t)below(m, 40);
    return (struct made){expr_int(m->x, v), arena_fmt(m->mem, "%lld", (long long)v), ATOM};
}

static struct made expression(struct maker *m, int depth);

static struct made sum(struct maker *m, int depth)
{
    struct made a = expression(m, depth - 1);
    struct made b = expression(m, depth - 1);
    bool is_minus = below(m, 2) != 0;
    int32_t e = is_minus ? expr_sub(m->x, a.e, b.e) : expr_add(m->x, a.e, b.e);
    struct str right = wrapped(m, b, PRODUCT);
    return (struct made){
        e, arena_fmt(m->mem, "%.*s %s %.*s", STR_ARG(a.text), is_minus ? "-" : "+", STR_ARG(right)),
        SUM};
}

static struct made product(struct maker *m, int depth)
{
    static const char *const signs[] = {"\\cdot ", "*", "\\times ", " \xc2\xb7 ", "\xc3\x97"};
    struct made a = expression(m, depth - 1);
    struct made b = expression(m, depth - 1);
    struct str left = wrapped(m, a, PRODUCT);
    struct str right = wrapped(m, b, POWER);
    return (struct made){
        expr_mul(m->x, a.e, b.e),
        arena_fmt(m->mem, "%.*s%s%.*s", STR_ARG(left), signs[below(m, 5)], STR_ARG(right)),
        PRODUCT};
}

/* 2x, 3\sqrt{y}: a digit, then something that begins with neither digit nor bracket. */
static struct made side_by_side(struct maker *m, int depth)
{
    struct made b = expression(m, depth - 1);
    int64_t v = 2 + (int64_t)below(m, 8);
    struct str right = wrapped(m, b, POWER);
    bool is_safe = (right.at[0] >= 'f' && right.at[0] <= 'z') ||
                   (right.at[0] == '\\' && str_find(str_sub(right, 0, 6), STR("frac"), 0) < 0);
    const char *between = is_safe ? "" : "\\cdot ";
    return (struct made){expr_mul(m->x, expr_int(m->x, v), b.e),
                         arena_fmt(m->mem, "%lld%s%.*s", (long long)v, between, STR_ARG(right)),
                         PRODUCT};
}

static struct made quotient(struct maker *m, int depth)
{
    static const char *const fracs[] = {"\\frac", "\\dfrac", "\\tfrac", "\\cfrac"};
    struct made a = expression(m, depth - 1);
    struct made b = expression(m, depth - 1);
    int32_t e = expr_div(m->x, a.e, b.e);
    if (below(m, 3) != 0)
        return (struct made){e,
                             arena_fmt(m->mem, "%s{%.*s}{%.*s}", fracs[below(m, 4)],
                                       STR_ARG(a.text), STR_ARG(b.text)),
                             ATOM};
    struct str left = wrapped(m, a, PRODUCT);
    struct str right = wrapped(m, b, POWER);
    return (struct made){e, arena_fmt(m->mem, "%.*s / %.*s", STR_ARG(left), STR_ARG(right)),
                         PRODUCT};
}

static struct made power(struct maker *m, int depth)
{
    struct made a = expression(m, depth - 1);
    struct made b = expression(m, depth - 1);
    struct str base = wrapped(m, a, ATOM);
    bool is_fraction = str_starts(base, STR("\\")) && str_find(base, STR("frac"), 0) == 1;
    is_fraction |= str_find(str_sub(base, 0, 7), STR("frac"), 0) >= 0;
    const char *open = is_fraction ? "{" : "";
    const char *close = is_fraction ? "}" : "";
    const char *how = below(m, 2) != 0 ? "%s%.*s%s^{%.*s}" : "%s%.*s%s^(%.*s)";
    struct str text =
        below(m, 2) != 0
            ? arena_fmt(m->mem, "%s%.*s%s^{%.*s}", open, STR_ARG(base), close, STR_ARG(b.text))
            : arena_fmt(m->mem, "%s%.*s%s^(%.*s)", open, STR_ARG(base), close, STR_ARG(b.text));
    (void)how;
    return (struct made){expr_pow(m->x, a.e, b.e), text, POWER};
}

static struct made call(struct maker *m, int depth)
{
    static const struct {
        enum expr_function f;
        const char *open;
        const char *close;
    } known[] = {{EXPR_SIN, "\\sin(", ")"},
                 {EXPR_SIN, "sin(", ")"},
                 {EXPR_COS, "\\cos\\left(", "\\right)"},
                 {EXPR_TAN, "\\tan{", "}"},
                 {EXPR_LN, "\\ln(", ")"},
                 {EXPR_ATAN, "\\arctan(", ")"},
                 {EXPR_ASIN, "\\sin^{-1}(", ")"},
                 {EXPR_FLOOR, "\\lfloor ", "\\rfloor "},
                 {EXPR_CEIL, "\\left\\lceil ", "\\right\\rceil "},
                 {EXPR_ABS, "\\left| ", "\\right| "},
                 {EXPR_ABS, "abs(", ")"},
                 {EXPR_FACTORIAL, "(", ")!"}};
    struct made a = expression(m, depth - 1);
    uint64_t k = below(m, sizeof known / sizeof *known);
    return (struct made){
        expr_call(m->x, known[k].f, a.e),
        arena_fmt(m->mem, "%s%.*s%s", known[k].open, STR_ARG(a.text), known[k].close),
        known[k].f == EXPR_FACTORIAL ? POWER : ATOM};
}

static struct made root(struct maker *m, int depth)
{
    static const char *const opens[][2] = {
        {"\\sqrt{", "}"}, {"sqrt(", ")"}, {"\xe2\x88\x9a(", ")"}};
    struct made a = expression(m, depth - 1);
    if (below(m, 3) == 0)
        return (struct made){expr_call2(m->x, EXPR_ROOT, a.e, expr_int(m->x, 3)),
                             arena_fmt(m->mem, "\\sqrt[3]{%.*s}", STR_ARG(a.text)), ATOM};
    uint64_t k = below(m, 3);
    return (struct made){expr_sqrt(m->x, a.e),
                         arena_fmt(m->mem, "%s%.*s%s", opens[k][0], STR_ARG(a.text), opens[k][1]),
                         ATOM};
}

static struct made two(struct maker *m, int depth)
{
    struct made a = expression(m, depth - 1);
    struct made b = expression(m, depth - 1);
    if (below(m, 2) != 0)
        return (struct made){
            expr_call2(m->x, EXPR_BINOMIAL, a.e, b.e),
            arena_fmt(m->mem, "\\binom{%.*s}{%.*s}", STR_ARG(a.text), STR_ARG(b.text)), ATOM};
    return (struct made){expr_call2(m->x, EXPR_LOG, a.e, b.e),
                         arena_fmt(m->mem, "\\log_{%.*s}(%.*s)", STR_ARG(b.text), STR_ARG(a.text)),
                         ATOM};
}

static struct made negative(struct maker *m, int depth)
{
    struct made a = expression(m, depth - 1);
    struct str text = wrapped(m, a, PRODUCT);
    return (struct made){expr_neg(m->x, a.e), arena_fmt(m->mem, "-%.*s", STR_ARG(text)), SUM};
}

static struct made expression(struct maker *m, int depth)
{
    static struct made (*const kinds[])(struct maker *, int) = {
        sum, product, side_by_side, quotient, power, call, root, two, negative};
    if (depth <= 0)
        return atom(m);
    return kinds[below(m, sizeof kinds / sizeof *kinds)](m, depth);
}

static bool is_among(const struct latex *r, int32_t e, int32_t n)
{
    for (int32_t i = 0; i < r->n && i < n; i++)
        if (r->readings[i].root == e)
            return true;
    return false;
}

Test(latex_properties, a_random_expression_is_read_as_it_was_built)
{
    uint64_t seed = support_seed(41);
    for (uint64_t i = 0; i < SUPPORT_SIZE(20000); i++) {
        struct arena mem = keep;
        struct exprs *x = exprs_open(&mem);
        struct arena text = tmp;
        struct maker m = {x, &text, seed, i, 0};
        struct made a = expression(&m, 1 + (int)(i % 5));
        struct latex r = latex_read(x, a.text, text);
        cr_assert_eq(r.end, LATEX_READ, "%llu: %.*s: %s at %lld", (unsigned long long)i,
                     STR_ARG(a.text), r.why, (long long)r.at);
        cr_assert(is_among(&r, a.e, 1), "%llu: %.*s", (unsigned long long)i, STR_ARG(a.text));
        exprs_close(x);
    }
}

/* A collection or statement over random expressions. */
static int32_t collection(struct maker *m)
{
    struct exprs *x = m->x;
    int32_t a[3];
    for (int i = 0; i < 3; i++)
        a[i] = expression(m, 1 + (int)below(m, 2)).e;
    int32_t n = expr_int(x, (int64_t)below(m, 9));
    int32_t ends[2] = {n, expr_int(x, 10 + (int64_t)below(m, 9))};
    int32_t s = expr_symbol(x, STR("x"));
    int32_t interval = expr_make(x, EXPR_INTERVAL, (int32_t)below(m, 4), STR(""), ends, 2);
    int32_t set = expr_make(x, EXPR_SET, 0, STR(""), a, 1 + (int32_t)below(m, 3));
    static const char *const lists[] = {"", "or", "and"};
    static const char *const chains[] = {"=", "<", "l", ">", "g", "!", "~"};
    switch (below(m, 14)) {
    case 0:
        return expr_make(x, EXPR_LIST, 0, str_of(lists[below(m, 3)]), a, 3);
    case 1:
        return expr_make(x, EXPR_TUPLE, 0, STR(""), a, 3);
    case 2:
        return set;
    case 3:
        return interval;
    case 4:
        return expr_make(x, EXPR_UNION, 0, STR(""), (int32_t[]){interval, set}, 2);
    case 5:
        return expr_make(x, EXPR_DIFFERENCE, 0, STR(""),
                         (int32_t[]){expr_constant(x, EXPR_REALS), set}, 2);
    case 6:
        return expr_make(x, EXPR_MATRIX, 1, STR(""), a, 3);
    case 7:
        return expr_make(x, EXPR_RELATION, 0, str_of(chains[below(m, 7)]), a, 2);
    case 8:
        return expr_make(x, EXPR_RELATION, 0, STR("<l"), a, 3);
    case 9:
        return expr_make(x, EXPR_RELATION, 0, STR("e"), (int32_t[]){s, interval}, 2);
    case 10:
        return expr_make(x, EXPR_PLUS_MINUS, (int32_t)below(m, 2), STR(""), a, 2);
    case 11:
        return expr_make(x, EXPR_MEASURE, 0, below(m, 2) != 0 ? STR("cm^2") : STR("%"), a, 1);
    case 12: {
        int32_t both[2];
        for (int i = 0; i < 2; i++)
            both[i] = expr_make(x, EXPR_RELATION, 0, STR("="), (int32_t[]){s, a[i]}, 2);
        return expr_make(x, below(m, 2) != 0 ? EXPR_OR : EXPR_AND, 0, STR(""), both, 2);
    }
    default: {
        int32_t more = expr_make(x, EXPR_RELATION, 0, STR(">"), (int32_t[]){s, a[0]}, 2);
        return expr_make(x, below(m, 2) != 0 ? EXPR_BUILDER : EXPR_FOR_ALL, 0, STR(""),
                         (int32_t[]){s, more}, 2);
    }
    }
}

Test(latex_properties, what_is_printed_is_read_back_as_the_same_node)
{
    uint64_t seed = support_seed(42);
    for (uint64_t i = 0; i < SUPPORT_SIZE(20000); i++) {
        struct arena mem = keep;
        struct exprs *x = exprs_open(&mem);
        struct arena text = tmp;
        struct maker m = {x, &text, seed, i, 0};
        int32_t e = i % 2 == 0 ? expression(&m, 1 + (int)(i % 5)).e : collection(&m);
        CLEANUP(buf_free) struct buf out = {0};
        expr_print(x, e, LIMIT_MIB, &out);
        struct latex r = latex_read(x, buf_str(&out), text);
        cr_assert_eq(r.end, LATEX_READ, "%llu: %s: %s at %lld", (unsigned long long)i, out.at,
                     r.why, (long long)r.at);
        cr_assert(is_among(&r, e, LATEX_READINGS), "%llu: %s", (unsigned long long)i, out.at);
        exprs_close(x);
    }
}

Test(latex_properties, printing_stops_at_its_limit)
{
    struct exprs *x = exprs_open(&keep);
    struct latex r = latex_read(x, STR("(x+1)(x+2)(x+3)(x+4)(x+5)"), tmp);
    cr_assert_eq(r.end, LATEX_READ);
    for (int64_t n = 0; n < 60; n++) {
        CLEANUP(buf_free) struct buf out = {0};
        expr_print(x, r.readings[0].root, n, &out);
        cr_assert_leq(out.n, n + 3);
    }
    exprs_close(x);
}

/* ------------------------------------------------------------------------------- hostile */

static struct str repeat(const char *before, const char *one, int64_t n_bytes, const char *after)
{
    CLEANUP(buf_free) struct buf b = {0};
    buf_put(&b, str_of(before));
    int64_t n = (int64_t)strlen(one);
    while (b.n + n <= n_bytes)
        buf_put(&b, str_of(one));
    buf_put(&b, str_of(after));
    return arena_str(&keep, buf_str(&b));
}

/* Before, repeated, after. */
static const char *const patterns[][3] = {{"", "9", ""},
                                          {"0.", "3", "..."},
                                          {"", "(", ""},
                                          {"", "((1)+", ""},
                                          {"", "\\frac", "12"},
                                          {"", "\\frac{", "1"},
                                          {"1", "+1/7", ""},
                                          {"x", "*99999", ""},
                                          {"", "1,", "1"},
                                          {"\\{", "1,2,", "1\\}"},
                                          {"", "(1,2),", "1"},
                                          {"x", "=x", "=1"},
                                          {"", "\\text{", "5"},
                                          {"1", ",234", ""},
                                          {"9", "^9", ""},
                                          {"", "1 and ", "1"},
                                          {"", "\\{1,", "2"},
                                          {"", "ab ", ""},
                                          {"", "-", "1"},
                                          {"", "$", ""},
                                          {"", "|", ""},
                                          {"x", "|x", ""},
                                          {"", "|x|", ""},
                                          {"", "**", ""},
                                          {"", ".", ""},
                                          {"(", "x_1,", "y)=1"},
                                          {"", "5 percent ", ""},
                                          {"1", "^{1", "2"},
                                          {"5", "!", ""},
                                          {"", "f(", "x"},
                                          {"", "\\sqrt", "2"},
                                          {"", "\\sin", "x"},
                                          {"x", "+x_{1}", ""},
                                          {"", "{", ""},
                                          {"", "}", ""},
                                          {"", "\\left(", ""},
                                          {"n\\equiv 1", ",1", ""},
                                          {"", "a\\equiv b,", "1"},
                                          {"", "[", "1"},
                                          {"", "]", "1"},
                                          {"", "x>1 or ", "x<0"},
                                          {"", "\\begin{cases}", ""},
                                          {"", "1&", ""},
                                          {"", "\\log_", "2"},
                                          {"", "\\hspace{", ""},
                                          {"", "\xc2\xb2", ""},
                                          {"x", "\xe2\x82\x81", ""},
                                          {"", "\"", ""},
                                          {"", "12 ", ""},
                                          {"", "for all ", "x"},
                                          {"x", ":x", ""},
                                          {"", "\\boxed{", "1"},
                                          {"", "\\overline", ""},
                                          {"5 ", "apples ", ""},
                                          {"5 cm", "/cm", ""},
                                          {"1/2", "x", ""}};

Test(latex_properties, work_is_linear_whatever_the_text)
{
    int64_t worst = 0;
    for (size_t k = 0; k < sizeof patterns / sizeof *patterns; k++) {
        struct str text =
            repeat(patterns[k][0], patterns[k][1], LIMIT_ANSWER_BYTES - 16, patterns[k][2]);
        struct arena mem = keep;
        struct exprs *x = exprs_open(&mem);
        int64_t t0 = clock_ns();
        struct latex r = latex_read(x, text, tmp);
        int64_t ms = (clock_ns() - t0) / 1000000;
        cr_assert(r.end != LATEX_READ || r.n > 0);
        cr_expect_lt(ms, 5000, "%s: %lld ms", patterns[k][1], (long long)ms);
        worst = ms > worst ? ms : worst;
        if (r.end == LATEX_READ) {
            CLEANUP(buf_free) struct buf out = {0};
            expr_print(x, r.readings[0].root, LIMIT_KIB, &out);
            cr_assert_leq(out.n, LIMIT_KIB + 3);
        }
        exprs_close(x);
    }
    cr_log_info("slowest %lld ms", (long long)worst);
}

Test(latex_properties, limits_are_named)
{
    struct exprs *x = exprs_open(&keep);
    struct str deep = repeat("", "(", 2000, "1");
    struct latex r = latex_read(x, deep, tmp);
    cr_assert_eq(r.end, LATEX_TOO_LONG);
    cr_assert_str_eq(r.why, "nested too deeply");
    r = latex_read(x, repeat("", "7", 2 * LIMIT_ANSWER_BYTES, ""), tmp);
    cr_assert_eq(r.end, LATEX_TOO_LONG);
    r = latex_read(x, repeat("1", ",1", 2 * LIMIT_MATH_ARGS + 100, ""), tmp);
    cr_assert_eq(r.end, LATEX_TOO_LONG);
    r = latex_read(x, STR("1.5e99999999999999999999"), tmp);
    cr_assert_eq(r.end, LATEX_TOO_LONG);
    r = latex_read(x, STR("2003^{2002^{2001^{2000}}}"), tmp);
    cr_assert_eq(r.end, LATEX_READ, "a tower is a node, nothing computes it");
    r = latex_read(x, STR("((((5!)!)!)!)!"), tmp);
    cr_assert_eq(r.end, LATEX_READ);
    exprs_close(x);
}
