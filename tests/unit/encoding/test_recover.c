/* What the forgiving parser returns, written as "reasoning|content|name{arguments}..." and the
 * names of its notes. */
#include "base/limits.h"
#include "encoding/parse.h"
#include "encoding/pyjson.h"
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

TestSuite(encoding_recover, .init = start, .fini = finish);

#define EOS     SPECIAL_EOS
#define OPEN    "\n\n<｜DSML｜function_calls>\n"
#define CLOSE   "</｜DSML｜function_calls>"
#define CALL(n) "<｜DSML｜invoke name=\"" n "\">\n"
#define END     "</｜DSML｜invoke>\n"
#define ARG(n, s, v)                                                                               \
    "<｜DSML｜parameter name=\"" n "\" string=\"" s "\">" v "</｜DSML｜parameter>\n"
#define F CALL("f") ARG("a", "false", "1") END

static void read_as(const char *text, bool thinking, const char *message, const char *notes)
{
    struct err e = {0};
    struct parsed p;
    struct buf got = {0};
    struct buf noted = {0};
    struct parse_opts o = {.thinking = thinking, .recover = true};
    ASSERT_OK(parse_completion(str_of(text), o, &p, &keep, tmp, &e), e);
    buf_put(&got, p.message.reasoning);
    buf_put(&got, STR("|"));
    buf_put(&got, p.message.content);
    for (int64_t i = 0; i < p.message.n_calls; i++) {
        buf_put(&got, STR("|"));
        buf_put(&got, p.message.calls[i].name);
        buf_put(&got, p.message.calls[i].arguments);
    }
    buf_put(&noted, STR(""));
    for (int64_t i = 0; i < p.n_notes; i++) {
        buf_fmt(&noted, "%s%s", i == 0 ? "" : " ", parse_code_name(p.notes[i].code));
        cr_expect(p.notes[i].at >= 0 && p.notes[i].at <= (int64_t)strlen(text));
    }
    cr_expect(str_eq(buf_str(&got), str_of(message)), "%s\ngives %s\nnot   %s", text, got.at,
              message);
    cr_expect(str_eq(buf_str(&noted), str_of(notes)), "%s\nnotes %s\nnot   %s", text, noted.at,
              notes);
    buf_free(&got);
    buf_free(&noted);
}

Test(encoding_recover, what_strict_accepts_whole_has_no_notes)
{
    read_as("r</think>c" EOS, true, "r|c", "");
    read_as("c" OPEN F CLOSE EOS, false, "|c|f{\"a\": 1}", "");
    read_as("c" OPEN F CLOSE, false, "|c|f{\"a\": 1}", "");
    read_as("</think>" OPEN CALL("f") ARG("a", "true", "</think>" EOS) END CLOSE EOS, true,
            "||f{\"a\": \"</think>" EOS "\"}", "");
}

Test(encoding_recover, a_reply_cut_off_by_the_budget)
{
    read_as("", true, "|", "think_missing no_eos");
    read_as("still thinking", true, "still thinking|", "think_missing no_eos");
    read_as("r</think>half an ans", true, "r|half an ans", "no_eos");
    read_as("half", false, "|half", "no_eos");
    read_as("r" EOS, true, "r|", "think_missing");
    read_as("r" EOS "</think>c" EOS, true, "r|", "think_missing text_after_eos");
}

/* Wherever the text is cut, a call is either as it was or not there. */
Test(encoding_recover, a_block_cut_anywhere_gives_whole_calls_only)
{
    struct err e = {0};
    struct parsed p;
    struct str text = STR("r</think>c" OPEN F CALL("g") ARG("s", "true", "x<y")
                              ARG("t", "false", "{\"k\": [1]}") END CLOSE EOS);
    struct parse_opts o = {.thinking = true, .recover = true};
    for (int64_t n = 0; n <= text.n; n++) {
        ASSERT_OK(parse_completion(str_sub(text, 0, n), o, &p, &keep, tmp, &e), e);
        cr_assert_eq(p.n_notes == 0, p.is_whole, "%lld", (long long)n);
        cr_assert_leq(p.message.n_calls, 2);
        for (int64_t i = 0; i < p.message.n_calls; i++) {
            const struct tool_call *c = &p.message.calls[i];
            cr_assert(str_eq(c->name, i == 0 ? STR("f") : STR("g")));
            cr_assert(str_eq(c->arguments, i == 0 ? STR("{\"a\": 1}")
                                                  : STR("{\"s\": \"x<y\", \"t\": {\"k\": [1]}}")));
        }
    }
    cr_assert_eq(p.message.n_calls, 2);
}

Test(encoding_recover, a_block_cut_off_keeps_the_calls_before)
{
    read_as("c" OPEN F CALL("g"), false, "|c|f{\"a\": 1}", "call_open block_open no_eos");
    read_as("c" OPEN F CALL("g") EOS, false, "|c|f{\"a\": 1}", "call_open block_open");
    read_as("c" OPEN CALL("g") ARG("a", "true", "x"), false, "|c",
            "call_open block_open no_eos"); /* strict takes this one */
    read_as("c" OPEN CALL("g") "<｜DSML｜parameter name=\"a\" string=\"true\">abc" EOS "<x></｜DSML"
                               "｜parameter>\n" END CLOSE " " EOS,
            false, "|c", "call_open block_open text_after_eos");
    read_as("c" OPEN F EOS, false, "|c|f{\"a\": 1}", "block_open");
    read_as("c\n\n<｜DSML｜function_calls", false, "|c", "block_open no_eos");
}

Test(encoding_recover, thinking_that_never_closed)
{
    read_as("r" OPEN F CLOSE EOS, true, "r||f{\"a\": 1}", "think_missing");
    read_as("r\n<｜DSML｜function_calls>\n" F CLOSE EOS, true, "r||f{\"a\": 1}",
            "block_spacing think_missing");
    read_as("r" OPEN CALL("f") ARG("a", "true", "</think>") END CLOSE EOS, true,
            "r||f{\"a\": \"</think>\"}", "think_missing");
    read_as("r" OPEN CALL("g"), true, "r|", "think_missing call_open block_open no_eos");
}

Test(encoding_recover, a_block_before_the_close_is_taken_only_as_the_last_word)
{
    read_as("r" OPEN F CLOSE "\n</think>" EOS, true, "r||f{\"a\": 1}", "block_inside");
    read_as("r" OPEN F CLOSE "</think>", true, "r||f{\"a\": 1}", "block_inside");
    read_as("r" OPEN F CLOSE "</think>no need" EOS, true, "r" OPEN F CLOSE "|no need",
            "block_ignored special_kept");
    read_as("r" OPEN F CLOSE "hm</think>" EOS, true, "r" OPEN F CLOSE "hm|",
            "block_ignored special_kept");
    read_as("r" OPEN F CLOSE "</think>" OPEN CALL("g") "\n" END CLOSE EOS, true,
            "r" OPEN F CLOSE "||g{}", "block_ignored special_kept");
    read_as("I could write <｜DSML｜function_calls> here</think>c" EOS, true,
            "I could write <｜DSML｜function_calls> here|c", "special_kept");
    read_as("r" OPEN F EOS "</think>", true, "r||f{\"a\": 1}",
            "think_missing block_open text_after_eos");
}

Test(encoding_recover, calls_that_cannot_be_trusted_are_dropped)
{
    read_as(OPEN CALL("g") ARG("a", "false", "not json") END F CLOSE EOS, false, "||f{\"a\": 1}",
            "call_json");
    read_as(OPEN CALL("g") ARG("a", "false", "1, \"b\": 2") END F CLOSE EOS, false, "||f{\"a\": 1}",
            "call_json");
    read_as(OPEN CALL("g") ARG("a", "True", "x") END F CLOSE EOS, false, "||f{\"a\": 1}",
            "call_param");
    read_as(OPEN CALL("g") ARG("a", "true", "1") ARG("a", "true", "2") END F CLOSE EOS, false,
            "||f{\"a\": 1}", "call_repeat");
    read_as(OPEN "<｜DSML｜invoke>\n" END F CLOSE EOS, false, "||f{\"a\": 1}", "call_name");
    read_as(OPEN "<｜DSML｜invoke name=\"\">\n" END F CLOSE " " EOS, false, "||f{\"a\": 1}",
            "call_name text_after_calls");
    read_as(OPEN CALL("g") F CLOSE EOS, false, "||f{\"a\": 1}", "call_open block_stray");
    read_as(OPEN CALL("g") "<｜DSML｜parameter name=\"a\" string=\"true\">x\n" ARG("b", "true", "y")
                END CLOSE " " EOS,
            false, "|", "call_param text_after_calls");
}

Test(encoding_recover, loose_white_space_and_stray_text_around_sound_calls)
{
    read_as("c<｜DSML｜function_calls>" F "\n" F CLOSE EOS, false, "|c|f{\"a\": 1}|f{\"a\": 1}",
            "block_spacing block_stray block_stray");
    read_as(OPEN "<｜DSML｜invoke  name=\"f\" >" ARG("a", "false", " 1 ") "hm" END CLOSE EOS, false,
            "||f{\"a\":  1 }", "block_stray block_stray");
    read_as(OPEN "<｜DSML｜invoke name=\"f\">\n\v" END CLOSE EOS, false, "||f{}", "block_stray");
    read_as("c" OPEN F CLOSE "Done!" EOS, false, "|c|f{\"a\": 1}", "text_after_calls");
    read_as("c" OPEN F CLOSE OPEN F CLOSE EOS, false, "|c|f{\"a\": 1}", "text_after_calls");
    read_as("c" OPEN F CLOSE EOS "more", false, "|c|f{\"a\": 1}", "text_after_eos");
}

Test(encoding_recover, control_strings_in_the_text)
{
    read_as("<think>r</think>c" EOS, true, "r|c", "think_open");
    read_as("<think>r</think>c" EOS, false, "r|c", "think_open");
    read_as("<think>c" EOS, false, "|<think>c", "special_kept");
    read_as("r</think>a</think>b" EOS, true, "r|a</think>b", "special_kept");
    read_as("c" EOS "junk", false, "|c", "text_after_eos");
}

Test(encoding_recover, bytes_that_are_not_utf8_become_replacement_characters)
{
    read_as("r\xFF</think>c\xE4\xBD" EOS, true, "r\xEF\xBF\xBD|c\xEF\xBF\xBD", "utf8_replaced");
    read_as(OPEN CALL("f") ARG("a", "true", "\x80") END CLOSE EOS, false,
            "||f{\"a\": \"\xEF\xBF\xBD\"}", "utf8_replaced");
}

Test(encoding_recover, the_list_of_notes_has_an_end)
{
    struct err e = {0};
    struct parsed p;
    struct buf text = {0};
    buf_put(&text, STR(OPEN));
    for (int i = 0; i < 1000; i++)
        buf_put(&text, STR("x<｜DSML｜parameter"));
    for (int i = 0; i < 1000; i++)
        buf_put(&text, STR("y" CALL("") END));
    struct parse_opts o = {.recover = true};
    ASSERT_OK(parse_completion(buf_str(&text), o, &p, &keep, tmp, &e), e);
    buf_clear(&text);
    buf_put(&text, STR(OPEN CALL("f")));
    for (int i = 0; i < 1000; i++)
        buf_put(&text, STR("y" ARG("", "no", "")));
    ASSERT_OK(parse_completion(buf_str(&text), o, &p, &keep, tmp, &e), e);
    cr_assert_eq(p.n_notes, PARSE_NOTES_MAX);
    cr_assert_eq(p.notes[PARSE_NOTES_MAX - 1].code, PARSE_NOTE_MORE);
    buf_free(&text);
}

/* Found by fuzzing: a tag without its ">" was read like one with it, without a word. */
Test(encoding_recover, a_tag_that_is_not_closed_is_noted)
{
    read_as(OPEN CALL(
                "f") "<｜DSML｜parameter name=\"b\" string=\"false\">null</｜DSML｜parameter\n" END
                CLOSE EOS,
            false, "||f{\"b\": null}", "tag_open");
}
