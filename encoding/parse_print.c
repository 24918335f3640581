/* Names of what a parser found, and the message as JSON. */
#include <assert.h>

#include "encoding/parse.h"
#include "encoding/pyjson.h"

static const struct {
    const char *name;
    const char *text;
} codes[] = {
    [PARSE_OK] = {"ok", "well formed"},
    [PARSE_THINKING_FORMAT] = {"thinking_format", "Invalid thinking format"},
    [PARSE_SUMMARY_FORMAT] = {"summary_format", "Invalid summary format"},
    [PARSE_CALL_FORMAT] = {"call_format", "Tool call format error"},
    [PARSE_MISSING_TOKEN] = {"missing_token", "Missing special token"},
    [PARSE_NAME_FORMAT] = {"name_format", "Tool name format error"},
    [PARSE_PARAM_FORMAT] = {"param_format", "Parameter format error"},
    [PARSE_PARAM_TAIL] = {"param_tail", "Parameter format error (after the parameter)"},
    [PARSE_PARAM_DUPLICATE] = {"param_duplicate", "Duplicate parameter name"},
    [PARSE_AFTER_CALLS] = {"after_calls", "Unexpected content after tool calls"},
    [PARSE_AT_END] = {"at_end", "Unexpected content at end"},
    [PARSE_SPECIAL_TOKEN] = {"special_token", "Unexpected special token in content"},
    [PARSE_UTF8] = {"utf8", "not UTF-8"},
    [PARSE_TOO_LONG] = {"too_long", "longer than any reply may be"},
    [PARSE_NOTE_THINK_OPEN] = {"think_open", "the reply repeats <think>; left out"},
    [PARSE_NOTE_THINK_MISSING] = {"think_missing", "no </think>; all before is reasoning"},
    [PARSE_NOTE_BLOCK_INSIDE] = {"block_inside", "calls before </think>, nothing after it; taken"},
    [PARSE_NOTE_BLOCK_IGNORED] = {"block_ignored",
                                  "calls inside the reasoning; left there as text"},
    [PARSE_NOTE_BLOCK_SPACING] = {"block_spacing", "no empty line before the call block"},
    [PARSE_NOTE_TAG_OPEN] = {"tag_open", "a tag of a call block has no \">\"; read as if it had"},
    [PARSE_NOTE_BLOCK_STRAY] = {"block_stray", "text between the tags of a call block; left out"},
    [PARSE_NOTE_BLOCK_OPEN] = {"block_open", "the call block never ends; whole calls are taken"},
    [PARSE_NOTE_CALL_OPEN] = {"call_open", "a call cut off; dropped"},
    [PARSE_NOTE_CALL_NAME] = {"call_name", "a call without a readable name; dropped"},
    [PARSE_NOTE_CALL_PARAM] = {"call_param", "a call with an unreadable parameter; dropped"},
    [PARSE_NOTE_CALL_REPEAT] = {"call_repeat", "a call that gives a parameter twice; dropped"},
    [PARSE_NOTE_CALL_JSON] = {"call_json", "a call with a string=\"false\" value that is not JSON; "
                                           "dropped"},
    [PARSE_NOTE_NO_EOS] = {"no_eos", "the reply does not end in end-of-sentence"},
    [PARSE_NOTE_AFTER_CALLS] = {"text_after_calls", "text after the call block; left out"},
    [PARSE_NOTE_AFTER_EOS] = {"text_after_eos", "text after end-of-sentence; left out"},
    [PARSE_NOTE_SPECIAL] = {"special_kept", "a control string in the text; kept"},
    [PARSE_NOTE_UTF8] = {"utf8_replaced", "bytes that are not UTF-8; replaced by U+FFFD"},
    [PARSE_NOTE_MORE] = {"more", "further notes are not listed"},
};

const char *parse_code_name(enum parse_code c)
{
    assert((size_t)c < sizeof codes / sizeof codes[0]);
    return codes[c].name;
}

const char *parse_code_text(enum parse_code c)
{
    assert((size_t)c < sizeof codes / sizeof codes[0]);
    return codes[c].text;
}

static void put_pair(struct buf *out, const char *before, struct str value)
{
    buf_put(out, str_of(before));
    pyjson_dumps_str(value, out);
}

static void put_notes(const struct parsed *p, struct buf *out)
{
    buf_put(out, STR(", \"diagnostics\": ["));
    for (int64_t i = 0; i < p->n_notes; i++) {
        put_pair(out, i == 0 ? "{\"code\": " : ", {\"code\": ",
                 str_of(parse_code_name(p->notes[i].code)));
        buf_fmt(out, ", \"at\": %lld", (long long)p->notes[i].at);
        put_pair(out, ", \"what\": ", str_of(parse_code_text(p->notes[i].code)));
        buf_byte(out, '}');
    }
    buf_byte(out, ']');
}

void parse_print(const struct parsed *p, bool with_notes, struct buf *out)
{
    const struct message *m = &p->message;
    put_pair(out, "{\"role\": \"assistant\", \"content\": ", m->content);
    put_pair(out, ", \"reasoning_content\": ", m->reasoning);
    buf_put(out, STR(", \"tool_calls\": ["));
    for (int64_t i = 0; i < m->n_calls; i++) {
        buf_put(out, i == 0 ? STR("") : STR(", "));
        put_pair(out, "{\"type\": \"function\", \"function\": {\"name\": ", m->calls[i].name);
        put_pair(out, ", \"arguments\": ", m->calls[i].arguments);
        buf_put(out, STR("}}"));
    }
    buf_byte(out, ']');
    if (with_notes)
        put_notes(p, out);
    buf_byte(out, '}');
}

bool parse_document(struct str text, bool thinking, bool recover, struct buf *json_out,
                    struct err *e)
{
    CLEANUP(arena_fini) struct arena keep = {0};
    CLEANUP(arena_fini) struct arena tmp = {0};
    struct parse_opts o = {.thinking = thinking, .recover = recover};
    struct parsed p;
    arena_init(&keep, "parse", LIMIT_ARENA_ITEM);
    arena_init(&tmp, "parse tmp", LIMIT_ARENA_TMP);
    TRY(parse_completion(text, o, &p, &keep, tmp, e));
    parse_print(&p, recover, json_out);
    return true;
}
