/* Broken packages and odd submissions through `podium judge`: an error is never a score. */
#include <stdlib.h>

#include "base/json.h"
#include "base/limits.h"
#include "tests/support/package_make.h"
#include "tests/support/shell.h"
#include "tests/support/support.h"

static struct arena keep;
static const char *folder;

static const char good[] = "#include <iostream>\n"
                           "int main(){long long a,b;std::cin>>a>>b;std::cout<<a+b<<'\\n';}\n";

static void setup(void)
{
    arena_init(&keep, "keep", LIMIT_GIB);
    folder = package_make("sum");
    package_put("problem.yaml", "name: Sum\nlimits:\n  memory: 128\n  validation_time: 2\n");
    package_put(".timelimit", "1\n");
    package_put("data/sample/1.in", "1 2\n");
    package_put("data/sample/1.ans", "3\n");
    package_put("data/secret/01.in", "2 2\n");
    package_put("data/secret/01.ans", "4\n");
    package_put("submissions/accepted/good.cpp", good);
}

TestSuite(judge, .init = setup, .timeout = 120);

/* A validator in place of the default one: C++ that gets input, answer and feedback folder. */
static void with_validator(const char *body)
{
    package_put("problem.yaml", "name: Sum\nvalidation: custom\n"
                                "limits:\n  memory: 128\n  validation_time: 2\n");
    package_put("output_validators/v/v.cpp",
                arena_fmt(&keep,
                          "#include <bits/stdc++.h>\n#include <unistd.h>\n#include <signal.h>\n"
                          "using namespace std;\nint main(int argc,char**argv){%s}\n",
                          body)
                    .at);
}

static struct shell judge(const char *more)
{
    return shell_podium(
        arena_fmt(&keep, "judge --package %s --cache build/tmp/cache %s", folder, more).at,
        STR(""));
}

static bool says(const struct shell *s, const char *text)
{
    return str_find(buf_str(&s->out), str_of(text), 0) >= 0 ||
           str_find(buf_str(&s->err), str_of(text), 0) >= 0;
}

#define SHOWN(s)                                                                                   \
    "exit %d\n%.*s\n%.*s", (s).rc, STR_ARG(buf_str(&(s).out)), STR_ARG(buf_str(&(s).err))

/* Exit 3, the text said, and nowhere a verdict. */
static void is_not_judged(const char *text)
{
    struct shell s = judge("--json");
    struct json *rows = NULL;
    struct err e = {0};
    cr_assert_eq(s.rc, 3, SHOWN(s));
    cr_expect(says(&s, text), "does not say \"%s\"", text);
    cr_assert(says(&s, text), SHOWN(s));
    if (s.out.n > 0) {
        ASSERT_OK(json_parse(buf_str(&s.out), "rows", &rows, &e), e);
        for (const struct json *r = json_first(rows); r != NULL; r = json_next(r)) {
            cr_assert_eq(json_kind(json_get(r, "verdict")), JSON_NULL, SHOWN(s));
            cr_assert_eq(json_kind(json_get(r, "score")), JSON_NULL, SHOWN(s));
            cr_assert_eq(json_kind(json_get(r, "agrees")), JSON_NULL, SHOWN(s));
        }
        json_free(rows);
    }
    shell_free(&s);
}

Test(judge, a_good_package_agrees)
{
    struct shell s = judge("");
    cr_assert_eq(s.rc, 0, SHOWN(s));
    cr_assert(says(&s, "1 judged: 1 agree, 0 differ; 0 could not be judged"), SHOWN(s));
    cr_assert(says(&s, "machine: reference loop"), SHOWN(s));
    shell_free(&s);
}

Test(judge, a_verdict_that_differs_is_exit_1_and_says_why)
{
    package_put("submissions/wrong_answer/really_right.cpp", good);
    struct shell s = judge("");
    cr_assert_eq(s.rc, 1, SHOWN(s));
    cr_assert(says(&s, "wrong_answer: it got AC, not PE or WA"), SHOWN(s));
    shell_free(&s);
}

Test(judge, a_validator_that_crashes_judges_nobody)
{
    with_validator("raise(SIGSEGV);");
    is_not_judged("output_validators/v");
}

Test(judge, a_validator_that_says_neither_42_nor_43_judges_nobody)
{
    with_validator("return 0;");
    is_not_judged("could not grade: test sample/1");
}

Test(judge, a_validator_that_loops_judges_nobody)
{
    with_validator("for(volatile int i=0;;)i=i+1;");
    is_not_judged("could not grade: test sample/1");
}

Test(judge, a_validator_that_floods_judges_nobody)
{
    with_validator("string x(1<<20,'x');for(;;)cout<<x;");
    is_not_judged("could not grade: test sample/1");
}

Test(judge, a_validator_that_does_not_compile_judges_nobody)
{
    with_validator("return nonsense;");
    is_not_judged("does not compile");
}

Test(judge, a_package_without_tests_is_refused)
{
    package_drop("data/secret");
    package_drop("data/sample");
    is_not_judged("could not grade");
}

Test(judge, an_answer_that_is_missing_is_named)
{
    package_drop("data/secret/01.ans");
    is_not_judged("01");
}

Test(judge, no_package_at_all_is_said)
{
    struct shell s = shell_podium("judge --package build/tmp", STR(""));
    cr_assert_eq(s.rc, 3, SHOWN(s));
    cr_assert(says(&s, "no task of a known format"), SHOWN(s));
    shell_free(&s);
}

Test(judge, answers_with_carriage_returns_still_compare)
{
    package_put("data/secret/01.ans", "4\r\n");
    struct shell s = judge("");
    cr_assert_eq(s.rc, 0, SHOWN(s));
    shell_free(&s);
}

Test(judge, an_unknown_ending_is_said_and_the_rest_is_judged)
{
    package_put("submissions/accepted/x.kt", "fun main() {}\n");
    struct shell s = judge("");
    cr_assert_eq(s.rc, 3, SHOWN(s));
    cr_assert(says(&s, ".kt"), SHOWN(s));
    cr_assert(says(&s, "1 agree"), SHOWN(s));
    shell_free(&s);
}

Test(judge, a_given_file_in_a_given_language)
{
    package_put("mine.txt", good);
    struct shell s = judge(arena_fmt(&keep, "--submission %s/mine.txt:c++20 --json", folder).at);
    cr_assert_eq(s.rc, 0, SHOWN(s));
    cr_assert(says(&s, "\"cpp20\""), SHOWN(s));
    cr_assert(says(&s, "\"verdict\": \"AC\""), SHOWN(s));
    shell_free(&s);
}

Test(judge, a_validator_never_sees_what_the_submission_left)
{
    /* the submission writes where the validator will look for the answer */
    package_put("submissions/wrong_answer/plants.cpp",
                "#include <fstream>\n#include <iostream>\nint main(){std::ofstream(\"answer\")"
                "<<5;std::ofstream(\"/tmp/answer\")<<5;std::cout<<5;}\n");
    with_validator("long long a=0,b=0;ifstream f(argv[2]);f>>a;cin>>b;return a==b?42:43;");
    struct shell s = judge("");
    cr_assert_eq(s.rc, 0, SHOWN(s));
    shell_free(&s);
}

Test(judge, an_interactive_validator_that_dies_judges_nobody)
{
    with_validator("raise(SIGABRT);");
    package_put("problem.yaml", "name: Sum\nvalidation: custom interactive\n"
                                "limits:\n  memory: 128\n  validation_time: 2\n");
    is_not_judged("output_validators/v");
}

Test(judge, an_interactive_submission_that_never_stops_writing_ends)
{
    package_put("submissions/wrong_answer/floods.cpp",
                "#include <cstdio>\nint main(){for(;;)puts(\"1\");}\n");
    package_drop("submissions/accepted");
    with_validator("return 43;");
    package_put("problem.yaml", "name: Sum\nvalidation: custom interactive\n"
                                "limits:\n  memory: 128\n  validation_time: 2\n");
    struct shell s = judge("");
    cr_assert_eq(s.rc, 0, SHOWN(s));
    shell_free(&s);
}

Test(judge, both_sides_waiting_ends_as_a_time_limit)
{
    package_put("submissions/time_limit_exceeded/waits.cpp",
                "#include <iostream>\nint main(){int x;std::cin>>x;std::cout<<x;}\n");
    package_drop("submissions/accepted");
    with_validator("int x;cin>>x;return 42;");
    package_put("problem.yaml", "name: Sum\nvalidation: custom interactive\n"
                                "limits:\n  memory: 128\n  validation_time: 2\n");
    struct shell s = judge("--tests");
    cr_assert_eq(s.rc, 0, SHOWN(s));
    cr_assert(says(&s, "waiting for each other"), SHOWN(s));
    shell_free(&s);
}

Test(judge, a_package_may_be_an_archive)
{
    if (system("command -v zip >/dev/null 2>&1") != 0)
        support_skip("zip", "no zip on this machine");
    cr_assert_eq(system(arena_fmt(&keep, "cd %s/.. && zip -qr sum.zip sum", folder).at), 0);
    struct shell s = shell_podium(
        arena_fmt(&keep, "judge --package %s/../sum.zip --cache build/tmp/cache", folder).at,
        STR(""));
    cr_assert_eq(s.rc, 0, SHOWN(s));
    cr_assert(says(&s, "1 agree"), SHOWN(s));
    shell_free(&s);
}

Test(judge, a_broken_archive_is_refused)
{
    package_put("bad.zip", "PK this is none");
    struct shell s =
        shell_podium(arena_fmt(&keep, "judge --package %s/bad.zip", folder).at, STR(""));
    cr_assert_eq(s.rc, 3, SHOWN(s));
    cr_assert(says(&s, "bad.zip"), SHOWN(s));
    shell_free(&s);
}
