/* encode, parse and tokenize: standard input to standard output, nothing else touched. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "encoding/parse.h"
#include "encoding/render.h"
#include "engine/tokenizer.h"
#include "harness/command.h"
#include "harness/token_list.h"

static bool read_stdin(struct buf *out, struct err *e)
{
    return file_read_fd(STDIN_FILENO, "standard input", LIMIT_STDIN_BYTES, out, e);
}

static bool write_stdout(struct str bytes, struct err *e)
{
    return file_write_fd(STDOUT_FILENO, "standard output", bytes, e);
}

/* ---- encode ---- */

enum { MODE_THINKING, MODE_CHAT };

bool command_encode(struct cli *c, int *rc, struct err *e)
{
    int mode = MODE_THINKING;
    bool json_input = false;
    bool has_mode = false;
    const struct cli_option options[] = {
        OPTION_WORD("mode", "thinking|chat", &mode, "which template (required)",
                    .is_given = &has_mode),
        OPTION_FLAG("json-input", &json_input,
                    "input is an object: messages, context, drop_thinking, ..."),
    };
    c->synopsis = "--mode thinking|chat [--json-input] < MESSAGES";
    c->summary =
        "Reads a JSON array of messages from standard input (with --json-input an object\n"
        "{\"messages\", \"context\", \"drop_thinking\", \"add_default_bos_token\"}, all but\n"
        "the first optional) and writes the exact bytes of the prompt, nothing added.";
    c->example =
        "echo '[{\"role\": \"user\", \"content\": \"1+1=?\"}]' | podium encode --mode thinking";
    CLI_TABLE(c, options);
    TRY(cli_read(c, e));
    if (c->is_help)
        return true;
    if (!has_mode)
        return FAIL(e, ERR_USAGE, "encode: --mode thinking or --mode chat must be given");
    CLEANUP(buf_free) struct buf in = {0};
    CLEANUP(buf_free) struct buf out = {0};
    TRY(read_stdin(&in, e));
    TRY(render_document(buf_str(&in), json_input, mode == MODE_THINKING, &out, e));
    *rc = EXIT_DONE;
    return write_stdout(buf_str(&out), e);
}

/* ---- parse ---- */

bool command_parse(struct cli *c, int *rc, struct err *e)
{
    int mode = MODE_THINKING;
    bool recover = false;
    bool has_mode = false;
    const struct cli_option options[] = {
        OPTION_WORD("mode", "thinking|chat", &mode, "how the prompt ended (required)",
                    .is_given = &has_mode),
        OPTION_FLAG("recover", &recover, "read malformed completions too, and say what was wrong"),
    };
    c->synopsis = "--mode thinking|chat [--recover] < COMPLETION";
    c->summary =
        "Reads a completion, end-of-sentence included, from standard input and writes one\n"
        "JSON object: role, content, reasoning_content, tool_calls (and diagnostics with\n"
        "--recover). Without --recover a completion that is not well formed is refused.";
    c->example =
        "printf 'two.</think>2<\xef\xbd\x9c"
        "end\xe2\x96\x81of\xe2\x96\x81sentence\xef\xbd\x9c>' | podium parse --mode thinking";
    CLI_TABLE(c, options);
    TRY(cli_read(c, e));
    if (c->is_help)
        return true;
    if (!has_mode)
        return FAIL(e, ERR_USAGE, "parse: --mode thinking or --mode chat must be given");
    CLEANUP(buf_free) struct buf in = {0};
    CLEANUP(buf_free) struct buf out = {0};
    TRY(read_stdin(&in, e));
    TRY(parse_document(buf_str(&in), mode == MODE_THINKING, recover, &out, e));
    buf_byte(&out, '\n');
    *rc = EXIT_DONE;
    return write_stdout(buf_str(&out), e);
}

/* ---- tokenize ---- */

static void close_tokenizer(struct tokenizer **t)
{
    tokenizer_close(*t);
}

static bool to_ids(const struct tokenizer *t, struct str text, enum tokenizer_specials specials,
                   enum tokenizer_bad_utf8 bad, struct buf *out, struct err *e)
{
    CLEANUP(tokens_free) struct tokens ids = {0};
    TRY(tokenizer_encode(t, text, specials, bad, &ids, e));
    for (int64_t i = 0; i < ids.n; i++)
        buf_fmt(out, "%s%" PRId32, i > 0 ? " " : "", ids.at[i]);
    buf_byte(out, '\n');
    return true;
}

static bool to_text(const struct tokenizer *t, struct str text, struct buf *out, struct err *e)
{
    CLEANUP(tokens_free) struct tokens ids = {0};
    TRY(token_list_read(text, "standard input", &ids, e));
    return tokenizer_decode(t, ids.at, ids.n, false, out, e);
}

bool command_tokenize(struct cli *c, int *rc, struct err *e)
{
    const char *path = NULL;
    bool special = false;
    bool decode = false;
    bool replace = false;
    const struct cli_option options[] = {
        OPTION_TEXT("tokenizer", "FILE|DIR", &path,
                    "tokenizer.json, or the folder that holds it (required)", .env = true),
        OPTION_FLAG("special", &special, "added tokens such as <think> in the text are recognised"),
        OPTION_FLAG("decode", &decode, "ids in, text out"),
        OPTION_FLAG("replace", &replace, "invalid UTF-8 becomes U+FFFD instead of an error"),
    };
    c->synopsis = "--tokenizer FILE|DIR [--special] [--decode] < TEXT";
    c->summary =
        "Text on standard input to token ids separated by spaces, or ids back to the exact\n"
        "bytes with --decode.";
    c->example = "printf '1+1=?' | podium tokenize --tokenizer assets/tiny\n"
                 "printf '1+1=?' | podium tokenize --tokenizer assets/tiny |\n"
                 "  podium tokenize --tokenizer assets/tiny --decode";
    CLI_TABLE(c, options);
    TRY(cli_read(c, e));
    if (c->is_help)
        return true;
    if (path == NULL)
        return FAIL(e, ERR_USAGE, "tokenize: --tokenizer FILE|DIR must be given");
    CLEANUP(buf_free) struct buf in = {0};
    CLEANUP(buf_free) struct buf out = {0};
    CLEANUP(close_tokenizer) struct tokenizer *t = NULL;
    TRY(tokenizer_open(&t, path, e));
    TRY(read_stdin(&in, e));
    if (decode)
        TRY(to_text(t, buf_str(&in), &out, e));
    else
        TRY(to_ids(t, buf_str(&in), special ? TOKENIZER_SPECIAL : TOKENIZER_TEXT,
                   replace ? TOKENIZER_REPLACE : TOKENIZER_REFUSE, &out, e));
    *rc = EXIT_DONE;
    return write_stdout(buf_str(&out), e);
}
