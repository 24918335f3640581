/* Completion to message. The text is what the model wrote after the prompt: no leading <think>,
 * with its end-of-sentence.
 *
 * Strict reads exactly what the official parser reads, refusing and accepting the same texts,
 * oddities included: it is the oracle for verification. Recover is for production. It reads the
 * texts models really write (no </think>, a call block inside the reasoning, a reply cut off by
 * the token budget, ...) and never fails on one; what it could not trust it leaves out, and every
 * departure from a well-formed completion is a note that says what and where. It never invents:
 * a call is returned only if its whole invoke element was read, every parameter of it was well
 * formed and every string="false" value is JSON, so dropping is the only repair a call gets.
 *
 * Source  DeepSeek-V3.2 encoding/encoding_dsv32.py, parse_message_from_completion_text
 *         (behaviour); recover is podium's own. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "encoding/message.h"

enum parse_code {
    PARSE_OK,
    /* Refusals of the strict parser, in the official words */
    PARSE_THINKING_FORMAT, /* Invalid thinking format: no </think> before a block or the end */
    PARSE_SUMMARY_FORMAT,  /* Invalid summary format: no end of sentence after the content */
    PARSE_CALL_FORMAT,     /* Tool call format error: something between block and invoke */
    PARSE_MISSING_TOKEN,   /* Missing special token: the block goes on but no tag follows */
    PARSE_NAME_FORMAT,     /* Tool name format error */
    PARSE_PARAM_FORMAT,    /* Parameter format error, in the parameter */
    PARSE_PARAM_TAIL,      /* Parameter format error, after the parameter */
    PARSE_PARAM_DUPLICATE, /* Duplicate parameter name */
    PARSE_AFTER_CALLS,     /* Unexpected content after tool calls */
    PARSE_AT_END,          /* Unexpected content at end */
    PARSE_SPECIAL_TOKEN,   /* Unexpected special token in content */
    PARSE_UTF8,            /* not UTF-8 (ours: Python never sees such a text) */
    PARSE_TOO_LONG,        /* over LIMIT_REPLY_BYTES (ours; both modes) */
    /* Notes that only recover makes; it also makes some of the above */
    PARSE_NOTE_THINK_OPEN,    /* the reply repeats the <think> of the prompt: left out */
    PARSE_NOTE_THINK_MISSING, /* thinking never closed: all before a block or the end is reasoning
                               */
    PARSE_NOTE_BLOCK_INSIDE,  /* the calls stand before </think>, nothing after it: taken */
    PARSE_NOTE_BLOCK_IGNORED, /* calls before </think> with an answer after it: left in reasoning */
    PARSE_NOTE_BLOCK_SPACING, /* a block not preceded by exactly one empty line */
    PARSE_NOTE_TAG_OPEN,      /* a tag of a block without its ">": read as if it were there */
    PARSE_NOTE_BLOCK_STRAY,   /* text between the tags of a block: left out */
    PARSE_NOTE_BLOCK_OPEN,    /* the block never ends; whole calls in it are taken */
    PARSE_NOTE_CALL_OPEN,     /* a call cut off: dropped */
    PARSE_NOTE_CALL_NAME,     /* a call whose name cannot be read: dropped */
    PARSE_NOTE_CALL_PARAM,    /* a call with a parameter that cannot be read: dropped */
    PARSE_NOTE_CALL_REPEAT,   /* a call that gives a parameter twice: dropped */
    PARSE_NOTE_CALL_JSON,     /* a call with a string="false" value that is not JSON: dropped */
    PARSE_NOTE_NO_EOS,        /* the reply does not end in end-of-sentence */
    PARSE_NOTE_AFTER_CALLS,   /* text after the block: left out */
    PARSE_NOTE_AFTER_EOS,     /* text after end-of-sentence: left out */
    PARSE_NOTE_SPECIAL,       /* a control string inside content or reasoning: kept as text */
    PARSE_NOTE_UTF8,          /* bytes that are not UTF-8: each bad part became U+FFFD */
    PARSE_NOTE_MORE,          /* the list of notes is full */
};

/* Lower-case word ("thinking_format") and one line in English. Static storage. */
const char *parse_code_name(enum parse_code c);
const char *parse_code_text(enum parse_code c);

struct parse_note {
    enum parse_code code;
    int64_t at; /* byte offset in the completion */
};

enum { PARSE_NOTES_MAX = 64 };

struct parsed {
    struct message message; /* role assistant; calls without ids; texts borrowed or in *keep */
    bool is_whole;          /* ended by end-of-sentence or by the end tag of the block */
    const struct parse_note *notes; /* recover: in the order of discovery */
    int64_t n_notes;
};

struct parse_opts {
    bool thinking;
    bool recover;
    struct parse_note *fault; /* NULL, or where a refusal is described for programs */
};

/* Reads one completion. `text` must outlive *out. Strict refuses with ERR_INPUT; both refuse over
 * LIMIT_REPLY_BYTES with ERR_LIMIT, and recover refuses nothing else. For a text that strict
 * accepts and that is whole, with JSON in its string="false" values and no call markup in a name,
 * recover gives the same message and no notes. *keep must have room for eight times the text. */
MUST_CHECK bool parse_completion(struct str text, struct parse_opts o, struct parsed *out,
                                 struct arena *keep, struct arena tmp, struct err *e);

/* The message as the official parser's dictionary in Python's JSON: role, content,
 * reasoning_content, tool_calls; with_notes adds "diagnostics": [{"code", "at", "what"}]. */
void parse_print(const struct parsed *p, bool with_notes, struct buf *out);

/* `podium parse`: a completion in, the JSON object appended, without a newline. */
MUST_CHECK bool parse_document(struct str text, bool thinking, bool recover, struct buf *json_out,
                               struct err *e);
