/* The commands that need no model, over the real program. Their output is a contract. */
#include <stdio.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "tests/support/shell.h"
#include "tests/support/support.h"

#define BOS                                                                                        \
    "<\xef\xbd\x9c"                                                                                \
    "begin\xe2\x96\x81of\xe2\x96\x81sentence\xef\xbd\x9c>"
#define EOS                                                                                        \
    "<\xef\xbd\x9c"                                                                                \
    "end\xe2\x96\x81of\xe2\x96\x81sentence\xef\xbd\x9c>"
#define USER "<\xef\xbd\x9cUser\xef\xbd\x9c>"
#define ASSISTANT                                                                                  \
    "<\xef\xbd\x9c"                                                                                \
    "Assistant\xef\xbd\x9c>"

static void prints(const char *args, const char *input, const char *want)
{
    struct shell s = shell_podium(args, str_of(input));
    cr_assert_eq(s.rc, 0, "podium %s: %s", args, s.err.at);
    cr_assert(str_eq(buf_str(&s.out), str_of(want)), "podium %s printed\n%s\nnot\n%s", args,
              s.out.at, want);
    cr_assert_eq(s.err.n, 0, "%s", s.err.at);
    shell_free(&s);
}

/* One line on standard error that says so, nothing on standard output. */
static void refuses(const char *args, const char *input, int rc, const char *want)
{
    struct shell s = shell_podium(args, str_of(input));
    cr_assert_eq(s.rc, rc, "podium %s ended with %d: %s", args, s.rc, s.err.at);
    cr_assert_eq(s.out.n, 0, "podium %s printed %s", args, s.out.at);
    cr_assert(str_starts(buf_str(&s.err), STR("podium: ")), "podium %s: %s", args, s.err.at);
    cr_assert_eq(str_find(buf_str(&s.err), STR("\n"), 0), s.err.n - 1, "one line: %s", s.err.at);
    cr_assert(str_find(buf_str(&s.err), str_of(want), 0) >= 0, "podium %s: %s", args, s.err.at);
    shell_free(&s);
}

static const char *const commands[] = {"encode", "parse",   "tokenize", "logits", "generate",
                                       "chat",   "run",     "grade",    "report", "suites",
                                       "box",    "checkup", "answer",   "bench"};

Test(commands, each_has_help_with_an_example)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        char args[64];
        char synopsis[64];
        (void)snprintf(args, sizeof args, "%s --help", commands[i]);
        (void)snprintf(synopsis, sizeof synopsis, "podium %s ", commands[i]);
        struct shell s = shell_podium(args, STR(""));
        struct str out = buf_str(&s.out);
        cr_assert_eq(s.rc, 0);
        cr_assert(str_starts(out, str_of(synopsis)), "%s", s.out.at);
        int64_t example = str_find(out, STR("\nExample\n"), 0);
        cr_assert_gt(example, 0, "%s", s.out.at);
        cr_assert_gt(str_find(out, str_of(synopsis), example), 0, "%s", s.out.at);
        shell_free(&s);
    }
}

Test(commands, are_listed_by_podium_alone_and_by_help)
{
    struct shell alone = shell_podium("", STR(""));
    struct shell help = shell_podium("--help", STR(""));
    cr_assert_eq(alone.rc, 0);
    cr_assert(str_eq(buf_str(&alone.out), buf_str(&help.out)));
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        char line[32];
        (void)snprintf(line, sizeof line, "\n  %s ", commands[i]);
        cr_assert(str_find(buf_str(&alone.out), str_of(line), 0) > 0, "%s", commands[i]);
    }
    shell_free(&alone);
    shell_free(&help);
    prints("--version", "", "podium 0.1.0\n");
}

Test(commands, misuse_is_2_and_names_the_nearest)
{
    refuses("reprot", "", 2, "did you mean 'report'?");
    refuses("frobnicate", "", 2, "podium --help lists them");
    refuses("run arith", "", 2, "--model DIR must be given");
    refuses("run arit --model x", "", 2, "nearest: \"arith\"");
    refuses("run arith --model x --sample 3", "", 2, "did you mean --samples?");
    refuses("run arith programs --model x", "", 2, "unexpected argument 'programs'");
    refuses("report", "", 2, "an argument is missing");
    refuses("encode", "[]", 2, "--mode thinking or --mode chat must be given");
    refuses("encode --mode maybe", "[]", 2, "must be one of thinking|chat");
    refuses("generate --model x --prompt a --messages b", "", 2, "either --prompt TEXT or");
    refuses("suites nosuch", "", 2, "no suite \"nosuch\"");
}

Test(commands, what_is_not_there_is_1_and_leaves_nothing)
{
    char args[LIMIT_PATH_BYTES];
    char out[LIMIT_PATH_BYTES];
    cr_assert(file_join(support_temp(), "run.db", out, sizeof out));
    refuses("report nowhere.db", "", 1, "nowhere.db: no such file");
    refuses("grade nowhere.db", "", 1, "nowhere.db: no such file");
    (void)snprintf(args, sizeof args, "run arith --model nowhere --out %s", out);
    refuses(args, "", 1, "nowhere: no such model folder");
    (void)snprintf(args, sizeof args, "run arith --model %s --out %s", support_temp(), out);
    refuses(args, "", 1, "model: ");
    cr_assert_not(file_exists(out));
    refuses("generate --model nowhere --prompt hi", "", 1, "nowhere: no such model folder");
    refuses("tokenize --tokenizer nowhere", "x", 1, "nowhere");
}

Test(commands, a_full_standard_output_is_1)
{
    refuses("suites > /dev/full", "", 1, "standard output: No space left on device");
    refuses("encode --mode chat > /dev/full", "[]", 1, "standard output: No space left on device");
}

Test(encode, writes_the_exact_bytes)
{
    prints("encode --mode thinking",
           "[{\"role\":\"user\",\"content\":\"hello\"},{\"role\":\"assistant\",\"content\":"
           "\"Hello! I am DeepSeek.\",\"reasoning_content\":\"thinking...\"},"
           "{\"role\":\"user\",\"content\":\"1+1=?\"}]",
           BOS USER "hello" ASSISTANT "</think>Hello! I am DeepSeek." EOS USER "1+1=?" ASSISTANT
                    "<think>");
    prints("encode --mode chat", "[{\"role\":\"user\",\"content\":\"1\"}]",
           BOS USER "1" ASSISTANT "</think>");
    prints("encode --mode chat", "[]", BOS);
    prints("encode --mode=chat --json-input",
           "{\"messages\":[{\"role\":\"user\",\"content\":\"2\"}],\"add_default_bos_token\":false}",
           USER "2" ASSISTANT "</think>");
}

Test(encode, refuses_in_one_line)
{
    refuses("encode --mode chat", "[{\"role\":\"user\",]", 1, "");
    refuses("encode --mode chat", "[{\"role\":\"nobody\",\"content\":\"x\"}]", 1, "Unknown role");
    refuses("encode --mode chat", "", 1, "");
    refuses("encode --mode chat", "{\"messages\":[]}", 1, "");
    refuses("encode --mode chat --json-input", "{\"message\":[]}", 1, "messages");
}

Test(parse, prints_one_object)
{
    prints("parse --mode thinking", "two.</think>2" EOS,
           "{\"role\": \"assistant\", \"content\": \"2\", \"reasoning_content\": \"two.\", "
           "\"tool_calls\": []}\n");
    prints("parse --mode chat", "2" EOS,
           "{\"role\": \"assistant\", \"content\": \"2\", \"reasoning_content\": \"\", "
           "\"tool_calls\": []}\n");
}

Test(parse, refuses_what_recover_explains)
{
    refuses("parse --mode thinking", "never ended", 1, "Invalid thinking format");
    struct shell s = shell_podium("parse --mode thinking --recover", STR("never ended"));
    struct json *j = NULL;
    struct err e = {0};
    cr_assert_eq(s.rc, 0);
    ASSERT_OK(json_parse(buf_str(&s.out), "stdout", &j, &e), e);
    cr_assert_gt(json_count(json_get(j, "diagnostics")), 0, "%s", s.out.at);
    json_free(j);
    shell_free(&s);
}

Test(tokenize, there_and_back)
{
    const char *tokenizer = "tests/golden/tokenizer";
    const char *text = "What is 12 + 30?\n  caf\xc3\xa9 " EOS;
    char args[256];
    (void)snprintf(args, sizeof args, "tokenize --tokenizer %s", tokenizer);
    struct shell ids = shell_podium(args, str_of(text));
    cr_assert_eq(ids.rc, 0, "%s", ids.err.at);
    cr_assert(str_ends(buf_str(&ids.out), STR("\n")));
    (void)snprintf(args, sizeof args, "tokenize --tokenizer %s/tokenizer.json --decode", tokenizer);
    prints(args, ids.out.at, text);
    (void)snprintf(args, sizeof args, "tokenize --special --tokenizer %s", tokenizer);
    struct shell special = shell_podium(args, str_of(text));
    cr_assert_lt(special.out.n, ids.out.n, "the added token is one id");
    (void)snprintf(args, sizeof args, "tokenize --tokenizer %s", tokenizer);
    refuses(args, "ab\xff", 1, "byte 2");
    prints(args, "", "\n");
    (void)snprintf(args, sizeof args, "tokenize --decode --tokenizer %s", tokenizer);
    refuses(args, "1 two 3", 1, "byte 2: not a token id");
    refuses(args, "999999999", 1, "");
    shell_free(&ids);
    shell_free(&special);
}

Test(suites, are_listed_for_people_and_programs)
{
    struct shell s = shell_podium("suites --json", STR(""));
    struct json *j = NULL;
    struct err e = {0};
    struct str name = {0};
    int64_t n = 0;
    cr_assert_eq(s.rc, 0, "%s", s.err.at);
    ASSERT_OK(json_parse(buf_str(&s.out), "stdout", &j, &e), e);
    const struct json *first = json_first(j);
    cr_assert(json_str(json_get(first, "name"), &name) && str_eq(name, STR("arith")));
    cr_assert(json_i64(json_get(first, "items"), &n) && n == 200);
    cr_assert(json_str(json_get(first, "sha256"), &name) && name.n == 64);
    json_free(j);
    shell_free(&s);
    s = shell_podium("suites programs", STR(""));
    cr_assert_eq(s.rc, 0);
    cr_assert(str_find(buf_str(&s.out), STR("item "), 0) > 0);
    shell_free(&s);
}
