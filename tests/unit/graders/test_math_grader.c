#include <stdlib.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/rng.h"
#include "graders/math/math.h"
#include "tests/support/support.h"

static struct arena keep;
static struct arena tmp;
static struct err e;

static void set_up(void)
{
    arena_init(&keep, "keep", LIMIT_ARENA_ITEM);
    arena_init(&tmp, "tmp", LIMIT_ARENA_TMP);
    e = (struct err){0};
}

static void tear_down(void)
{
    arena_fini(&keep);
    arena_fini(&tmp);
}

TestSuite(math_grader, .init = set_up, .fini = tear_down);

/* Judges with {"answer": gold}; the documents live as long as the test. */
static bool try_judge(struct str gold_json, struct str reply, struct grade *g)
{
    struct json *key = NULL;
    struct json *definition = NULL;
    enum grade_next next = GRADE_ASK;
    struct str text = arena_fmt(&keep, "{\"a\": %.*s}", STR_ARG(gold_json));
    ASSERT_OK(json_parse(text, "key", &key, &e), e);
    ASSERT_OK(json_parse(STR("{\"fields\": {\"answer\": \"a\"}}"), "definition", &definition, &e),
              e);
    struct grade_in in = {.reply = reply, .key = key, .definition = definition};
    bool ok = grader_math.judge(&in, &next, g, NULL, &keep, tmp, &e);
    cr_assert(!ok || next == GRADE_DONE);
    json_free(key);
    json_free(definition);
    return ok;
}

static struct grade judge(struct str gold, struct str reply)
{
    struct grade g = {0};
    struct buf quoted = {0};
    json_quote(&quoted, gold);
    bool ok = try_judge(buf_str(&quoted), reply, &g);
    buf_free(&quoted);
    cr_assert(ok, "%.*s: %s", STR_ARG(gold), e.text);
    return g;
}

/* Every row of the golden file: {"gold", "reply", "verdict", "why"}. All failures are listed. */
Test(math_grader, every_golden_case_gets_its_verdict, .timeout = 60)
{
    struct str rest = support_read("tests/golden/answers/cases.jsonl", &keep);
    struct str line;
    int64_t n = 0;
    int64_t n_bad = 0;
    while (str_split(&rest, '\n', &line)) {
        struct json *row = NULL;
        struct str gold;
        struct str reply;
        struct str verdict;
        struct str why;
        if (line.n == 0)
            continue;
        n++;
        ASSERT_OK(json_parse(line, "cases.jsonl", &row, &e), e);
        cr_assert(json_str(json_get(row, "gold"), &gold) &&
                      json_str(json_get(row, "reply"), &reply) &&
                      json_str(json_get(row, "verdict"), &verdict) &&
                      json_str(json_get(row, "why"), &why),
                  "line %lld: a field is missing", (long long)n);
        struct grade g = judge(gold, reply);
        struct str got = verdict_name(g.verdict);
        if (!str_eq(got, verdict)) {
            n_bad++;
            cr_log_error("line %lld: %.*s, want %.*s: gold %.*s, reply %.*s [%.*s] %.*s",
                         (long long)n, STR_ARG(got), STR_ARG(verdict), STR_ARG(gold),
                         STR_ARG(reply), STR_ARG(why), STR_ARG(g.evidence));
        }
        cr_assert_eq(g.score, g.verdict == VERDICT_RIGHT ? 1.0 : 0.0);
        json_free(row);
    }
    cr_assert_geq(n, 250);
    cr_assert_eq(n_bad, 0, "%lld of %lld rows", (long long)n_bad, (long long)n);
}

Test(math_grader, it_is_in_the_registry)
{
    cr_assert_eq(grader_find(STR("math")), &grader_math);
}

/* ------------------------------------------------------------------------------- our faults */

static void refuses_gold(const char *gold_json, const char *words)
{
    struct grade g = {0};
    e = (struct err){0};
    cr_assert_not(try_judge(str_of(gold_json), STR("\\boxed{5}"), &g), "%s", gold_json);
    cr_assert(strstr(e.text, words) != NULL, "%s: %s", gold_json, e.text);
}

Test(math_grader, an_answer_of_ours_that_makes_no_sense_is_an_err_not_a_verdict)
{
    refuses_gold("\"\"", "is empty");
    refuses_gold("\" \"", "is empty");
    refuses_gold("\"\\\\frac{1}{2\"", "unbalanced braces");
    refuses_gold("\"5}\"", "unbalanced braces");
    refuses_gold("[5]", "must be text or a whole number");
    refuses_gold("5.5", "must be text or a whole number");
    refuses_gold("null", "must be text or a whole number");
    refuses_gold("\"\xff\"", "not UTF-8");
    struct grade g = {0};
    cr_assert(try_judge(STR("5"), STR("\\boxed{5}"), &g), "a whole number is fine");
    cr_assert_eq(g.verdict, VERDICT_RIGHT);
}

Test(math_grader, evidence_says_what_was_taken_from_where_and_how_it_was_read)
{
    struct str reply = STR("\\boxed{1}, no: \\boxed{ \\frac{2}{4} }");
    struct grade g = judge(STR("0.5"), reply);
    struct json *j = NULL;
    struct str text;
    int64_t from;
    int64_t to;
    ASSERT_OK(json_parse(g.evidence, "evidence", &j, &e), e);
    cr_assert(json_i64(json_first(json_get(j, "span")), &from));
    cr_assert(json_i64(json_next(json_first(json_get(j, "span"))), &to));
    cr_assert(str_eq(str_sub(reply, from, to), STR("\\frac{2}{4}")));
    cr_assert(json_str(json_get(json_get(j, "answer"), "read"), &text));
    cr_assert(str_eq(text, STR("1/2")));
    cr_assert(json_str(json_get(json_get(j, "gold"), "read"), &text));
    cr_assert(str_eq(text, STR("0.5")));
    cr_assert(json_str(json_get(j, "method"), &text));
    cr_assert(str_eq(text, STR("rationals")));
    cr_assert(json_str(json_get(j, "level"), &text));
    cr_assert(str_eq(text, STR("E2")));
    bool agree = true;
    cr_assert(json_bool(json_get(j, "boxes_agree"), &agree));
    cr_assert_not(agree);
    cr_assert(str_eq(g.answer, STR("\\frac{2}{4}")));
    json_free(j);
}

/* ------------------------------------------------------------------------------- properties */

static enum equal_verdict compare(struct str a, struct str b)
{
    struct arena mine = keep;
    return equal_decide(a, b, NULL, &mine, tmp).verdict;
}

/* All golds and boxes of the golden file, every one against every other. */
static int64_t golden_texts(struct str *out, int64_t cap)
{
    struct str rest = support_read("tests/golden/answers/cases.jsonl", &keep);
    struct str line;
    int64_t n = 0;
    while (str_split(&rest, '\n', &line) && n + 2 <= cap) {
        struct json *row = NULL;
        struct str s;
        if (line.n == 0)
            continue;
        ASSERT_OK(json_parse(line, "cases.jsonl", &row, &e), e);
        cr_assert(json_str(json_get(row, "gold"), &s));
        out[n++] = arena_str(&keep, s);
        cr_assert(json_str(json_get(row, "reply"), &s));
        int64_t from = str_find(s, STR("\\boxed{"), 0);
        if (from >= 0 && str_ends(s, STR("}.")))
            out[n++] = arena_str(&keep, str_sub(s, from + 7, s.n - 2));
        json_free(row);
    }
    return n;
}

Test(math_grader, comparing_is_symmetric_and_everything_equals_itself, .timeout = 120)
{
    enum { CAP = 2048 };
    struct str *text = NEW(&keep, struct str, CAP);
    int64_t n = golden_texts(text, CAP);
    cr_assert_gt(n, 500);
    for (int64_t i = 0; i < n; i++) {
        cr_assert_neq(compare(text[i], text[i]), EQUAL_NO, "%.*s", STR_ARG(text[i])); /* 1/0 */
        for (int64_t j = i % 31; j < i; j += 31)
            cr_assert_eq(compare(text[i], text[j]), compare(text[j], text[i]), "%.*s | %.*s",
                         STR_ARG(text[i]), STR_ARG(text[j]));
    }
}

/* A value in one of many spellings, and its neighbour in another: EQUAL_YES and EQUAL_NO, never
 * else.
 */
static struct str spell(int64_t num, int64_t den, uint64_t seed, uint64_t i)
{
    const char *m = num < 0 ? "-" : "";
    long long a = num < 0 ? -num : num;
    long long d = den;
    long long k = 1 + (long long)rng_below(seed, 10, i, 9);
    switch (rng_below(seed, 11, i, 10)) {
    case 0:
        return arena_fmt(&keep, "%s\\frac{%lld}{%lld}", m, a, d);
    case 1:
        return arena_fmt(&keep, "$\\dfrac{%s%lld}{%lld}$", m, a * k, d * k);
    case 2:
        return arena_fmt(&keep, "%s%lld/%lld", m, a, d);
    case 3:
        return arena_fmt(&keep, "x = %s\\tfrac{ %lld }{ %lld }.", m, a * k, d * k);
    case 4:
        return arena_fmt(&keep, "%s%lld.%02lld", m, a * (100 / d) / 100, a * (100 / d) % 100);
    case 5:
        return arena_fmt(&keep, "\\left(%s\\frac{%lld}{%lld}\\right)", m, a, d);
    case 6:
        return arena_fmt(&keep, "\\text{%s%lld/%lld}", m, a * k, d * k);
    case 7:
        return arena_fmt(&keep, "%s%lld\\cdot 10^{-2}", m, a * (100 / d));
    case 8:
        return arena_fmt(&keep, "%s%lld\\%%", m, a * (100 / d));
    default:
        return arena_fmt(&keep, "%s%lld \\div %lld", m, a, d);
    }
}

Test(math_grader, spellings_of_one_number_agree_and_of_two_differ)
{
    static const int64_t dens[] = {1, 2, 4, 5, 10, 20, 25, 50, 100};
    uint64_t seed = support_seed(3);
    for (uint64_t i = 0; i < 20000; i++) {
        int64_t den = dens[rng_below(seed, 0, i, 9)];
        int64_t num = (int64_t)rng_below(seed, 1, i, 1999) - 999;
        struct str a = spell(num, den, seed, 2 * i);
        struct str b = spell(num, den, seed, 2 * i + 1);
        struct str c = spell(num + 37, den, seed, 2 * i + 1);
        cr_assert_eq(compare(a, b), EQUAL_YES, "%.*s | %.*s", STR_ARG(a), STR_ARG(b));
        bool can_be_percent = str_ends(a, STR("%")) != str_ends(c, STR("%"));
        enum equal_verdict other = compare(a, c);
        cr_assert(other == EQUAL_NO || (can_be_percent && other == EQUAL_UNDECIDED), "%.*s | %.*s",
                  STR_ARG(a), STR_ARG(c));
    }
}

/* ---------------------------------------------------------------------------------- bounds */

static struct str repeat(const char *before, const char *one, int64_t n_bytes, const char *after)
{
    struct buf b = {0};
    buf_put(&b, str_of(before));
    while (b.n < n_bytes)
        buf_put(&b, str_of(one));
    buf_put(&b, str_of(after));
    struct str s = arena_str(&keep, buf_str(&b));
    buf_free(&b);
    return s;
}

Test(math_grader, work_is_bounded_whatever_is_in_the_box, .timeout = 120)
{
    static const char *const patterns[][3] = {
        {"", "9", ""},           {"0.", "3", ""},         {"", "(", ""},       {"", "((1)+", ""},
        {"", "\\frac", "12"},    {"", "\\frac{", "1"},    {"1", "+1/7", ""},   {"1", "*99999", ""},
        {"", "1,", "1"},         {"\\{", "1,2,", "1\\}"}, {"", "(1,2),", "1"}, {"x", "=x", "=1"},
        {"", "\\text{", "5"},    {"1", ",234", ""},       {"9", "^9", ""},     {"", "1 and ", "1"},
        {"", "\\{1,", "2"},      {"", "a b ", ""},        {"", "-", "1"},      {"", "$", ""},
        {"", "\\{1,2\\},", "3"}, {"9^{", "9", "}"},       {"", "**", ""},      {"", ".", ""},
        {"(", "x_1,", "y)=1"},   {"", "5 percent ", ""},  {"1", "^{1", "2"},   {"1/", "(1/", "2"}};
    int64_t worst = 0;
    for (size_t p = 0; p < sizeof patterns / sizeof *patterns; p++) {
        struct str a = repeat(patterns[p][0], patterns[p][1], 60000, patterns[p][2]);
        struct str b = repeat(patterns[p][0], patterns[p][1], 59000, patterns[p][2]);
        int64_t t0 = clock_ns();
        (void)compare(a, b);
        (void)compare(a, STR("5"));
        cr_assert_eq(compare(a, a), EQUAL_YES);
        int64_t ms = (clock_ns() - t0) / 1000000;
        worst = ms > worst ? ms : worst;
        cr_assert_lt(ms, 60000, "%s: %lld ms", patterns[p][1], (long long)ms);
    }
    cr_log_info("slowest triple %lld ms", (long long)worst);
}

Test(math_grader, sets_of_sets_stay_within_the_budget, .timeout = 60)
{
    struct str inner = repeat("\\{", "1,2,3,4,5,6,7,8,9,", 300, "0\\}");
    struct str a = repeat("", arena_fmt(&keep, "%.*s,", STR_ARG(inner)).at, 60000, "1");
    struct str b = repeat("", arena_fmt(&keep, "%.*s,", STR_ARG(inner)).at, 60000, "2");
    int64_t t0 = clock_ns();
    cr_assert_neq(compare(a, b), EQUAL_YES);
    cr_assert_lt((clock_ns() - t0) / 1000000, 60000);
}

Test(math_grader, ten_megabytes_of_reply_cost_one_pass, .timeout = 60)
{
    struct str filler = repeat("", "We try \\frac{1}{2} and {x}. ", 10 * 1000 * 1000, "");
    struct str reply = arena_fmt(&keep, "%.*s\\boxed{5}", STR_ARG(filler));
    struct str in_box = arena_fmt(&keep, "\\boxed{%.*s}", STR_ARG(filler));
    int64_t t0 = clock_ns();
    cr_assert_eq(judge(STR("5"), reply).verdict, VERDICT_RIGHT);
    struct grade g = judge(STR("5"), in_box);
    cr_assert_eq(g.verdict, VERDICT_UNDECIDED);
    cr_assert_lt(g.evidence.n, 20000, "evidence stays small");
    cr_assert_lt((clock_ns() - t0) / 1000000, 60000);
}
