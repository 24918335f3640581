/* chat: a line in, a reply as it is sampled. Drives the engine itself: streaming is token by
 * token, and the seam of whole replies has nothing to say about it. */
#include <stdio.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/rng.h"
#include "harness/command.h"
#include "harness/interrupt.h"
#include "harness/local.h"

enum { DEFAULT_TOKENS = 1024, MODE_THINKING = 0 };

struct options {
    const char *model;
    int mode, quant, kv, weights, draft;
    bool template_compat;
    int64_t max_tokens, threads, draft_tokens;
    uint64_t seed;
    double temperature, top_p;
};

struct talk {
    const struct options *o;
    struct local l;
    struct arena keep; /* messages; given back by /reset */
    struct message *messages;
    int64_t n;
    int64_t n_asked;
    bool is_terminal;
    struct buf reasoning, content; /* of the reply being streamed */
};

enum { MESSAGES_MAX = 4096 };

/* ---- one reply ---- */

static void show(const struct talk *t, struct str text, bool is_thinking)
{
    if (is_thinking && t->is_terminal)
        (void)fputs("\033[2m", stdout);
    (void)fwrite(text.at, 1, (size_t)text.n, stdout);
    if (is_thinking && t->is_terminal)
        (void)fputs("\033[0m", stdout);
    (void)fflush(stdout);
}

/* One sampled token: </think> turns the page, other control tokens are not shown. */
static bool show_token(struct talk *t, struct tokenizer_stream *stream, int32_t token,
                       bool *is_thinking, struct err *e)
{
    CLEANUP(buf_free) struct buf text = {0};
    if (*is_thinking && token == t->l.think_end) {
        *is_thinking = false;
        show(t, STR("\n"), false);
        return true;
    }
    TRY(tokenizer_stream_put(t->l.tokenizer, stream, token, true, &text, e));
    buf_put(*is_thinking ? &t->reasoning : &t->content, buf_str(&text));
    show(t, buf_str(&text), *is_thinking);
    return true;
}

static bool stream_reply(struct talk *t, struct err *e)
{
    struct tokenizer_stream stream = {0};
    struct finished done;
    bool is_thinking = t->o->mode == MODE_THINKING;
    while (!engine_take(t->l.engine, &done)) {
        int64_t n = 0;
        if (interrupt_came())
            engine_cancel(t->l.engine, 1);
        TRY(engine_step(t->l.engine, e));
        const struct engine_event *events = engine_events(t->l.engine, &n);
        for (int64_t i = 0; i < n; i++)
            TRY(show_token(t, &stream, events[i].token, &is_thinking, e));
    }
    CLEANUP(buf_free) struct buf rest = {0};
    tokenizer_stream_end(&stream, &rest);
    show(t, buf_str(&rest), is_thinking);
    if (done.stop != STOP_EOS)
        (void)printf(done.stop == STOP_LENGTH ? " [cut: token budget]" : " [stopped]");
    (void)printf("\n\n");
    interrupt_forget();
    return true;
}

static void keep_message(struct talk *t, enum role role, struct str content, struct str reasoning)
{
    t->messages[t->n++] = (struct message){.role = role,
                                           .content = arena_str(&t->keep, content),
                                           .reasoning = arena_str(&t->keep, reasoning)};
}

static bool reply(struct talk *t, struct str line, struct err *e)
{
    CLEANUP(buf_free) struct buf text = {0};
    CLEANUP(tokens_free) struct tokens ids = {0};
    keep_message(t, ROLE_USER, line, STR(""));
    struct chat chat = {.at = t->messages, .n = t->n, .thinking = t->o->mode == MODE_THINKING};
    struct sampling how = {.temperature = (float)t->o->temperature,
                           .top_p = (float)t->o->top_p,
                           .seed = rng_mix(t->o->seed, (uint64_t)t->n_asked++)};
    buf_clear(&t->reasoning);
    buf_clear(&t->content);
    TRY(local_prompt(&t->l, &chat, (struct str){0}, &text, &ids, e));
    how.n_out_max = local_budget(&t->l, ids.n, t->o->max_tokens);
    TRY(engine_submit(t->l.engine, ids.at, ids.n, &how, 1, e));
    TRY(stream_reply(t, e));
    keep_message(t, ROLE_ASSISTANT, buf_str(&t->content), buf_str(&t->reasoning));
    return true;
}

/* ---- the conversation ---- */

static void reset(struct talk *t)
{
    arena_reset(&t->keep);
    t->messages = NEW(&t->keep, struct message, MESSAGES_MAX);
    t->n = 0;
}

/* A line that cannot be asked (not UTF-8, too long) is said to be so, forgotten, and life goes on.
 */
static bool reply_or_say(struct talk *t, struct str line, struct err *e)
{
    int64_t n_before = t->n;
    if (reply(t, line, e))
        return true;
    if (e->cls != ERR_INPUT)
        return false;
    (void)fprintf(stderr, "podium: %s\n", e->text);
    t->n = n_before;
    return true;
}

static bool read_line(struct talk *t, struct buf *line)
{
    buf_clear(line);
    if (t->is_terminal) {
        (void)printf("> ");
        (void)fflush(stdout);
    }
    for (int c = 0; (c = getchar()) != '\n';) {
        if (c == EOF)
            return line->n > 0 && !interrupt_came();
        buf_byte(line, (char)c);
    }
    return true;
}

static bool talk(struct talk *t, struct err *e)
{
    CLEANUP(buf_free) struct buf line = {0};
    while (read_line(t, &line)) {
        struct str text = str_trim(buf_str(&line));
        if (str_eq(text, STR("/exit")))
            break;
        if (str_eq(text, STR("/reset")))
            reset(t);
        else if (text.n > 0 && t->n + 2 > MESSAGES_MAX)
            return FAIL(e, ERR_LIMIT, "chat: %d messages are the most; /reset", MESSAGES_MAX);
        else if (text.n > 0)
            TRY(reply_or_say(t, text, e));
    }
    return true;
}

static bool chat(const struct options *o, struct err *e)
{
    struct local_config config = {.dir = o->model,
                                  .quant = o->quant == 1 ? QUANT_FP8 : QUANT_NONE,
                                  .kv = (enum kv_type)o->kv,
                                  .weights = (enum weight_mode)o->weights,
                                  .n_threads = o->threads,
                                  .draft = (enum draft)o->draft,
                                  .n_draft = o->draft_tokens,
                                  .n_slots = 1,
                                  .template_compat = o->template_compat};
    struct talk t = {.o = o, .is_terminal = cli_is_terminal(STDOUT_FILENO)};
    TRY(local_open(&t.l, &config, e));
    arena_init(&t.keep, "chat", LIMIT_ARENA_RUN);
    reset(&t);
    interrupt_watch();
    if (t.is_terminal)
        (void)printf("Ctrl-C stops a reply, /reset forgets, /exit leaves\n");
    bool ok = talk(&t, e);
    buf_free(&t.reasoning);
    buf_free(&t.content);
    arena_fini(&t.keep);
    local_close(&t.l);
    return ok;
}

bool command_chat(struct cli *c, int *rc, struct err *e)
{
    struct options o = {
        .template_compat = true, .max_tokens = DEFAULT_TOKENS, .temperature = 1, .top_p = 0.95};
    const struct cli_option options[] = {
        OPTION_TEXT("model", "DIR", &o.model, "folder of the model (required)", .env = true),
        OPTION_WORD("mode", "thinking|chat", &o.mode, "default thinking"),
        OPTION_U64("seed", &o.seed, "default 0"),
        OPTION_F64("temperature", &o.temperature, 0, 100, "default 1; 0 is greedy"),
        OPTION_F64("top-p", &o.top_p, 0.000001, 1, "default 0.95"),
        OPTION_I64("max-tokens", &o.max_tokens, 1, 100000000, "of one reply (default 1024)"),
        OPTION_WORD("quant", "none|fp8", &o.quant, "activations (default none)", .env = true),
        OPTION_WORD("kv", LOCAL_KV_TYPES, &o.kv, "numbers in the cache (default f32)", .env = true),
        OPTION_WORD("weights", LOCAL_WEIGHTS, &o.weights, "matrices, made at load (default stored)",
                    .env = true),
        OPTION_SWITCH("template-compat", &o.template_compat,
                      "control strings in texts count, as officially (default on)"),
        OPTION_I64("threads", &o.threads, 1, LIMIT_THREADS, "of the engine (default: processors)",
                   .env = true),
        OPTION_WORD("draft", LOCAL_DRAFTS, &o.draft, "guess tokens ahead (default none)",
                    .env = true),
        OPTION_I64("draft-tokens", &o.draft_tokens, 1, LIMIT_DRAFT,
                   "guesses a step (default: ngram 4, mtp 1)", .env = true),
    };
    c->synopsis = "--model DIR [options]";
    c->summary = "Talks to the model, a line at a time; thinking is shown dim on a terminal.\n"
                 "/reset forgets the conversation, /exit leaves, Ctrl-C stops a reply.";
    c->example = "podium chat --model assets/tiny\n"
                 "echo 'What is 12+30?' | podium chat --model assets/tiny --temperature 0";
    CLI_TABLE(c, options);
    TRY(cli_read(c, e));
    if (c->is_help)
        return true;
    if (o.model == NULL)
        return FAIL(e, ERR_USAGE, "chat: --model DIR must be given");
    *rc = EXIT_DONE;
    return chat(&o, e);
}
