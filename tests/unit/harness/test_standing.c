/* What attempts are worth: best of every subtask, first accepted and its penalty. */
#include "base/file.h"
#include "harness/expected.h"
#include "harness/standing.h"
#include "tests/support/support.h"

static struct arena keep;
static struct standing_problem p;

static void setup(void)
{
    arena_init(&keep, "keep", LIMIT_MIB);
}

TestSuite(standing, .init = setup);

/* A task with two subtasks of 30 and 70 points, or without scores. */
static const struct task *task(bool has_score)
{
    static struct task_group groups[3];
    static struct task t;
    groups[0] = (struct task_group){.name = STR("")};
    groups[1] = (struct task_group){.name = STR("easy"), .points = 30, .is_subtask = true};
    groups[2] = (struct task_group){.name = STR("full"), .points = 70, .is_subtask = true};
    t = (struct task){.name = STR("t"),
                      .groups = groups,
                      .n_groups = 3,
                      .has_score = has_score,
                      .full_score = has_score ? 100 : 1,
                      .score_precision = 2};
    return &t;
}

static struct judging_job *with_points(double easy, double full)
{
    struct judging_job *j = NEW(&keep, struct judging_job, 1);
    struct group_result *g = NEW(&keep, struct group_result, 3);
    g[1].score = easy;
    g[2].score = full;
    *j = (struct judging_job){.is_judged = true, .score = easy + full};
    j->found.groups = g;
    j->found.verdict = OUTCOME_PC;
    return j;
}

static struct judging_job *with_verdict(enum outcome o)
{
    struct judging_job *j = NEW(&keep, struct judging_job, 1);
    *j = (struct judging_job){.is_judged = true};
    j->found.verdict = o;
    return j;
}

Test(standing, every_subtask_takes_its_best_submission)
{
    struct standing_attempt a[] = {{.job = with_points(30, 10)}, {.job = with_points(0, 45.5)}};
    standing_of(task(true), a, 2, &p, &keep);
    cr_assert_eq(p.score, 75.5);
    cr_assert_eq(p.subtasks[0].i_best, 0);
    cr_assert_eq(p.subtasks[1].i_best, 1);
}

Test(standing, what_does_not_compile_has_no_subtasks)
{
    struct standing_attempt a[] = {{.job = with_verdict(OUTCOME_CE)}, {.job = with_points(30, 0)}};
    standing_of(task(true), a, 2, &p, &keep);
    cr_assert_eq(p.score, 30);
}

Test(standing, penalty_counts_rejected_ones_before_the_first_accepted)
{
    struct standing_attempt a[] = {{with_verdict(OUTCOME_WA), true, 10},
                                   {with_verdict(OUTCOME_CE), true, 12},
                                   {with_verdict(OUTCOME_TLE), true, 30},
                                   {with_verdict(OUTCOME_AC), true, 61},
                                   {with_verdict(OUTCOME_WA), true, 70}};
    standing_of(task(false), a, 5, &p, &keep);
    cr_assert(p.is_solved);
    cr_assert_eq(p.n_wrong, 2);
    cr_assert_eq(p.penalty, 61 + 40);
    cr_assert_eq(p.score, 1);
}

Test(standing, an_unsolved_problem_has_no_penalty)
{
    struct standing_attempt a[] = {{with_verdict(OUTCOME_WA), true, 10}};
    standing_of(task(false), a, 1, &p, &keep);
    cr_assert_not(p.is_solved);
    cr_assert_eq(p.penalty, 0);
}

Test(standing, what_could_not_be_judged_counts_nowhere_and_shows)
{
    struct judging_job broken = {.is_done = true};
    struct standing_attempt a[] = {{.job = &broken}, {with_verdict(OUTCOME_AC), true, 5}};
    standing_of(task(false), a, 2, &p, &keep);
    cr_assert_not(p.is_complete);
    cr_assert(p.is_solved);
    cr_assert_eq(p.penalty, 5);
}

/* --- expectations of a whole ---------------------------------------------------------------- */

static struct str *lines;
static int64_t n_lines;

static bool compare(const char *text, struct err *e)
{
    const char *path = arena_fmt(&keep, "%s/EXPECTED.json", support_temp()).at;
    struct expected *x = NULL;
    struct standing_attempt a[] = {{.job = with_points(30, 45.5)}};
    standing_of(task(true), a, 1, &p, &keep);
    struct standing s = {.problems = &p, .n_problems = 1, .total = 75.5};
    ASSERT_OK(file_write(path, str_of(text), e), *e);
    if (!expected_open(path, &x, &keep, e))
        return false;
    expected_compare(x, &s, &lines, &n_lines, &keep);
    expected_close(x);
    return true;
}

Test(standing, an_expectation_that_holds_makes_no_lines)
{
    struct err e = {0};
    ASSERT_OK(compare("{\"problems\":{\"t\":{\"score\":75.5,\"subtasks\":{\"easy\":30,"
                      "\"full\":45.504}}},\"total\":75.5}",
                      &e),
              e);
    cr_assert_eq(n_lines, 0, "%.*s", STR_ARG(lines[0]));
}

Test(standing, every_difference_is_a_line)
{
    struct err e = {0};
    ASSERT_OK(compare("{\"problems\":{\"t\":{\"score\":80,\"subtasks\":{\"full\":50,\"none\":1}},"
                      "\"other\":3},\"total\":100}",
                      &e),
              e);
    cr_assert_eq(n_lines, 5);
    cr_assert_str_eq(lines[0].at, "t: expected 80, got 75.5");
    cr_assert_str_eq(lines[1].at, "t, subtask full: expected 50, got 45.5");
    cr_assert_str_eq(lines[2].at, "t, subtask none: the task has none of that name");
    cr_assert_str_eq(lines[3].at, "other: expected, but nothing of it was judged");
    cr_assert_str_eq(lines[4].at, "total: expected 100, got 75.5");
}

Test(standing, what_could_not_be_judged_differs_from_nothing)
{
    struct err e = {0};
    struct expected *x = NULL;
    const char *path = arena_fmt(&keep, "%s/EXPECTED.json", support_temp()).at;
    struct judging_job jobs[] = {{.is_done = true}, *with_verdict(OUTCOME_WA)};
    struct standing_attempt a[] = {{.job = &jobs[0]}, {.job = &jobs[1]}};
    standing_of(task(false), a, 2, &p, &keep);
    struct standing s = {.problems = &p, .n_problems = 1, .jobs = jobs, .n_jobs = 2};
    ASSERT_OK(file_write(path,
                         STR("{\"problems\":{\"t\":{\"solved\":true}},\"solved\":1,"
                             "\"verdicts\":[\"AC\",\"AC\"]}"),
                         &e),
              e);
    ASSERT_OK(expected_open(path, &x, &keep, &e), e);
    expected_compare(x, &s, &lines, &n_lines, &keep);
    expected_close(x);
    cr_assert_eq(n_lines, 1);
    cr_assert_str_eq(lines[0].at, "submission 2: expected AC, got WA");
}

Test(standing, a_misspelt_expectation_is_refused)
{
    struct err e = {0};
    cr_assert_not(compare("{\"problems\":{\"t\":{\"scor\":80}}}", &e));
    cr_assert(strstr(e.text, "\"scor\" is not known") != NULL, "%s", e.text);
}
