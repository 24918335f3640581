/* What a checker says, protocol by protocol. */
#include <math.h>

#include "graders/judge/checker.h"
#include "tests/support/support.h"

static struct arena keep;
static struct check c;
static struct err e;

static void setup(void)
{
    arena_init(&keep, "test", LIMIT_GIB);
}

static void teardown(void)
{
    arena_fini(&keep);
}

TestSuite(checker, .init = setup, .fini = teardown);

/* How a checker went; the takes in the order of checker_call, NULL for no file. */
struct run {
    enum checker_protocol protocol;
    bool may_score;
    int code;
    const char *out, *err;
    const char *judge, *team, *score, *multiplier, *next;
};

static bool read_run(const struct run *x)
{
    struct str taken[] = {str_of(x->judge), str_of(x->team), str_of(x->score),
                          str_of(x->multiplier), str_of(x->next)};
    struct sandbox_result r = {.code = x->code,
                               .out = str_of(x->out == NULL ? "" : x->out),
                               .err = str_of(x->err == NULL ? "" : x->err),
                               .taken = taken};
    c = (struct check){0};
    e = (struct err){0};
    return checker_read(x->protocol, &r, x->may_score, &c, &keep, &e);
}

static void says(const struct run *x, enum outcome outcome, double score)
{
    cr_assert(read_run(x), "%s | %s: %s", x->out, x->err, e.text);
    cr_assert_eq(c.outcome, outcome, "%s | %s: %s", x->out, x->err, outcome_name(c.outcome));
    cr_assert_eq(c.has_score, !isnan(score));
    cr_assert(isnan(score) || c.score == score, "%g", c.score);
}

static void fails(const struct run *x, const char *with)
{
    cr_assert_not(read_run(x), "%s | %s", x->out, x->err);
    cr_assert_eq(e.cls, ERR_INPUT);
    cr_assert(str_starts(str_of(e.text), STR("the checker ")), "%s", e.text);
    cr_assert(str_find(str_of(e.text), str_of(with), 0) >= 0, "%s", e.text);
}

#define NO_SCORE ((double)NAN)
#define KATTIS(...)                                                                                \
    &(struct run)                                                                                  \
    {                                                                                              \
        CHECKER_KATTIS, __VA_ARGS__                                                                \
    }
#define TESTLIB(...)                                                                               \
    &(struct run)                                                                                  \
    {                                                                                              \
        CHECKER_TESTLIB, __VA_ARGS__                                                               \
    }
#define CMS(...)                                                                                   \
    &(struct run)                                                                                  \
    {                                                                                              \
        CHECKER_CMS, __VA_ARGS__                                                                   \
    }

/* --- calls ---------------------------------------------------------------------------------- */

static void is_arg(const struct checker_call *call, int64_t i, const char *arg)
{
    cr_assert(call->n_args > i);
    cr_assert(str_eq(call->args[i], str_of(arg)), "%.*s", STR_ARG(call->args[i]));
}

Test(checker, each_protocol_has_its_own_order_of_files)
{
    struct str flag = STR("case_sensitive");
    struct checker_call call;
    checker_call(CHECKER_TESTLIB, NULL, 0, &call, &keep);
    is_arg(&call, 0, "input");
    is_arg(&call, 1, "output");
    is_arg(&call, 2, "answer");
    cr_assert(!call.output_is_stdin);
    cr_assert_eq(call.n_takes, 0);
    checker_call(CHECKER_CMS, NULL, 0, &call, &keep);
    is_arg(&call, 1, "answer");
    is_arg(&call, 2, "output");
    cr_assert(!call.output_is_stdin);
    checker_call(CHECKER_KATTIS, &flag, 1, &call, &keep);
    is_arg(&call, 0, "input");
    is_arg(&call, 1, "answer");
    is_arg(&call, 2, "feedback/");
    is_arg(&call, 3, "case_sensitive");
    cr_assert(call.output_is_stdin);
    cr_assert_eq(call.n_args, 4);
    cr_assert_eq(call.n_takes, 5);
    cr_assert(str_eq(call.folders[0].name, STR("feedback/")));
    cr_assert(str_eq(call.takes[4].name, STR("feedback/nextpass.in")));
}

/* --- how it ended --------------------------------------------------------------------------- */

Test(checker, one_that_does_not_end_by_itself_gives_no_verdict)
{
    static const struct {
        enum sandbox_end end;
        const char *with;
    } rows[] = {{SANDBOX_SIGNALLED, "died of signal 11: boom"},
                {SANDBOX_CPU, "cpu limit"},
                {SANDBOX_WALL, "wall limit"},
                {SANDBOX_MEMORY, "memory limit"},
                {SANDBOX_OUTPUT, "output limit"},
                {SANDBOX_PROCESSES, "processes"},
                {SANDBOX_FILTERED, "filter"},
                {SANDBOX_STOPPED, "stopped"}};
    static const int codes[] = {0, 0, 42, 0};
    struct str taken[5] = {{0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int p = CHECKER_KATTIS; p <= CHECKER_CMS; p++) {
            struct sandbox_result r = {.end = rows[i].end,
                                       .code = codes[p],
                                       .signal = 11,
                                       .out = STR("1\n"),
                                       .err = STR("boom"),
                                       .taken = taken};
            e = (struct err){0};
            cr_expect_not(checker_read((enum checker_protocol)p, &r, true, &c, &keep, &e));
            cr_expect_eq(e.cls, ERR_INPUT);
            cr_expect(strstr(e.text, rows[i].with) != NULL, "%s", e.text);
        }
}

/* --- Kattis --------------------------------------------------------------------------------- */

Test(checker, kattis_knows_two_codes)
{
    says(KATTIS(.code = 42), OUTCOME_AC, NO_SCORE);
    says(KATTIS(.code = 43), OUTCOME_WA, NO_SCORE);
    static const int others[] = {0, 1, 2, 41, 44, 127, 255};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        fails(KATTIS(.code = others[i], .err = "so"), "not 42 or 43: so");
}

Test(checker, kattis_messages_come_from_the_feedback_folder)
{
    says(KATTIS(.code = 43, .err = "stderr", .judge = "line 3:\n\twant 5\x1b[2J", .team = "no\n"),
         OUTCOME_WA, NO_SCORE);
    cr_assert(str_eq(c.message, STR("line 3: want 5 [2J")), "%.*s", STR_ARG(c.message));
    cr_assert(str_eq(c.team_message, STR("no")));
    says(KATTIS(.code = 43, .err = "stderr", .judge = ""), OUTCOME_WA, NO_SCORE);
    cr_assert(str_eq(c.message, STR("stderr")));
}

Test(checker, kattis_scores_go_with_acceptance_and_with_tasks_that_score)
{
    says(KATTIS(.may_score = true, .code = 42, .score = " 12.5\n"), OUTCOME_AC, 12.5);
    says(KATTIS(.may_score = true, .code = 42, .score = "0"), OUTCOME_AC, 0);
    says(KATTIS(.may_score = true, .code = 42), OUTCOME_AC, NO_SCORE);
    says(KATTIS(.may_score = true, .code = 43), OUTCOME_WA, NO_SCORE);
    says(KATTIS(.may_score = true, .code = 42, .multiplier = "0.25"), OUTCOME_AC, NO_SCORE);
    cr_assert(c.has_multiplier && c.multiplier == 0.25);
    fails(KATTIS(.may_score = true, .code = 43, .score = "1"), "rejected the output and gave");
    fails(KATTIS(.may_score = true, .code = 43, .multiplier = "1"), "rejected the output and gave");
    fails(KATTIS(.code = 42, .score = "1"), "the task has none");
    fails(KATTIS(.code = 42, .multiplier = "1"), "the task has none");
    fails(KATTIS(.may_score = true, .code = 42, .score = "1", .multiplier = "1"), "both");
    static const char *const bad[] = {"", "nan", "inf", "-inf", "1e999", "x", "1 2", "0x10"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        fails(KATTIS(.may_score = true, .code = 42, .score = bad[i]), "score.txt that is no score");
    fails(KATTIS(.may_score = true, .code = 42, .multiplier = "1.5"), "is no score");
    fails(KATTIS(.may_score = true, .code = 42, .multiplier = "-0.5"), "is no score");
}

Test(checker, kattis_asks_for_a_next_pass_only_when_it_accepts)
{
    says(KATTIS(.code = 42, .next = "7\n"), OUTCOME_AC, NO_SCORE);
    cr_assert(c.has_next_pass);
    cr_assert(str_eq(c.next_pass, STR("7\n")));
    says(KATTIS(.code = 42, .next = ""), OUTCOME_AC, NO_SCORE);
    cr_assert(c.has_next_pass);
    fails(KATTIS(.code = 43, .next = "7\n"), "next pass");
}

/* --- testlib -------------------------------------------------------------------------------- */

Test(checker, testlib_codes_have_their_outcomes)
{
    says(TESTLIB(.err = "ok 3 numbers\n"), OUTCOME_AC, NO_SCORE);
    cr_assert(str_eq(c.message, STR("ok 3 numbers")));
    says(TESTLIB(.err = ""), OUTCOME_AC, NO_SCORE);
    says(TESTLIB(.err = "fine"), OUTCOME_AC, NO_SCORE);
    says(TESTLIB(.code = 1, .err = "wrong answer 1st differs"), OUTCOME_WA, NO_SCORE);
    says(TESTLIB(.code = 1), OUTCOME_WA, NO_SCORE);
    fails(TESTLIB(.code = 1, .err = "Traceback (most recent call last):\n  x"), "crashed");
    says(TESTLIB(.code = 2, .err = "wrong output format Extra"), OUTCOME_PE, NO_SCORE);
    says(TESTLIB(.code = 4), OUTCOME_PE, NO_SCORE);
    says(TESTLIB(.code = 8, .err = "unexpected eof"), OUTCOME_PE, NO_SCORE);
    fails(TESTLIB(.code = 3, .err = "FAIL answer has no 3"), "failed: answer has no 3");
    static const int others[] = {5, 6, 9, 42, 43, 100, 127, 255};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        fails(TESTLIB(.may_score = true, .code = others[i]), "exited with code");
}

Test(checker, testlib_is_not_believed_when_words_and_code_differ)
{
    fails(TESTLIB(.err = "wrong answer x"), "said otherwise");
    fails(TESTLIB(.err = "wrong output format x"), "said otherwise");
    fails(TESTLIB(.err = "points 1"), "said otherwise");
    fails(TESTLIB(.err = "FAIL x"), "failed: x");
    fails(TESTLIB(.code = 1, .err = "FAIL x"), "failed: x");
    fails(TESTLIB(.code = 1, .err = "ok"), "said ok");
    fails(TESTLIB(.code = 2, .err = "ok well"), "said ok");
    fails(TESTLIB(.code = 7, .err = "ok 7"), "points without a number");
    says(TESTLIB(.err = "okay then"), OUTCOME_AC, NO_SCORE);
}

Test(checker, testlib_points_are_read_after_their_word)
{
    says(TESTLIB(.may_score = true, .code = 7, .err = "points 3.5 good"), OUTCOME_PC, 3.5);
    says(TESTLIB(.may_score = true, .code = 7, .err = "points 0\n"), OUTCOME_PC, 0);
    fails(TESTLIB(.code = 7, .err = "points 3.5"), "the task has none");
    static const char *const bad[] = {"",
                                      "points",
                                      "points x",
                                      "points nan",
                                      "points inf",
                                      "points -1",
                                      "points_info=3",
                                      "3.5",
                                      "points 1e9999",
                                      "points \n3",
                                      "wrong answer 1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        fails(TESTLIB(.may_score = true, .code = 7, .err = bad[i]), "points without a number");
}

Test(checker, testlib_percentages_are_told_by_words_since_codes_collide)
{
    says(TESTLIB(.may_score = true, .code = 40, .err = "partially correct (40) x"), OUTCOME_PC,
         0.4);
    says(TESTLIB(.may_score = true, .code = 90, .err = "partially correct (40) x"), OUTCOME_PC,
         0.4);
    says(TESTLIB(.may_score = true, .code = 0, .err = "partially correct (0) x"), OUTCOME_PC, 0);
    says(TESTLIB(.may_score = true, .code = 1, .err = "partially correct (1) x"), OUTCOME_PC, 0.01);
    fails(TESTLIB(.code = 40, .err = "partially correct (40)"), "the task has none");
    fails(TESTLIB(.may_score = true, .code = 0, .err = "partially correct (40)"), "percentage");
    fails(TESTLIB(.may_score = true, .code = 101, .err = "partially correct (101)"), "percentage");
    fails(TESTLIB(.may_score = true, .code = 4, .err = "partially correct (4"), "percentage");
    fails(TESTLIB(.may_score = true, .code = 4, .err = "partially correct (x)"), "percentage");
}

/* --- CMS ------------------------------------------------------------------------------------ */

Test(checker, cms_outcomes_are_numbers_from_nothing_to_all)
{
    says(CMS(.out = "1\n", .err = "translate:success\n"), OUTCOME_AC, 1);
    cr_assert(str_eq(c.message, STR("Output is correct")));
    says(CMS(.out = "1.0"), OUTCOME_AC, 1);
    says(CMS(.out = "0\n", .err = "translate:wrong"), OUTCOME_WA, 0);
    cr_assert(str_eq(c.message, STR("Output isn't correct")));
    says(CMS(.out = "-0"), OUTCOME_WA, 0);
    cr_assert(!signbit(c.score));
    says(CMS(.may_score = true, .out = " 0.3333\r\nrest\n", .err = "translate:partial"), OUTCOME_PC,
         0.3333);
    says(CMS(.may_score = true, .out = "0.00001", .err = "so\nADMIN_MESSAGE: x"), OUTCOME_PC,
         0.00001);
    cr_assert(str_eq(c.message, STR("so")));
    fails(CMS(.out = "0.5"), "partial score where the task has none");
    static const char *const bad[] = {
        "",    "\n",  "nan", "inf",  "-inf", "-1",  "2",   "1.01", "1e9",  "one",
        "0,5", "0x1", "1 0", "-0.1", "1e",   "\n1", "1_0", ".",    "-nan", "1e-9999999999x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        fails(CMS(.may_score = true, .out = bad[i]), "outcome");
    fails(CMS(.code = 1, .out = "1"), "exited with code 1, not 0");
}

Test(checker, cms_judge_failures_hidden_in_a_zero_are_errors)
{
    fails(CMS(.out = "0", .err = "Judge Failure; Contact staff!\nbad input"), "failed");
    fails(CMS(.out = "1", .err = "judge failure"), "failed");
}

Test(checker, cms_violations_are_an_outcome_of_their_own)
{
    says(CMS(.out = "0", .err = "Protocol Violation: too many"), OUTCOME_PV, 0);
    says(CMS(.out = "0", .err = "Protocol violation"), OUTCOME_PV, 0);
    says(CMS(.out = "0", .err = "Security Violation"), OUTCOME_PV, 0);
    fails(CMS(.out = "1", .err = "Protocol Violation"), "score to a violation");
    says(CMS(.out = "0", .err = "no Protocol Violation"), OUTCOME_WA, 0);
}

Test(checker, cms_messages_must_be_clean_text)
{
    fails(CMS(.out = "1", .err = "\xff\xfe"), "not UTF-8");
    fails(CMS(.out = "1", .err = "a\x1b[31mb"), "control character");
    says(CMS(.out = "1", .err = "\xc3\xa4 fine\n\xff"), OUTCOME_AC, 1);
}

/* --- messages ------------------------------------------------------------------------------- */

Test(checker, messages_are_one_printable_line)
{
    struct str s = checker_printable(STR("  a\n\n b\x07\tc\xff\xe2\x80\xae"
                                         "d\xe2\x80\xa8"
                                         "e "),
                                     &keep);
    cr_assert(str_eq(s, STR("a b c\xef\xbf\xbd d e")), "%.*s", STR_ARG(s));
    struct buf b = {0};
    for (int i = 0; i < 1000; i++)
        buf_put(&b, STR("\xc3\xa4"));
    cr_assert_leq(checker_printable(buf_str(&b), &keep).n, 404);
    buf_free(&b);
    cr_assert_eq(checker_printable((struct str){0}, &keep).n, 0);
}
