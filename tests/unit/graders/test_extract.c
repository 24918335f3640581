#include "base/clock.h"
#include "base/limits.h"
#include "graders/extract.h"
#include "tests/support/support.h"

static struct arena tmp;

static void set_up(void)
{
    arena_init(&tmp, "tmp", LIMIT_ARENA_TMP);
}

static void tear_down(void)
{
    arena_fini(&tmp);
}

TestSuite(extract, .init = set_up, .fini = tear_down);

static void finds(const char *reply, const char *text)
{
    struct str r = str_of(reply);
    struct extract x = extract_answer(r, tmp);
    cr_assert(x.rule == EXTRACT_BOX || x.rule == EXTRACT_TOKEN, "%s: %s", reply,
              extract_rule_name(x.rule));
    cr_assert(str_eq(x.text, str_of(text)), "%s gave \"%.*s\"", reply, STR_ARG(x.text));
    cr_assert(str_eq(str_sub(r, x.from, x.to), x.text), "%s: the span shows the text", reply);
}

static void refuses(const char *reply, enum extract_rule rule)
{
    struct extract x = extract_answer(str_of(reply), tmp);
    cr_assert_eq(x.rule, rule, "%s: %s", reply, extract_rule_name(x.rule));
    cr_assert_eq(x.text.n, 0);
}

Test(extract, last_box_wins_and_nested_braces_balance)
{
    finds("\\boxed{1}, no: \\boxed{\\frac{1}{2}}", "\\frac{1}{2}");
    finds("\\boxed{\\text{a}_{b_{c}}}.", "\\text{a}_{b_{c}}");
    finds("so $\\boxed{ 42 }$ it is", "42");
    finds("\\boxed\n {4}", "4");
}

Test(extract, an_unclosed_final_box_is_no_answer_and_never_an_earlier_one)
{
    refuses("\\boxed{7", EXTRACT_UNCLOSED);
    refuses("\\boxed{7} but really \\boxed{8", EXTRACT_UNCLOSED);
    refuses("\\boxed{7} but really \\boxed{8\\}", EXTRACT_UNCLOSED);
    refuses("\\boxed{\\frac{1}{2}", EXTRACT_UNCLOSED);
    finds("\\boxed{\\{8} and", "\\{8");
}

Test(extract, an_opening_mentioned_earlier_does_not_spoil_the_last_box)
{
    finds("I will write \\boxed{ at the end. \\boxed{5}", "5");
    finds("f(x) = { x. Then \\boxed{6}", "6");
    finds("} } \\boxed{6} }", "6");
}

Test(extract, escaped_braces_are_not_braces)
{
    finds("\\boxed{\\{1,2\\}}", "\\{1,2\\}");
    finds("\\boxed{\\left\\{1\\right.}", "\\left\\{1\\right.");
    finds("\\boxed{a\\\\}", "a\\\\");
    finds("\\boxed{\\\\{b}}", "\\\\{b}");
}

Test(extract, doubled_backslashes_still_make_a_box)
{
    finds("\\\\boxed{5}", "5");
    finds("x\\\\\\boxed{5}", "5");
}

Test(extract, nested_boxes_are_one)
{
    finds("\\boxed{\\boxed{5}}", "5");
    finds("\\boxed{ \\boxed{ \\boxed{5} } }", "5");
    finds("\\boxed{1+\\boxed{5}}", "1+\\boxed{5}");
    finds("\\boxed{\\boxed{1}\\boxed{5}}", "\\boxed{1}\\boxed{5}");
    cr_assert_eq(extract_answer(STR("\\boxed{\\boxed{5}}"), tmp).n_boxes, 1);
    refuses("\\boxed{\\boxed{}}", EXTRACT_EMPTY);
}

Test(extract, the_bare_form_is_one_digit_or_unclear)
{
    finds("\\boxed 7", "7");
    finds("\\boxed7.", "7");
    finds("\\(\\boxed 7\\)", "7");
    finds("$\\boxed 7$ points", "7");
    refuses("\\boxed 12", EXTRACT_UNCLEAR);
    refuses("\\boxed{3} or \\boxed 12", EXTRACT_UNCLEAR);
    refuses("\\boxed 1 000", EXTRACT_UNCLEAR);
    refuses("\\boxed 7.5", EXTRACT_UNCLEAR);
    refuses("\\boxed -1", EXTRACT_UNCLEAR);
    refuses("\\boxed\\frac12", EXTRACT_UNCLEAR);
    refuses("\\boxed 7^2", EXTRACT_UNCLEAR);
}

Test(extract, talk_about_boxes_is_not_a_box)
{
    refuses("I put it in \\boxed as asked", EXTRACT_NOTHING);
    finds("\\boxed{3} (in \\boxed notation)", "3");
    finds("\\boxed{3} \\boxedtext{4}", "3");
    refuses("boxed{4}", EXTRACT_NOTHING);
    refuses("\\fbox{4}", EXTRACT_NOTHING);
    refuses("The answer is 4.", EXTRACT_NOTHING);
    refuses("", EXTRACT_NOTHING);
}

Test(extract, an_empty_final_box_is_no_answer)
{
    refuses("\\boxed{}", EXTRACT_EMPTY);
    refuses("\\boxed{4} \\boxed{ \n }", EXTRACT_EMPTY);
}

Test(extract, reasoning_never_supplies_the_answer)
{
    finds("\\boxed{1}</think>\\boxed{2}", "2");
    refuses("\\boxed{1}</think>I give up", EXTRACT_NOTHING);
    refuses("<think>\\boxed{1}", EXTRACT_THINKING);
    refuses("\\boxed{1} <think> wait", EXTRACT_THINKING);
    refuses("a</think>\\boxed{1}<think>b", EXTRACT_THINKING);
    finds("<think>a</think>b</think>\\boxed{3}", "3");
    finds("\\boxed{ in thought</think>\\boxed{3}", "3");
}

Test(extract, repeats_are_counted_and_disagreement_is_recorded)
{
    struct extract x = extract_answer(STR("\\boxed{840} so \\boxed{ 840 }"), tmp);
    cr_assert_eq(x.n_boxes, 2);
    cr_assert(x.do_all_agree);
    cr_assert(str_eq(x.text, STR("840")));
    x = extract_answer(STR("\\boxed{1}\\boxed{2}\\boxed{1}"), tmp);
    cr_assert_eq(x.n_boxes, 3);
    cr_assert_not(x.do_all_agree);
    cr_assert(str_eq(x.text, STR("1")));
}

/* 10 MB of each hostile pattern; quadratic work would take hours. */
Test(extract, ten_megabytes_of_anything_take_linear_time, .timeout = 120)
{
    static const char *const patterns[] = {
        "\\boxed{",           "\\boxed{}", "{",       "}",   "\\boxed 7 ",
        "</think>",           "\\",        "\\boxed", "\\{", "word ",
        "\\boxed{\\boxed{1}", " ",         "\\\\"};
    for (size_t p = 0; p < sizeof patterns / sizeof *patterns; p++) {
        struct buf text = {0};
        struct str one = str_of(patterns[p]);
        while (text.n < SUPPORT_SIZE(10 * 1000 * 1000))
            buf_put(&text, one);
        int64_t n_open = str_eq(one, STR("\\boxed{")) ? text.n / one.n : 0;
        int64_t t0 = clock_ns();
        (void)extract_answer(buf_str(&text), tmp);
        int64_t ms = (clock_ns() - t0) / 1000000;
        cr_assert_lt(ms, 60000, "%s: %lld ms", patterns[p], (long long)ms);
        for (int64_t i = 0; i < n_open; i++)
            buf_byte(&text, '}'); /* and a million boxes inside one another */
        t0 = clock_ns();
        (void)extract_answer(buf_str(&text), tmp);
        ms = (clock_ns() - t0) / 1000000;
        cr_assert_lt(ms, 60000, "%s closed: %lld ms", patterns[p], (long long)ms);
        buf_free(&text);
    }
}
