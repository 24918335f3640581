#include <math.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "graders/task/kattis.h"
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

static void later(void)
{
    (void)package_make("later");
    package_put("problem.yaml", "problem_format_version: 2025-09\nname: {sv: Summa, en: Sum}\n"
                                "type: scoring\nuuid: 1\nlimits: {time_limit: 1.5, memory: 64}\n");
    package_put("data/sample/1.in", "1\n");
    package_put("data/sample/1.ans", "1\n");
    package_put("data/secret/1/test_group.yaml", "max_score: 30\nrequire_pass: sample\n");
    package_put("data/secret/1/a.in", "1\n");
    package_put("data/secret/1/a.ans", "1\n");
    package_put("data/secret/1/deep/b.in", "1\n");
    package_put("data/secret/1/deep/b.ans", "1\n");
    package_put("data/secret/2/test_group.yaml",
                "max_score: 70\nscore_aggregation: sum\nrequire_pass: [sample, secret/1]\n");
    package_put("data/secret/2/a.in", "1\n");
    package_put("data/secret/2/a.ans", "1\n");
    package_put("data/secret/2/b.in", "1\n");
    package_put("data/secret/2/b.ans", "1\n");
    package_put("data/secret/2/b.yaml", "output_validator_args: [case_sensitive]\n");
    package_put("submissions/accepted/a.py", "print(1)\n");
}

Test(task_kattis, a_later_package_has_points_per_group)
{
    later();
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(str_eq(t.format, STR("kattis 2025-09")));
    cr_assert(str_eq(t.title, STR("Sum")));
    cr_assert_eq(t.time_ms, 1500);
    cr_assert_eq(t.memory_kib, 64 * 1024);
    const struct task_group *one = package_group(&t, "secret/1");
    const struct task_group *two = package_group(&t, "secret/2");
    cr_assert(one->score == GROUP_PASS_FAIL && one->points == 30 && one->n_needs == 1);
    cr_assert(str_eq(t.groups[one->needs[0]].name, STR("sample")));
    cr_assert(two->score == GROUP_AVG && two->points == 70 && two->n_needs == 2);
    cr_assert_eq(two->test_points, 35);
    cr_assert_eq(package_group(&t, "sample")->points, 0);
    cr_assert_eq(one->n_members, 2); /* folders in a group only sort files */
    (void)package_test(&t, "secret/1/deep/b");
    cr_assert(!package_test(&t, "secret/2/b")->compare.forgives_case);
    cr_assert(package_test(&t, "secret/2/a")->compare.forgives_case);
    cr_assert_eq(t.full_score, 100);
    cr_assert(!one->breaks_on_reject);
    cr_assert(one->is_subtask && !package_group(&t, "sample")->is_subtask);
}

Test(task_kattis, later_packages_are_strict)
{
    later();
    package_put("problem.yaml", "problem_format_version: 2025-09\nname: A\nvalidation: custom\n");
    package_is_refused("problem.yaml:3:1: unknown key validation");
    later();
    package_put("data/secret/1/test_group.yaml", "max_score: 30\nfoo: 1\n");
    package_is_refused("data/secret/1/test_group.yaml:2:1: unknown key foo");
    package_put("data/secret/1/test_group.yaml", "max_score: 31\n");
    package_is_refused("add up to 101 points");
    package_put("data/secret/1/test_group.yaml", "max_score: 30\nrequire_pass: secret/2\n");
    package_is_refused("require_pass: secret/2 is no group before this one");
    package_put("data/secret/1/test_group.yaml", "max_score: 30\nrequire_pass: secret/1\n");
    package_is_refused("require_pass: secret/1 is no group before this one");
    package_put("data/secret/1/test_group.yaml", "\n");
    package_is_refused("needs a max_score");
    package_put("data/secret/1/test_group.yaml", "max_score: 30\nstatic_validation_score: 3\n");
    package_is_refused("static validation");
    cr_assert(package_reads(&t, &e) == false && e.cls == ERR_UNSUPPORTED);
    later();
    package_put("data/secret/2/test_group.yaml", "max_score: 70\nscore_aggregation: min\n");
    package_put("data/secret/3/test_group.yaml", "max_score: 0\nrequire_pass: secret/2\n");
    package_put("data/secret/3/a.in", "");
    package_put("data/secret/3/a.ans", "");
    package_is_refused("secret/2 does not pass or fail as one");
    later();
    package_put("data/secret/c.in", "");
    package_put("data/secret/c.ans", "");
    package_is_refused("tests and groups side by side");
    later();
    package_put("data/secret/1/a/x.in", "");
    package_put("data/secret/1/a/x.ans", "");
    package_is_refused("a test and a folder of one name");
}

Test(task_kattis, secret_without_groups_is_worth_a_hundred)
{
    later();
    package_drop("data/secret");
    package_put("data/secret/a.in", "1\n");
    package_put("data/secret/a.ans", "1\n");
    package_put("data/secret/test_group.yaml", "score_aggregation: min\n");
    ASSERT_OK(package_reads(&t, &e), e);
    const struct task_group *secret = package_group(&t, "secret");
    cr_assert(secret->score == GROUP_MIN && secret->points == 100 && secret->test_points == 100);
    package_put("data/secret/test_group.yaml", "score_aggregation: sum\nmax_score: unbounded\n");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(isnan(package_group(&t, "secret")->test_points));
    cr_assert(isnan(t.full_score));
}

Test(task_kattis, half_a_test_is_refused)
{
    plain();
    package_put("data/secret/02.in", "");
    package_is_refused("data/secret/02.in: there is no .ans beside it");
    plain();
    package_put("data/secret/02.ans", "");
    package_is_refused("data/secret/02.ans: there is no .in beside it");
    plain();
    package_put("data/secret/02.ans/x", "");
    package_put("data/secret/02.in", "");
    package_is_refused("must be a file");
    plain();
    package_drop("data/secret");
    package_is_refused("data/secret: no tests");
    package_put("data/secret/readme.txt", "soon");
    package_is_refused("data/secret: no tests");
    plain();
    package_put("data/secret/empty/notes.txt", "");
    package_is_refused("group secret/empty: no test in it");
}

Test(task_kattis, a_missing_sample_is_no_member)
{
    plain();
    package_drop("data/sample");
    package_put("data/testdata.yaml", "grader_flags: ignore_sample\n");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(t.groups[0].n_members, 1);
    cr_assert(!t.groups[0].ignores_sample); /* there is no second member to take */
}

Test(task_kattis, names_are_shown_escaped_and_stay_different)
{
    plain();
    package_put("data/secret/a\nb.in", "");
    package_put("data/secret/a\nb.ans", "");
    package_put("data/secret/\xff.in", "");
    package_put("data/secret/\xff.ans", "");
    package_put("data/secret/\\xff.in", "");
    package_put("data/secret/\\xff.ans", "");
    ASSERT_OK(package_reads(&t, &e), e);
    (void)package_test(&t, "secret/a\\x0ab");
    (void)package_test(&t, "secret/\\xff");
    (void)package_test(&t, "secret/\\\\xff");
    package_put("data/secret/c\n.in", "");
    package_is_refused("data/secret/c\\x0a.in: there is no .ans");
}

Test(task_kattis, links_may_not_leave_the_package)
{
    plain();
    package_link("data/secret/02.in", "/etc/passwd");
    package_put("data/secret/02.ans", "");
    package_is_refused("data/secret/02.in: a link that leaves the package");
    plain();
    package_link("data/secret/02.in", "02.in");
    package_is_refused("goes in circles");
    plain();
    package_link("data/secret/02.in", "gone.in");
    package_is_refused("a link to a file that is not there");
    plain();
    package_link("data/secret/loop", ".");
    package_is_refused("nested too deep");
    plain();
    package_link("submissions/accepted/b.cpp",
                 "../../../../../../../../../../../../../../../../etc/passwd");
    package_is_refused("leaves the package");
    plain();
    package_drop("data");
    package_link("data", "/usr");
    package_is_refused("data");
}

Test(task_kattis, pipes_are_not_opened)
{
    char path[4096];
    plain();
    (void)snprintf(path, sizeof path, "%s/sum/data/secret/02.in", support_temp());
    cr_assert_eq(mkfifo(path, 0600), 0);
    package_put("data/secret/02.ans", "");
    package_is_refused("data/secret/02.in: a pipe, socket or device");
}

Test(task_kattis, an_unreadable_file_is_named)
{
    if (geteuid() == 0)
        support_skip("unprivileged", "root may read everything");
    plain();
    package_put("data/secret/02.in", "");
    package_put("data/secret/02.ans", "");
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/sum/data/secret/02.ans", support_temp());
    cr_assert_eq(chmod(path, 0), 0);
    package_is_refused("data/secret/02.ans");
}

Test(task_kattis, a_huge_answer_is_not_read)
{
    char path[4096];
    plain();
    (void)snprintf(path, sizeof path, "%s/sum/data/secret/01.ans", support_temp());
    cr_assert_eq(truncate(path, 500LL << 20), 0);
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(str_ends(str_of(package_test(&t, "secret/01")->answer), STR("data/secret/01.ans")));
}

Test(task_kattis, answers_with_crlf_are_kept_and_noted)
{
    plain();
    package_put("data/secret/01.ans", "4\r\n");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(package_notes(&t, "CRLF"));
    plain();
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(!package_notes(&t, "CRLF"));
}

Test(task_kattis, numbers_out_of_bounds_are_refused)
{
    static const char *const bad[] = {
        "time_limit: 1e300", "time_limit: -1", "time_limit: 0",
        "memory: -5",        "memory: 1e18",   "memory: many",
        "code: 0",           "output: 1.5",    "memory: 9999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[100];
        plain();
        (void)snprintf(text, sizeof text, "limits:\n  %s\n", bad[i]);
        package_put("problem.yaml", text);
        package_is_refused("problem.yaml:2:");
    }
    plain();
    package_put(".timelimit", "1e300");
    package_is_refused(".timelimit:1:");
    plain();
    package_put(".timelimit", "soon");
    package_is_refused(".timelimit:1:");
    plain();
    package_put("domjudge-problem.ini", "name='x'\ntimelimit='-3'\n");
    package_is_refused("domjudge-problem.ini:2:");
}

Test(task_kattis, the_time_limit_is_found_in_three_places)
{
    plain();
    package_put("domjudge-problem.ini", "short-name = a\n timelimit = '3.5'\r\n");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(t.time_ms, 3500);
    cr_assert(package_notes(&t, "time limits differ"));
    package_put("problem.yaml", "limits: {time_limit: 4}\n");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(t.time_ms, 4000);
    plain();
    package_drop(".timelimit");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(t.time_ms, 0); /* to be derived */
    cr_assert_eq(t.time_multiplier, 5);
    cr_assert_eq(t.safety_margin, 2);
    cr_assert_eq(t.time_step_ms, 1000);
}

Test(task_kattis, later_a_folder_of_a_validator_is_enough)
{
    later();
    package_put("output_validator/validate.py", "");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(t.protocol, CHECKER_KATTIS);
    cr_assert_eq(t.checker.language, LANGUAGE_PYTHON);
}

Test(task_kattis, interactive_and_multi_pass_need_a_validator)
{
    later();
    package_put("problem.yaml", "problem_format_version: 2025-09\nname: A\ntype: interactive\n");
    package_drop("data/secret/1/test_group.yaml");
    package_drop("data/secret/2/test_group.yaml");
    package_is_refused("output_validator: missing");
    package_put("output_validator/v.cpp", "int main() {}");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(t.kind, TASK_INTERACTIVE);
    package_put("problem.yaml", "problem_format_version: 2025-09\nname: A\ntype: [multi-pass]\n"
                                "limits: {validation_passes: 3}\n");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(t.kind, TASK_BATCH);
    cr_assert_eq(t.n_passes_max, 3);
    package_put("problem.yaml",
                "problem_format_version: 2025-09\nname: A\ntype: [multi-pass, interactive]\n");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(t.kind, TASK_INTERACTIVE);
    cr_assert_eq(t.n_passes_max, 2);
    package_put("problem.yaml", "problem_format_version: 2025-09\nname: A\ntype: submit-answer\n");
    package_is_refused("submit-answer");
    package_put("problem.yaml", "problem_format_version: 2031-01\nname: A\n");
    package_is_refused("problem.yaml:1:25: format version 2031-01");
    plain();
    package_put("problem.yaml", "validation: custom interactive\n");
    package_put("output_validators/v.cpp", "int main() {}");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(t.kind, TASK_INTERACTIVE);
}

Test(task_kattis, a_wrong_testdata_yaml_is_refused)
{
    ioi_port();
    package_put("data/secret/testdata.yaml", "grader_flags: average\n");
    package_is_refused("the default grader has no average");
    package_put("data/secret/testdata.yaml", "range: 5\n");
    package_is_refused("range must be two numbers");
    package_put("data/secret/testdata.yaml", "range: 5 1\n");
    package_is_refused("range must be two numbers");
    package_put("data/secret/testdata.yaml", "on_reject: maybe\n");
    package_is_refused("on_reject must be");
    package_put("data/secret/testdata.yaml", "accept_score: lots\n");
    package_is_refused("accept_score must be a number");
    package_put("data/secret/testdata.yaml", "output_validator_flags: float_tolerance\n");
    package_is_refused("flags of the default validator");
}

Test(task_kattis, legacy_lets_keys_of_other_judges_pass)
{
    plain();
    package_put("problem.yaml", "name: A\nautograder: yes\nlimits: {stack: 5}\n");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(package_notes(&t, "autograder"));
}

Test(task_kattis, a_custom_score_has_no_bound_but_the_range)
{
    plain();
    package_put("problem.yaml", "type: scoring\nvalidation: custom score\n");
    package_put("output_validators/v.cpp", "int main() {}");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(isnan(t.full_score));
    package_put("data/testdata.yaml", "range: 0 250\n");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(t.full_score, 250);
    package_put("problem.yaml", "validation: custom score\n");
    package_is_refused("type is not scoring");
}

Test(task_kattis, folders_say_what_submissions_get)
{
    plain();
    package_put("submissions/wrong_answer/b.py", "");
    package_put("submissions/time_limit_exceeded/c/main.cpp", "");
    package_put("submissions/time_limit_exceeded/c/more.cpp", "");
    package_put("submissions/run_time_error/d.java", "");
    package_put("submissions/partially_accepted/e.c", "");
    package_put("submissions/mixed/f.rs", "");
    package_put("submissions/mixed/g.kt", "");
    package_put("submissions/mixed/h.py", "#!/usr/bin/env python2\n");
    package_put("submissions/mixed/i/a.py", "");
    package_put("submissions/mixed/i/b.rs", "");
    package_put("submissions/mixed/-o.cpp", "");
    package_put("submissions/stray.cpp", "");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(package_submission(&t, "b.py")->expects[0].permitted, OUTCOMES_WA);
    const struct task_submission *c = package_submission(&t, "time_limit_exceeded/c");
    cr_assert(c->n_files == 2 && c->expects[0].permitted == OUTCOMES_TLE);
    cr_assert(c->expects[0].required == 0 && !c->expects[0].is_per_test);
    cr_assert(package_submission(&t, "d.java")->expects[0].permitted & OUTCOMES_MLE);
    const struct expectation *part = &package_submission(&t, "e.c")->expects[0];
    cr_assert(part->permitted == OUTCOMES_AC && part->is_score_strict && part->score_max == 1);
    cr_assert_eq(package_submission(&t, "f.rs")->n_expects, 0);
    cr_assert(str_eq(package_submission(&t, "g.kt")->why_not, STR("unknown ending .kt")));
    cr_assert(str_eq(package_submission(&t, "h.py")->why_not, STR("Python 2")));
    cr_assert(package_submission(&t, "mixed/i")->why_not.n > 0);
    cr_assert(package_submission(&t, "-o.cpp")->why_not.n > 0);
    cr_assert(package_notes(&t, "submissions/stray.cpp"));
}

Test(task_kattis, later_folders_speak_of_every_test)
{
    later();
    package_put("submissions/rejected/r.py", "");
    package_put("submissions/brute_force/b.py", "");
    ASSERT_OK(package_reads(&t, &e), e);
    const struct expectation *ok = package_submission(&t, "a.py")->expects;
    cr_assert(ok->is_per_test && ok->permitted == OUTCOMES_AC && ok->required == 0);
    const struct expectation *no = package_submission(&t, "r.py")->expects;
    cr_assert(no->permitted == OUTCOMES_ALL && no->required != 0);
    cr_assert(!(no->required & OUTCOMES_AC) && (no->required & OUTCOMES_WA));
    const struct expectation *brute = package_submission(&t, "b.py")->expects;
    cr_assert(!(brute->permitted & OUTCOMES_WA) &&
              brute->required == (OUTCOMES_TLE | OUTCOMES_RTE));
}

Test(task_kattis, submissions_yaml_adds_demands)
{
    later();
    package_put("submissions/time_limit_exceeded/slow.py", "");
    package_put("submissions/wrong_answer/wa.py", "");
    package_put("submissions/submissions.yaml",
                "time_limit_exceeded:\n  permitted: [AC, WA, TLE]\n"
                "'time_limit_exceeded/*':\n  secret/1:\n    permitted: [AC]\n"
                "    score: 30\n  'secret/2/{a,b}':\n    required: [TLE]\n"
                "accepted/a.py:\n  language: python3\n  model_solution: true\n  authors: [A]\n"
                "  score: [90, 100]\n  use_for_time_limit: false\n  message: fine\n"
                "'*/wa.py': {language: cobol}\n");
    ASSERT_OK(package_reads(&t, &e), e);
    const struct task_submission *slow = package_submission(&t, "slow.py");
    cr_assert_eq(slow->n_expects, 4);
    bool has_base = false;
    for (int64_t i = 0; i < slow->n_expects; i++) {
        const struct expectation *x = &slow->expects[i];
        if (str_eq(x->label, STR("time_limit_exceeded"))) {
            has_base = true;
            cr_assert_eq(x->permitted, OUTCOMES_AC | OUTCOMES_WA | OUTCOMES_TLE);
            cr_assert_eq(x->required, OUTCOMES_TLE);
        } else if (x->is_score_absolute) {
            cr_assert(x->score_min == 30 && str_eq(t.groups[x->i_group].name, STR("secret/1")));
        } else if (x->required != 0) {
            cr_assert_eq(x->n_tests, 2);
            cr_assert(str_eq(t.tests[x->tests[1]].name, STR("secret/2/b")));
        } else {
            cr_assert(x->n_tests == 2 && x->permitted == OUTCOMES_AC);
        }
    }
    cr_assert(has_base);
    const struct task_submission *a = package_submission(&t, "accepted/a.py");
    cr_assert(a->skips_time_limit && t.i_model == a - t.submissions);
    cr_assert_eq(a->n_expects, 3);
    cr_assert(package_submission(&t, "wa.py")->why_not.n > 0);
}

Test(task_kattis, a_wrong_submissions_yaml_is_refused)
{
    static const struct {
        const char *text;
        const char *part;
    } bad[] = {
        {"'**': {permitted: [AC]}\n", "submissions.yaml:1:1: **"},
        {"'[ab].py': {permitted: [AC]}\n", "[...]"},
        {"'{a.py': {permitted: [AC]}\n", "not closed"},
        {"'{a,{b}}.py': {permitted: [AC]}\n", "braces in braces"},
        {"'*': {permitted: [OK]}\n", "permitted must be a list"},
        {"'*': {permitted: AC}\n", "permitted must be a list"},
        {"'*': {score: [5, 1]}\n", "score must be"},
        {"'*': {secret/9: {permitted: [AC]}}\n", "secret/9 matches no test"},
        {"'*': {secret/1/a: {score: 3}}\n", "only groups have scores"},
        {"'*': {grade: 3}\n", "unknown key grade"},
        {"'*': {secret/1: {grade: 3}}\n", "unknown key grade"},
        {"- a\n", "must be a map"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        later();
        package_put("submissions/submissions.yaml", bad[i].text);
        package_is_refused(bad[i].part);
    }
}

Test(task_kattis, globs_stay_within_a_component)
{
    cr_assert(kattis_glob_check(STR("{a,b}/*.py"), &(const char *){NULL}));
    cr_assert(kattis_glob(STR("accepted"), STR("accepted/a.py")));
    cr_assert(kattis_glob(STR("accepted/*"), STR("accepted/dir/a.py")));
    cr_assert(!kattis_glob(STR("*.py"), STR("accepted/a.py")));
    cr_assert(kattis_glob(STR("*/a.{py,cpp}"), STR("accepted/a.cpp")));
    cr_assert(!kattis_glob(STR("*/a.{py,cpp}"), STR("accepted/a.c")));
    cr_assert(kattis_glob(STR("*/*a*b"), STR("x/aab")));
    cr_assert(!kattis_glob(STR("acc"), STR("accepted/a.py")));
    cr_assert(kattis_glob(STR("{,x}a"), STR("a")));
}

Test(task_kattis, tags_are_read_where_the_folder_is_silent)
{
    plain();
    package_put("submissions/mixed/a.py",
                "# @EXPECTED_RESULTS@: WRONG-ANSWER, time_limit_exceeded\n");
    package_put("submissions/mixed/b.c", "/* @EXPECTED_RESULTS@: run-error */\n");
    package_put("submissions/mixed/c.py", "# @EXPECTED_RESULTS@: SOMETIMES\n");
    package_put("submissions/mixed/d.py",
                "# @EXPECTED_RESULTS@: CORRECT\n# @EXPECTED_RESULTS@: CORRECT\n");
    package_put("submissions/accepted/e.py",
                "# @EXPECTED_RESULTS@: WRONG-ANSWER\n# @EXPECTED_SCORE@: 40\n");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(package_submission(&t, "a.py")->expects[0].permitted, OUTCOMES_WA | OUTCOMES_TLE);
    cr_assert_eq(package_submission(&t, "b.c")->expects[0].permitted, OUTCOMES_RTE);
    cr_assert(package_submission(&t, "c.py")->why_not.n > 0);
    cr_assert(package_submission(&t, "d.py")->why_not.n > 0);
    const struct task_submission *s = package_submission(&t, "e.py");
    cr_assert(s->n_expects == 2 && s->expects[0].permitted == OUTCOMES_AC);
    cr_assert(s->expects[1].is_score_absolute && s->expects[1].score_min == 40);
}

Test(task_kattis, grades_are_one_word_per_group)
{
    ioi_port();
    package_put("submissions/partially_accepted/a.py", "# @EXPECTED_GRADES@ AC TLE\n");
    package_put("submissions/partially_accepted/b.py", "# @EXPECTED_GRADES@ AC\n");
    ASSERT_OK(package_reads(&t, &e), e);
    const struct task_submission *s = package_submission(&t, "a.py");
    cr_assert_eq(s->n_expects, 3);
    cr_assert_eq(s->expects[2].permitted, OUTCOMES_TLE);
    cr_assert(str_eq(t.groups[s->expects[2].i_group].name, STR("secret/2-big")));
    cr_assert(package_submission(&t, "b.py")->why_not.n > 0);
}

Test(task_kattis, includes_go_with_their_language)
{
    plain();
    package_put("include/default/data.txt", "x");
    package_put("include/cpp/lib.h", "");
    package_put("include/cpp/main.cpp", "");
    ASSERT_OK(package_reads(&t, &e), e);
    bool has_cpp = false;
    bool has_java = false;
    for (int64_t i = 0; i < t.n_graders; i++) {
        bool is_cpp = t.graders[i].language == LANGUAGE_CPP;
        has_java |= t.graders[i].language == LANGUAGE_JAVA;
        has_cpp |= is_cpp;
        cr_assert_eq(t.graders[i].n_files, is_cpp ? 2 : 1);
    }
    cr_assert(has_cpp && has_java);
}

Test(task_kattis, other_folders_are_no_task)
{
    (void)package_make("nothing");
    package_is_refused("no task of a known format");
    package_put("problem.yaml", "- a\n");
    package_is_refused("problem.yaml:1:1: must be a map");
    package_put("problem.yaml", "");
    package_is_refused("problem.yaml:1:1: must be a map");
}
