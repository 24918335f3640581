#include "base/limits.h"
#include "graders/choice_grader.h"
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

TestSuite(choice_grader, .init = set_up, .fini = tear_down);

static bool try_judge(const char *item, const char *fields, const char *reply, struct grade *g)
{
    struct json *key = NULL;
    struct json *definition = NULL;
    enum grade_next next = GRADE_ASK;
    struct str text = arena_fmt(&keep, "{\"fields\": %s}", fields);
    ASSERT_OK(json_parse(str_of(item), "item", &key, &e), e);
    ASSERT_OK(json_parse(text, "definition", &definition, &e), e);
    struct grade_in in = {.reply = str_of(reply), .key = key, .definition = definition};
    bool ok = grader_choice.judge(&in, &next, g, NULL, &keep, tmp, &e);
    cr_assert(!ok || next == GRADE_DONE);
    json_free(key);
    json_free(definition);
    return ok;
}

static const char *const both = "{\"answer\": \"right\", \"options\": \"choices\"}";

static void verdict_is(const char *item, const char *reply, enum verdict want)
{
    struct grade g = {0};
    cr_assert(try_judge(item, both, reply, &g), "%s: %s", item, e.text);
    cr_assert_eq(g.verdict, want, "%s on %s: %.*s", reply, item, STR_ARG(g.reason));
    cr_assert_eq(g.score, want == VERDICT_RIGHT ? 1.0 : 0.0);
}

Test(choice_grader, it_is_in_the_registry)
{
    cr_assert_eq(grader_find(STR("choice")), &grader_choice);
}

Test(choice_grader, the_five_ways_a_reply_can_go)
{
    const char *item = "{\"right\": \"B\", \"choices\": [\"five\", \"six\", \"seven\"]}";
    verdict_is(item, "Answer: B", VERDICT_RIGHT);
    verdict_is(item, "Answer: six", VERDICT_RIGHT);
    verdict_is(item, "Answer: C", VERDICT_WRONG);
    verdict_is(item, "Answer: seven", VERDICT_WRONG);
    verdict_is(item, "I cannot say what it is, having no data at hand.", VERDICT_NO_ANSWER);
    verdict_is(item, "Answer: B or C", VERDICT_UNDECIDED);
    verdict_is(item, "Answer: D", VERDICT_UNDECIDED);
    verdict_is(item, "Answer: eight", VERDICT_UNDECIDED);
}

Test(choice_grader, golds_may_be_texts_and_options_numbers)
{
    verdict_is("{\"right\": \"seven\", \"choices\": [\"five\", \"seven\"]}", "(B)", VERDICT_RIGHT);
    verdict_is("{\"right\": 7, \"choices\": [5, 7, 9]}", "Answer: 7", VERDICT_RIGHT);
    verdict_is("{\"right\": 7, \"choices\": [5, 7, 9]}", "Answer: C", VERDICT_WRONG);
    verdict_is("{\"right\": \"J\"}", "Answer: J", VERDICT_RIGHT);
}

static void refuses(const char *item, const char *words)
{
    struct grade g = {0};
    e = (struct err){0};
    cr_assert_not(try_judge(item, both, "Answer: A", &g), "%s", item);
    cr_assert(strstr(e.text, words) != NULL, "%s: %s", item, e.text);
}

Test(choice_grader, an_item_that_makes_no_sense_is_an_err_not_a_verdict)
{
    refuses("{\"choices\": [\"x\", \"y\"]}", "must be a letter");
    refuses("{\"right\": \"\", \"choices\": [\"x\", \"y\"]}", "must be a letter");
    refuses("{\"right\": [1], \"choices\": [\"x\", \"y\"]}", "must be a letter");
    refuses("{\"right\": \"C\", \"choices\": [\"x\", \"y\"]}", "is no option: C");
    refuses("{\"right\": 0, \"choices\": [\"x\", \"y\"]}", "is no option: 0");
    refuses("{\"right\": \"x\", \"choices\": [\"x\", \"x\"]}", "is no option: x");
    refuses("{\"right\": \"A\", \"choices\": [\"x\"]}", "no choice");
    refuses("{\"right\": \"A\", \"choices\": \"x\"}", "must be a list");
    refuses("{\"right\": \"A\", \"choices\": [\"x\", \"\"]}", "option B of the item");
    refuses("{\"right\": \"A\", \"choices\": [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,"
            "21,22,23,24,25,26,27]}",
            "more than 26");
    refuses("{\"right\": \"K\"}", "is no option: K");
}

Test(choice_grader, options_are_optional_and_fields_have_their_names)
{
    struct grade g = {0};
    cr_assert(try_judge("{\"answer\": \"C\"}", "{}", "Answer: C", &g), "%s", e.text);
    cr_assert_eq(g.verdict, VERDICT_RIGHT);
    cr_assert(try_judge("{\"k\": \"C\"}", "{\"answer\": \"k\"}", "Answer: D", &g), "%s", e.text);
    cr_assert_eq(g.verdict, VERDICT_WRONG);
    cr_assert(str_eq(g.answer, STR("D")));
    cr_assert(str_eq(g.reason, STR("D is not C (the last option declared)")));
}

Test(choice_grader, evidence_says_what_was_taken_from_where_by_which_rule)
{
    struct grade g = {0};
    struct json *j = NULL;
    struct str text;
    int64_t from;
    int64_t to;
    const char *reply = "Answer: A\n\nNo.\n\nAnswer: (C)";
    cr_assert(try_judge("{\"answer\": \"C\"}", "{}", reply, &g));
    ASSERT_OK(json_parse(g.evidence, "evidence", &j, &e), e);
    cr_assert(json_i64(json_first(json_get(j, "span")), &from));
    cr_assert(json_i64(json_next(json_first(json_get(j, "span"))), &to));
    cr_assert(str_eq(str_sub(str_of(reply), from, to), STR("(C)")));
    cr_assert(json_str(json_get(j, "extracted_by"), &text));
    cr_assert(str_eq(text, STR("declared")));
    cr_assert(json_str(json_get(j, "answer"), &text));
    cr_assert(str_eq(text, STR("C")));
    json_free(j);
}
