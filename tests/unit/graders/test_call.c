/* Function calls, from the item to the verdict. The first half compares data without a box; the
 * second calls real submissions, honest and hostile ones. */
#include <stdio.h>

#include "graders/judge/bench.h"
#include "graders/judge/call.h"
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

enum { DOCUMENTS_MAX = 256 };
static struct json *documents[DOCUMENTS_MAX];
static int n_documents;

static void teardown(void)
{
    bench_close();
    while (n_documents > 0)
        json_free(documents[--n_documents]);
    arena_fini(&keep);
    arena_fini(&tmp);
}

TestSuite(call_data, .init = setup, .fini = teardown);
TestSuite(call, .init = setup, .fini = teardown, .timeout = 120);

/* --- data ----------------------------------------------------------------------------------- */

static struct call call_of(const char *text, const char *compare)
{
    struct json *j = NULL;
    struct json *k = NULL;
    struct err e = {0};
    struct call c;
    ASSERT_OK(json_parse(str_of(text), "call", &j, &e), e);
    if (compare != NULL)
        ASSERT_OK(json_parse(str_of(compare), "compare", &k, &e), e);
    ASSERT_OK(call_read(j, k, &c, &e), e);
    cr_assert_lt(n_documents, DOCUMENTS_MAX - 1);
    documents[n_documents++] = j; /* names point into them */
    documents[n_documents++] = k;
    return c;
}

static bool same_by(const struct call *c, const char *want, const char *got)
{
    struct err e = {0};
    struct call_said said;
    bool is_same = false;
    ASSERT_OK(call_compare(c, str_of(want), str_of(got), &is_same, &said, &keep, tmp, &e), e);
    cr_assert_eq(said.note.n == 0, is_same);
    return is_same;
}

Test(call_data, values_are_equal_by_value_and_kinds_never_mix)
{
    static const char *const same[][2] = {
        {"1", "1"},
        {"1", "1.0"},
        {"1e2", "100"},
        {"0", "-0"},
        {"0.1", "0.1"},
        {"123456789012345678901234567890", "123456789012345678901234567890"},
        {"null", "null"},
        {"true", "true"},
        {"\"a\"", "\"\\u0061\""},
        {"[1, [2, 3]]", "[1,[2,3]]"},
        {"[]", "[]"},
        {"{\"a\": 1, \"b\": 2}", "{\"b\":2,\"a\":1}"},
        {"NaN", "NaN"},
        {"Infinity", "Infinity"},
    };
    static const char *const other[][2] = {
        {"1", "true"},
        {"0", "false"},
        {"0", "null"},
        {"false", "null"},
        {"1", "\"1\""},
        {"0.1", "0.10000000000000002"},
        {"9007199254740993", "9007199254740992"},
        {"9007199254740993", "9007199254740992.0"},
        {"123456789012345678901234567890", "123456789012345678901234567891"},
        {"[]", "null"},
        {"[]", "{}"},
        {"[]", "\"\""},
        {"[1, 2]", "[2, 1]"},
        {"[1]", "[1, 1]"},
        {"[1]", "1"},
        {"[[1], 2]", "[1, [2]]"},
        {"{\"a\": 1}", "{\"a\": 1, \"b\": 2}"},
        {"{\"a\": 1}", "{\"b\": 1}"},
        {"\"a\"", "\"A\""},
        {"\"a\"", "\"a \""},
        {"NaN", "Infinity"},
        {"0", "NaN"},
        {"Infinity", "-Infinity"},
        {"1", ""},
        {"1", "1 1"},
        {"1", "1,"},
        {"1", "[1"},
        {"1", "\xff"},
        {"1", "nan"},
    };
    struct call c = call_of("{\"method\": \"f\"}", NULL);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        cr_expect(same_by(&c, same[i][0], same[i][1]), "%s %s", same[i][0], same[i][1]);
        cr_expect(same_by(&c, same[i][1], same[i][0]), "%s %s", same[i][1], same[i][0]);
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        cr_expect_not(same_by(&c, other[i][0], other[i][1]), "%s %s", other[i][0], other[i][1]);
}

Test(call_data, a_declared_type_is_demanded_of_the_result)
{
    static const struct {
        const char *type, *want, *got;
        bool is_same;
    } rows[] = {
        {"int", "2", "2", true},
        {"int", "2", "2.0", false},
        {"int", "2.0", "2", true}, /* the item's own JSON may be written so */
        {"int", "1", "true", false},
        {"int", "2147483647", "2147483648", false},
        {"long", "2147483648", "2147483648", true},
        {"long", "1", "9223372036854775808", false},
        {"double", "2", "2", true},
        {"double", "2", "2.0", true},
        {"bool", "true", "true", true},
        {"bool", "true", "1", false},
        {"string", "\"a\"", "\"a\"", true},
        {"char", "\"a\"", "\"a\"", true},
        {"char", "\"a\"", "\"ab\"", false},
        {"int[]", "[1]", "[1]", true},
        {"int[]", "[1]", "[1.0]", false},
        {"int[]", "[]", "[]", true},
        {"int[]", "[]", "null", false},
        {"string[][]", "[[\"a\"]]", "[[\"a\"]]", true},
        {"string[][]", "[[\"a\"]]", "[\"a\"]", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str text =
            arena_fmt(&keep, "{\"method\": \"f\", \"returns\": \"%s\"}", rows[i].type);
        struct call c = call_of(text.at, NULL);
        cr_expect_eq(same_by(&c, rows[i].want, rows[i].got), rows[i].is_same, "%s %s %s",
                     rows[i].type, rows[i].want, rows[i].got);
    }
}

Test(call_data, a_tolerance_makes_numbers_near_everywhere)
{
    struct call c = call_of("{\"method\": \"f\"}", "{\"float_abs\": 1e-6, \"float_rel\": 1e-9}");
    cr_assert(same_by(&c, "[0.3, {\"a\": 1}]", "[0.300001, {\"a\": 0.9999995}]"));
    cr_assert_not(same_by(&c, "[0.3]", "[0.3000011]"));
    cr_assert_not(same_by(&c, "1", "true"));
    cr_assert_not(same_by(&c, "1", "NaN"));
    cr_assert(same_by(&c, "Infinity", "Infinity"));
}

Test(call_data, unordered_results_are_multisets_at_the_top_only)
{
    struct call c = call_of("{\"method\": \"f\"}", "{\"unordered\": true}");
    cr_assert(same_by(&c, "[3, 1, 2]", "[1, 2, 3]"));
    cr_assert(same_by(&c, "[[1, 2], [0]]", "[[0], [1, 2]]"));
    cr_assert(same_by(&c, "[\"b\", \"a\", 1, null, true]", "[true, 1.0, null, \"a\", \"b\"]"));
    cr_assert_not(same_by(&c, "[[1, 2]]", "[[2, 1]]"));
    cr_assert_not(same_by(&c, "[1, 1, 2]", "[1, 2, 2]"));
    cr_assert_not(same_by(&c, "[1]", "[1, 1]"));
    cr_assert_not(same_by(&c, "[1, 0]", "[true, false]"));
}

Test(call_data, deep_and_wide_results_end_in_an_answer)
{
    struct call c = call_of("{\"method\": \"f\"}", "{\"unordered\": true}");
    struct buf b = {0};
    for (int i = 0; i < 1000000; i++)
        buf_byte(&b, '[');
    cr_assert_not(same_by(&c, "[1]", b.at));
    buf_clear(&b);
    buf_byte(&b, '[');
    for (int i = 0; i < SUPPORT_SIZE(1000000); i++)
        buf_put(&b, STR("1,"));
    buf_put(&b, STR("1]"));
    cr_assert_not(same_by(&c, "[1]", b.at));
    cr_assert(same_by(&c, b.at, b.at));
    buf_free(&b);
}

/* --- frames --------------------------------------------------------------------------------- */

Test(call_data, one_whole_frame_or_no_result)
{
    static const char word[] = "0123456789abcdef0123456789abcdef";
    static const struct {
        const char *channel;
        enum outcome outcome;
    } rows[] = {
        {"W 2\n42\nW\n", OUTCOME_AC},
        {"W 2\n41\nW\n", OUTCOME_WA},
        {"", OUTCOME_RE},
        {"42", OUTCOME_WA},
        {"W 2\n42\nW", OUTCOME_WA},
        {"W 2\n42\n", OUTCOME_WA},
        {"W 2\n42", OUTCOME_WA},
        {"W 2\n4", OUTCOME_WA},
        {"W 2\n", OUTCOME_WA},
        {"W", OUTCOME_WA},
        {"\n", OUTCOME_WA},
        {"W 3\n42\nW\n", OUTCOME_WA},
        {"W 1\n42\nW\n", OUTCOME_WA},
        {"W -2\n42\nW\n", OUTCOME_WA},
        {"W 9223372036854775807\n42\nW\n", OUTCOME_WA},
        {"W 2 \n42\nW\n", OUTCOME_WA},
        {"x2 2\n42\nx2\n", OUTCOME_WA},
        {" W 2\n42\nW\n", OUTCOME_WA},
        {"W 2\n42\nW\nW 2\n42\nW\n", OUTCOME_WA},
        {"W 2\n42\nW\n ", OUTCOME_WA},
        {"garbage\nW 2\n42\nW\n", OUTCOME_WA},
    };
    struct call c = call_of("{\"method\": \"f\"}", NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf b = {0};
        struct err e = {0};
        struct call_said said;
        enum outcome o = OUTCOME_CE;
        for (const char *p = rows[i].channel; *p != 0; p++)
            buf_put(&b, *p == 'W' ? STR(word) : (struct str){p, 1});
        struct sandbox_result r = {.channel = buf_str(&b)};
        ASSERT_OK(call_judge(&c, STR("42"), STR(word), &r, &o, &said, &keep, tmp, &e), e);
        cr_expect_eq(o, rows[i].outcome, "%s: %s", rows[i].channel, outcome_name(o));
        r.code = 1; /* how it ended comes first */
        ASSERT_OK(call_judge(&c, STR("42"), STR(word), &r, &o, &said, &keep, tmp, &e), e);
        cr_expect_eq(o, OUTCOME_RE);
        buf_free(&b);
    }
}

/* --- real calls ----------------------------------------------------------------------------- */

static bool judge(const char *item, struct str reply, struct grade *g, struct err *e)
{
    struct json *key = NULL;
    struct json *def = NULL;
    ASSERT_OK(json_parse(str_of(item), "item", &key, e), *e);
    ASSERT_OK(
        json_parse(STR("{\"limits\":{\"time_ms\":2000,\"memory_mb\":256}}"), "definition", &def, e),
        *e);
    struct grade_in in = {.reply = reply, .key = key, .definition = def, .env = &env};
    enum grade_next next = GRADE_ASK;
    struct chat question;
    bool ok = grader_code.judge(&in, &next, g, &question, &keep, tmp, e);
    json_free(key);
    json_free(def);
    return ok;
}

/* A box without descriptor 3 would make every call RE. */
static void need_channel(void)
{
    struct bench *b = NULL;
    struct sandbox_result r;
    struct err e = {0};
    struct str argv[] = {STR("/bin/sh"), STR("-c"), STR("echo x >&3")};
    struct sandbox_job job = {.argv = argv,
                              .n_argv = 3,
                              .work_dir = str_of(env.work_dir),
                              .limits = sandbox_limits_run(2000, 64 * LIMIT_KIB),
                              .n_channel_max = 16};
    ASSERT_OK(bench_get(&env, &b, &e) && bench_run(b, &job, &r, &keep, &e), e);
    if (r.channel.n == 0)
        support_skip("channel", "this box has no descriptor 3");
}

static struct grade graded(const char *item, const char *fence, const char *program)
{
    struct err e = {0};
    struct grade g = {0};
    struct str reply = arena_fmt(&keep, "```%s\n%s\n```\n", fence, program);
    enum language l;
    need_channel();
    if (!language_from_name(str_of(fence), &l))
        support_skip("toolchain", "this build judges no such language");
    bool ok = judge(item, reply, &g, &e);
    if (!ok && e.cls == ERR_UNSUPPORTED)
        support_skip("toolchain", e.text);
    ASSERT_OK(ok, e);
    return g;
}

/* The first test's verdict, "AC" for a right program, or "CE". */
static void is_verdict(const char *item, const char *fence, const char *program,
                       const char *verdict)
{
    struct grade g = graded(item, fence, program);
    bool is_right = strcmp(verdict, "AC") == 0;
    struct str want = arena_fmt(&keep, "\"verdict\": \"%s\"", verdict);
    cr_expect_eq(g.verdict == VERDICT_RIGHT, is_right, "%s: %.*s %.*s", program, STR_ARG(g.reason),
                 STR_ARG(g.evidence));
    cr_expect(g.score == (is_right ? 1 : 0));
    cr_expect(str_find(g.evidence, want, 0) >= 0, "%s: not %s: %.*s", program, verdict,
              STR_ARG(g.evidence));
}

static const char two_sum[] =
    "{\"language\":\"python\",\"call\":{\"class\":\"Solution\",\"method\":\"twoSum\",\"params\":"
    "[\"int[]\",\"int\"],\"returns\":\"int[]\"},\"compare\":{\"unordered\":true},\"tests\":["
    "{\"args\":[[2,7,11,15],9],\"result\":[0,1]},{\"args\":[[3,2,4],6],\"result\":[1,2]},"
    "{\"args\":[[3,3],6],\"result\":[0,1],\"name\":\"twice\"}]}";

static const char answer[] = /* any right program gives 1 */
    "{\"language\":\"python\",\"call\":{\"method\":\"f\"},\"tests\":[{\"args\":[],\"result\":1}]}";

Test(call, a_class_in_python_is_called)
{
    is_verdict(two_sum, "python",
               "class Solution:\n"
               "    def twoSum(self, nums: List[int], target: int) -> List[int]:\n"
               "        seen = defaultdict(int)\n"
               "        for i, x in enumerate(nums):\n"
               "            print('debug', x)\n"
               "            if target - x in seen: return (i, seen[target - x])\n"
               "            seen[x] = i\n",
               "AC");
    is_verdict(two_sum, "python",
               "class Solution:\n    def twoSum(self, nums, target): return [0, 1]", "WA");
    is_verdict(two_sum, "python", "class Solution:\n    pass", "RE");
    is_verdict(two_sum, "python", "def twoSum(nums, target): return [0, 1]", "RE");
    is_verdict(two_sum, "python", "class Solution", "CE");
}

Test(call, pypy_is_called_like_python)
{
    is_verdict(two_sum, "pypy",
               "class Solution:\n"
               "    def twoSum(self, nums, target):\n"
               "        for i in range(len(nums)):\n"
               "            for j in range(i):\n"
               "                if nums[i] + nums[j] == target: return [j, i]\n",
               "AC");
}

Test(call, javascript_is_called)
{
    static const char body[] = "    for (let i = 0; i < nums.length; i++)\n"
                               "        for (let j = 0; j < i; j++)\n"
                               "            if (nums[i] + nums[j] === target) return [j, i];\n";
    is_verdict(two_sum, "javascript",
               arena_fmt(&keep, "class Solution {\n  twoSum(nums, target) {\n%s  }\n}", body).at,
               "AC");
    is_verdict(answer, "js", "const f = () => { console.log('x'); return 1; };", "AC");
    is_verdict(answer, "js", "var f = function() { return 1; };", "AC");
    is_verdict(answer, "js", "function f() { return 1n; }", "AC");
    is_verdict(answer, "js", "function f() { return true; }", "WA");
    is_verdict(answer, "js", "function f() { return '1'; }", "WA");
    is_verdict(answer, "js", "function f() { throw 1; }", "RE");
    is_verdict(answer, "js", "function f() { process.exit(0); }", "RE");
    is_verdict(answer, "js", "function f() { return new Map(); }", "RE");
    is_verdict(answer, "js", "JSON.stringify = () => '1'; function f() { return 2; }", "WA");
    is_verdict(answer, "js", "function f() { return {valueOf: () => 1, toJSON: () => 1}; }", "RE");
    is_verdict(answer, "js", "function f() { for (;;); }", "TLE");
}

Test(call, cpp_is_called_by_the_types_it_declares)
{
    is_verdict(two_sum, "cpp",
               "class Solution {\npublic:\n"
               "    vector<int> twoSum(vector<int>& nums, int target) {\n"
               "        unordered_map<int, int> seen;\n"
               "        for (int i = 0; i < (int)nums.size(); i++) {\n"
               "            cout << nums[i] << endl;\n"
               "            if (seen.count(target - nums[i])) return {seen[target - nums[i]], i};\n"
               "            seen[nums[i]] = i;\n"
               "        }\n"
               "        return {};\n"
               "    }\n};",
               "AC");
    is_verdict(two_sum, "cpp",
               "#define int long long\nclass Solution { public:\n"
               "vector<int> twoSum(const vector<int> nums, int t) { for (int i = 0;; i++)"
               " for (int j = 0; j < i; j++) if (nums[i] + nums[j] == t) return {j, i}; } };",
               "AC");
    is_verdict(
        two_sum, "cpp",
        "class Solution { public: vector<int> twoSum(vector<int>&, int) { return {0, 1}; } };",
        "WA");
}

Test(call, what_cpp_gives_back_is_held_to_the_result)
{
    is_verdict(two_sum, "cpp",
               "class Solution { public: vector<int> twoSum(vector<int>&, int) { exit(0); } };",
               "RE");
    is_verdict(two_sum, "cpp",
               "class Solution { public: vector<int> twoSum(vector<int>& v, int) "
               "{ return {v.at(99)}; } };",
               "RE");
    is_verdict(two_sum, "cpp",
               "class Solution { public: vector<int> twoSum(vector<string>&, int) "
               "{ return {0, 1}; } };",
               "RE");
    is_verdict(two_sum, "cpp", "class Solution {};", "CE");
    is_verdict(answer, "cpp", "bool f() { return true; }", "WA");
    is_verdict(answer, "cpp", "double f() { return 1; }", "AC");
    is_verdict(answer, "cpp20", "long long f() { return 1; }", "AC");
}

static const char types[] =
    "{\"language\":\"cpp\",\"call\":{\"class\":\"Solution\",\"method\":\"all\",\"params\":"
    "[\"int\",\"long\",\"double\",\"bool\",\"string\",\"char\",\"string[]\",\"int[][]\","
    "\"char[][]\"],\"returns\":\"string[]\"},\"tests\":[{\"args_json\":"
    "\"[-7, 9007199254740993, 2.5, true, \\\"a\\\\n\\\\u00e4\\\\\\\"\\\", \\\"x\\\","
    " [\\\"p\\\", \\\"\\\"], [[1], [], [2, 3]], [[\\\"a\\\", \\\"b\\\"]]]\","
    "\"result\":[\"-7\",\"9007199254740993\",\"2.5\",\"1\",\"a\\n\\u00e4\\\"\",\"x\",\"p|\","
    "\"1||2,3\",\"ab\"]}]}";

Test(call, every_type_travels_to_cpp_and_back)
{
    is_verdict(types, "cpp",
               "class Solution { public: vector<string> all(int a, long long b, double c, bool d,"
               " string e, char f, vector<string>& g, vector<vector<int>>& h,"
               " vector<vector<char>>& i) {\n"
               "ostringstream o; o << c;\n"
               "string rows; for (size_t x = 0; x < h.size(); x++) { if (x) rows += '|';"
               " for (size_t y = 0; y < h[x].size(); y++) rows += (y ? \",\" : \"\") +"
               " to_string(h[x][y]); }\n"
               "return {to_string(a), to_string(b), o.str(), to_string(d), e, string(1, f),"
               " g[0] + \"|\" + g[1], rows, string(i[0].begin(), i[0].end())}; } };",
               "AC");
}

Test(call, every_type_travels_to_java_and_back)
{
    is_verdict(types, "java",
               "class Solution { public List<String> all(int a, long b, double c, boolean d,"
               " String e, char f, String[] g, int[][] h, char[][] i) {\n"
               "StringBuilder rows = new StringBuilder();\n"
               "for (int x = 0; x < h.length; x++) { if (x > 0) rows.append('|');"
               " for (int y = 0; y < h[x].length; y++) rows.append(y > 0 ? \",\" : \"\")"
               ".append(h[x][y]); }\n"
               "return Arrays.asList(\"\" + a, \"\" + b, \"\" + c, d ? \"1\" : \"0\", e, \"\" + f,"
               " g[0] + \"|\" + g[1], rows.toString(), new String(i[0])); } }",
               "AC");
}

Test(call, java_is_called)
{
    is_verdict(two_sum, "java",
               "public class Solution {\n"
               "    public int[] twoSum(int[] nums, int target) {\n"
               "        Map<Integer, Integer> seen = new HashMap<>();\n"
               "        for (int i = 0; i < nums.length; i++) {\n"
               "            System.out.println(nums[i]);\n"
               "            if (seen.containsKey(target - nums[i]))\n"
               "                return new int[]{seen.get(target - nums[i]), i};\n"
               "            seen.put(nums[i], i);\n"
               "        }\n        return null;\n    }\n}",
               "AC");
    is_verdict(two_sum, "java",
               "class Solution { int[] twoSum(int[] a, int b) { System.exit(0); return null; } }",
               "RE");
    is_verdict(two_sum, "java",
               "class Solution { int[] twoSum(int[] a, int b) { return new int[a[99]]; } }", "RE");
    is_verdict(two_sum, "java",
               "class Solution { int[] twoSum(int[] a, int b) { return new int[]{0, 1}; } }", "WA");
}

/* --- hostile calls -------------------------------------------------------------------------- */

/* The item wants 1; none of these gives it honestly. What each must be. */
static const struct {
    const char *why, *program, *verdict;
} hostile[] = {
    {"exits with success", "import sys\ndef f(): sys.exit(0)", "RE"},
    {"exits when loaded", "import sys\nsys.exit(0)", "RE"},
    {"exits without cleaning up", "import os\ndef f(): os._exit(0)", "RE"},
    {"exits when loaded, without cleaning up", "import os\nos._exit(0)", "RE"},
    {"throws", "def f(): raise ValueError('1')", "RE"},
    {"throws what is no Exception", "def f(): raise BaseException", "RE"},
    {"throws the result", "def f(): raise SystemExit(1)", "RE"},
    {"is equal to everything",
     "class A:\n  def __eq__(self, o): return True\n  def __hash__(self): return 1\n"
     "def f(): return A()",
     "RE"},
    {"is an int equal to everything",
     "class A(int):\n  def __eq__(self, o): return True\n  def __repr__(self): return '1'\n"
     "  __str__ = __int__ = __index__ = __repr__\ndef f(): return A(2)",
     "WA"},
    {"is a str that prints as a number",
     "class A(str):\n  def __iter__(self): return iter('1')\n  def __repr__(self): return '1'\n"
     "def f(): return A('1')",
     "WA"},
    {"patches json", "import json\njson.dumps = lambda *a, **k: '1'\ndef f(): return 2", "WA"},
    {"patches builtins",
     "import builtins\nbuiltins.len = lambda x: 1\nbuiltins.repr = lambda x: '1'\n"
     "builtins.isinstance = lambda *a: True\nbuiltins.type = lambda *a: int\n"
     "def f(): return 2",
     "WA"},
    {"patches os",
     "import os\nos.write = lambda *a: 10**9\nos._exit = lambda c: None\n"
     "def f(): return 2",
     "WA"},
    {"prints the result", "def f(): print(1); print('AC')", "WA"},
    {"is true", "def f(): return True", "WA"},
    {"is text", "def f(): return '1'", "WA"},
    {"is nothing", "def f(): pass", "WA"},
    {"is a set", "def f(): return {1}", "RE"},
    {"is a function", "def f(): return f", "RE"},
    {"is a generator", "def f(): yield 1", "RE"},
    {"holds itself", "def f():\n  a = []\n  a.append(a)\n  return a", "RE"},
    {"closes everything", "import os\ndef f(): os.closerange(0, 256); return 1", "RE"},
    {"closes the channel", "import os\ndef f(): os.close(3); return 1", "RE"},
    {"writes to the channel", "import os\ndef f(): os.write(3, b'1\\n'); return 1", "WA"},
    {"fills the channel",
     "import os\ndef f():\n  for i in range(200): os.write(3, b'[' * 100000)\n  return 1", "OLE"},
    {"writes a frame of its own and goes on",
     "import os\ndef f():\n  w = open('call.txt').readline().strip()\n"
     "  os.write(3, f'{w} 1\\n1\\n{w}\\n'.encode())\n  return 1",
     "WA"},
    {"forks and lets both give a result",
     "import os\ndef f():\n  if os.fork(): os.wait()\n  return 1", "WA"},
    {"kills itself", "import os\ndef f(): os.kill(os.getpid(), 9)", "RE"},
    {"never ends", "def f():\n  while True: pass", "TLE"},
    {"eats memory", "def f(): return len(bytearray(10**9))", "MLE"},
    {"recurses without end", "def f(): return f()", "RE"},
    {"leaves a function that is run at exit",
     "import atexit, os\natexit.register(lambda: os.write(3, b'x'))\ndef f(): return 2", "WA"},
};

Test(call, no_hostile_function_passes_or_breaks_the_judge, .timeout = 175)
{
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++)
        is_verdict(answer, "python", hostile[i].program, hostile[i].verdict);
}

static const struct {
    const char *program, *verdict;
} hostile_cpp[] = {
    {"struct A { A() { exit(0); } } a; int f() { return 1; }", "RE"},
    {"struct A { ~A() { write(3, \"x\", 1); } } a; int f() { return 2; }", "WA"},
    {"int f() { write(3, \"1\\n\", 2); return 1; }", "WA"},
    {"int f() { close(3); return 1; }", "RE"},
    {"int f() { _exit(0); }", "RE"},
    {"int f() { throw 1; }", "RE"},
    {"int main() { return 0; } int f() { return 1; }", "CE"},
    {"int f(int x) { return x; }", "RE"},
    {"string f() { return \"\\xff\"; }", "WA"},
    {"double f() { return 0.0 / 0.0; }", "WA"},
};

/* Each includes the whole library, which takes a loaded machine seconds: hence two tests. */
Test(call, no_hostile_cpp_passes_by_its_ending)
{
    for (size_t i = 0; i < 5; i++)
        is_verdict(answer, "cpp", hostile_cpp[i].program, hostile_cpp[i].verdict);
}

Test(call, no_hostile_cpp_passes_by_its_result)
{
    for (size_t i = 5; i < sizeof hostile_cpp / sizeof *hostile_cpp; i++)
        is_verdict(answer, "cpp", hostile_cpp[i].program, hostile_cpp[i].verdict);
}

Test(call, the_fallback_calls_alike)
{
    env.no_namespaces = true;
    is_verdict(answer, "python", "def f(): return 1", "AC");
    is_verdict(answer, "python", "def f(): return 2", "WA");
    is_verdict(answer, "python", "import os\ndef f(): os.write(3, b'1'); return 1", "WA");
    is_verdict(answer, "python", "def f(): raise SystemExit(0)", "RE");
}

Test(call, what_a_call_leaves_behind_does_not_reach_the_next)
{
    static const char item[] = "{\"language\":\"python\",\"call\":{\"method\":\"f\"},\"tests\":["
                               "{\"args\":[5],\"result\":[5]},{\"args\":[6],\"result\":[6]}]}";
    is_verdict(item, "python", "seen = []\ndef f(x):\n  seen.append(x)\n  return seen", "AC");
}

Test(call, big_arguments_and_results_travel)
{
    struct buf b = {0};
    buf_put(&b,
            STR("{\"language\":\"python\",\"call\":{\"method\":\"f\"},\"tests\":[{\"args\":[["));
    for (int i = 0; i < 200000; i++)
        buf_fmt(&b, "%s%d", i > 0 ? "," : "", i);
    buf_put(&b, STR("]],\"result\":["));
    for (int i = 200000; i-- > 0;)
        buf_fmt(&b, "%d%s", i, i > 0 ? "," : "");
    buf_put(&b, STR("]}]}"));
    is_verdict(b.at, "python", "def f(a): return a[::-1]", "AC");
    is_verdict(b.at, "cpp",
               "vector<int> f(vector<int> a) { reverse(a.begin(), a.end()); return a; }", "AC");
    buf_free(&b);
}

Test(call, a_fence_in_a_language_without_a_driver_is_judged_as_the_items)
{
    is_verdict(answer, "rust", "def f(): return 1", "AC");
}

Test(call, an_item_that_says_nonsense_is_an_error_that_names_it)
{
    static const char *const items[][2] = {
        {"{}", "method"},
        {"{\"method\":\"f()\"}", "method"},
        {"{\"method\":\"1f\"}", "method"},
        {"{\"method\":\"f\",\"class\":\"a b\"}", "class"},
        {"{\"method\":\"f\",\"class\":\"\"}", "class"},
        {"{\"method\":\"f\",\"returns\":\"float\"}", "returns"},
        {"{\"method\":\"f\",\"returns\":\"int[\"}", "returns"},
        {"{\"method\":\"f\",\"returns\":\"int[][][][][]\"}", "returns"},
        {"{\"method\":\"f\",\"returns\":\"string\"}", "result"},
        {"{\"method\":\"f\",\"params\":\"int\"}", "params"},
        {"{\"method\":\"f\",\"params\":[\"int\",\"int\"]}", "arguments"},
        {"{\"method\":\"f\",\"params\":[\"string\"]}", "args[0]"},
        {"{\"method\":\"f\",\"parms\":[\"int\"]}", "parms"},
        {"[]", "object"},
    };
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        struct err e = {0};
        struct grade g = {0};
        struct str item = arena_fmt(
            &keep, "{\"language\":\"python\",\"call\":%s,\"tests\":[{\"args\":[1],\"result\":1}]}",
            items[i][0]);
        cr_expect_not(judge(item.at, STR("```\nx\n```"), &g, &e), "%s", items[i][0]);
        cr_expect_eq(e.cls, ERR_INPUT);
        cr_expect(strstr(e.text, items[i][1]) != NULL, "%s: %s", items[i][0], e.text);
    }
    static const char *const tests[] = {
        "{\"result\":1}",
        "{\"args\":[]}",
        "{\"args\":1,\"result\":1}",
        "{\"args\":[],\"args_json\":\"[]\",\"result\":1}",
        "{\"args_json\":\"[\",\"result\":1}",
        "{\"args\":[],\"result_json\":\"1 2\"}",
    };
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        struct err e = {0};
        struct grade g = {0};
        struct str item =
            arena_fmt(&keep, "{\"language\":\"python\",\"call\":{\"method\":\"f\"},\"tests\":[%s]}",
                      tests[i]);
        cr_expect_not(judge(item.at, STR("```\nx\n```"), &g, &e), "%s", tests[i]);
        cr_expect_eq(e.cls, ERR_INPUT, "%s", e.text);
        cr_expect(str_starts(str_of(e.text), STR("test 1: ")), "%s", e.text);
    }
}
