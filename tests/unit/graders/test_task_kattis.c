#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "graders/task/maker.h"
#include "tests/support/package_make.h"
#include "tests/support/support.h"

static struct task t;
static struct err e;

static void plain(void)
{
    (void)package_make("sum");
    package_put("problem.yaml", "name: Sum\n");
    package_put(".timelimit", "2\n");
    package_put("data/sample/1.in", "1 2\n");
    package_put("data/sample/1.ans", "3\n");
    package_put("data/secret/01.in", "2 2\n");
    package_put("data/secret/01.ans", "4\n");
    package_put("submissions/accepted/a.cpp", "int main() {}\n");
}

/* An IOI task as legacy packages carry it. */
static void ioi_port(void)
{
    plain();
    package_put("problem.yaml", "name: Sum\ntype: scoring\n");
    package_put("data/testdata.yaml", "on_reject: continue\ngrader_flags: ignore_sample\n"
                                      "range: 0 100\n");
    package_put("data/sample/testdata.yaml", "accept_score: 0\ngrader_flags: sum\n");
    package_put("data/secret/testdata.yaml",
                "on_reject: continue\ngrader_flags: first_error accept_if_any_accepted\n");
    package_drop("data/secret/01.in");
    package_drop("data/secret/01.ans");
    package_put("data/secret/1-small/testdata.yaml",
                "on_reject: break\naccept_score: 40\ngrader_flags: min\n");
    package_put("data/secret/1-small/a.in", "1\n");
    package_put("data/secret/1-small/a.ans", "1\n");
    package_put("data/secret/2-big/testdata.yaml",
                "on_reject: break\naccept_score: 60\ngrader_flags: min\n"
                "output_validator_flags: float_tolerance 1e-6\n");
    package_link("data/secret/2-big/a.in", "../1-small/a.in");
    package_link("data/secret/2-big/a.ans", "../1-small/a.ans");
    package_put("data/secret/2-big/b.in", "2\n");
    package_put("data/secret/2-big/b.ans", "2\n");
}

Test(task_kattis, a_plain_package_is_a_batch_task_of_two_groups)
{
    plain();
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(str_eq(t.format, STR("kattis legacy")));
    cr_assert(str_eq(t.name, STR("sum")));
    cr_assert(str_eq(t.title, STR("Sum")));
    cr_assert_eq(t.kind, TASK_BATCH);
    cr_assert_eq(t.time_ms, 2000);
    cr_assert_eq(t.memory_kib, 1024 * 1024);
    cr_assert_eq(t.n_tests, 2);
    cr_assert_eq(t.n_groups, 3);
    cr_assert(str_eq(t.tests[0].name, STR("sample/1")) && t.tests[0].is_sample);
    cr_assert(str_eq(t.tests[1].name, STR("secret/01")) && !t.tests[1].is_sample);
    cr_assert(package_group(&t, "secret")->breaks_on_reject);
    cr_assert(!t.has_score);
    cr_assert_eq(t.tests[1].compare.mode, COMPARE_TOKENS);
    cr_assert(t.tests[1].compare.forgives_case);
    const struct task_submission *s = package_submission(&t, "accepted/a.cpp");
    cr_assert(s->has_language && s->language == LANGUAGE_CPP);
    cr_assert_eq(s->n_expects, 1);
    cr_assert_eq(s->expects[0].permitted, OUTCOME_BIT(OUTCOME_AC));
    cr_assert(!s->expects[0].is_per_test);
}

Test(task_kattis, an_ioi_task_keeps_its_subtasks)
{
    ioi_port();
    ASSERT_OK(package_reads(&t, &e), e);
    const struct task_group *root = package_group(&t, "");
    const struct task_group *secret = package_group(&t, "secret");
    const struct task_group *big = package_group(&t, "secret/2-big");
    cr_assert(root->ignores_sample && !root->breaks_on_reject);
    cr_assert(!secret->ignores_sample);
    cr_assert_eq(secret->verdict, GROUP_FIRST_ERROR);
    cr_assert(secret->accepts_if_any);
    cr_assert_eq(big->score, GROUP_MIN);
    cr_assert_eq(big->accept_score, 60);
    cr_assert(big->breaks_on_reject && big->is_subtask && !secret->is_subtask);
    cr_assert(!big->accepts_if_any); /* grader_flags of its own replace those above */
    cr_assert_eq(big->n_members, 2);
    cr_assert_eq(t.full_score, 100);
    cr_assert(t.has_score);
    cr_assert(package_test(&t, "secret/2-big/b")->compare.has_float);
    cr_assert(!package_test(&t, "secret/1-small/a")->compare.has_float);
    cr_assert_str_eq(package_test(&t, "secret/2-big/a")->input,
                     package_test(&t, "secret/1-small/a")->input); /* the link's target */
}
