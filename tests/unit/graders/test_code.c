/* Grader "code" as the worker calls it. Needs podium-box; a language whose tool is missing is
 * skipped with the grader's own words. */
#include <stdio.h>

#include "graders/judge/bench.h"
#include "graders/judge/code.h"
#include "tests/support/support.h"

static struct arena keep;
static struct arena tmp;
static char box_path[1024];
static struct grader_env env;

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

TestSuite(code, .init = setup, .fini = teardown);

static bool judge(const char *item, const char *definition, struct str reply, struct grade *g,
                  struct err *e)
{
    struct json *key = NULL;
    struct json *def = NULL;
    ASSERT_OK(json_parse(str_of(item), "item", &key, e), *e);
    ASSERT_OK(json_parse(str_of(definition), "definition", &def, e), *e);
    struct grade_in in = {.reply = reply, .key = key, .definition = def, .env = &env};
    enum grade_next next = GRADE_ASK;
    struct chat question;
    bool ok = grader_code.judge(&in, &next, g, &question, &keep, tmp, e);
    cr_assert(!ok || next == GRADE_DONE);
    json_free(key);
    json_free(def);
    return ok;
}

static const char sum_item[] = "{\"language\":\"cpp\",\"tests\":["
                               "{\"in\":\"1 2\\n\",\"out\":\"3\\n\"},"
                               "{\"in\":\"-5 5\\n\",\"out\":\"0\"},"
                               "{\"in\":\"1000000000 1000000000\\n\",\"out\":\"2000000000\"}]}";

/* Judges a program for the sum of two numbers. */
static struct grade sum(const char *fence_info, const char *program)
{
    struct err e = {0};
    struct grade g = {0};
    struct str reply = arena_fmt(&keep, "Here:\n```%s\n%s\n```\nDone.", fence_info, program);
    bool ok = judge(sum_item, "{\"limits\":{\"time_ms\":1000,\"memory_mb\":128}}", reply, &g, &e);
    if (!ok && e.cls == ERR_UNSUPPORTED)
        support_skip("toolchain", e.text);
    ASSERT_OK(ok, e);
    return g;
}

static void is_wrong(const struct grade *g, const char *reason)
{
    cr_assert_eq(g->verdict, VERDICT_WRONG);
    cr_assert(g->score == 0);
    cr_assert(str_eq(g->reason, str_of(reason)), "%.*s | %.*s", STR_ARG(g->reason),
              STR_ARG(g->evidence));
}

Test(code, a_right_program_in_cpp_is_right)
{
    struct grade g = sum("cpp", "#include <iostream>\n"
                                "int main(){long long a,b;std::cin>>a>>b;std::cout<<a+b;}");
    cr_assert_eq(g.verdict, VERDICT_RIGHT, "%.*s %.*s", STR_ARG(g.reason), STR_ARG(g.evidence));
    cr_assert(g.score == 1);
    cr_assert(str_find(g.evidence, STR("\"compiler\": \"g++"), 0) >= 0, "%.*s",
              STR_ARG(g.evidence));
    cr_assert(str_find(g.evidence, STR("seccomp"), 0) >= 0);
}

Test(code, a_right_program_in_python_is_right_though_the_item_says_cpp)
{
    struct grade g = sum("Python", "print(sum(map(int,input().split())))");
    cr_assert_eq(g.verdict, VERDICT_RIGHT, "%.*s %.*s", STR_ARG(g.reason), STR_ARG(g.evidence));
}

Test(code, the_items_language_is_used_when_the_fence_names_none)
{
    struct grade g = sum(
        "",
        "#include <cstdio>\nint main(){long a,b;scanf(\"%ld %ld\",&a,&b);printf(\"%ld\",a+b);}");
    cr_assert_eq(g.verdict, VERDICT_RIGHT, "%.*s", STR_ARG(g.reason));
}

Test(code, each_way_of_failing_has_its_name)
{
    struct grade g = sum("py", "a,b=map(int,input().split())\nprint(a+b if a>0 else 1)");
    is_wrong(&g, "test 2 of 3: WA (2 passed)");
    g = sum("py", "a,b=map(int,input().split())\nprint(a+b)\nif a==1000000000: exit(3)");
    is_wrong(&g, "test 3 of 3: RE (2 passed)");
    g = sum("py", "print(3)\nwhile True: pass");
    is_wrong(&g, "test 1 of 3: TLE (0 passed)");
    g = sum("py", "x=bytearray(300*2**20)\nprint(3)");
    is_wrong(&g, "test 1 of 3: MLE (0 passed)");
    g = sum("py", "print(3");
    is_wrong(&g, "CE");
    g = sum("cpp", "int main(){return 0}");
    is_wrong(&g, "CE");
    cr_assert(str_find(g.evidence, STR("expected"), 0) >= 0, "%.*s", STR_ARG(g.evidence));
}

Test(code, printing_a_verdict_does_not_make_one)
{
    struct grade g = sum("py", "print('AC'); import sys; sys.stderr.write('verdict: AC')");
    is_wrong(&g, "test 1 of 3: WA (0 passed)");
}

Test(code, the_fallback_judges_alike_and_says_so)
{
    env.no_namespaces = true;
    struct grade g = sum("cpp", "#include <iostream>\nint main(){long long a,b;"
                                "std::cin>>a>>b;std::cout<<a+b;}");
    cr_assert_eq(g.verdict, VERDICT_RIGHT, "%.*s %.*s", STR_ARG(g.reason), STR_ARG(g.evidence));
    cr_assert(str_find(g.evidence, STR("why_not_namespaces"), 0) >= 0);
    cr_assert(str_find(g.evidence, STR("\"isolation\": \"namespaces"), 0) < 0);
    g = sum("py", "import os\ntry: open('/etc/passwd'); print(3)\n"
                  "except OSError: print('refused')");
    is_wrong(&g, "test 1 of 3: WA (0 passed)");
}

static void bomb(const char *language, const char *program)
{
    struct grade g = sum(language, program);
    cr_expect(str_eq(g.reason, STR("CE")), "%s: %.*s", program, STR_ARG(g.reason));
}

Test(code, compile_bombs_end_in_ce_within_limits, .timeout = 240)
{
    bomb("cpp", "#include \"/dev/zero\"\nint main(){}");
    bomb("cpp", "#include \"prog.cpp\"\n#include \"prog.cpp\"\n");
    bomb("cpp", "#include \"/etc/shadow\"\nint main(){}");
    bomb("cpp", "asm(\".incbin \\\"/etc/shadow\\\"\"); int main(){}");
    bomb("cpp", "int a[1<<28]={1}; int main(){}");
    bomb("cpp", "template<int N> struct T { static const int v = T<N-1>::v + T<N-2>::v; };"
                "int main(){return T<5000>::v;}");
    bomb("py", "x = " /* deeper than the parser goes */
               "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("
               "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("
               "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((1");
}

/* --- what an item may ask for ----------------------------------------------------------------- */

static struct grade by_item(const char *item, const char *program)
{
    struct err e = {0};
    struct grade g = {0};
    struct str reply = arena_fmt(&keep, "```py\n%s\n```", program);
    ASSERT_OK(judge(item, "{}", reply, &g, &e), e);
    return g;
}

static void is_by_item(const char *compare, const char *want, const char *program, bool is_right)
{
    struct str item = arena_fmt(&keep,
                                "{\"language\":\"python\",\"compare\":%s,\"tests\":"
                                "[{\"in\":\"\",\"out\":\"%s\"}]}",
                                compare, want);
    struct grade g = by_item(item.at, program);
    cr_expect_eq(g.verdict == VERDICT_RIGHT, is_right, "%s: %s: %.*s", compare, program,
                 STR_ARG(g.evidence));
}

Test(code, an_item_says_how_outputs_compare)
{
    is_by_item("\"tokens\"", "Yes 1", "print('Yes\\t1')", true);
    is_by_item("\"tokens\"", "Yes 1", "print('yes 1')", false);
    is_by_item("\"exact\"", "1", "print(1)", false);
    is_by_item("\"lines\"", "1", "print(1)", true);
    is_by_item("\"white\"", "1 2", "print(1, ' ', 2, '\\n')", true);
    is_by_item("\"white\"", "1 2", "print(1)\nprint(2)", false);
    is_by_item("{}", "1 2", "print(1)\nprint(2)", true);
    is_by_item("{\"mode\":\"tokens\",\"case\":\"any\"}", "Yes", "print('yES')", true);
    is_by_item("{\"float_abs\":1e-6}", "0.3", "print('0.300001')", true);
    is_by_item("{\"float_abs\":1e-6}", "0.3", "print('0.3000011')", false);
    is_by_item("{\"float_rel\":0.01}", "100", "print(101)", true);
    is_by_item("{\"float_rel\":0.01}", "100", "print(101.5)", false);
    is_by_item("{\"float_rel\":0.01}", "100", "print('nan')", false);
    is_by_item("{\"space\":\"exact\"}", "1 2\\n", "print(1, '', 2)", false);
    is_by_item("{\"space\":\"exact\"}", "1 2\\n", "print(1, 2)", true);
}

Test(code, a_fraction_is_the_share_of_passed_tests)
{
    static const char item[] = "{\"language\":\"python\",\"score\":\"fraction\",\"tests\":["
                               "{\"in\":\"1\",\"out\":\"1\"},{\"in\":\"2\",\"out\":\"2\"},"
                               "{\"in\":\"3\",\"out\":\"3\"},{\"in\":\"4\",\"out\":\"4\"}]}";
    struct grade g = by_item(item, "x = int(input())\nprint(x if x < 4 else 0)");
    cr_assert_eq(g.verdict, VERDICT_PART);
    cr_assert_float_eq(g.score, 0.75, 1e-12);
    g = by_item(item, "print(input())");
    cr_assert_eq(g.verdict, VERDICT_RIGHT);
    cr_assert(g.score == 1);
    g = by_item(item, "print(0)");
    cr_assert_eq(g.verdict, VERDICT_WRONG);
    cr_assert(g.score == 0);
}

Test(code, the_evidence_names_tests_and_holds_hashes_and_never_the_answer)
{
    struct grade g = by_item("{\"language\":\"python\",\"tests\":[{\"in\":\"\",\"out\":\"s3cret\","
                             "\"name\":\"sample/1\"}]}",
                             "print(1)");
    static const char *const keys[] = {
        "\"name\": \"sample/1\"", "\"source_sha256\": \"", "\"tests_sha256\": \"",
        "\"cpu_ms\": ",           "\"wall_ms\": ",         "\"memory_kib\": ",
        "\"accounting\": \"",     "\"isolation\": \"",     "\"compiler\": \"Python",
        "\"diff_piece\": 1",      "\"got\": \"1\""};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        cr_expect(str_find(g.evidence, str_of(keys[i]), 0) >= 0, "no %s in %.*s", keys[i],
                  STR_ARG(g.evidence));
    cr_expect(str_find(g.evidence, STR("s3cret"), 0) < 0, "%.*s", STR_ARG(g.evidence));
    struct json *parsed = NULL;
    struct err e = {0};
    ASSERT_OK(json_parse(g.evidence, "evidence", &parsed, &e), e);
    json_free(parsed);
}

Test(code, a_suite_may_give_a_part_another_field)
{
    struct err e = {0};
    struct grade g = {0};
    ASSERT_OK(
        judge("{\"lang\":\"python\",\"cases\":[{\"in\":\"\",\"out\":\"1\"}],\"how\":\"exact\"}",
              "{\"fields\":{\"tests\":\"cases\",\"language\":\"lang\",\"compare\":\"how\"}}",
              STR("```py\nprint(1)\n```"), &g, &e),
        e);
    cr_assert_eq(g.verdict, VERDICT_WRONG); /* exact: the newline is too many */
}

/* --- reading input as on a real machine ------------------------------------------------------ */

Test(code, every_way_of_reading_input_works)
{
    static const char item[] = "{\"language\":\"python\",\"tests\":[{\"in\":\"3 4\\n5\",\"out\":"
                               "\"12\"}]}";
    static const char *const programs[] = {
        "import sys\nprint(sum(map(int, sys.stdin.buffer.read().split())))",
        "import sys\nprint(sum(map(int, sys.stdin.read().split())))",
        "a, b = map(int, input().split())\nprint(a + b + int(input()))",
        "import sys\ninput = sys.stdin.readline\na, b = map(int, input().split())\n"
        "print(a + b + int(input()))",
        "import sys\nprint(sum(int(x) for line in sys.stdin for x in line.split()))",
        "print(sum(map(int, open(0).read().split())))",
        "import os\nprint(sum(map(int, os.read(0, 10**6).split())))",
        "import os, io\nf = io.BytesIO(os.read(0, os.fstat(0).st_size))\n"
        "print(sum(map(int, f.read().split())))",
        "import mmap\nm = mmap.mmap(0, 0, prot=mmap.PROT_READ)\n"
        "print(sum(map(int, m[:].split())))",
        "print(sum(map(int, open('/dev/stdin').read().split())))",
        "import sys, fileinput\nprint(sum(int(x) for l in fileinput.input() for x in l.split()))",
        "import sys\nsys.stdout.write(str(sum(map(int, sys.stdin.read().split()))) + '\\n')\n"
        "sys.stdout.flush()\nimport os\nos._exit(0)",
        "import sys, threading\nsys.setrecursionlimit(10**6)\nthreading.stack_size(1 << 26)\n"
        "def f(n): return 0 if n == 0 else f(n - 1)\n"
        "def main(): print(sum(map(int, sys.stdin.read().split())) + f(50000))\n"
        "t = threading.Thread(target=main); t.start(); t.join()",
    };
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        struct grade g = by_item(item, programs[i]);
        cr_expect_eq(g.verdict, VERDICT_RIGHT, "%s: %.*s", programs[i], STR_ARG(g.evidence));
    }
    struct grade g = by_item(item, "for i in range(3): input()");
    cr_expect(str_find(g.evidence, STR("EOFError"), 0) >= 0, "%.*s", STR_ARG(g.evidence));
}

Test(code, large_inputs_and_outputs_pass_through, .timeout = 120)
{
    struct buf b = {0};
    buf_put(&b, STR("{\"language\":\"python\",\"tests\":[{\"in\":\""));
    for (int i = 0; i < SUPPORT_SIZE(2000000); i++)
        buf_put(&b, STR("123456 "));
    buf_put(&b, STR("\",\"out\":\""));
    for (int i = 0; i < SUPPORT_SIZE(2000000); i++)
        buf_put(&b, STR("123456 "));
    buf_put(&b, STR("\"}]}"));
    struct err e = {0};
    struct grade g = {0};
    static const char limits[] = "{\"limits\":{\"time_ms\":10000,\"memory_mb\":512}}";
    ASSERT_OK(judge(b.at, limits,
                    STR("```cpp\n#include <cstdio>\nint main(){int x;"
                        "while(scanf(\"%d\",&x)==1)printf(\"%d\\n\",x);}\n```"),
                    &g, &e),
              e);
    cr_expect_eq(g.verdict, VERDICT_RIGHT, "%.*s", STR_ARG(g.evidence));
    ASSERT_OK(judge(b.at, limits,
                    STR("```py\nimport sys\nsys.stdout.buffer.write(sys.stdin.buffer.read())\n```"),
                    &g, &e),
              e);
    cr_expect_eq(g.verdict, VERDICT_RIGHT, "%.*s", STR_ARG(g.evidence));
    buf_free(&b);
}

Test(code, a_reply_without_a_closed_block_is_no_answer)
{
    struct err e = {0};
    struct grade g = {0};
    ASSERT_OK(judge(sum_item, "{}", STR("I think it is 3."), &g, &e), e);
    cr_assert_eq(g.verdict, VERDICT_NO_ANSWER);
    ASSERT_OK(judge(sum_item, "{}", STR("```cpp\nint main() {"), &g, &e), e);
    cr_assert_eq(g.verdict, VERDICT_NO_ANSWER);
}

Test(code, without_a_box_the_item_is_ungraded)
{
    struct err e = {0};
    struct grade g = {0};
    env.box_path = "/nonexistent/podium-box";
    cr_assert_not(judge(sum_item, "{}", STR("```py\nprint(3)\n```"), &g, &e));
    cr_assert(str_starts(str_of(e.text), STR("could not grade: ")), "%s", e.text);
}

Test(code, an_item_that_says_nonsense_is_an_error_that_names_it)
{
    static const char *const items[] = {
        "{\"language\":\"cobol\",\"tests\":[{\"in\":\"\",\"out\":\"\"}]}",
        "{\"language\":\"cpp\",\"tests\":[]}",
        "{\"language\":\"cpp\"}",
        "{\"language\":\"cpp\",\"tests\":[{\"in\":\"\"}]}",
        "{\"language\":\"cpp\",\"compare\":{\"mode\":\"x\"},\"tests\":[{\"in\":\"\",\"out\":\"\"}]"
        "}",
        "{\"language\":\"cpp\",\"compare\":{\"float\":1},\"tests\":[{\"in\":\"\",\"out\":\"\"}]}",
        "{\"language\":\"cpp\",\"compare\":{\"case\":\"no\"},\"tests\":[{\"in\":\"\",\"out\":\"\"}]"
        "}",
        "{\"language\":\"cpp\",\"compare\":{\"float_abs\":-1},\"tests\":[{\"in\":\"\",\"out\":\"\"}"
        "]}",
        "{\"language\":\"cpp\",\"compare\":{\"mode\":\"white\",\"float_abs\":1},\"tests\":[{\"in\":"
        "\"\","
        "\"out\":\"\"}]}",
        "{\"language\":\"cpp\",\"score\":\"most\",\"tests\":[{\"in\":\"\",\"out\":\"\"}]}",
        "{\"language\":\"cpp\",\"tests\":[{\"in\":\"\",\"out\":\"\",\"name\":1}]}",
        "{\"language\":\"cpp\",\"compare\":\"x\",\"tests\":[{\"in\":\"\",\"out\":\"\"}]}",
    };
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        struct err e = {0};
        struct grade g = {0};
        cr_assert_not(judge(items[i], "{}", STR("```\nx\n```"), &g, &e), "%s", items[i]);
        cr_assert_eq(e.cls, ERR_INPUT, "%s: %s", items[i], e.text);
    }
}

/* --- near the limit ------------------------------------------------------------------------- */

/* Burns so much of its own CPU clock and answers; the limit of sum() is 1000 ms. */
static struct grade burn(int ms)
{
    return sum("cpp", arena_fmt(&keep,
                                "#include <ctime>\n#include <iostream>\nint main(){long long "
                                "a,b;std::cin>>a>>b;if(a==1)while(clock()<%d*(CLOCKS_PER_SEC/1000)"
                                ");std::cout<<a+b;}",
                                ms)
                          .at);
}

Test(code, a_time_near_the_limit_is_measured_again_alone)
{
    struct grade g = burn(920);
    cr_assert_eq(g.verdict, VERDICT_RIGHT, "%.*s", STR_ARG(g.evidence));
    cr_assert(str_find(g.evidence, STR("first_cpu_ms"), 0) >= 0, "%.*s", STR_ARG(g.evidence));
}

Test(code, a_little_over_the_limit_is_over_it_both_times)
{
    struct grade g = burn(1070);
    is_wrong(&g, "test 1 of 3: TLE (2 passed)");
    cr_assert(str_find(g.evidence, STR("first_cpu_ms"), 0) >= 0, "%.*s", STR_ARG(g.evidence));
}

/* A starved machine can hold a program up to its wall limit, which is measured again: so in one of
 * a few tries. */
static bool is_measured_once(int ms, enum verdict verdict)
{
    for (int tries = 0; tries < 4; tries++) {
        struct grade g = burn(ms);
        cr_assert_eq(g.verdict, verdict, "%.*s", STR_ARG(g.evidence));
        if (str_find(g.evidence, STR("first_cpu_ms"), 0) < 0)
            return true;
    }
    return false;
}

Test(code, far_from_the_limit_is_measured_once)
{
    cr_assert(is_measured_once(3000, VERDICT_WRONG));
    cr_assert(is_measured_once(300, VERDICT_RIGHT));
}

Test(code, the_scale_of_time_and_the_machine_are_in_the_evidence)
{
    env.time_scale = 2;
    env.machine = "{\"loop_cpu_ms\": 1}";
    struct grade g = burn(1500);
    cr_assert_eq(g.verdict, VERDICT_RIGHT, "%.*s", STR_ARG(g.evidence));
    cr_assert(str_find(g.evidence, STR("\"time_scale\": 2"), 0) >= 0);
    cr_assert(str_find(g.evidence, STR("\"machine\": {\"loop_cpu_ms\": 1}"), 0) >= 0);
}
