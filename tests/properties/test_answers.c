/* Laws of equal_decide that hold whatever the answers are: equality is transitive, writing the same
 * thing otherwise changes no verdict, numbers are equal in every form they have, and spoilt text
 * only ever costs a verdict. All seeded: SEED=... repeats a failure. */
#include "base/json.h"
#include "base/limits.h"
#include "base/rng.h"
#include "graders/math/equal.h"
#include "tests/support/support.h"

static struct arena keep;
static struct arena one; /* what a single decision keeps */
static struct arena tmp;

static void set_up(void)
{
    arena_init(&keep, "keep", LIMIT_ARENA_ITEM);
    arena_init(&one, "one", LIMIT_ARENA_ITEM);
    arena_init(&tmp, "tmp", LIMIT_ARENA_TMP);
}

static void tear_down(void)
{
    arena_fini(&keep);
    arena_fini(&one);
    arena_fini(&tmp);
}

TestSuite(answers_properties, .init = set_up, .fini = tear_down, .timeout = 300);

static struct equal decide(struct str gold, struct str pred)
{
    static const struct equal_policy defaults;
    arena_reset(&one);
    return equal_decide(gold, pred, &defaults, &one, tmp);
}

/* A stream of random choices. */
struct dice {
    uint64_t seed;
    uint64_t n;
};

static int64_t roll(struct dice *d, int64_t n)
{
    return (int64_t)rng_below(d->seed, 0, d->n++, (uint64_t)n);
}

/* ------------------------------------------------------------------------------- transitivity */

enum { SAME_MAX = 7, MISS_MAX = 4 };

/* Texts that say the same, and near misses of them that say something else, each another thing. */
static const struct group {
    const char *same[SAME_MAX];
    const char *miss[MISS_MAX];
} groups[] = {
    {{"\\frac{3}{2}", "1.5", "1\\frac12", "3/2", "150\\%", "\\frac{\\log 8}{\\log 4}", "\\log_4 8"},
     {"\\frac23", "1.6", "-\\frac32", "15"}},
    {{"\\sqrt2+\\sqrt3", "\\sqrt{5+2\\sqrt6}", "sqrt(2)+sqrt(3)", "√3+√2",
      "\\frac{1}{\\sqrt3-\\sqrt2}", "\\sqrt[4]{49+20\\sqrt6}"},
     {"\\sqrt5", "\\sqrt3-\\sqrt2", "\\sqrt{5-2\\sqrt6}+10^{-30}", "\\pi"}},
    {{"\\frac{\\pi}{4}", "pi/4", "0.25\\pi", "\\arctan 1", "4\\arctan\\frac15-\\arctan\\frac1{239}",
      "\\arctan\\frac12+\\arctan\\frac13"},
     {"\\frac{4}{\\pi}", "\\frac{\\pi}{3}", "\\frac{11}{14}", "\\arctan\\frac{239}{240}"}},
    {{"\\ln 12", "2\\ln2+\\ln 3", "\\ln 4+\\ln 3", "-\\ln\\frac1{12}", "\\frac12\\ln 144",
      "\\frac{\\ln 144}{\\ln e^2}"},
     {"\\ln 2\\ln 6", "\\ln 7", "\\ln 13", "12"}},
    {{"\\frac{-1+i\\sqrt3}{2}", "e^{2\\pi i/3}", "-\\frac12+\\frac{\\sqrt3}{2}i",
      "\\cos 120^\\circ+i\\sin 120^\\circ", "\\frac{-1+\\sqrt{-3}}{2}"},
     {"\\frac{-1-i\\sqrt3}{2}", "e^{\\pi i/3}", "1", "\\frac{i+\\sqrt3}{2}"}},
    {{"(x+1)^2", "x^2+2x+1", "x(x+2)+1", "(x+1)(1+x)", "x**2+2*x+1", "(-x-1)^2"},
     {"x^2+1", "(x-1)^2", "(y+1)^2", "x^2+2x"}},
    {{"\\frac{n(n+1)}{2}", "\\binom{n+1}{2}", "\\frac{n^2+n}{2}", "\\sum_{k=1}^n k",
      "\\frac{(n+1)!}{2(n-1)!}"},
     {"\\binom n3", "n(n+1)", "\\frac{n^2-n}{2}", "\\sum_{k=1}^{n+1} k"}},
    {{"\\{1,2\\}", "\\{2,1\\}", "1, 2", "\\left\\{1,\\frac42\\right\\}", "\\{2\\}\\cup\\{1\\}"},
     {"\\{1,2,3\\}", "\\{1\\}", "\\{1,-2\\}", "3"}},
    {{"(1,2,\\sqrt8)", "(1, 2, 2\\sqrt2)", "\\left(1,\\frac{4}{2},\\sqrt{8}\\right)"},
     {"(2,1,\\sqrt8)", "(1,2)", "(1,2,\\sqrt7)", "(1,2,\\sqrt8,0)"}},
    {{"(-\\infty,0)\\cup(0,\\infty)", "\\mathbb{R}\\setminus\\{0\\}",
      "(0,\\infty)\\cup(-\\infty,0)", "(-oo,0) U (0,oo)"},
     {"(-\\infty,\\infty)", "(0,\\infty)", "(-\\infty,0]\\cup(1,\\infty)",
      "\\mathbb{R}\\setminus\\{1\\}"}},
    {{"3x-y+13=0", "y=3x+13", "13+3x=y", "6x-2y+26=0", "x=\\frac{y-13}{3}"},
     {"3x+4y+14=0", "3x-y-13=0", "3x+y+13=0", "y=13x+3"}},
    {{"-3<x<3", "|x|<3", "3>x>-3", "x>-3 \\text{ and } x<3"},
     {"|x|\\le3", "x<3", "|x|<4", "|x|>3"}},
    {{"\\pm\\sqrt2", "\\sqrt2, -\\sqrt2", "\\{-\\sqrt2,\\sqrt2\\}",
      "\\sqrt2 \\text{ or } -\\sqrt2"},
     {"\\sqrt2", "\\pm 2", "-\\sqrt2", "\\pm\\sqrt3"}},
    {{"\\frac{1}{2004!}", "\\frac{1}{2004\\cdot2003!}", "1/2004!", "\\frac{2005}{2005!}"},
     {"\\frac{1}{2006!}", "0", "\\frac{1}{2005!}", "-\\frac1{2004!}"}},
    {{"2^{-99}", "\\frac{1}{2^{99}}", "\\frac{2}{4^{50}}", "0.5^{99}"},
     {"2^{-98}", "4^{-48}", "2^{99}", "-2^{99}"}},
};
enum { N_GROUPS = sizeof groups / sizeof groups[0] };

static int64_t count_of(const char *const *texts, int64_t n_max)
{
    int64_t n = 0;
    while (n < n_max && texts[n] != NULL)
        n++;
    return n;
}

/* Any text of the group; *is_same tells which kind. */
static struct str draw(const struct group *g, struct dice *d, int *which)
{
    int64_t n_same = count_of(g->same, SAME_MAX);
    int64_t i = roll(d, n_same + count_of(g->miss, MISS_MAX));
    *which = i < n_same ? -1 : (int)(i - n_same);
    return str_of(i < n_same ? g->same[i] : g->miss[i - n_same]);
}

Test(answers_properties, members_of_a_group_are_equal_and_near_misses_are_not)
{
    int64_t n_equal = 0;
    int64_t n_asked = 0;
    for (int64_t g = 0; g < N_GROUPS; g++) {
        int64_t n_same = count_of(groups[g].same, SAME_MAX);
        int64_t n_miss = count_of(groups[g].miss, MISS_MAX);
        for (int64_t i = 0; i < n_miss; i++)
            for (int64_t k = 0; k < i; k++)
                cr_expect_neq(decide(str_of(groups[g].miss[i]), str_of(groups[g].miss[k])).verdict,
                              EQUAL_YES, "%s | %s", groups[g].miss[i], groups[g].miss[k]);
        for (int64_t i = 0; i < n_same; i++) {
            for (int64_t k = 0; k < n_same; k++) {
                struct equal got = decide(str_of(groups[g].same[i]), str_of(groups[g].same[k]));
                n_asked++;
                n_equal += got.verdict == EQUAL_YES;
                if (got.verdict != EQUAL_YES)
                    support_say("%s | %s: %s, %.*s", groups[g].same[i], groups[g].same[k],
                                equal_verdict_name(got.verdict), STR_ARG(got.why));
                cr_expect_neq(got.verdict, EQUAL_NO);
            }
            for (int64_t k = 0; k < n_miss; k++) {
                struct equal got = decide(str_of(groups[g].same[i]), str_of(groups[g].miss[k]));
                cr_expect_neq(got.verdict, EQUAL_YES, "%s | %s", groups[g].same[i],
                              groups[g].miss[k]);
            }
        }
    }
    cr_assert_geq(100 * n_equal, 98 * n_asked, "%lld of %lld", (long long)n_equal,
                  (long long)n_asked);
}

Test(answers_properties, equality_is_transitive_on_random_triples)
{
    struct dice d = {.seed = support_seed(4)};
    for (int64_t t = 0; t < SUPPORT_SIZE(20000); t++) {
        const struct group *g = &groups[roll(&d, N_GROUPS)];
        int which[3];
        struct str a = draw(g, &d, &which[0]);
        struct str b = draw(g, &d, &which[1]);
        struct str c = draw(roll(&d, 8) == 0 ? &groups[roll(&d, N_GROUPS)] : g, &d, &which[2]);
        if (decide(a, b).verdict != EQUAL_YES || decide(b, c).verdict != EQUAL_YES)
            continue;
        cr_assert_eq(which[0], which[1], "%.*s | %.*s", STR_ARG(a), STR_ARG(b));
        cr_assert_neq(decide(a, c).verdict, EQUAL_NO, "%.*s | %.*s | %.*s", STR_ARG(a), STR_ARG(b),
                      STR_ARG(c));
    }
}

/* ------------------------------------------------------------------------------- rewriting */

static bool has(struct str s, const char *what)
{
    return str_find(s, str_of(what), 0) >= 0;
}

/* s with every `from` as `to`; a command's name must end where `from` ends. */
static bool replace_all(struct str s, const char *from, const char *to, struct buf *out)
{
    struct str f = str_of(from);
    int64_t at = 0;
    bool is_changed = false;
    for (int64_t i = str_find(s, f, 0); i >= 0; i = str_find(s, f, at)) {
        char next = i + f.n < s.n ? s.at[i + f.n] : ' ';
        bool is_longer = f.at[0] == '\\' && ((next | 32) >= 'a' && (next | 32) <= 'z');
        buf_put(out, str_sub(s, at, i));
        buf_put(out, is_longer ? f : str_of(to));
        is_changed = is_changed || !is_longer;
        at = i + f.n;
    }
    buf_put(out, str_sub(s, at, s.n));
    return is_changed;
}

static bool wide_frac(struct str s, struct buf *out)
{
    return replace_all(s, "\\frac", "\\dfrac", out);
}

static bool cdot_for_times(struct str s, struct buf *out)
{
    return replace_all(s, "\\times", "\\cdot ", out);
}

static bool times_for_cdot(struct str s, struct buf *out)
{
    return replace_all(s, "\\cdot", "\\times ", out);
}

static bool plus_with_spaces(struct str s, struct buf *out)
{
    return !has(s, "\\text") && replace_all(s, "+", " + ", out);
}

static bool equals_with_spaces(struct str s, struct buf *out)
{
    return !has(s, ">=") && !has(s, "<=") && replace_all(s, "=", " = ", out);
}

static bool thin_space_before_comma(struct str s, struct buf *out)
{
    return !has(s, "{,}") && !has(s, ",\\!") && has(s, ", ") && replace_all(s, ", ", "\\, , ", out);
}

/* Only where every bracket is round and closes, so that each \left meets its \right. */
static bool sized_brackets(struct str s, struct buf *out)
{
    int64_t depth = 0;
    for (int64_t i = 0; i < s.n; i++) {
        char before = i > 0 ? s.at[i - 1] : ' ';
        depth += s.at[i] == '(';
        depth -= s.at[i] == ')';
        if (depth < 0 || s.at[i] == '[' || s.at[i] == ']')
            return false;
        /* after \( , a \left already there, 0.(3), or the name of a function in plain text */
        if (s.at[i] == '(' &&
            (before == '\\' || before == '.' || before == 't' || before == 'r' || before == 'l' ||
             before == 'n' || before == 'p' || before == 'g' || before == 's'))
            return false;
    }
    struct buf half = {0};
    bool is_changed = depth == 0 && has(s, "(") && !has(s, "\\text") && !has(s, "->");
    if (is_changed) {
        (void)replace_all(s, "(", "\\left(", &half);
        (void)replace_all(buf_str(&half), ")", "\\right)", out);
    }
    buf_free(&half);
    return is_changed;
}

static bool wrap(struct str s, const char *before, const char *after, struct buf *out)
{
    buf_put(out, str_of(before));
    buf_put(out, s);
    buf_put(out, str_of(after));
    return true;
}

static bool has_math_marks(struct str s)
{
    return has(s, "$") || has(s, "\\(") || has(s, "\\[");
}

static bool in_dollars(struct str s, struct buf *out)
{
    return !has_math_marks(s) && wrap(s, "$", "$", out);
}

static bool in_display(struct str s, struct buf *out)
{
    return !has_math_marks(s) && wrap(s, "\\[", "\\]", out);
}

static bool with_space_around(struct str s, struct buf *out)
{
    return wrap(s, "  ", " \\; ", out);
}

/* Everything that binds looser than + or reaches over it. */
static bool sum_is_at_top(struct str s)
{
    static const char *const looser[] = {
        ",",     "=",      "<",       ">",       "|",       ":",       "\\pm",   "\\mp",    "\\le",
        "\\ge",  "\\ne",   "\\cup",   "\\cap",   "\\in",    "\\text",  "\\sum",  "\\prod",  "\\int",
        "\\lim", "\\bmod", "\\equiv", "\\begin", "\\ldots", "\\cdots", "\\dots", "and",     "or",
        "%",     "°",      "$",       "±",       "∑",       ";",       "\\circ", "\\color", "mod",
    };
    for (size_t i = 0; i < sizeof looser / sizeof looser[0]; i++)
        if (has(s, looser[i]))
            return false;
    return true;
}

static bool in_braces(struct str s, struct buf *out)
{
    /* Round a list, a ratio or a statement they would make a set. */
    return sum_is_at_top(s) && wrap(s, "{", "}", out);
}

/* a+b+c as b+c+a. */
static bool sum_turned(struct str s, struct buf *out)
{
    int64_t depth = 0;
    if (!sum_is_at_top(s) || s.n == 0 || s.at[0] == '-' || s.at[0] == '+')
        return false;
    for (int64_t i = 0; i < s.n; i++) {
        depth += strchr("({[", s.at[i]) != NULL;
        depth -= strchr(")}]", s.at[i]) != NULL;
        if (depth > 0 || s.at[i] != '+')
            continue;
        struct str right = str_trim(str_sub(s, i + 1, s.n));
        if (i == 0 || strchr("^_*/+-", s.at[i - 1]) != NULL || right.n == 0 || right.at[0] == '-')
            return false;
        buf_put(out, right);
        buf_byte(out, '+');
        buf_put(out, str_sub(s, 0, i));
        return true;
    }
    return false;
}

static bool (*const rewrites[])(struct str, struct buf *) = {
    wide_frac,  cdot_for_times,     times_for_cdot,          plus_with_spaces,
    in_dollars, equals_with_spaces, thin_space_before_comma, sized_brackets,
    in_display, in_braces,          with_space_around,       sum_turned,
};
static const char *const rewrite_names[] = {
    "wide frac",  "cdot for times",     "times for cdot",    "plus with spaces",
    "in dollars", "equals with spaces", "thin before comma", "sized brackets",
    "in display", "in braces",          "space around",      "sum turned",
};
enum { N_REWRITES = sizeof rewrites / sizeof rewrites[0], ROWS_MAX = 4096 };

static struct str golds[ROWS_MAX];
static struct str preds[ROWS_MAX];
static int64_t n_rows;

static void read_rows(const char *path)
{
    struct str rest = support_read(path, &keep);
    struct str line;
    while (str_split(&rest, '\n', &line)) {
        struct err e = {0};
        struct json *j = NULL;
        if (line.n == 0)
            continue;
        cr_assert_lt(n_rows, ROWS_MAX);
        ASSERT_OK(json_parse(line, path, &j, &e), e);
        cr_assert(json_str(json_get(j, "gold"), &golds[n_rows]));
        cr_assert(json_str(json_get(j, "pred"), &preds[n_rows]));
        golds[n_rows] = arena_str(&keep, golds[n_rows]);
        preds[n_rows] = arena_str(&keep, preds[n_rows]);
        n_rows++;
        json_free(j);
    }
}

static void read_all_rows(void)
{
    read_rows("tests/golden/answers/numbers.jsonl");
    read_rows("tests/golden/answers/radicals.jsonl");
    read_rows("tests/golden/answers/functions.jsonl");
    read_rows("tests/golden/answers/collections.jsonl");
    read_rows("tests/golden/answers/statements.jsonl");
    cr_assert_gt(n_rows, 700);
}

/* The rewritten gold equals the gold and does with the pred what the gold does. */
static bool rewrite_changes_nothing(int64_t i, int64_t r, struct str text)
{
    if (decide(golds[i], STR("1")).gold_read.n == 0)
        return true; /* not understood: tests/golden/test_answers.c lists it */
    if (str_starts(golds[i], STR("{}")) && str_starts(text, STR("{{}")))
        return true; /* an empty group behind a bracket may be an index's place */
    struct equal with_itself = decide(golds[i], text);
    enum equal_verdict before = decide(golds[i], preds[i]).verdict;
    struct equal after = decide(text, preds[i]);
    if (with_itself.verdict == EQUAL_YES && after.verdict == before)
        return true;
    cr_log_error("%s: %.*s as %.*s: %s with itself; with %.*s %s, was %s", rewrite_names[r],
                 STR_ARG(golds[i]), STR_ARG(text), equal_verdict_name(with_itself.verdict),
                 STR_ARG(preds[i]), equal_verdict_name(after.verdict), equal_verdict_name(before));
    return false;
}

Test(answers_properties, writing_the_same_otherwise_changes_no_verdict)
{
    int64_t n_bad = 0;
    int64_t n_used[N_REWRITES] = {0};
    read_all_rows();
    for (int64_t i = 0; i < n_rows; i++)
        for (int64_t r = 0; r < N_REWRITES; r++) {
            struct buf text = {0};
            if (rewrites[r](golds[i], &text)) {
                n_used[r]++;
                n_bad += !rewrite_changes_nothing(i, r, buf_str(&text));
            }
            buf_free(&text);
        }
    for (int64_t r = 0; r < N_REWRITES; r++)
        cr_assert_gt(n_used[r], 5, "%s was never possible", rewrite_names[r]);
    cr_assert_eq(n_bad, 0, "%lld rewritten answers", (long long)n_bad);
}

/* ------------------------------------------------------------------------------- forms of numbers
 */

static void put_digits(struct buf *out, int64_t p, int64_t q, int64_t n_digits)
{
    for (int64_t i = 0; i < n_digits; i++) {
        p = p % q * 10;
        buf_byte(out, (char)('0' + p / q));
    }
}

/* 0.1\overline{6}: digits before the period and in it, by the remainders of long division. */
static void put_period(struct buf *out, int64_t p, int64_t q)
{
    int64_t n_before = 0;
    int64_t n_period = 1;
    int64_t r = p % q;
    for (int64_t rest = q; rest % 2 == 0 || rest % 5 == 0; n_before++)
        rest = rest % 10 == 0 ? rest / 10 : rest % 2 == 0 ? rest / 2 : rest / 5;
    for (int64_t i = 0; i < n_before; i++)
        r = r * 10 % q;
    for (int64_t t = r * 10 % q; t != r; t = t * 10 % q)
        n_period++;
    buf_fmt(out, "%lld.", (long long)(p / q));
    put_digits(out, p, q, n_before);
    buf_fmt(out, "\\overline{");
    struct buf all = {0};
    put_digits(&all, p, q, n_before + n_period);
    buf_put(out, str_sub(buf_str(&all), n_before, all.n));
    buf_byte(out, '}');
    buf_free(&all);
}

enum { N_FORMS = 12 };

/* p/q in form i; p, q > 0. */
static void put_form(struct buf *out, int64_t i, int64_t p, int64_t q, int64_t k)
{
    long long a = p;
    long long b = q;
    switch (i) {
    case 0:
        buf_fmt(out, "\\frac{%lld}{%lld}", a, b);
        return;
    case 1:
        buf_fmt(out, "%lld/%lld", a, b);
        return;
    case 2:
        buf_fmt(out, "\\dfrac{%lld}{%lld}", a * k, b * k);
        return;
    case 3:
        put_period(out, p, q);
        return;
    case 4:
        buf_fmt(out, "-\\frac{%lld}{-%lld}", a, b);
        return;
    case 5:
        buf_fmt(out, "\\frac{%lld00}{%lld}\\%%", a, b);
        return;
    case 6:
        buf_fmt(out, "%lld \\cdot %lld^{-1}", a, b);
        return;
    case 7:
        buf_fmt(out, "\\left(\\frac{%lld}{%lld}\\right)^{-1}", b, a);
        return;
    case 8:
        buf_fmt(out, "%lld+\\frac{%lld}{%lld}", a / b, a % b, b);
        return;
    case 9:
        buf_fmt(out, "\\sqrt{\\frac{%lld}{%lld}}", a * a, b * b);
        return;
    case 10:
        buf_fmt(out, "%lld÷%lld", a, b);
        return;
    default:
        buf_fmt(out, "\\sqrt[3]{%lld}/%lld", a * a * a, b);
        return;
    }
}

Test(answers_properties, a_number_equals_itself_in_every_form)
{
    struct dice d = {.seed = support_seed(5)};
    for (int64_t t = 0; t < SUPPORT_SIZE(4000); t++) {
        int64_t p = 1 + roll(&d, 400);
        int64_t q = 1 + roll(&d, 60);
        struct buf a = {0};
        struct buf b = {0};
        struct buf c = {0};
        put_form(&a, roll(&d, N_FORMS), p, q, 1 + roll(&d, 9));
        put_form(&b, roll(&d, N_FORMS), p, q, 1 + roll(&d, 9));
        put_form(&c, roll(&d, N_FORMS), p * 7 + 1, q * 7, 1 + roll(&d, 9));
        cr_assert_eq(decide(buf_str(&a), buf_str(&b)).verdict, EQUAL_YES, "%s | %s", a.at, b.at);
        cr_assert_eq(decide(buf_str(&a), buf_str(&c)).verdict, EQUAL_NO, "%s | %s", a.at, c.at);
        buf_free(&a);
        buf_free(&b);
        buf_free(&c);
    }
}

static void put_grouped(struct buf *out, int64_t v, const char *mark)
{
    if (v < 1000) {
        buf_fmt(out, "%lld", (long long)v);
        return;
    }
    int64_t high[4] = {0};
    int64_t n = 0;
    for (; v >= 1000; v /= 1000)
        high[n++] = v % 1000;
    buf_fmt(out, "%lld", (long long)v);
    while (n-- > 0)
        buf_fmt(out, "%s%03lld", mark, (long long)high[n]);
}

Test(answers_properties, thousands_in_every_style_are_one_number)
{
    static const char *const marks[] = {"", ",", "{,}", "\\,", " ", ",\\!"};
    struct dice d = {.seed = support_seed(6)};
    for (int64_t t = 0; t < SUPPORT_SIZE(3000); t++) {
        int64_t v = 1000 + roll(&d, 1000000000);
        struct buf a = {0};
        struct buf b = {0};
        struct buf c = {0};
        put_grouped(&a, v, marks[roll(&d, 6)]);
        put_grouped(&b, v, marks[roll(&d, 6)]);
        put_grouped(&c, v + 1 + roll(&d, 9), marks[roll(&d, 6)]);
        cr_assert_eq(decide(buf_str(&a), buf_str(&b)).verdict, EQUAL_YES, "%s | %s", a.at, b.at);
        cr_assert_eq(decide(buf_str(&a), buf_str(&c)).verdict, EQUAL_NO, "%s | %s", a.at, c.at);
        buf_free(&a);
        buf_free(&b);
        buf_free(&c);
    }
}

/* ------------------------------------------------------------------------------- spoilt text */

/* A few random edits: bytes taken out, doubled, exchanged or new. */
static struct str spoilt(struct str s, struct dice *d)
{
    static const char fresh[] = "\\{}()[]^_$,.|+-*/=<>!%&~'0123456789abcxyzie \n\"\x80\xff";
    struct buf out = {0};
    int64_t n_edits = 1 + roll(d, 4);
    buf_put(&out, s);
    for (int64_t i = 0; i < n_edits && out.n > 1; i++) {
        int64_t at = roll(d, out.n);
        if (roll(d, 3) == 0)
            out.at[at] = fresh[roll(d, (int64_t)sizeof fresh - 1)];
        else if (roll(d, 2) == 0)
            out.at[at] = out.at[roll(d, out.n)];
        else {
            memmove(out.at + at, out.at + at + 1, (size_t)(out.n - at - 1));
            out.n--;
        }
    }
    struct str copy = arena_str(&keep, buf_str(&out));
    buf_free(&out);
    return copy;
}

/* Rounding looks at the gold's digits alone, also where it leaves a pair undecided. */
static bool is_by_policy(const struct equal *e)
{
    return e->level == LEVEL_P || strstr(e->method, "round") != NULL;
}

Test(answers_properties, spoilt_text_never_breaks_symmetry_or_its_own_identity)
{
    struct dice d = {.seed = support_seed(7)};
    read_all_rows();
    for (int64_t t = 0; t < SUPPORT_SIZE(20000); t++) {
        int64_t i = roll(&d, n_rows);
        struct str a = spoilt(golds[i], &d);
        struct str b = roll(&d, 2) == 0 ? preds[i] : spoilt(preds[i], &d);
        struct equal there = decide(a, b);
        enum equal_verdict verdict = there.verdict;
        bool by_policy = is_by_policy(&there);
        struct equal back = decide(b, a);
        by_policy = by_policy || is_by_policy(&back);
        cr_assert(by_policy || back.verdict == verdict, "%.*s | %.*s: %s and %s", STR_ARG(a),
                  STR_ARG(b), equal_verdict_name(verdict), equal_verdict_name(back.verdict));
        cr_assert_neq(decide(a, a).verdict, EQUAL_NO, "%.*s", STR_ARG(a));
    }
}

Test(answers_properties, texts_of_the_largest_size_end)
{
    static const char *const pieces[] = {
        "(",
        "{",
        "\\frac{1}{",
        "\\sqrt{",
        "2^{",
        "\\left(",
        "-",
        "!",
        "1+",
        "x*",
        "9",
        "1,",
        "[",
        "\\{",
        "|",
        "_{",
        "\\text{",
        "$",
        "\\pm",
        "&",
        "\\\\",
        "\\overline{",
        "√",
        "x=",
        "\\log_{",
        "\\sin ",
        "\\sum_{k=1}^{",
        "e^{",
        "\\begin{pmatrix}1",
        "\xff",
        "<x",
        "1.",
    };
    static const int64_t sizes[] = {1000, LIMIT_ANSWER_BYTES - 8, LIMIT_ANSWER_BYTES + 8};
    for (size_t p = 0; p < sizeof pieces / sizeof pieces[0]; p++)
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
            struct buf text = {0};
            while (text.n < sizes[s])
                buf_put(&text, str_of(pieces[p]));
            buf_put(&text, STR("7"));
            cr_expect_neq(decide(STR("8"), buf_str(&text)).verdict, EQUAL_YES, "%s", pieces[p]);
            cr_expect_neq(decide(buf_str(&text), buf_str(&text)).verdict, EQUAL_NO, "%s",
                          pieces[p]);
            buf_free(&text);
        }
}
