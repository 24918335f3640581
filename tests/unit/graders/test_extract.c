#include "base/clock.h"
#include "base/limits.h"
#include "graders/choice.h"
#include "graders/extract.h"
#include "tests/support/support.h"

static struct arena keep;
static struct arena tmp;

static void set_up(void)
{
    arena_init(&keep, "keep", LIMIT_ARENA_ITEM);
    arena_init(&tmp, "tmp", LIMIT_ARENA_TMP);
}

static void tear_down(void)
{
    arena_fini(&keep);
    arena_fini(&tmp);
}

TestSuite(extract, .init = set_up, .fini = tear_down);

static struct extract boxed(struct str reply)
{
    return extract_answer(reply, EXTRACT_ONE, EXTRACT_BOXED, &keep, tmp);
}

static struct extract declared(const char *reply)
{
    return extract_answer(str_of(reply), EXTRACT_ONE, EXTRACT_DECLARED, &keep, tmp);
}

static void finds(const char *reply, const char *text)
{
    struct str r = str_of(reply);
    struct extract x = boxed(r);
    cr_assert(x.rule == EXTRACT_BOX || x.rule == EXTRACT_TOKEN, "%s: %s", reply,
              extract_rule_name(x.rule));
    cr_assert(str_eq(x.text, str_of(text)), "%s gave \"%.*s\"", reply, STR_ARG(x.text));
    cr_assert(str_eq(str_sub(r, x.from, x.to), x.text), "%s: the span shows the text", reply);
}

static void refuses(const char *reply, enum extract_rule rule)
{
    struct extract x = boxed(str_of(reply));
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
    cr_assert_eq(boxed(STR("\\boxed{\\boxed{5}}")).n_boxes, 1);
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
    finds("\\fbox{4}", "4");
    finds("\\framebox[3cm][c]{4}", "4");
    refuses("\\framebox[4}", EXTRACT_NOTHING);
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
    struct extract x = boxed(STR("\\boxed{840} so \\boxed{ 840 }"));
    cr_assert_eq(x.n_boxes, 2);
    cr_assert(x.do_all_agree);
    cr_assert(str_eq(x.text, STR("840")));
    x = boxed(STR("\\boxed{1}\\boxed{2}\\boxed{1}"));
    cr_assert_eq(x.n_boxes, 3);
    cr_assert_not(x.do_all_agree);
    cr_assert(str_eq(x.text, STR("1")));
}

/* ------------------------------------------------------------------------ what is looked at */

Test(extract, boxes_open_in_thousands_are_bounded_and_the_last_still_counts)
{
    struct buf text = {0};
    for (int64_t i = 0; i < 3 * LIMIT_BOXES_OPEN; i++)
        buf_put(&text, STR("\\boxed{"));
    buf_put(&text, STR("\\boxed{5}"));
    struct extract x = boxed(buf_str(&text));
    cr_assert_eq(x.rule, EXTRACT_BOX);
    cr_assert(str_eq(x.text, STR("5")));
    for (int64_t i = 0; i < 3 * LIMIT_BOXES_OPEN; i++)
        buf_byte(&text, '}');
    x = boxed(buf_str(&text));
    cr_assert_eq(x.rule, EXTRACT_UNCLEAR, "the outermost were forgotten");
    buf_free(&text);
}

Test(extract, more_boxes_than_are_kept_are_still_counted_and_compared)
{
    struct buf text = {0};
    for (int i = 0; i < 1000; i++)
        buf_put(&text, STR("\\boxed{7} then "));
    struct extract x = boxed(buf_str(&text));
    cr_assert_eq(x.n_boxes, 1000);
    cr_assert(x.do_all_agree);
    cr_assert_eq(x.n_places, EXTRACT_PLACES);
    buf_put(&text, STR("\\boxed{\\boxed{8}}"));
    x = boxed(buf_str(&text));
    cr_assert_eq(x.n_boxes, 1001);
    cr_assert_not(x.do_all_agree);
    buf_free(&text);
}

Test(extract, a_box_around_many_takes_the_place_of_them_all)
{
    struct buf text = {0};
    buf_put(&text, STR("\\boxed{1} \\boxed{"));
    for (int i = 0; i < 1000; i++)
        buf_put(&text, STR("\\boxed{2}"));
    cr_assert_eq(boxed(buf_str(&text)).n_boxes, 1001);
    buf_put(&text, STR("}"));
    struct extract x = boxed(buf_str(&text));
    cr_assert_eq(x.n_boxes, 2);
    cr_assert_not(x.do_all_agree);
    buf_free(&text);
}

Test(extract, a_list_of_more_boxes_than_are_kept_is_never_cut)
{
    struct buf text = {0};
    for (int i = 0; i < 63; i++)
        buf_fmt(&text, "\\boxed{%d}, ", i);
    struct extract x = extract_answer(buf_str(&text), EXTRACT_LIST, EXTRACT_BOXED, &keep, tmp);
    cr_assert_eq(x.rule, EXTRACT_BOX_JOINED);
    cr_assert(str_starts(x.text, STR("0, 1, 2")) && str_ends(x.text, STR(", 62")));
    buf_put(&text, STR("\\boxed{63}, \\boxed{64}"));
    x = extract_answer(buf_str(&text), EXTRACT_LIST, EXTRACT_BOXED, &keep, tmp);
    cr_assert_eq(x.rule, EXTRACT_UNCLEAR);
    cr_assert_eq(x.text.n, 0);
    buf_free(&text);
}

Test(extract, a_box_taken_alone_beside_another_is_marked)
{
    cr_assert(boxed(STR("\\boxed{1} or \\boxed{2}")).is_hedged);
    cr_assert_not(boxed(STR("\\boxed{1}. Then \\boxed{2}")).is_hedged);
    cr_assert_not(boxed(STR("\\boxed{2} or \\boxed{2}")).is_hedged);
    cr_assert_not(
        extract_answer(STR("\\boxed{1} or \\boxed{2}"), EXTRACT_LIST, EXTRACT_BOXED, &keep, tmp)
            .is_hedged);
}

Test(extract, places_show_what_else_was_looked_at)
{
    struct str reply = STR("Answer: 3\n\nWait.\n\nAnswer: 4");
    struct extract x = declared(reply.at);
    cr_assert_eq(x.n_places, 2);
    cr_assert(str_eq(str_sub(reply, x.places[0].from, x.places[0].to), STR("4")));
    cr_assert(str_eq(str_sub(reply, x.places[1].from, x.places[1].to), STR("3")));
    cr_assert_eq(x.places[1].rule, EXTRACT_SAID);
    cr_assert(str_eq(str_of(x.why), STR("the last declaration")));
}

Test(extract, switches_are_known_by_name)
{
    enum extract_reach reach = EXTRACT_BOXED;
    cr_assert(extract_reach_from_name(STR("any"), &reach));
    cr_assert_eq(reach, EXTRACT_ANY);
    cr_assert(extract_reach_from_name(STR("boxed"), &reach));
    cr_assert_eq(reach, EXTRACT_BOXED);
    cr_assert(extract_reach_from_name(STR("declared"), &reach));
    cr_assert_eq(reach, EXTRACT_DECLARED);
    cr_assert_not(extract_reach_from_name(STR("all"), &reach));
    for (enum extract_rule r = EXTRACT_BOX; r <= EXTRACT_THINKING; r++)
        cr_assert_gt(strlen(extract_rule_name(r)), 0);
}

/* Only so many words are looked at, from the end: an answer before them is not found. */
Test(extract, words_that_declare_nothing_are_bounded)
{
    struct buf text = {0};
    buf_put(&text, STR("Answer: 5\n"));
    for (int64_t i = 0; i < LIMIT_SAID_WORDS - 1; i++)
        buf_put(&text, STR("The answers vary.\n"));
    cr_assert(str_eq(declared(text.at).text, STR("5")));
    buf_put(&text, STR("The answers vary.\n"));
    cr_assert_eq(declared(text.at).rule, EXTRACT_NOTHING);
    buf_free(&text);
}

/* 10 MB of each hostile pattern; quadratic work would take hours. What it takes is measured by
 * the benches. */
Test(extract, ten_megabytes_of_anything_take_linear_time, .timeout = 120)
{
    static const char *const patterns[] = {"\\boxed{",
                                           "\\boxed{}",
                                           "{",
                                           "}",
                                           "\\boxed 7 ",
                                           "</think>",
                                           "\\",
                                           "\\boxed",
                                           "\\{",
                                           "word ",
                                           " ",
                                           "\\\\",
                                           "answer:",
                                           "answer is ",
                                           "Answer",
                                           "answer: 5.",
                                           "答案",
                                           "#### 5\n",
                                           "$",
                                           "$$",
                                           "\\[",
                                           "\\(",
                                           "answer: $",
                                           "answer: \\[",
                                           "if answer:",
                                           "\"answer\":",
                                           "option ",
                                           "A is correct. ",
                                           "B) 5\n",
                                           "\\fbox{1}, ",
                                           "\n",
                                           "\n\n",
                                           "a.",
                                           "answer\n",
                                           "answer (",
                                           "answer: the x is ",
                                           "\\boxed{\\boxed{1}",
                                           "\\boxed{x \\approx ",
                                           "answer: 1 = ",
                                           "\\framebox[c]"};
    for (size_t p = 0; p < sizeof patterns / sizeof *patterns; p++) {
        struct buf text = {0};
        struct str one = str_of(patterns[p]);
        while (text.n < SUPPORT_SIZE(10 * 1000 * 1000))
            buf_put(&text, one);
        int64_t n_open = str_eq(one, STR("\\boxed{")) ? text.n / one.n : 0;
        for (int closed = 0; closed < 2; closed++) {
            int64_t t0 = clock_ns();
            (void)extract_answer(buf_str(&text), EXTRACT_LIST, EXTRACT_ANY, &keep, tmp);
            (void)choice_extract(buf_str(&text), NULL, 0, &keep, tmp);
            int64_t ms = (clock_ns() - t0) / 1000000;
            cr_assert_lt(ms, 10000, "%s: %lld ms", patterns[p], (long long)ms);
            for (int64_t i = 0; i < n_open; i++)
                buf_byte(&text, '}'); /* and a million boxes inside one another */
        }
        buf_free(&text);
    }
}
