/* Scores of groups from outcomes of tests that a table gives. */
#include <math.h>

#include "graders/judge/expect.h"
#include "graders/judge/scoring.h"
#include "graders/judge/trial.h"
#include "tests/support/support.h"

enum { TESTS_MAX = 16 };

static struct arena keep;
static struct task task;
static struct test_score given[TESTS_MAX];
static int64_t n_asked[TESTS_MAX];
static struct test_score *tests;
static struct group_result *groups;

static struct task_group plain_group(void)
{
    return (struct task_group){.name = STR(""),
                               .i_parent = -1,
                               .points = 1,
                               .accept_score = 1,
                               .range_min = -HUGE_VAL,
                               .range_max = HUGE_VAL};
}

static bool tell(void *who, int64_t i, struct test_score *out, struct err *e)
{
    (void)who;
    n_asked[i]++;
    *out = given[i];
    return given[i].outcome != OUTCOME_COUNT || FAIL(e, ERR_INPUT, "checker died");
}

static void setup(void)
{
    arena_init(&keep, "keep", LIMIT_MIB);
    memset(given, 0, sizeof given);
    memset(n_asked, 0, sizeof n_asked);
}

TestSuite(scoring, .init = setup);

static bool score(struct task_group *g, int64_t n_groups, int64_t n_tests, bool runs_all,
                  struct err *e)
{
    task = (struct task){.groups = g,
                         .n_groups = n_groups,
                         .tests = NEW(&keep, struct task_test, n_tests),
                         .n_tests = n_tests,
                         .has_score = true,
                         .full_score = 100};
    struct scoring s = {.task = &task, .runs_all = runs_all, .judge = tell};
    return scoring_run(&s, &tests, &groups, &keep, e);
}

static void score_ok(struct task_group *g, int64_t n_groups, int64_t n_tests, bool runs_all)
{
    struct err e = {0};
    ASSERT_OK(score(g, n_groups, n_tests, runs_all, &e), e);
}

/* Outcomes as a word per test: "AC WA TLE". */
static void outcomes(const char *words)
{
    struct str rest = str_of(words);
    struct str word;
    for (int i = 0; str_split(&rest, ' ', &word); i++)
        cr_assert(outcome_from_name(word, &given[i].outcome), "%.*s", STR_ARG(word));
}

static const struct group_member four[] = {{false, 0}, {false, 1}, {false, 2}, {false, 3}};

static struct task_group four_tests(enum group_score score, enum group_verdict verdict)
{
    struct task_group g = plain_group();
    g.members = four;
    g.n_members = 4;
    g.score = score;
    g.verdict = verdict;
    return g;
}

Test(scoring, a_sum_counts_what_was_accepted)
{
    struct task_group g = four_tests(GROUP_SUM, GROUP_WORST_ERROR);
    g.points = 25;
    outcomes("AC WA AC TLE");
    score_ok(&g, 1, 4, false);
    cr_assert_eq(groups[0].score, 50);
    cr_assert_eq(groups[0].outcome, OUTCOME_TLE);
    cr_assert_eq(groups[0].i_test, 3);
}

Test(scoring, first_and_worst_error_differ)
{
    struct task_group g = four_tests(GROUP_SUM, GROUP_FIRST_ERROR);
    outcomes("AC WA RE TLE");
    score_ok(&g, 1, 4, false);
    cr_assert_eq(groups[0].outcome, OUTCOME_WA);
    g.verdict = GROUP_WORST_ERROR;
    score_ok(&g, 1, 4, false);
    cr_assert_eq(groups[0].outcome, OUTCOME_RE);
    g.verdict = GROUP_ALWAYS_ACCEPT;
    score_ok(&g, 1, 4, false);
    cr_assert_eq(groups[0].outcome, OUTCOME_AC);
}

Test(scoring, a_minimum_at_zero_stops_asking)
{
    struct task_group g = four_tests(GROUP_MIN, GROUP_FIRST_ERROR);
    g.points = 30;
    outcomes("AC WA AC AC");
    score_ok(&g, 1, 4, false);
    cr_assert_eq(groups[0].score, 0);
    cr_assert_eq(n_asked[2], 0);
    cr_assert_eq(tests[2].outcome, OUTCOME_SKIPPED);
    memset(n_asked, 0, sizeof n_asked);
    score_ok(&g, 1, 4, true);
    cr_assert_eq(n_asked[3], 1);
    cr_assert_eq(groups[0].score, 0);
}

Test(scoring, the_verdict_of_a_minimum_is_its_first_least_member)
{
    struct task_group g = four_tests(GROUP_MIN, GROUP_FIRST_ERROR);
    g.points = 40;
    given[0] = (struct test_score){.outcome = OUTCOME_PC, .has_score = true, .score = 0.5};
    given[1] = (struct test_score){.outcome = OUTCOME_PC, .has_score = true, .score = 0.25};
    given[2] = (struct test_score){.outcome = OUTCOME_AC, .has_score = true, .score = 1};
    given[3] = (struct test_score){.outcome = OUTCOME_PC, .has_score = true, .score = 0.25};
    score_ok(&g, 1, 4, false);
    cr_assert_eq(groups[0].score, 10);
    cr_assert_eq(groups[0].outcome, OUTCOME_PC);
    cr_assert_eq(groups[0].i_test, 1);
}

Test(scoring, what_follows_a_break_does_not_count_even_when_it_is_run)
{
    struct task_group g = four_tests(GROUP_SUM, GROUP_WORST_ERROR);
    g.breaks_on_reject = true;
    outcomes("AC WA RE AC");
    score_ok(&g, 1, 4, false);
    cr_assert_eq(n_asked[2], 0);
    cr_assert_eq(groups[0].outcome, OUTCOME_WA);
    cr_assert_eq(groups[0].score, 1);
    memset(n_asked, 0, sizeof n_asked);
    score_ok(&g, 1, 4, true);
    cr_assert_eq(n_asked[2], 1);
    cr_assert_eq(groups[0].outcome, OUTCOME_WA, "%s", outcome_name(groups[0].outcome));
    cr_assert_eq(groups[0].score, 1);
}

Test(scoring, a_test_in_two_subtasks_is_run_once)
{
    static const struct group_member root[] = {{true, 1}, {true, 2}};
    static const struct group_member small[] = {{false, 0}};
    static const struct group_member all[] = {{false, 0}, {false, 1}};
    struct task_group g[] = {plain_group(), plain_group(), plain_group()};
    g[0].members = root;
    g[0].n_members = 2;
    g[1] = (struct task_group){.i_parent = 0,
                               .members = small,
                               .n_members = 1,
                               .score = GROUP_MIN,
                               .verdict = GROUP_FIRST_ERROR,
                               .points = 30,
                               .accept_score = 1,
                               .range_min = -HUGE_VAL,
                               .range_max = HUGE_VAL};
    g[2] = g[1];
    g[2].members = all;
    g[2].n_members = 2;
    g[2].points = 70;
    outcomes("AC WA");
    score_ok(g, 3, 2, false);
    cr_assert_eq(n_asked[0], 1);
    cr_assert_eq(groups[0].score, 30);
    cr_assert_eq(groups[2].score, 0);
    cr_assert_eq(groups[2].outcome, OUTCOME_WA);
}

Test(scoring, a_group_that_needs_a_failed_one_is_not_run)
{
    static const struct group_member root[] = {{true, 1}, {true, 2}};
    static const struct group_member a[] = {{false, 0}};
    static const struct group_member b[] = {{false, 1}};
    static const int64_t needs[] = {1};
    struct task_group g[] = {plain_group(), plain_group(), plain_group()};
    g[0].members = root;
    g[0].n_members = 2;
    g[1].members = a;
    g[1].n_members = 1;
    g[2].members = b;
    g[2].n_members = 1;
    g[2].needs = needs;
    g[2].n_needs = 1;
    outcomes("WA AC");
    score_ok(g, 3, 2, false);
    cr_assert_eq(n_asked[1], 0);
    cr_assert_eq(groups[2].outcome, OUTCOME_SKIPPED);
    cr_assert_eq(groups[0].outcome, OUTCOME_WA, "what was not run is nobody's error");
    score_ok(g, 3, 2, true);
    cr_assert_eq(groups[2].score, 0);
}

Test(scoring, samples_are_left_out_and_one_accepted_group_is_enough)
{
    static const struct group_member root[] = {{true, 1}, {true, 2}};
    static const struct group_member sample[] = {{false, 0}};
    static const struct group_member secret[] = {{false, 1}, {false, 2}};
    struct task_group g[] = {plain_group(), plain_group(), plain_group()};
    g[0].members = root;
    g[0].n_members = 2;
    g[0].ignores_sample = true;
    g[1].members = sample;
    g[1].n_members = 1;
    g[2].members = secret;
    g[2].n_members = 2;
    g[2].accepts_if_any = true;
    g[2].verdict = GROUP_FIRST_ERROR;
    g[2].accept_score = 10;
    outcomes("WA AC TLE");
    score_ok(g, 3, 3, false);
    cr_assert_eq(groups[0].outcome, OUTCOME_AC);
    cr_assert_eq(groups[0].score, 10);
}

Test(scoring, rules_over_members)
{
    static const struct {
        enum group_score rule;
        double want;
    } rows[] = {{GROUP_SUM, 1.75},     {GROUP_MIN, 0.25},     {GROUP_MAX, 1},
                {GROUP_AVG, 1.75 / 4}, {GROUP_MUL, 1.0 / 64}, {GROUP_PASS_FAIL, 1}};
    const double s[] = {1, 0.25, 0.25, 0.25};
    for (int i = 0; i < 4; i++)
        given[i] = (struct test_score){
            .outcome = s[i] < 1 ? OUTCOME_PC : OUTCOME_AC, .has_score = true, .score = s[i]};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct task_group g = four_tests(rows[i].rule, GROUP_WORST_ERROR);
        score_ok(&g, 1, 4, false);
        cr_assert_float_eq(groups[0].score, rows[i].want, 1e-12, "rule %d: %g", (int)rows[i].rule,
                           groups[0].score);
    }
}

Test(scoring, threshold_wants_every_outcome_within)
{
    struct task_group g = four_tests(GROUP_THRESHOLD, GROUP_WORST_ERROR);
    g.threshold = 5;
    g.points = 60;
    for (int i = 0; i < 4; i++)
        given[i] = (struct test_score){.outcome = OUTCOME_PC, .has_score = true, .score = 2 + i};
    score_ok(&g, 1, 4, false);
    cr_assert_eq(groups[0].score, 60);
    cr_assert_eq(groups[0].outcome, OUTCOME_AC);
    given[2].score = 5.5;
    score_ok(&g, 1, 4, false);
    cr_assert_eq(groups[0].score, 0);
    cr_assert_eq(groups[0].outcome, OUTCOME_WA);
}

/* Half of the members are enough, and the score is what the first one has. */
static int64_t n_graded;

static bool grade_half(void *who, int64_t i, const struct group_result *members, int64_t n,
                       struct group_result *out, struct err *e)
{
    int64_t n_good = 0;
    (void)who;
    (void)i;
    n_graded = n;
    for (int64_t k = 0; k < n; k++)
        n_good += members[k].outcome == OUTCOME_AC;
    *out = (struct group_result){2 * n_good >= n ? OUTCOME_AC : OUTCOME_TLE, 7, -1};
    return n < 4 || members[3].outcome != OUTCOME_CE || FAIL(e, ERR_INPUT, "the grader died");
}

static bool score_custom(struct task_group *g, bool runs_all, bool has_grader, struct err *e)
{
    task = (struct task){.groups = g,
                         .n_groups = 1,
                         .tests = NEW(&keep, struct task_test, 4),
                         .n_tests = 4,
                         .has_score = true};
    struct scoring s = {.task = &task,
                        .runs_all = runs_all,
                        .judge = tell,
                        .grade = has_grader ? grade_half : NULL};
    return scoring_run(&s, &tests, &groups, &keep, e);
}

Test(scoring, a_custom_group_is_what_its_grader_says)
{
    struct err e = {0};
    struct task_group g = four_tests(GROUP_MIN, GROUP_FIRST_ERROR);
    g.is_custom = true;
    outcomes("WA AC TLE AC");
    ASSERT_OK(score_custom(&g, false, true, &e), e);
    cr_assert(n_graded == 4 && groups[0].outcome == OUTCOME_AC && groups[0].score == 7);
    cr_assert_eq(groups[0].i_test, -1);
    outcomes("WA WA TLE AC");
    ASSERT_OK(score_custom(&g, false, true, &e), e);
    cr_assert(groups[0].outcome == OUTCOME_TLE && groups[0].score == 0);
    cr_assert_eq(groups[0].i_test, 2);
    g.breaks_on_reject = true; /* what follows is not told to the grader, even when it is run */
    outcomes("AC WA AC AC");
    ASSERT_OK(score_custom(&g, true, true, &e), e);
    cr_assert(n_graded == 2 && groups[0].outcome == OUTCOME_AC);
    g.range_max = 5;
    ASSERT_OK(score_custom(&g, false, true, &e), e);
    cr_assert_eq(groups[0].score, 5);
    ASSERT_OK(score_custom(&g, false, false, &e), e);
    cr_assert(groups[0].outcome == OUTCOME_AC && groups[0].score == 5);
    outcomes("AC AC AC CE");
    cr_assert(!score_custom(&g, false, true, &e));
}

Test(scoring, a_graders_answer_is_a_code_and_a_number)
{
    static const char *const bad[] = {"",       "AC",     "AC x", "JE 0",   "ac 1", "AC 1 2",
                                      "AC nan", "AC inf", "1 AC", "AC 0x1", "PC 1", "AC 1\nWA 0"};
    static const struct {
        const char *said;
        enum outcome outcome;
        double score;
    } good[] = {{"AC 1", OUTCOME_AC, 1},
                {" WA\t-2.5 \n", OUTCOME_WA, -2.5},
                {"RTE 0\n\n", OUTCOME_RE, 0},
                {"TLE 1e2", OUTCOME_TLE, 100},
                {"MLE 0.0", OUTCOME_MLE, 0},
                {"OLE 3", OUTCOME_OLE, 3},
                {"AC 33.333333333", OUTCOME_AC, 33.333333333}};
    struct group_result g = {0};
    struct err e = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect(!trial_read_grade(str_of(bad[i]), &g, &e) && e.cls == ERR_INPUT, "%s", bad[i]);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ASSERT_OK(trial_read_grade(str_of(good[i].said), &g, &e), e);
        cr_expect(g.outcome == good[i].outcome && g.score == good[i].score, "%s", good[i].said);
    }
}

/* IOI: a zero ends a subtask, but not where single tests are spoken of. */
Test(scoring, tests_that_somebody_speaks_of_are_all_run)
{
    struct expectation x = {.is_per_test = true};
    struct task_submission s = {.expects = &x, .n_expects = 1};
    struct task_group g = four_tests(GROUP_MIN, GROUP_FIRST_ERROR);
    struct err e = {0};
    outcomes("WA AC TLE AC");
    task = (struct task){.groups = &g,
                         .n_groups = 1,
                         .tests = NEW(&keep, struct task_test, 4),
                         .n_tests = 4,
                         .submissions = &s,
                         .n_submissions = 1};
    struct scoring how = {.task = &task, .judge = tell};
    ASSERT_OK(scoring_run(&how, &tests, &groups, &keep, &e), e);
    cr_assert_eq(n_asked[3], 1);
    cr_assert(groups[0].outcome == OUTCOME_WA && groups[0].i_test == 0);
    x.is_per_test = false;
    ASSERT_OK(scoring_run(&how, &tests, &groups, &keep, &e), e);
    cr_assert_eq(n_asked[3], 1);
}

Test(scoring, a_score_stays_in_its_range)
{
    struct task_group g = four_tests(GROUP_SUM, GROUP_WORST_ERROR);
    g.accept_score = 50;
    g.range_max = 100;
    outcomes("AC AC AC AC");
    score_ok(&g, 1, 4, false);
    cr_assert_eq(groups[0].score, 100);
}

Test(scoring, a_test_that_cannot_be_judged_gives_no_score)
{
    struct err e = {0};
    struct task_group g = four_tests(GROUP_SUM, GROUP_WORST_ERROR);
    given[2].outcome = OUTCOME_COUNT;
    cr_assert_not(score(&g, 1, 4, false, &e));
    cr_assert_str_eq(e.text, "checker died");
}

/* --- expectations --------------------------------------------------------------------------- */

static bool holds(const struct expectation *x, const char **why)
{
    struct str text = {"", 0};
    struct found f = {tests, groups, groups[0].outcome};
    bool ok = expect_holds(&task, x, &f, &text, &keep);
    *why = arena_str(&keep, text).at;
    return ok;
}

Test(scoring, expectations_of_the_final_verdict)
{
    const char *why = NULL;
    struct task_group g = four_tests(GROUP_SUM, GROUP_WORST_ERROR);
    struct expectation x = {.label = STR("wrong_answer"),
                            .i_group = -1,
                            .permitted = OUTCOME_BIT(OUTCOME_WA),
                            .score_min = -HUGE_VAL,
                            .score_max = HUGE_VAL};
    outcomes("AC WA AC AC");
    score_ok(&g, 1, 4, false);
    cr_assert(holds(&x, &why), "%s", why);
    outcomes("AC TLE AC AC");
    score_ok(&g, 1, 4, false);
    cr_assert_not(holds(&x, &why));
    cr_assert_str_eq(why, "wrong_answer: it got TLE, not WA");
}

Test(scoring, expectations_of_single_tests)
{
    const char *why = NULL;
    struct task_group g = four_tests(GROUP_SUM, GROUP_WORST_ERROR);
    struct expectation x = {.label = STR("brute_force"),
                            .i_group = -1,
                            .is_per_test = true,
                            .permitted = OUTCOME_BIT(OUTCOME_AC) | OUTCOME_BIT(OUTCOME_TLE),
                            .required = OUTCOME_BIT(OUTCOME_TLE),
                            .score_min = -HUGE_VAL,
                            .score_max = HUGE_VAL};
    outcomes("AC TLE AC AC");
    score_ok(&g, 1, 4, true);
    cr_assert(holds(&x, &why), "%s", why);
    outcomes("AC AC AC AC");
    score_ok(&g, 1, 4, true);
    cr_assert_not(holds(&x, &why));
    cr_assert_str_eq(why, "brute_force: no test got TLE");
    outcomes("AC TLE WA AC");
    score_ok(&g, 1, 4, true);
    cr_assert_not(holds(&x, &why));
    cr_assert_str_eq(why, "brute_force: a test got WA, only AC or TLE may be");
}

Test(scoring, expectations_of_scores)
{
    const char *why = NULL;
    struct task_group g = four_tests(GROUP_SUM, GROUP_WORST_ERROR);
    uint32_t any = OUTCOME_BIT(OUTCOME_COUNT) - 1;
    struct expectation partial = {.label = STR("partially_correct"),
                                  .i_group = -1,
                                  .permitted = any,
                                  .score_max = 1,
                                  .is_score_strict = true};
    g.points = 25;
    outcomes("AC WA AC AC");
    score_ok(&g, 1, 4, false);
    cr_assert(holds(&partial, &why), "%s", why);
    outcomes("AC AC AC AC");
    score_ok(&g, 1, 4, false);
    cr_assert_not(holds(&partial, &why), "100 of 100 is not partial");
    struct expectation exact = {.label = STR("@EXPECTED_SCORE@"),
                                .i_group = -1,
                                .permitted = any,
                                .score_min = 75,
                                .score_max = 75,
                                .is_score_absolute = true};
    cr_assert_not(holds(&exact, &why));
    outcomes("AC WA AC AC");
    score_ok(&g, 1, 4, false);
    cr_assert(holds(&exact, &why), "%s", why);
}
