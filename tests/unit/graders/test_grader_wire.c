#include "graders/grader_wire.h"
#include "tests/support/support.h"

static struct arena keep;

static void setup(void)
{
    arena_init(&keep, "test", 64 * LIMIT_MIB);
}

static void teardown(void)
{
    arena_fini(&keep);
}

TestSuite(grader_wire, .init = setup, .fini = teardown);

Test(grader_wire, a_request_comes_back_with_every_byte)
{
    struct err e = {0};
    struct str judged[2] = {STR("yes"), STR("")};
    struct grade_request in = {.ticket = -7,
                               .grader = STR("code"),
                               .reply = STR("a\0b"),
                               .key = STR("{}"),
                               .definition = STR("{\"x\":1}"),
                               .judged = judged,
                               .n_judged = 2,
                               .may_ask = true};
    struct buf b = {0};
    grade_request_put(&b, &in);
    cr_assert_eq(grade_frame_size(buf_str(&b)), b.n);
    struct grade_request out;
    ASSERT_OK(grade_request_get(buf_str(&b), &out, &keep, &e), e);
    cr_assert_eq(out.ticket, -7);
    cr_assert(str_eq(out.reply, STR("a\0b")));
    cr_assert(str_eq(out.definition, in.definition));
    cr_assert_eq(out.n_judged, 2);
    cr_assert(out.may_ask);
    cr_assert(str_eq(out.judged[0], STR("yes")));
    buf_free(&b);
}

Test(grader_wire, a_frame_cut_anywhere_is_never_taken_for_a_whole_one)
{
    struct err e = {0};
    struct grade_answer in = {.ticket = 3,
                              .ok = true,
                              .grade = {.verdict = VERDICT_PART,
                                        .score = 0.25,
                                        .answer = STR("x"),
                                        .reason = STR("why"),
                                        .evidence = STR("{}")}};
    struct buf b = {0};
    grade_answer_put(&b, &in);
    struct grade_answer out;
    for (int64_t n = 0; n < b.n; n++) {
        cr_assert_neq(grade_frame_size(str_sub(buf_str(&b), 0, n)), n + (n == 0));
        cr_assert_not(grade_answer_get(str_sub(buf_str(&b), 0, n), &out, &keep, &e));
    }
    ASSERT_OK(grade_answer_get(buf_str(&b), &out, &keep, &e), e);
    cr_assert_eq(out.grade.verdict, VERDICT_PART);
    cr_assert(out.grade.score == 0.25);
    buf_free(&b);
}

Test(grader_wire, an_error_keeps_its_class_and_a_question_its_messages)
{
    struct err e = {0};
    struct buf b = {0};
    struct grade_answer in = {.ticket = 1};
    (void)FAIL(&in.err, ERR_UNSUPPORTED, "no g++ on this machine");
    grade_answer_put(&b, &in);
    struct grade_answer out;
    ASSERT_OK(grade_answer_get(buf_str(&b), &out, &keep, &e), e);
    cr_assert_not(out.ok);
    cr_assert_eq(out.err.cls, ERR_UNSUPPORTED);
    cr_assert_str_eq(out.err.text, "no g++ on this machine");

    struct message m = {.role = ROLE_USER, .content = STR("is it right?")};
    in = (struct grade_answer){.ok = true, .next = GRADE_ASK, .question = {&m, 1, true}};
    buf_clear(&b);
    grade_answer_put(&b, &in);
    ASSERT_OK(grade_answer_get(buf_str(&b), &out, &keep, &e), e);
    cr_assert_eq(out.next, GRADE_ASK);
    cr_assert_eq(out.question.n, 1);
    cr_assert_eq(out.question.at[0].role, ROLE_USER);
    cr_assert(str_eq(out.question.at[0].content, m.content));
    buf_free(&b);
}

Test(grader_wire, a_length_beyond_the_cap_is_nonsense)
{
    char bytes[8] = {0, 0, 0, 0, 0, 0, 0, 0x7f};
    cr_assert_eq(grade_frame_size((struct str){bytes, 8}), -1);
}
