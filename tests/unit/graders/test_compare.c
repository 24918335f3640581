#include "graders/judge/compare.h"
#include "graders/judge/fence.h"
#include "graders/judge/outcome.h"
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
            for (int m = COMPARE_TOKENS; m <= COMPARE_LINES; m++)
                cr_assert_eq(same((enum compare_mode)m, (struct str){s, 4}, (struct str){t, 4}),
                             same((enum compare_mode)m, (struct str){t, 4}, (struct str){s, 4}));
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
