#include "base/limits.h"
#include "encoding/parse.h"
#include "encoding/special.h"
#include "tests/support/support.h"

static struct arena keep;
static struct arena tmp;

static void start(void)
{
    arena_init(&keep, "test", LIMIT_GIB);
    arena_init(&tmp, "test tmp", LIMIT_GIB);
}

static void finish(void)
{
    arena_fini(&keep);
    arena_fini(&tmp);
}

TestSuite(encoding_parse, .init = start, .fini = finish);

#define EOS     SPECIAL_EOS
#define OPEN    "\n\n<｜DSML｜function_calls>\n"
#define CLOSE   "</｜DSML｜function_calls>"
#define CALL(n) "<｜DSML｜invoke name=\"" n "\">\n"
#define END     "</｜DSML｜invoke>\n"
#define ARG(n, s, v)                                                                               \
    "<｜DSML｜parameter name=\"" n "\" string=\"" s "\">" v "</｜DSML｜parameter>\n"

static void is_refused(const char *text, bool thinking, enum parse_code code, int64_t at)
{
    struct err e = {0};
    struct parsed p;
    struct parse_note fault = {0};
    struct parse_opts o = {.thinking = thinking, .fault = &fault};
    cr_assert_not(parse_completion(str_of(text), o, &p, &keep, tmp, &e), "%s", text);
    cr_expect_eq(fault.code, code, "%s: %s", text, e.text);
    cr_expect_eq(fault.at, at, "%s: %s", text, e.text);
    cr_expect(strstr(e.text, parse_code_name(code)) != NULL);
}

/* Reads in chat mode; wanted is "content|name{arguments}|..." */
static void gives(const char *text, const char *wanted)
{
    struct err e = {0};
    struct parsed p;
    struct buf got = {0};
    ASSERT_OK(parse_completion(str_of(text), (struct parse_opts){0}, &p, &keep, tmp, &e), e);
    buf_put(&got, p.message.content);
    for (int64_t i = 0; i < p.message.n_calls; i++) {
        buf_put(&got, STR("|"));
        buf_put(&got, p.message.calls[i].name);
        buf_put(&got, p.message.calls[i].arguments);
    }
    cr_expect(str_eq(buf_str(&got), str_of(wanted)), "%s\ngives %s\nnot   %s", text, got.at,
              wanted);
    buf_free(&got);
}

Test(encoding_parse, well_formed_completions)
{
    gives("hi" EOS, "hi");
    gives(EOS, "");
    gives("a" OPEN CALL("f") ARG("x", "true", "1\"") ARG("y", "false", "1") END CLOSE EOS,
          "a|f{\"x\": \"1\\\"\", \"y\": 1}");
    gives(OPEN CALL("f") "\n" END CALL("g") "\n" END CLOSE EOS, "|f{}|g{}");
    gives("<｜User｜>" EOS, "<｜User｜>");
}

Test(encoding_parse, upstreams_oddities_are_kept)
{
    gives(OPEN CALL("f") END CLOSE, "|f{}"); /* no EOS, no empty line */
    gives("\n\n<｜DSML｜function_calls", "");
    gives(OPEN CALL("f"), "|f{}");
    gives(OPEN CALL("f") "\n", "|f{}");
    gives(OPEN CALL("f") ARG("a", "false", "1"), "|f{\"a\": 1}");
    gives(OPEN CALL("f") "</｜DSML｜invoke", "|f{}");
    gives(
        OPEN CALL("f") "<｜DSML｜parameter name=\"a\" string=\"true\">v<\n/｜DSML｜parameter>\n" END
            CLOSE EOS,
        "|f{\"a\": \"v\"}");
    gives(OPEN CALL("f") ARG("x\" string=\"true", "false", "1") END CLOSE EOS,
          "|f{\"x\\\" string=\\\"true\": 1}");
    gives(OPEN CALL("f") ARG("a", "true", "</think>" EOS) END CLOSE EOS,
          "|f{\"a\": \"</think>" EOS "\"}");
    gives(OPEN CALL("f") ARG("a", "false", "not json") END CLOSE EOS, "|f{\"a\": not json}");
    gives(OPEN "<｜DSML｜invoke\xE2\x80\x83\x1C\xC2\x85name=\"f\">\n" END CLOSE EOS, "|f{}");
    gives("a\n" OPEN CALL("f") END CLOSE, "a\n|f{}");
}

/* The place of a fault, as the text in front of it. */
#define BEHIND(text) ((int64_t)sizeof(text) - 1)
#define BLOCK        "\n\n<｜DSML｜function_calls"
#define INVOKE       "<｜DSML｜invoke"
#define PARAM        "<｜DSML｜parameter"
#define ONE          ARG("a", "true", "1")
/* ONE without its last two characters, after which upstream looks for exactly them. */
#define ONE_CUT "<｜DSML｜parameter name=\"a\" string=\"true\">1</｜DSML｜parameter"

Test(encoding_parse, each_refusal_has_its_name_and_place)
{
    is_refused("abc", true, PARSE_THINKING_FORMAT, 3);
    is_refused("ab" OPEN CALL("f") END CLOSE EOS, true, PARSE_THINKING_FORMAT, 2);
    is_refused("abc", false, PARSE_SUMMARY_FORMAT, 3);
    is_refused(BLOCK "> \n" CLOSE, false, PARSE_CALL_FORMAT, BEHIND(BLOCK));
    is_refused(OPEN CALL("f") END "x" CLOSE, false, PARSE_CALL_FORMAT,
               BEHIND(OPEN CALL("f") "</｜DSML｜invoke"));
    is_refused(OPEN CALL("f") END, false, PARSE_MISSING_TOKEN,
               BEHIND(OPEN CALL("f") "</｜DSML｜invoke"));
    is_refused(OPEN, false, PARSE_MISSING_TOKEN, BEHIND(BLOCK));
    is_refused(OPEN CALL("f") "\n\n" END CLOSE, false, PARSE_NAME_FORMAT, BEHIND(OPEN INVOKE));
    is_refused(OPEN INVOKE " name=f>\n" END CLOSE, false, PARSE_NAME_FORMAT, BEHIND(OPEN INVOKE));
    is_refused(OPEN INVOKE " name=\">\n" END CLOSE, false, PARSE_NAME_FORMAT, BEHIND(OPEN INVOKE));
    is_refused(OPEN CALL("f") ARG("a", "True", "1") END CLOSE, false, PARSE_PARAM_FORMAT,
               BEHIND(OPEN CALL("f") PARAM));
    is_refused(OPEN CALL("f") ONE "\n" END CLOSE, false, PARSE_PARAM_TAIL,
               BEHIND(OPEN CALL("f") ONE_CUT));
    is_refused(OPEN CALL("f") ONE ONE END CLOSE, false, PARSE_PARAM_DUPLICATE,
               BEHIND(OPEN CALL("f") ONE PARAM));
    is_refused(OPEN CALL("f") END CLOSE " " EOS, false, PARSE_AFTER_CALLS,
               BEHIND(OPEN CALL("f") END CLOSE));
    is_refused("a" EOS "b", false, PARSE_AT_END, BEHIND("a" EOS));
    is_refused("a<think>" EOS, false, PARSE_SPECIAL_TOKEN, 1);
    is_refused("a\n<｜DSML｜function_calls>\n" CLOSE EOS, false, PARSE_SPECIAL_TOKEN, 3);
    is_refused(EOS "</think>" EOS, true, PARSE_SPECIAL_TOKEN, 0);
    is_refused("a\xFF" EOS, false, PARSE_UTF8, 1);
}

/* A repeated name stands before whatever goes wrong later in the same call, so it is named. */
Test(encoding_parse, the_first_fault_in_the_text_is_the_one_named)
{
    is_refused(OPEN CALL("f") ONE ONE "x", false, PARSE_PARAM_DUPLICATE,
               BEHIND(OPEN CALL("f") ONE PARAM));
    is_refused(OPEN CALL("f") ONE "x" ONE, false, PARSE_PARAM_TAIL, BEHIND(OPEN CALL("f") ONE_CUT));
}

Test(encoding_parse, thinking_and_content_are_cut_at_the_first_close)
{
    struct err e = {0};
    struct parsed p;
    struct parse_opts o = {.thinking = true};
    ASSERT_OK(parse_completion(STR(" r\n</think>\n c " EOS), o, &p, &keep, tmp, &e), e);
    cr_assert(str_eq(p.message.reasoning, STR(" r\n")));
    cr_assert(str_eq(p.message.content, STR("\n c ")));
    cr_assert(p.is_whole);
    is_refused("a</think>b</think>" EOS, true, PARSE_SPECIAL_TOKEN, 10);
}

Test(encoding_parse, a_reply_beyond_the_limit_is_refused_in_both_modes)
{
    struct err e = {0};
    struct parsed p;
    struct str long_text = {(const char *)keep.first, LIMIT_REPLY_BYTES + 1};
    for (int recover = 0; recover < 2; recover++) {
        struct parse_note fault = {0};
        struct parse_opts o = {.recover = recover != 0, .fault = &fault};
        cr_assert_not(parse_completion(long_text, o, &p, &keep, tmp, &e));
        cr_assert_eq(fault.code, PARSE_TOO_LONG);
        cr_assert_eq(e.cls, ERR_LIMIT);
    }
}

Test(encoding_parse, the_document_is_json_as_python_writes_it)
{
    struct err e = {0};
    struct buf out = {0};
    struct str text =
        STR("r</think>\xC3\xA9\n" OPEN CALL("f") ARG("a", "false", "[1]") END CLOSE EOS);
    ASSERT_OK(parse_document(text, true, false, &out, &e), e);
    cr_assert_str_eq(out.at, "{\"role\": \"assistant\", \"content\": \"\xC3\xA9\\n\", "
                             "\"reasoning_content\": \"r\", \"tool_calls\": [{\"type\": "
                             "\"function\", \"function\": {\"name\": \"f\", \"arguments\": "
                             "\"{\\\"a\\\": [1]}\"}}]}");
    buf_clear(&out);
    ASSERT_OK(parse_document(STR("r"), true, true, &out, &e), e);
    cr_assert_str_eq(out.at,
                     "{\"role\": \"assistant\", \"content\": \"\", \"reasoning_content\": \"r\", "
                     "\"tool_calls\": [], \"diagnostics\": [{\"code\": \"think_missing\", \"at\": "
                     "1, \"what\": \"no </think>; all before is reasoning\"}, {\"code\": "
                     "\"no_eos\", \"at\": 1, \"what\": \"the reply does not end in "
                     "end-of-sentence\"}]}");
    buf_free(&out);
}

Test(encoding_parse, many_calls_and_parameters_take_linear_time)
{
    enum { MANY = 60000 };
    struct err e = {0};
    struct parsed p;
    struct buf text = {0};
    buf_put(&text, STR(OPEN));
    for (int i = 0; i < MANY; i++)
        buf_put(&text, STR(CALL("f") END));
    buf_put(&text, STR(CALL("g")));
    for (int i = 0; i < MANY; i++)
        buf_fmt(&text, ARG("k%d", "false", "1"), i);
    buf_put(&text, STR(END CLOSE EOS));
    for (int recover = 0; recover < 2; recover++) {
        struct parse_opts o = {.recover = recover != 0};
        ASSERT_OK(parse_completion(buf_str(&text), o, &p, &keep, tmp, &e), e);
        cr_assert_eq(p.message.n_calls, MANY + 1);
        cr_assert_eq(p.n_notes, 0);
    }
    buf_free(&text);
}
