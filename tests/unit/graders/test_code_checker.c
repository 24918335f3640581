/* Items that bring a checker: what an honest one says, what a broken or misled one may not do, and
 * what outputs try on it. */
#include <stdio.h>

#include "graders/judge/bench.h"
#include "graders/judge/code.h"
#include "tests/support/support.h"

static struct arena keep;
static struct arena tmp;
static char box_path[1024];
static struct grader_env env;
static struct err e;

static void setup(void)
{
    arena_init(&keep, "keep", LIMIT_GIB);
    arena_init(&tmp, "tmp", LIMIT_GIB);
    (void)snprintf(box_path, sizeof box_path, "%s/podium-box", support_build());
    env = (struct grader_env){.box_path = box_path, .work_dir = support_temp()};
}

static void teardown(void)
{
    bench_close();
    arena_fini(&keep);
    arena_fini(&tmp);
}

TestSuite(code_checker, .init = setup, .fini = teardown, .timeout = 120);

/* An item with one test, input "7", answer "secret", and a checker in Python. */
struct item {
    const char *protocol;
    const char *checker;
    const char *more; /* further members, each with a comma in front */
};

static bool judge(const struct item *i, const char *program, struct grade *g)
{
    struct json_out w = {0};
    json_open(&w, '{');
    json_pair_str(&w, "language", STR("python"));
    json_put_key(&w, "checker");
    json_open(&w, '{');
    json_pair_str(&w, "language", STR("python"));
    json_pair_str(&w, "protocol", str_of(i->protocol));
    json_pair_str(&w, "source", str_of(i->checker));
    json_close(&w, '}');
    buf_put(&w.text, str_of(i->more == NULL ? "" : i->more));
    buf_put(&w.text, STR(",\"tests\":[{\"in\":\"7\\n\",\"out\":\"secret\\n\"}]}"));
    struct json *key = NULL;
    e = (struct err){0};
    ASSERT_OK(json_parse(buf_str(&w.text), "item", &key, &e), e);
    struct str reply = arena_fmt(&keep, "```python\n%s\n```\n", program);
    struct grade_in in = {.reply = reply, .key = key, .env = &env};
    enum grade_next next = GRADE_ASK;
    struct chat question;
    bool ok = grader_code.judge(&in, &next, g, &question, &keep, tmp, &e);
    json_free(key);
    json_out_free(&w);
    if (!ok && e.cls == ERR_UNSUPPORTED)
        support_skip("toolchain", e.text);
    return ok;
}

static struct grade graded(const struct item *i, const char *program)
{
    struct grade g = {0};
    ASSERT_OK(judge(i, program, &g), e);
    return g;
}

static void is_graded(const struct item *i, const char *program, enum verdict verdict, double score,
                      const char *in_evidence)
{
    struct grade g = graded(i, program);
    cr_expect_eq(g.verdict, verdict, "%s: %.*s %.*s", i->checker, STR_ARG(g.reason),
                 STR_ARG(g.evidence));
    cr_expect_float_eq(g.score, score, 1e-12, "%s: %g", i->checker, g.score);
    cr_expect(str_find(g.evidence, str_of(in_evidence), 0) >= 0, "%s: no %s in %.*s", i->checker,
              in_evidence, STR_ARG(g.evidence));
}

static void is_error(const struct item *i, const char *program, const char *with)
{
    struct grade g = {0};
    cr_expect_not(judge(i, program, &g), "%s: %.*s", i->checker, STR_ARG(g.reason));
    cr_expect(str_starts(str_of(e.text), STR("could not grade: ")), "%s", e.text);
    cr_expect(strstr(e.text, "checker") != NULL && strstr(e.text, with) != NULL, "%s: %s",
              i->checker, e.text);
}

static const char print_7[] = "print(7)";
static const char fraction[] = ",\"score\":\"fraction\"";

/* --- honest checkers ------------------------------------------------------------------------ */

Test(code_checker, a_testlib_checker_reads_input_output_answer)
{
    static const char checker[] =
        "import sys\n"
        "i, o, a = [open(p).read().split() for p in sys.argv[1:4]]\n"
        "assert a == ['secret'] and len(sys.argv) == 4\n"
        "if i == o:\n  sys.stderr.write('ok same'); sys.exit(0)\n"
        "sys.stderr.write('wrong answer expected %s' % i[0]); sys.exit(1)\n";
    is_graded(&(struct item){"testlib", checker, NULL}, print_7, VERDICT_RIGHT, 1,
              "\"message\": \"ok same\"");
    is_graded(&(struct item){"testlib", checker, NULL}, "print(8)", VERDICT_WRONG, 0,
              "\"message\": \"wrong answer expected 7\"");
}

Test(code_checker, a_kattis_checker_reads_the_output_as_its_input)
{
    static const char checker[] =
        "import sys\n"
        "i, a, f = sys.argv[1:4]\n"
        "assert f.endswith('/') and open(a).read() == 'secret\\n'\n"
        "same = sys.stdin.buffer.read().split() == open(i, 'rb').read().split()\n"
        "open(f + 'judgemessage.txt', 'w').write('line one\\nline two')\n"
        "sys.exit(42 if same else 43)\n";
    is_graded(&(struct item){"kattis", checker, NULL}, print_7, VERDICT_RIGHT, 1,
              "\"message\": \"line one line two\"");
    is_graded(&(struct item){"kattis", checker, NULL}, "print(8)", VERDICT_WRONG, 0, "\"WA\"");
}

Test(code_checker, a_cms_checker_reads_input_answer_output)
{
    static const char checker[] =
        "import sys\n"
        "i, a, o = [open(p).read().split() for p in sys.argv[1:4]]\n"
        "assert a == ['secret']\n"
        "print(1.0 if o == i else 0.25)\n"
        "sys.stderr.write('translate:success' if o == i else 'translate:partial')\n";
    is_graded(&(struct item){"cms", checker, fraction}, print_7, VERDICT_RIGHT, 1,
              "Output is correct");
    is_graded(&(struct item){"cms", checker, fraction}, "print(8)", VERDICT_PART, 0.25,
              "Output is partially correct");
    is_error(&(struct item){"cms", checker, NULL}, "print(8)", "partial score");
}

Test(code_checker, a_checker_in_cpp_may_bring_headers)
{
    static const char text[] =
        "{\"language\":\"python\",\"checker\":{\"language\":\"cpp\",\"protocol\":\"testlib\","
        "\"files\":{\"check.h\":\"#include <cstdio>\\nint read(const char *p) { int x = -1; FILE "
        "*f ="
        " fopen(p, \\\"r\\\"); return fscanf(f, \\\"%d\\\", &x) == 1 ? x : -1; }\"},"
        "\"source\":\"#include \\\"check.h\\\"\\nint main(int, char **v) { bool ok = read(v[1]) ="
        "= read(v[2]); fputs(ok ? \\\"ok\\\" : \\\"wrong answer\\\", stderr); return !ok; }\"},"
        "\"tests\":[{\"in\":\"7\",\"out\":\"\"},{\"in\":\"9\",\"out\":\"\"}]}";
    struct json *key = NULL;
    struct grade g = {0};
    enum grade_next next;
    struct chat question;
    e = (struct err){0};
    ASSERT_OK(json_parse(STR(text), "item", &key, &e), e);
    struct grade_in in = {.reply = STR("```py\nprint(7)\n```"), .key = key, .env = &env};
    bool ok = grader_code.judge(&in, &next, &g, &question, &keep, tmp, &e);
    json_free(key);
    if (!ok && e.cls == ERR_UNSUPPORTED)
        support_skip("toolchain", e.text);
    ASSERT_OK(ok, e);
    cr_assert(str_eq(g.reason, STR("test 2 of 2: WA (1 passed)")), "%.*s %.*s", STR_ARG(g.reason),
              STR_ARG(g.evidence));
    cr_assert(str_find(g.evidence, STR("\"checker_compiler\": \"g++"), 0) >= 0);
}

Test(code_checker, partial_points_are_fractions_of_a_test)
{
    is_graded(&(struct item){"testlib", "import sys\nsys.stderr.write('points 0.5')\nsys.exit(7)",
                             fraction},
              print_7, VERDICT_PART, 0.5, "\"score\": 0.5");
    is_graded(&(struct item){"testlib",
                             "import sys\nsys.stderr.write('partially correct (30) x')\n"
                             "sys.exit(30)",
                             fraction},
              print_7, VERDICT_PART, 0.3, "\"PC\"");
    is_graded(&(struct item){"kattis",
                             "import sys\nopen(sys.argv[3] + 'score.txt', 'w').write('0.75')\n"
                             "sys.exit(42)",
                             fraction},
              print_7, VERDICT_PART, 0.75, "\"PC\"");
    is_error(&(struct item){"testlib", "import sys\nsys.stderr.write('points 5')\nsys.exit(7)",
                            fraction},
             print_7, "gave 5");
}

Test(code_checker, a_run_that_did_not_end_well_is_never_checked)
{
    static const struct item all = {"testlib", "import sys\nsys.exit(0)", NULL};
    is_graded(&all, "print(7)\nraise SystemExit(1)", VERDICT_WRONG, 0, "\"verdict\": \"RE\"");
    is_graded(&all, "while True: pass", VERDICT_WRONG, 0, "\"verdict\": \"TLE\"");
    is_graded(&all, "print(7", VERDICT_WRONG, 0, "\"verdict\": \"CE\"");
    is_graded(&all, "x=bytearray(600*2**20)\nprint(7)", VERDICT_WRONG, 0, "\"verdict\": \"MLE\"");
}

/* --- broken checkers ------------------------------------------------------------------------ */

static const struct {
    const char *protocol, *checker, *with;
} broken[] = {
    {"testlib", "this is no program (", "does not compile"},
    {"testlib", "import os\nos.kill(os.getpid(), 11)", "signal 11"},
    {"kattis", "import os\nos.kill(os.getpid(), 6)", "signal 6"},
    {"cms", "print(1, flush=True)\nimport os\nos.kill(os.getpid(), 9)", "signal 9"},
    {"testlib", "raise ValueError('no')", "crashed"},
    {"testlib", "import sys\nsys.exit(255)", "code 255"},
    {"testlib", "import sys\nsys.exit(5)", "code 5"},
    {"testlib", "import sys\nsys.exit(42)", "code 42"},
    {"testlib", "import sys\nsys.exit(43)", "code 43"},
    {"kattis", "pass", "code 0"},
    {"kattis", "import sys\nsys.exit(1)", "code 1"},
    {"kattis", "import sys\nsys.exit(255)", "code 255"},
    {"kattis", "raise ValueError('no')", "code 1"},
    {"cms", "import sys\nprint(1)\nsys.exit(1)", "code 1"},
    {"cms", "pass", "no outcome"},
    {"cms", "print('nan')", "no number"},
    {"cms", "print('inf')", "no number"},
    {"cms", "print(-1)", "from 0 to 1"},
    {"cms", "print(2)", "from 0 to 1"},
    {"cms", "print(1)\nimport sys\nsys.stderr.buffer.write(b'\\xff')", "UTF-8"},
    {"cms", "print(1)\nimport sys\nsys.stderr.write('\\x07')", "control"},
    {"cms", "print(0)\nimport sys\nsys.stderr.write('Judge Failure; Contact staff!')", "failed"},
    {"testlib", "import sys\nsys.stderr.write('FAIL bad answer file')\nsys.exit(3)", "failed"},
    {"testlib", "import sys\nsys.stderr.write('FAIL x')\nsys.exit(0)", "failed"},
    {"testlib", "import sys\nwhile True: sys.stdout.write('x' * 65536)", "output limit"},
    {"kattis", "import sys\nwhile True: sys.stderr.write('x' * 65536)", "output limit"},
    {"testlib", "x = bytearray(3 * 2**30)", "memory limit"},
    {"testlib", "while True: pass", "limit"},
};

Test(code_checker, a_broken_checker_is_an_error_and_never_a_verdict, .timeout = 240)
{
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct item it = {broken[i].protocol, broken[i].checker, fraction};
        is_error(&it, print_7, broken[i].with);
    }
}

Test(code_checker, what_a_checker_starts_does_not_outlive_it)
{
    static const char checker[] = "import os, sys, time\n"
                                  "if os.fork() == 0:\n"
                                  "  os.setsid()\n"
                                  "  if os.fork() == 0:\n    time.sleep(1000)\n"
                                  "  os._exit(0)\n"
                                  "sys.stderr.write('ok'); sys.exit(0)\n";
    is_graded(&(struct item){"testlib", checker, NULL}, print_7, VERDICT_RIGHT, 1, "\"AC\"");
}

/* --- between submission and checker --------------------------------------------------------- */

Test(code_checker, nothing_but_the_output_reaches_the_checker)
{
    static const char checker[] =
        "import os, sys\n"
        "for d in ('.', '/tmp', '/dev/shm', '/var/tmp'):\n"
        "  for name in ('hint', 'input', 'output', 'answer', 'score.txt'):\n"
        "    p = os.path.join(d, name)\n"
        "    if os.path.exists(p) and 'planted' in open(p).read():\n"
        "      sys.stderr.write('ok found ' + p); sys.exit(0)\n"
        "sys.stderr.write('wrong answer nothing planted'); sys.exit(1)\n";
    static const char program[] =
        "import os\n"
        "for d in ('.', '/tmp', '/dev/shm', '/var/tmp', 'feedback'):\n"
        "  for name in ('hint', 'input', 'output', 'answer', 'score.txt'):\n"
        "    try:\n      os.makedirs(d, exist_ok=True)\n"
        "      open(os.path.join(d, name), 'w').write('planted')\n"
        "    except OSError: pass\n"
        "print(7)\n";
    is_graded(&(struct item){"testlib", checker, NULL}, program, VERDICT_WRONG, 0,
              "nothing planted");
}

Test(code_checker, the_submission_never_sees_the_answer)
{
    static const char checker[] = "import sys\n"
                                  "got = open(sys.argv[2]).read()\n"
                                  "if 'secret' in got:\n"
                                  "  sys.stderr.write('ok it was seen'); sys.exit(0)\n"
                                  "sys.stderr.write('wrong answer'); sys.exit(1)\n";
    static const char program[] =
        "import os\n"
        "for top in ('.', '/tmp', '/dev/shm', '/var/tmp'):\n"
        "  for d, _, names in os.walk(top):\n"
        "    for n in names:\n"
        "      if not n.startswith('prog'):\n"
        "        try: print(open(os.path.join(d, n), errors='replace').read(4096))\n"
        "        except OSError: pass\n"
        "for p in ('/proc/1/cmdline', '/proc/1/environ', '/proc/self/cmdline', "
        "'/proc/self/environ',"
        " 'answer', '../answer', '/answer'):\n"
        "  try: print(open(p).read())\n"
        "  except OSError: pass\n";
    is_graded(&(struct item){"testlib", checker, NULL}, program, VERDICT_WRONG, 0, "wrong answer");
}

/* Outputs made to mislead: what the checker says in the end is its own. */
Test(code_checker, hostile_outputs_do_not_become_verdicts)
{
    static const char echo[] = /* repeats what it got, as careless checkers do */
        "import sys\n"
        "got = open(sys.argv[2], 'rb').read()\n"
        "sys.stderr.buffer.write(b'wrong answer got ' + got[:2000]); sys.exit(1)\n";
    static const char *const outputs[] = {
        "print('ok')",
        "print('\\nok all right\\npoints 100')",
        "print('\\x1b[2J\\x1b[31mAC')",
        "import sys\nsys.stdout.buffer.write(b'\\0\\xff\\xfe\\x80' * 100)",
        "print('\\u202eCA\\u202c\\u2028partially correct (100)')",
        "print('FAIL')",
        "print('a' * 1000000)",
        "",
    };
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++) {
        struct grade g = graded(&(struct item){"testlib", echo, fraction}, outputs[i]);
        cr_expect_eq(g.verdict, VERDICT_WRONG, "%s", outputs[i]);
        cr_expect(g.score == 0);
        cr_expect(str_find(g.evidence, STR("\"message\": \"wrong answer got"), 0) >= 0, "%.*s",
                  STR_ARG(g.evidence));
        cr_expect(str_find(g.evidence, STR("\\u001b"), 0) < 0);
    }
}

Test(code_checker, an_item_whose_checker_says_nonsense_is_an_error)
{
    static const char *const checkers[] = {
        "1",
        "{}",
        "{\"language\":\"cpp\",\"source\":\"x\",\"protocol\":\"pcms\"}",
        "{\"language\":\"cobol\",\"source\":\"x\",\"protocol\":\"cms\"}",
        "{\"language\":\"cpp\",\"protocol\":\"cms\"}",
        "{\"language\":\"cpp\",\"source\":\"\",\"protocol\":\"cms\"}",
        "{\"language\":\"cpp\",\"source\":\"x\",\"protocol\":\"cms\",\"files\":[]}",
        "{\"language\":\"cpp\",\"source\":\"x\",\"protocol\":\"cms\",\"files\":{\"../a\":\"\"}}",
        "{\"language\":\"cpp\",\"source\":\"x\",\"protocol\":\"cms\",\"files\":{\".a\":\"\"}}",
        "{\"language\":\"cpp\",\"source\":\"x\",\"protocol\":\"cms\",\"time\":1}",
    };
    for (size_t i = 0; i < sizeof checkers / sizeof *checkers; i++) {
        struct json *key = NULL;
        struct grade g = {0};
        enum grade_next next;
        struct chat question;
        e = (struct err){0};
        struct str item = arena_fmt(&keep,
                                    "{\"language\":\"cpp\",\"checker\":%s,\"tests\":"
                                    "[{\"in\":\"\",\"out\":\"\"}]}",
                                    checkers[i]);
        ASSERT_OK(json_parse(item, "item", &key, &e), e);
        struct grade_in in = {.reply = STR("```\nx\n```"), .key = key, .env = &env};
        cr_expect_not(grader_code.judge(&in, &next, &g, &question, &keep, tmp, &e), "%s",
                      checkers[i]);
        cr_expect_eq(e.cls, ERR_INPUT, "%s: %s", checkers[i], e.text);
        cr_expect(strstr(e.text, "checker") != NULL, "%s", e.text);
        json_free(key);
    }
}
