/* Packages of the rarer kinds, whole and broken, through `podium judge`: several passes, several
 * validators, graders of groups, scripts that build, outputs without a program. What
 * assets/olympiad_cases/formats has is not repeated here. */
#include <stdlib.h>

#include "base/json.h"
#include "base/limits.h"
#include "tests/support/package_make.h"
#include "tests/support/shell.h"
#include "tests/support/support.h"

static struct arena keep;
static const char *folder;

/* A problem of one test, whose submission prints its input. */
static void setup(void)
{
    arena_init(&keep, "keep", LIMIT_GIB);
    folder = package_make("echo");
    package_put("problem.yaml", "name: Echo\nvalidation: custom multi-pass\n"
                                "limits: {validation_passes: 3, validation_time: 5}\n");
    package_put(".timelimit", "1\n");
    package_put("data/secret/01.in", "1\n");
    package_put("data/secret/01.ans", "1\n");
    package_put("submissions/accepted/echo.py", "print(input())\n");
}

TestSuite(formats, .init = setup, .timeout = 240);

static void validator(const char *text)
{
    package_put("output_validators/v.py", arena_fmt(&keep,
                                                    "import os, sys\n"
                                                    "folder = sys.argv[3]\n"
                                                    "given = open(sys.argv[1]).read().strip()\n"
                                                    "said = sys.stdin.read().strip()\n"
                                                    "def put(name, text, how='w'):\n"
                                                    "    open(folder + name, how).write(text)\n"
                                                    "def has(name):\n"
                                                    "    return os.path.exists(folder + name)\n"
                                                    "%s\n",
                                                    text)
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

static void ends(const char *more, int rc, const char *text)
{
    struct shell s = judge(more);
    cr_assert_eq(s.rc, rc, SHOWN(s));
    cr_expect(says(&s, text), "does not say \"%s\"", text);
    cr_assert(says(&s, text), SHOWN(s));
    shell_free(&s);
}

/* Exit 3, the text said, and nowhere a verdict. */
static void is_not_judged(const char *text)
{
    struct shell s = judge("--json");
    struct json *rows = NULL;
    struct err e = {0};
    cr_assert_eq(s.rc, 3, SHOWN(s));
    cr_assert(says(&s, text), SHOWN(s));
    ASSERT_OK(json_parse(buf_str(&s.out), "rows", &rows, &e), e);
    for (const struct json *r = json_first(rows); r != NULL; r = json_next(r))
        cr_assert_eq(json_kind(json_get(r, "verdict")), JSON_NULL, SHOWN(s));
    json_free(rows);
    shell_free(&s);
}

/* --- several passes --------------------------------------------------------------------------- */

Test(formats, what_a_validator_leaves_is_there_in_the_next_pass)
{
    validator("if given == '1':\n"
              "    os.makedirs(folder + 'deep/er')\n"
              "    put('deep/er/file', 'one')\n"
              "    put('judgemessage.txt', 'first ')\n"
              "    open(folder + 'bytes', 'wb').write(bytes(range(256)))\n"
              "    put('nextpass.in', '2')\n"
              "    sys.exit(42)\n"
              "put('deep/er/file', ' two', 'a')\n"
              "put('judgemessage.txt', 'then ' + open(folder + 'deep/er/file').read(), 'a')\n"
              "same = open(folder + 'bytes', 'rb').read() == bytes(range(256))\n"
              "sys.exit(42 if said == '2' and same and not has('nextpass.in') else 43)");
    ends("--tests", 0, "first then one two");
}

Test(formats, every_pass_has_the_limits_to_itself)
{
    package_put("submissions/accepted/echo.py",
                "import time\nprint(input())\nwhile time.process_time() < 0.5:\n    pass\n");
    validator("if given != '3':\n    put('nextpass.in', str(int(given) + 1))\nsys.exit(42)");
    struct shell s = judge("--json");
    struct json *rows = NULL;
    struct err e = {0};
    double ms = 0;
    cr_assert_eq(s.rc, 0, SHOWN(s));
    ASSERT_OK(json_parse(buf_str(&s.out), "rows", &rows, &e), e);
    const struct json *test = json_first(json_get(json_first(rows), "tests"));
    cr_assert(json_f64(json_get(test, "cpu_ms"), &ms));
    cr_assert(ms > 490 && ms < 1000, "%g ms of one pass of three", ms);
    json_free(rows);
    shell_free(&s);
}

Test(formats, a_pass_that_goes_wrong_is_the_last)
{
    package_drop("submissions/accepted");
    package_put("submissions/wrong_answer/a.py", "print(min(input(), '2'))\n");
    package_put("submissions/run_time_error/b.py", "print(1 // (3 - int(input())))\n");
    validator("if given == said and given != '3':\n"
              "    put('nextpass.in', str(int(given) + 1))\n"
              "sys.exit(42 if given == said or said == '0' else 43)");
    ends("--tests", 1, "pass 3");
}

Test(formats, a_next_pass_beside_a_rejection_judges_nobody)
{
    validator("put('nextpass.in', '2')\nsys.exit(43)");
    is_not_judged("rejected the output and asked for a next pass");
}

Test(formats, a_next_pass_of_a_problem_with_one_judges_nobody)
{
    package_put("problem.yaml", "name: Echo\nvalidation: custom\n");
    validator("put('nextpass.in', '2')\nsys.exit(42)");
    is_not_judged("the problem has one pass");
}

Test(formats, more_passes_than_allowed_judge_nobody)
{
    validator("put('nextpass.in', '2')\nsys.exit(42)");
    is_not_judged("more than the 3 passes");
}

Test(formats, a_folder_too_large_to_keep_judges_nobody)
{
    validator("put('nextpass.in', '2')\n"
              "open(folder + 'large', 'wb').truncate(70 << 20)\n"
              "sys.exit(42)");
    is_not_judged("feedback folder is larger than 64 MiB");
}

Test(formats, a_validator_killed_in_a_second_pass_judges_nobody)
{
    validator("import signal\n"
              "if given == '2':\n"
              "    os.kill(os.getpid(), signal.SIGKILL)\n"
              "put('nextpass.in', '2')\n"
              "sys.exit(42)");
    is_not_judged("pass 2: output_validators/v.py: the checker exited with code 137");
}

/* --- several validators ------------------------------------------------------------------------
 */

static void two_validators(const char *second)
{
    package_put("problem.yaml", "name: Echo\nvalidation: custom\n");
    validator("sys.exit(42)");
    package_put("output_validators/w/w.py", second);
}

Test(formats, the_second_validator_has_a_word_too)
{
    two_validators("import sys\nsys.exit(43)\n");
    ends("", 1, "accepted: it got WA, not AC");
}

Test(formats, a_second_validator_that_breaks_judges_nobody)
{
    two_validators("1 / 0\n");
    is_not_judged("output_validators/w: the checker exited with code 1");
}

/* --- graders of groups ------------------------------------------------------------------------ */

static void grader(const char *text)
{
    package_put("problem.yaml", "name: Echo\ntype: scoring\n");
    package_put("data/testdata.yaml", "grading: custom\ngrader_flags: a b\nrange: 0 10\n");
    package_put("graders/g.py", text);
}

Test(formats, a_grader_gets_its_flags_and_a_line_for_each_result)
{
    grader("import sys\n"
           "rows = sys.stdin.read()\n"
           "good = sys.argv[1:] == ['a', 'b'] and rows in ('AC 1\\n', 'AC 7.5\\n')\n"
           "print('AC', '7.5' if good else '0')\n");
    ends("--json", 0, "\"score\": 7.5");
}

Test(formats, a_grader_that_fails_judges_nobody)
{
    grader("raise SystemExit(1)\n");
    is_not_judged("graders/g.py: ended by exited, code 1");
    grader("print('JE 0')\n");
    is_not_judged("is no code with a score");
    grader("print('AC lots')\n");
    is_not_judged("is no code with a score");
    grader("print('AC 1 2')\n");
    is_not_judged("is no code with a score");
    grader("");
    is_not_judged("is no code with a score");
}

/* --- scripts ---------------------------------------------------------------------------------- */

static void scripts(const char *build, const char *run)
{
    package_put("problem.yaml", "name: Echo\nvalidation: custom\n");
    if (build != NULL)
        package_put("output_validators/v/build", build);
    if (run != NULL)
        package_put("output_validators/v/run", run);
}

Test(formats, a_program_may_have_a_script_that_runs_it)
{
    scripts(NULL, "#!/bin/sh\n[ \"$(cat)\" = \"$(cat \"$2\")\" ] && exit 42\nexit 43\n");
    ends("", 0, "1 judged: 1 agree");
}

Test(formats, a_build_that_fails_judges_nobody)
{
    scripts("#!/bin/sh\necho no compiler for this >&2\nexit 1\n", NULL);
    is_not_judged("no compiler for this");
    scripts("#!/bin/sh\ntrue\n", NULL);
    is_not_judged("build made no executable run");
}

Test(formats, a_build_reaches_nothing_of_the_machine)
{
    scripts("#!/bin/sh\ncat /etc/shadow /home/*/.* >run 2>/dev/null\n"
            "printf '#!/bin/sh\\nexit 43\\n' >>run\nchmod +x run\n"
            "[ \"$(wc -l <run)\" = 2 ] || exit 1\n",
            NULL);
    ends("", 1, "it got WA, not AC");
}

/* --- points ----------------------------------------------------------------------------------- */

/* One test worth 100, and a checker in Python that speaks testlib: a file of that name says so. */
static void points(const char *said)
{
    folder = package_make("points");
    package_put("problem.json",
                "{\"code\": \"points\", \"name\": \"points\", \"title\": \"Points\", "
                "\"type\": \"Batch\", \"time_limit\": 1, \"memory_limit\": 64, "
                "\"has_grader\": false, \"has_checker\": true}");
    package_put("subtasks.json", "{\"subtasks\": {\"all\": {\"index\": 1, \"score\": 100}}}");
    package_put("solutions.json", "{\"a.py\": {\"verdict\": \"model_solution\"}}");
    package_put("solution/a.py", "print(1)\n");
    package_put("tests/1-01.in", "1\n");
    package_put("tests/1-01.out", "1\n");
    package_put("tests/mapping", "all 1-01\n");
    package_put("checker/testlib.h", "");
    package_put(
        "checker/checker.py",
        arena_fmt(&keep, "import sys\nprint('points %s', file=sys.stderr)\nsys.exit(7)\n", said)
            .at);
}

Test(formats, points_of_testlib_are_a_share_of_the_test)
{
    points("1");
    ends("", 0, "all 100/100\n");
    points("0.25");
    ends("", 1, "all 25/100 PC");
    points("0");
    ends("", 1, "all 0/100 WA");
    points("1.5");
    is_not_judged("gave 1.5 points, and a test is worth 1");
}

/* --- no program at all ------------------------------------------------------------------------ */

Test(formats, outputs_of_an_italian_task_are_named_by_number)
{
    folder = package_make("outputs");
    package_put("task.yaml", "name: outputs\ntitle: Outputs\noutput_only: true\n");
    package_put("gen/GEN", "#ST: 30\n1\n#ST: 70\n2\n");
    for (int i = 0; i < 2; i++) {
        package_put(arena_fmt(&keep, "input/input%d.txt", i).at, "1\n");
        package_put(arena_fmt(&keep, "output/output%d.txt", i).at, i == 0 ? "1\n" : "2\n");
    }
    package_put("mine/output_000.txt", "1  \n\n");
    package_put("mine/output_001.txt", "3\n");
    ends(arena_fmt(&keep, "--submission %s/mine", folder).at, 0, "0 30/30, 1 0/70 WA");
}
