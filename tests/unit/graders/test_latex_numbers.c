/* Numbers in every form they are written in: the exact value and the decimals that were given. */
#include <criterion/criterion.h>

#include "base/limits.h"
#include "graders/math/latex.h"
#include "tests/support/support.h"

static struct arena keep;
static struct arena tmp;
static struct exprs *x;

static void start(void)
{
    arena_init(&keep, "test", LIMIT_ARENA_ITEM);
    arena_init(&tmp, "test tmp", LIMIT_ARENA_TMP);
    x = exprs_open(&keep);
}

static void stop(void)
{
    exprs_close(x);
    arena_fini(&keep);
    arena_fini(&tmp);
}

TestSuite(latex_numbers, .init = start, .fini = stop);

/* Whether one of the first n readings is this rational with these decimals. */
static bool reads_as(const char *text, const char *rational, int32_t decimals, int32_t n)
{
    fmpq_t want;
    bool found = false;
    struct latex r = latex_read(x, str_of(text), tmp);
    fmpq_init(want);
    cr_assert_eq(fmpq_set_str(want, rational, 10), 0);
    for (int32_t i = 0; i < r.n && i < n; i++) {
        int32_t e = r.readings[i].root;
        found |= expr_is(x, e, EXPR_NUMBER) && fmpq_equal(expr_number(x, e), want) &&
                 expr_decimals(x, e) == decimals;
    }
    fmpq_clear(want);
    return found;
}

struct number {
    const char *text;
    const char *value;
    int32_t decimals;
};

enum { EXACT = EXPR_EXACT };

static const struct number first_readings[] = {
    {"0", "0", EXACT},
    {"007", "7", EXACT},
    {"-12", "-12", EXACT},
    {"+12", "12", EXACT},
    {"\xe2\x88\x92"
     "12",
     "-12", EXACT},
    {"3.", "3", EXACT},
    {"0.50", "1/2", 2},
    {".5", "1/2", 1},
    {"-0.125", "-1/8", 3},
    {"1,234", "1234", EXACT},
    {"1{,}234", "1234", EXACT},
    {"1 {, }234", "1234", EXACT},
    {"1\\,234", "1234", EXACT},
    {"1 234", "1234", EXACT},
    {"1,\\!234", "1234", EXACT},
    {"12,\\! 345,\\! 678", "12345678", EXACT},
    {"12,345,678", "12345678", EXACT},
    {"1 234 567", "1234567", EXACT},
    {"1,234.50", "2469/2", 2},
    {"1{,}234{,}567.5", "2469135/2", 1},
    {"1.234.567", "1234567", EXACT},
    {"\xef\xbc\x91\xef\xbc\x92", "12", EXACT},
    {"1/2", "1/2", EXACT},
    {"-3/4", "-3/4", EXACT},
    {"6/8", "3/4", EXACT},
    {"\\frac12", "1/2", EXACT},
    {"\\frac1{72}", "1/72", EXACT},
    {"\\frac{1}2", "1/2", EXACT},
    {"\\frac{1}{2}", "1/2", EXACT},
    {"\\frac 3 4", "3/4", EXACT},
    {"\\frac{1}23", "3/2", EXACT},
    {"-\\dfrac{22}{7}", "-22/7", EXACT},
    {"\\tfrac{-22}{7}", "-22/7", EXACT},
    {"{1 \\over 3}", "1/3", EXACT},
    {"1\\frac12", "3/2", EXACT},
    {"7 3/4", "31/4", EXACT},
    {"-2\\frac{1}{3}", "-7/3", EXACT},
    {"3\xc2\xbd", "7/2", EXACT},
    {"\xc2\xbe", "3/4", EXACT},
    {"0.\\overline{3}", "1/3", EXACT},
    {"0.1\\overline{6}", "1/6", EXACT},
    {"2.\\overline{142857}", "15/7", EXACT},
    {"0.\\bar{9}", "1", EXACT},
    {"0.(3)", "1/3", EXACT},
    {"1.2(34)", "611/495", EXACT},
    {"0.\\dot{3}", "1/3", EXACT},
    {"0.\\dot{1}4285\\dot{7}", "1/7", EXACT},
    {"0.333...", "1/3", EXACT},
    {"0.333\\ldots", "1/3", EXACT},
    {"0.1212\xe2\x80\xa6", "4/33", EXACT},
    {"3.14159...", "314159/100000", 5},
    {"2.718281828...", "679570457/250000000", 9},
    {"1.5e3", "1500", -2},
    {"1.5E-3", "3/2000", 4},
    {"2e3", "2000", EXACT},
    {"1.5\\times 10^{10}", "15000000000", -9},
    {"1.20\\cdot10^5", "120000", -3},
    {"1.2 * 10^-2", "3/250", 3},
    {"-1.5\\times10^3", "-1500", -2},
    {"3\\times 10^8", "300000000", EXACT},
    {"10^6", "1000000", EXACT},
    {"2^{10}", "1024", EXACT},
    {"2^-2", "1/4", EXACT},
    {"2\xc2\xb3", "8", EXACT},
    {"2^3^2", "512", EXACT},
    {"3.5 \\text{ million}", "3500000", EXACT},
    {"2 thousand", "2000", EXACT},
    {"1101_2", "13", EXACT},
    {"2516_8", "1358", EXACT},
    {"4210_{5}", "555", EXACT},
    {"12 \\div 4", "3", EXACT},
    {"2 \\times 3 \\cdot 4", "24", EXACT},
    {"1 - 2 + 5", "4", EXACT},
    {"6 / 2 * 3", "9", EXACT},
    {"\\text{13}", "13", EXACT},
    {"\\mathbf{13}", "13", EXACT},
    {"**73**", "73", EXACT},
    {"\\boxed{73}", "73", EXACT},
    {"$$ 73. $$", "73", EXACT},
    {"\\left( 73 \\right)", "73", EXACT},
    {"The answer is $73$.", "73", EXACT},
    {"Answer: 73", "73", EXACT},
    {"Therefore, 73", "73", EXACT},
    {"= 73", "73", EXACT},
};

Test(latex_numbers, every_form_has_its_exact_value_and_decimals)
{
    for (size_t i = 0; i < sizeof first_readings / sizeof *first_readings; i++) {
        const struct number *n = &first_readings[i];
        cr_expect(reads_as(n->text, n->value, n->decimals, 1), "%s", n->text);
    }
}

static const struct number later_readings[] = {
    {"0,5", "1/2", 1},           {"0,111", "111/1000", 3},    {"1.234,5", "2469/2", 1},
    {"(1,234)", "1234", EXACT},  {"1\\frac12", "1/2", EXACT}, {"0.4166...", "5/12", EXACT},
    {"0.333...", "333/1000", 3}, {"1101_2", "1101", EXACT},   {"2^12", "4", EXACT},
    {"(A) 5", "5", EXACT},
};

Test(latex_numbers, a_second_meaning_is_a_later_reading_and_not_the_first)
{
    for (size_t i = 0; i < sizeof later_readings / sizeof *later_readings; i++) {
        const struct number *n = &later_readings[i];
        cr_expect(!reads_as(n->text, n->value, n->decimals, 1), "%s", n->text);
        cr_expect(reads_as(n->text, n->value, n->decimals, LATEX_READINGS), "%s", n->text);
    }
}

Test(latex_numbers, what_is_no_number_is_not_made_one)
{
    static const char *const none[] = {"1 2",       "12 34",          "1..2", "1.2.3", "1,23,456 7",
                                       "7 4/3",     "0.\\overline{}", "12_1", "19_8",  "1e",
                                       "\\frac{1}", "\\frac",         "3!!!", "0.(a)", "10^"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        struct latex r = latex_read(x, str_of(none[i]), tmp);
        for (int32_t k = 0; k < r.n; k++)
            cr_expect(!expr_is(x, r.readings[k].root, EXPR_NUMBER), "%s", none[i]);
    }
}

Test(latex_numbers, grouped_digits_of_any_length_agree_with_plain_ones)
{
    static const char *const separators[] = {",", "{,}", "\\,", " ", ",\\!", "\xe2\x80\x89", "~"};
    for (uint64_t v = 1000; v < 40000000000U; v = v * 7 + 13)
        for (size_t s = 0; s < sizeof separators / sizeof *separators; s++) {
            struct str plain = arena_fmt(&keep, "%llu", (unsigned long long)v);
            CLEANUP(buf_free) struct buf text = {0};
            for (int64_t i = 0; i < plain.n; i++) {
                if (i > 0 && (plain.n - i) % 3 == 0)
                    buf_put(&text, str_of(separators[s]));
                buf_byte(&text, plain.at[i]);
            }
            cr_expect(
                reads_as(text.at, arena_fmt(&keep, "%llu", (unsigned long long)v).at, EXACT, 1),
                "%s", text.at);
        }
}

/* Long division is the oracle: the digits of p/q with the cycle it finds itself. */
Test(latex_numbers, repeating_decimals_are_the_fractions_long_division_gives)
{
    for (int64_t q = 2; q < 60; q++)
        for (int64_t p = 1; p < q; p += 3) {
            int64_t seen[64];
            char digits[128];
            int64_t n = 0;
            int64_t rest = p;
            for (int64_t i = 0; i < 64; i++)
                seen[i] = -1;
            while (rest != 0 && seen[rest] < 0) {
                seen[rest] = n;
                digits[n++] = (char)('0' + rest * 10 / q);
                rest = rest * 10 % q;
            }
            if (rest == 0)
                continue;
            int64_t cycle = seen[rest];
            struct str text = arena_fmt(&keep, "0.%.*s\\overline{%.*s}", (int)cycle, digits,
                                        (int)(n - cycle), digits + cycle);
            struct str want = arena_fmt(&keep, "%lld/%lld", (long long)p, (long long)q);
            fmpq_t v;
            fmpq_init(v);
            fmpq_set_si(v, p, (ulong)q);
            char canonical[64];
            (void)fmpq_get_str(canonical, 10, v);
            fmpq_clear(v);
            cr_expect(reads_as(text.at, canonical, EXACT, 1), "%s is %s", text.at, want.at);
        }
}
