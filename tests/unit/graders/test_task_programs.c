/* The programs of a Kattis package: validators, one or several, and the grader of its groups. */
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

Test(task_programs, a_custom_validator_judges_alone)
{
    plain();
    package_put("problem.yaml", "validation: custom\nvalidator_flags: a  b\n");
    package_is_refused("output_validators/: missing");
    package_put("output_validators/validate.cpp", "int main() {}\n");
    package_put("output_validators/validate.h", "");
    package_put("data/secret/testdata.yaml", "output_validator_flags: c\n");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(t.protocol, CHECKER_KATTIS);
    cr_assert_eq(t.checker.n_files, 2);
    cr_assert(str_eq(t.checker.name, STR("output_validators/validate.cpp")));
    const struct task_test *one = package_test(&t, "secret/01");
    cr_assert(one->n_flags == 3 && str_eq(one->flags[0], STR("a")) &&
              str_eq(one->flags[2], STR("c")));
    package_put("data/secret/testdata.yaml", "output_validator_flags: {name: other, flags: c}\n");
    package_is_refused("no output validator called other");
    package_put("data/secret/testdata.yaml",
                "output_validator_flags: {name: validate, flags: c}\n");
    ASSERT_OK(package_reads(&t, &e), e);
    package_put("output_validators/second.py", "");
    package_is_refused("flags for one of several output validators");
    package_drop("output_validators");
    package_drop("data/secret/testdata.yaml"); /* it names the validator that is gone */
    package_put("output_validators/v/a.cpp", "int main()\n{\n}\n");
    package_put("output_validators/v/b.cpp", "int helper;\n// int main()\n");
    ASSERT_OK(package_reads(&t, &e), e);
    package_put("output_validators/v/b.cpp", "int main(int argc, char **argv) {}\n");
    package_is_refused("a.cpp and b.cpp both have a main function");
    package_drop("output_validators/v/b.cpp");
    package_put("output_validators/v/b.py", "");
    package_is_refused("several languages");
    package_drop("output_validators/v/b.py");
    cr_assert(package_reads(&t, &e) && !t.checker.is_scripted);
    package_put("output_validators/v/build", "#!/bin/sh\n");
    package_put("output_validators/v/b.py", ""); /* what its language is, the script knows */
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(t.checker.is_scripted && t.checker.n_files == 3);
}

Test(task_programs, a_validator_that_is_not_asked_for_is_noted)
{
    plain();
    package_put("output_validators/validate.cpp", "int main() {}\n");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(t.protocol, CHECKER_NONE);
    cr_assert(package_notes(&t, "output_validators/: not used"));
}

Test(task_programs, all_of_several_validators_must_accept)
{
    plain();
    package_put("problem.yaml", "validation: custom\n");
    package_put("output_validators/b.py", "");
    package_put("output_validators/a/v.cpp", "int main() {}");
    package_put("output_validators/README", "");
    package_put("output_validators/c.cpp", "int main() {}");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(str_eq(t.checker.name, STR("output_validators/a")));
    cr_assert_eq(t.n_other_checkers, 2);
    cr_assert(str_eq(t.other_checkers[0].name, STR("output_validators/b.py")));
    cr_assert_eq(t.other_checkers[1].language, LANGUAGE_CPP);
    package_put("problem.yaml", "validation: custom interactive\n");
    package_is_refused("several validators (a, b.py) cannot all talk to one submission");
    cr_assert(!package_reads(&t, &e) && e.cls == ERR_UNSUPPORTED);
    package_put("problem.yaml", "validation: custom multi-pass\n");
    package_is_refused("cannot all say what the next pass is");
    package_put("problem.yaml", "type: scoring\nvalidation: custom score\n");
    package_is_refused("cannot all say the score");
}

Test(task_programs, a_custom_grader_has_the_flags_and_passes_them_down)
{
    ioi_port();
    package_put("data/secret/testdata.yaml",
                "on_reject: continue\ngrader_flags: half  sum\ngrading: custom\nrange: 0 90\n");
    package_is_refused("graders: missing");
    package_put("graders/g.py", "");
    ASSERT_OK(package_reads(&t, &e), e);
    const struct task_group *secret = package_group(&t, "secret");
    cr_assert(secret->is_custom && secret->n_grader_flags == 2);
    cr_assert(str_eq(secret->grader_flags[0], STR("half")));
    cr_assert(package_group(&t, "secret/1-small")->is_custom);
    cr_assert(!package_group(&t, "sample")->is_custom && !package_group(&t, "")->is_custom);
    cr_assert(str_eq(t.group_grader.name, STR("graders/g.py")));
    cr_assert_eq(t.full_score, 90);
    package_put("data/secret/1-small/testdata.yaml", "grading: default\n");
    package_is_refused("the default grader has no half");
    package_put("data/secret/1-small/testdata.yaml", "grading: default\ngrader_flags: min\n");
    ASSERT_OK(package_reads(&t, &e), e);
    package_put("graders/h.cpp", "int main() {}");
    package_is_refused("graders: 2 programs in it");
    package_put("data/secret/testdata.yaml", "grading: by hand\n");
    package_is_refused("grading must be default or custom");
}
