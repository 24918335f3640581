#include "graders/judge/fence.h"
#include "graders/terms/compare.h"
#include "graders/terms/outcome.h"
#include "tests/support/support.h"

static struct difference d;

static bool same(enum compare_mode mode, struct str want, struct str got)
{
    d = (struct difference){0};
    struct compare_rule rule = {.mode = mode};
    return compare_output(&rule, want, got, &d);
}

Test(compare, tokens_ignore_how_much_white_space_separates)
{
    cr_assert(same(COMPARE_TOKENS, STR("1 2\n3\n"), STR("  1\t2\r\n\r\n3")));
    cr_assert(same(COMPARE_TOKENS, STR(""), STR(" \n\v\f")));
    cr_assert_not(same(COMPARE_TOKENS, STR("1 2"), STR("12")));
    cr_assert_not(same(COMPARE_TOKENS, STR("1"), STR("1 2")));
    cr_assert_not(same(COMPARE_TOKENS, STR("1 2"), STR("1")));
    cr_assert_not(same(COMPARE_TOKENS, STR("yes"), STR("YES")));
}

Test(compare, a_nul_byte_is_no_white_space)
{
    cr_assert_not(same(COMPARE_TOKENS, STR("a"), STR("a\0")));
    cr_assert_not(same(COMPARE_TOKENS, STR("a b"), STR("a\0b")));
    cr_assert(same(COMPARE_TOKENS, STR("a\0b"), STR("a\0b\n")));
}

Test(compare, the_first_difference_is_placed)
{
    cr_assert_not(same(COMPARE_TOKENS, STR("1 2 3"), STR("1  2 4 5")));
    cr_assert_eq(d.i_piece, 3);
    cr_assert_eq(d.offset, 5);
    cr_assert(str_eq(d.got, STR("4")));
    cr_assert(str_eq(d.want, STR("3")));
    cr_assert_not(same(COMPARE_TOKENS, STR("1 2"), STR("1")));
    cr_assert_eq(d.got.n, 0);
    cr_assert_eq(d.offset, 1);
}

Test(compare, lines_are_exact_but_for_the_last_newline)
{
    cr_assert(same(COMPARE_LINES, STR("a b\nc\n"), STR("a b\nc")));
    cr_assert(same(COMPARE_LINES, STR("a"), STR("a\n")));
    cr_assert_not(same(COMPARE_LINES, STR("a b\n"), STR("a  b\n")));
    cr_assert_not(same(COMPARE_LINES, STR("a\n"), STR("a\n\n")));
    cr_assert_not(same(COMPARE_LINES, STR("a\n"), STR("a \n")));
    cr_assert_not(same(COMPARE_LINES, STR("\na"), STR("a")));
}

Test(compare, equality_goes_both_ways_on_small_texts)
{
    static const char letters[] = "a \n";
    for (int x = 0; x < 81; x++)
        for (int y = 0; y < 81; y++) {
            char s[4];
            char t[4];
            for (int i = 0, u = x, v = y; i < 4; i++, u /= 3, v /= 3) {
                s[i] = letters[u % 3];
                t[i] = letters[v % 3];
            }
            for (int m = COMPARE_TOKENS; m <= COMPARE_WHITE; m++)
                cr_assert_eq(same((enum compare_mode)m, (struct str){s, 4}, (struct str){t, 4}),
                             same((enum compare_mode)m, (struct str){t, 4}, (struct str){s, 4}));
        }
}

static bool near(const char *want, const char *got, double abs, double rel)
{
    struct compare_rule rule = {.has_float = true, .abs_tolerance = abs, .rel_tolerance = rel};
    return compare_output(&rule, str_of(want), str_of(got), &d);
}

Test(compare, a_long_tail_decides_at_the_border)
{
    struct buf b = {0};
    buf_put(&b, STR("0.300001"));
    for (int i = 0; i < 1000000; i++)
        buf_byte(&b, '0');
    cr_assert(near("0.3", b.at, 1e-6, 0));
    b.at[b.n - 1] = '1';
    cr_assert_not(near("0.3", b.at, 1e-6, 0));
    cr_assert_not(near(b.at, "0.3", 1e-6, 0));
    cr_assert(near(b.at, b.at, 0, 0));
    buf_free(&b);
}

Test(compare, an_absolute_tolerance_goes_both_ways_a_relative_one_does_not)
{
    cr_assert(near("1", "2", 1, 0));
    cr_assert(near("2", "1", 1, 0));
    cr_assert(near("2", "1", 0, 0.5));
    cr_assert_not(near("1", "2", 0, 0.5));
}

Test(compare, texts_without_memory_are_empty)
{
    struct str none = {0};
    for (int m = COMPARE_TOKENS; m <= COMPARE_WHITE; m++) {
        cr_assert(same((enum compare_mode)m, none, none));
        cr_assert(same((enum compare_mode)m, STR(""), none));
        cr_assert_not(same((enum compare_mode)m, none, STR("x")));
    }
}

/* Outputs that differ in every token's white space, or end in one token of millions: anything
 * that went back to a beginning would take hours. */
Test(compare, large_outputs_take_one_pass)
{
    struct buf a = {0};
    struct buf b = {0};
    for (int i = 0; i < SUPPORT_SIZE(4000000); i++) {
        buf_put(&a, STR("12 "));
        buf_put(&b, STR("12\n"));
    }
    cr_assert(same(COMPARE_TOKENS, buf_str(&a), buf_str(&b)));
    cr_assert_not(same(COMPARE_WHITE, buf_str(&a), buf_str(&b)));
    for (int64_t i = 0; i < a.n; i++)
        a.at[i] = b.at[i] = '7';
    b.at[b.n - 1] = '8';
    for (int m = COMPARE_TOKENS; m <= COMPARE_WHITE; m++)
        cr_assert_not(same((enum compare_mode)m, buf_str(&a), buf_str(&b)));
    buf_free(&a);
    buf_free(&b);
}

Test(compare, a_difference_is_counted_in_the_modes_own_pieces)
{
    cr_assert_not(same(COMPARE_LINES, STR("a\nb\nc\n"), STR("a\nb\nd\n")));
    cr_assert_eq(d.i_piece, 3);
    cr_assert_eq(d.offset, 4);
    cr_assert(str_eq(d.got, STR("d")));
    cr_assert_not(same(COMPARE_WHITE, STR("a\nb c\n"), STR("a\n b\nc\n")));
    cr_assert_eq(d.i_piece, 2);
    cr_assert_not(same(COMPARE_EXACT, STR("a\n"), STR("a")));
    cr_assert_eq(d.i_piece, 1);
}

static bool flags(struct compare_rule *rule, struct err *e, const char *text)
{
    struct str rest = str_of(text);
    struct str f[8];
    int64_t n = 0;
    while (rest.n > 0 && str_split(&rest, ' ', &f[n]))
        n++;
    return compare_rule_from_flags(f, n, rule, e);
}

Test(compare, validator_flags_make_a_rule_or_an_error_that_names_them)
{
    struct err e = {0};
    struct compare_rule r;
    ASSERT_OK(flags(&r, &e, ""), e);
    cr_assert(r.forgives_case && !r.has_float && !r.is_space_exact);
    ASSERT_OK(flags(&r, &e, "float_tolerance 1e-6 case_sensitive float_absolute_tolerance 0.5"), e);
    cr_assert(!r.forgives_case && r.has_float);
    cr_assert(r.abs_tolerance == 0.5 && r.rel_tolerance == 1e-6);
    static const char *const bad[] = {
        "float_tolerance",     "float_tolerance x", "float_tolerance -1",   "float_tolerance inf",
        "float_tolerance nan", "case-sensitive",    "float_tolerance 0x1p", "1e-6"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_expect_not(flags(&r, &e, bad[i]), "%s", bad[i]);
        cr_expect_eq(e.cls, ERR_INPUT);
    }
}

Test(outcome, how_a_run_ended_comes_before_what_it_printed)
{
    struct sandbox_result r = {.out = STR("42\n")};
    cr_assert_eq(outcome_of_end(&r), OUTCOME_AC);
    r.code = 1;
    cr_assert_eq(outcome_of_end(&r), OUTCOME_RE);
    static const struct {
        enum sandbox_end end;
        enum outcome outcome;
    } rows[] = {{SANDBOX_SIGNALLED, OUTCOME_RE},
                {SANDBOX_CPU, OUTCOME_TLE},
                {SANDBOX_WALL, OUTCOME_TLE},
                {SANDBOX_MEMORY, OUTCOME_MLE},
                {SANDBOX_OUTPUT, OUTCOME_OLE}};
    r.code = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        r.end = rows[i].end;
        cr_assert_eq(outcome_of_end(&r), rows[i].outcome);
    }
}

/* --- fences --------------------------------------------------------------------------------- */

static struct arena keep;

static void setup(void)
{
    arena_init(&keep, "test", LIMIT_MIB);
}

static void teardown(void)
{
    arena_fini(&keep);
}

TestSuite(fence, .init = setup, .fini = teardown);

static void is_block(const char *reply, const char *info, const char *text)
{
    struct fence f = {0};
    cr_assert(fence_last(str_of(reply), &f, &keep), "no block in: %s", reply);
    cr_assert(str_eq(f.info, str_of(info)), "info %.*s in: %s", STR_ARG(f.info), reply);
    cr_assert(str_eq(f.text, str_of(text)), "text <%.*s> in: %s", STR_ARG(f.text), reply);
}

static void is_none(const char *reply)
{
    struct fence f = {0};
    cr_assert_not(fence_last(str_of(reply), &f, &keep), "a block in: %s", reply);
}

Test(fence, the_last_closed_block_is_taken)
{
    is_block("so:\n```cpp\nint x;\n```\n", "cpp", "int x;\n");
    is_block("```py\na\n```\nbetter:\n```python\nb\n```", "python", "b\n");
    is_block("```\nx\n```\n", "", "x\n");
    is_block("```C++ title=\"a\"\nx\n```", "C++", "x\n");
    is_block("```\n```", "", "");
    is_block("~~~py\n```\n~~~\n", "py", "```\n");
    is_block("````\n```\nx\n```\n````\n", "", "```\nx\n```\n");
    is_block("```cpp\r\nint x;\r\n```\r\n", "cpp", "int x;\r\n");
}

Test(fence, a_block_that_never_closes_is_no_answer)
{
    is_none("```cpp\nint main() {");
    is_none("```cpp\nint x;\n```\nfinally:\n```cpp\nint y;\n");
    is_none("```cpp\nint x;\n``");
    is_none("no code at all");
    is_none("");
    is_none("in a line: ```int x;``` and done");
}

Test(fence, a_block_inside_a_list_loses_the_lists_margin)
{
    is_block("1. do\n   ```python\n   if x:\n       y\n\n   ```\n", "python", "if x:\n    y\n\n");
}
