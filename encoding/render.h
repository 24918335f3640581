/* Messages to prompt: the exact bytes of DeepSeek-V3.2's encode_messages, quirks included.
 *
 * Two entry points meet in the same templates. render_chat takes the conversations podium builds
 * itself (encoding/message.h); render_json takes foreign JSON, where a content may be null, a
 * number or a list and Python's str() of it is what the prompt holds.
 *
 * The result is cut into pieces. A CONTROL piece is exactly one added token of the tokenizer
 * (<｜User｜>, <think>, ｜DSML｜ ...) put there by the template; everything else, template prose
 * and the user's text alike, is TEXT, and neighbouring TEXT is one piece. So tokenising CONTROL
 * pieces as special and TEXT pieces as plain text gives the official ids for every honest
 * conversation, while a <｜User｜> typed by a user stays text. The official behaviour, forgeries
 * and all, is to tokenise .text whole with specials recognised.
 *
 * Source  DeepSeek-V3.2 encoding/encoding_dsv32.py, encode_messages (behaviour). */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "encoding/message.h"
#include "encoding/pieces.h"
#include "encoding/pyjson.h"

/* Every way a conversation can be refused. render_code_name() gives the lower-case word that
 * starts the error text. */
enum render_code {
    RENDER_OK,
    RENDER_NOT_A_LIST,       /* messages (or a context that is not empty) is not a list */
    RENDER_MESSAGE_KIND,     /* a message is not an object */
    RENDER_INDEX,            /* drop_thinking removed messages and the index ran off the end */
    RENDER_ROLE,             /* unknown role */
    RENDER_TOOLS_KIND,       /* tools is not a list of objects */
    RENDER_TOOL_FUNCTION,    /* a tool lacks "function" */
    RENDER_CALLS_KIND,       /* tool_calls is not a list of objects holding "function" objects */
    RENDER_CALL_FUNCTION,    /* a call lacks "function" */
    RENDER_CALL_NAME,        /* a call's function lacks "name" */
    RENDER_CALL_ARGUMENTS,   /* a call's function lacks "arguments" */
    RENDER_ARGUMENTS_KIND,   /* arguments is not a string */
    RENDER_ARGUMENTS_JSON,   /* arguments is not JSON; .inner says where */
    RENDER_ARGUMENTS_OBJECT, /* arguments is JSON, but not an object */
    RENDER_DEVELOPER_EMPTY,  /* a developer message without content */
    RENDER_NO_REASONING,     /* thinking: neither reasoning nor calls after the last user */
    RENDER_TOOL_ORPHAN,      /* a tool result that follows no assistant message */
    RENDER_TOOL_COUNT,       /* more tool results than the assistant made calls */
    RENDER_TOOL_CALLS_KIND,  /* the assistant's tool_calls has no length */
    RENDER_SURROGATE,        /* a lone surrogate would have to be written as text */
    RENDER_TOO_LARGE,        /* the arena's room is used up */
    RENDER_MODE,             /* a thinking mode that is neither chat nor thinking */
};
const char *render_code_name(enum render_code c);

struct render_fault {
    enum render_code code;
    int64_t message; /* index among context followed by messages, after drop_thinking */
    int64_t byte;    /* offset in the JSON document of the value at fault, -1 from a chat */
    int64_t inner;   /* RENDER_ARGUMENTS_JSON: offset inside the arguments text, else -1 */
};

/* Zero means the official defaults, so `{.thinking = true}` is complete. */
struct render_opts {
    bool thinking;              /* "thinking" rather than "chat"; render_chat uses the chat's own */
    bool keep_thinking;         /* drop_thinking=False */
    bool no_bos;                /* add_default_bos_token=False */
    struct render_fault *fault; /* NULL, or where a failure is described for programs */
};

/* "chat" or "thinking"; anything else is ERR_USAGE in the official words. */
MUST_CHECK bool render_mode(struct str name, bool *thinking, struct err *e);

/* messages: a list. context: a list of earlier messages that are consulted but not rendered, or
 * NULL; null, empty and absent are the same, and only then is BOS written. Pieces live in *keep.
 * Bytes of the output are valid UTF-8. Fails with ERR_INPUT (all codes above), ERR_LIMIT for
 * RENDER_TOO_LARGE. */
MUST_CHECK bool render_json(const struct pyval *messages, const struct pyval *context,
                            struct render_opts o, struct pieces *out, struct arena *keep,
                            struct arena tmp, struct err *e);

/* The same for podium's own conversations; c->thinking decides the mode. Texts go through byte
 * for byte, so what is not UTF-8 stays so (only the arguments of calls must be). */
MUST_CHECK bool render_chat(const struct chat *c, struct render_opts o, struct pieces *out,
                            struct arena *keep, struct arena tmp, struct err *e);

/* `podium encode`: text is a JSON array of messages or, with json_input, an object of
 * messages, context, drop_thinking and add_default_bos_token, of which only the first must be
 * there. Appends the exact bytes, nothing else. An unknown member is refused naming the nearest
 * known one. */
MUST_CHECK bool render_document(struct str text, bool json_input, bool thinking, struct buf *out,
                                struct err *e);
