/* generate: one conversation, some samples, through the same seam as a run. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/rng.h"
#include "harness/command.h"
#include "harness/interrupt.h"
#include "harness/model_local.h"

struct options {
    const char *model, *prompt, *messages;
    int mode, quant, kv, weights, draft;
    bool template_compat, json, rehash;
    int64_t samples, max_tokens, threads, draft_tokens; /* max_tokens 0: not given */
    uint64_t seed;
    double temperature, top_p;
};

enum { MODE_THINKING, MODE_CHAT, DEFAULT_TOKENS = 1024 };

static void close_model(struct model **m)
{
    if (*m != NULL)
        (*m)->ops->close(*m);
}

/* ---- output ---- */

static const char *stop_word(enum reply_end end)
{
    return end == REPLY_CUT ? "length" : "stop";
}

static void put_numbers(struct json_out *w, const struct reply *r)
{
    json_put_key(w, "tokens");
    json_open(w, '[');
    for (int64_t i = 0; i < r->n_out_tokens; i++)
        json_put_i64(w, r->tokens[i]);
    json_close(w, ']');
    json_put_key(w, "logprobs");
    json_open(w, '[');
    for (int64_t i = 0; i < r->n_out_tokens; i++)
        json_put_f64(w, (double)r->logprobs[i]);
    json_close(w, ']');
}

static struct str sample_json(const struct reply *r, uint64_t seed, struct arena *keep)
{
    struct json_out w = {0};
    char seed_text[24];
    (void)snprintf(seed_text, sizeof seed_text, "%" PRIu64, seed);
    json_open(&w, '{');
    json_pair_str(&w, "text", r->raw);
    json_pair_str(&w, "reasoning", r->message.reasoning);
    json_pair_str(&w, "content", r->message.content);
    put_numbers(&w, r);
    json_pair_f64(&w, "logprob_sum", r->logprob_sum);
    json_pair_i64(&w, "thinking_tokens", r->n_thinking_tokens);
    json_pair_str(&w, "stop", str_of(stop_word(r->end)));
    json_pair_str(&w, "end", reply_end_name(r->end));
    if (r->end == REPLY_MALFORMED)
        json_pair_str(&w, "trouble", r->trouble);
    json_put_key(&w, "seed");
    json_put_raw(&w, str_of(seed_text));
    json_close(&w, '}');
    struct str text = arena_str(keep, buf_str(&w.text));
    json_out_free(&w);
    return text;
}

static struct str sample_text(const struct reply *r, struct arena *keep)
{
    return arena_str(keep, r->raw);
}

static void put_guesses(struct json_out *w, const struct local *l)
{
    struct engine_stats s;
    engine_stats(l->engine, &s);
    json_put_key(w, "draft");
    json_open(w, '{');
    json_pair_str(w, "by", str_of(local_draft_name(l->config.draft)));
    json_pair_i64(w, "guessed", s.n_drafted);
    json_pair_i64(w, "accepted", s.n_accepted);
    json_close(w, '}');
}

static void print_json(const struct local *l, int64_t n_prompt, const struct str *samples,
                       int64_t n)
{
    CLEANUP(json_out_free) struct json_out w = {0};
    json_open(&w, '{');
    json_pair_str(&w, "model", str_of(l->identity));
    json_pair_i64(&w, "prompt_tokens", n_prompt);
    json_put_key(&w, "samples");
    json_open(&w, '[');
    for (int64_t i = 0; i < n; i++)
        json_put_raw(&w, samples[i]);
    json_close(&w, ']');
    if (l->config.draft != DRAFT_NONE)
        put_guesses(&w, l);
    json_close(&w, '}');
    (void)printf("%.*s\n", STR_ARG(buf_str(&w.text)));
}

static void print_text(const struct str *samples, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        if (n > 1)
            (void)printf("--- sample %" PRId64 "\n", i);
        (void)fwrite(samples[i].at, 1, (size_t)samples[i].n, stdout);
        (void)putchar('\n');
    }
}

/* ---- work ---- */

/* The one sample of --samples 1 has the seed as given; more have seeds of their own. */
static uint64_t sample_seed(const struct options *o, int64_t i)
{
    return i == 0 ? o->seed : rng_mix(o->seed, (uint64_t)i);
}

static bool feed(struct model *m, const struct ask *base, const struct options *o, int64_t *i_next,
                 struct err *e)
{
    while (*i_next < o->samples && m->ops->has_room(m)) {
        struct ask a = *base;
        a.ticket = (uint64_t)*i_next;
        a.seed = sample_seed(o, *i_next);
        TRY(m->ops->submit(m, &a, e));
        *i_next += 1;
    }
    return true;
}

static bool sample_all(struct model *m, const struct ask *base, const struct options *o,
                       struct str *samples, int64_t *n_prompt, struct arena *keep, struct err *e)
{
    int64_t i_next = 0;
    int64_t n_done = 0;
    while (n_done < o->samples && !interrupt_came()) {
        TRY(feed(m, base, o, &i_next, e));
        TRY(m->ops->step(m, e));
        for (bool is_taken = true; is_taken;) {
            struct reply r = {0};
            TRY(m->ops->take(m, &r, e, &is_taken));
            if (!is_taken)
                break;
            uint64_t seed = sample_seed(o, (int64_t)r.ticket);
            samples[r.ticket] = o->json ? sample_json(&r, seed, keep) : sample_text(&r, keep);
            *n_prompt = r.n_prompt_tokens;
            n_done++;
        }
    }
    return true;
}

static bool read_messages(const char *path, struct str *out, struct arena *keep, struct err *e)
{
    CLEANUP(buf_free) struct buf in = {0};
    if (strcmp(path, "-") != 0)
        return file_read(path, out, keep, e);
    TRY(file_read_fd(STDIN_FILENO, "standard input", LIMIT_STDIN_BYTES, &in, e));
    *out = arena_str(keep, buf_str(&in));
    return true;
}

static bool set_budget(const struct local *l, struct ask *a, struct err *e)
{
    CLEANUP(buf_free) struct buf text = {0};
    CLEANUP(tokens_free) struct tokens ids = {0};
    if (a->n_out_max > 0)
        return true;
    TRY(local_prompt(l, &a->chat, a->document, &text, &ids, e));
    a->n_out_max = local_budget(l, ids.n, DEFAULT_TOKENS);
    return true;
}

static bool generate(const struct options *o, int *rc, struct err *e)
{
    CLEANUP(arena_fini) struct arena keep = {0};
    CLEANUP(local_close) struct local l = {0};
    CLEANUP(close_model) struct model *m = NULL;
    struct message user = {.role = ROLE_USER, .content = str_of(o->prompt)};
    struct ask ask = {.chat = {.at = &user, .n = 1, .thinking = o->mode == MODE_THINKING},
                      .temperature = (float)o->temperature,
                      .top_p = (float)o->top_p,
                      .n_out_max = o->max_tokens};
    struct local_config config = {.dir = o->model,
                                  .quant = o->quant == 1 ? QUANT_FP8 : QUANT_NONE,
                                  .kv = (enum kv_type)o->kv,
                                  .weights = (enum weight_mode)o->weights,
                                  .n_threads = o->threads,
                                  .draft = (enum draft)o->draft,
                                  .n_draft = o->draft_tokens,
                                  .is_rehashed = o->rehash,
                                  .template_compat = o->template_compat};
    int64_t n_prompt = 0;
    arena_init(&keep, "generate", LIMIT_ARENA_RUN);
    if (o->messages != NULL)
        TRY(read_messages(o->messages, &ask.document, &keep, e));
    TRY(local_open(&l, &config, e));
    TRY(set_budget(&l, &ask, e));
    TRY(model_local_open(&m, &l, e));
    interrupt_watch();
    struct str *samples = NEW(&keep, struct str, o->samples);
    TRY(sample_all(m, &ask, o, samples, &n_prompt, &keep, e));
    *rc = interrupt_came() ? EXIT_INTERRUPTED : EXIT_DONE;
    if (*rc == EXIT_INTERRUPTED)
        return true;
    if (o->json) {
        TRY(local_identify(&l, e));
        print_json(&l, n_prompt, samples, o->samples);
    } else
        print_text(samples, o->samples);
    return true;
}

bool command_generate(struct cli *c, int *rc, struct err *e)
{
    struct options o = {.template_compat = true, .samples = 1, .temperature = 1, .top_p = 0.95};
    const struct cli_option options[] = {
        OPTION_TEXT("model", "DIR", &o.model, "folder of the model (required)", .env = true),
        OPTION_TEXT("prompt", "TEXT", &o.prompt, "one user message"),
        OPTION_TEXT("messages", "FILE", &o.messages, "a JSON array of messages; - reads input"),
        OPTION_WORD("mode", "thinking|chat", &o.mode, "default thinking"),
        OPTION_I64("samples", &o.samples, 1, 100000, "independent replies (default 1)"),
        OPTION_U64("seed", &o.seed, "default 0"),
        OPTION_F64("temperature", &o.temperature, 0, 100, "default 1; 0 is greedy"),
        OPTION_F64("top-p", &o.top_p, 0.000001, 1, "default 0.95"),
        OPTION_I64("max-tokens", &o.max_tokens, 1, 100000000,
                   "default 1024, or what the context leaves"),
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
        OPTION_FLAG("json", &o.json, "text, reasoning, content, token ids, logprobs, stop"),
        OPTION_FLAG("rehash", &o.rehash, "with --json: read the weights whole to name them"),
    };
    c->synopsis = "--model DIR (--prompt TEXT | --messages FILE) [options]";
    c->summary =
        "Completes a conversation and prints exactly what the model wrote, control strings\n"
        "included; with --json also its parts, token ids and log-probabilities.";
    c->example = "podium generate --model assets/tiny --prompt 'What is 12+30?'\n"
                 "podium generate --model assets/tiny --messages chat.json --samples 4 --json";
    CLI_TABLE(c, options);
    TRY(cli_read(c, e));
    if (c->is_help)
        return true;
    if (o.model == NULL)
        return FAIL(e, ERR_USAGE, "generate: --model DIR must be given");
    if ((o.prompt == NULL) == (o.messages == NULL))
        return FAIL(e, ERR_USAGE, "generate: give either --prompt TEXT or --messages FILE");
    return generate(&o, rc, e);
}
