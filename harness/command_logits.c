/* logits: the forward pass and nothing else, for comparing with other implementations. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "harness/command.h"
#include "harness/local.h"
#include "harness/token_list.h"

struct options {
    const char *model;
    const char *tokens;
    const char *out;
    bool all;
    int quant, kv, weights;
    int64_t threads;
};

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the file is little-endian f32");

static void free_floats(float **p)
{
    free(*p);
}

static bool read_tokens(const char *path, struct tokens *out, struct err *e)
{
    CLEANUP(arena_fini) struct arena keep = {0};
    CLEANUP(buf_free) struct buf in = {0};
    struct str text = {0};
    if (strcmp(path, "-") == 0) {
        TRY(file_read_fd(STDIN_FILENO, "standard input", LIMIT_STDIN_BYTES, &in, e));
        text = buf_str(&in);
    } else {
        arena_init(&keep, "tokens", LIMIT_FILE_BYTES + LIMIT_MIB);
        TRY(file_read(path, &text, &keep, e));
    }
    TRY(token_list_read(text, path, out, e));
    return out->n > 0 || FAIL(e, ERR_INPUT, "%s: no token ids", path);
}

static bool write_floats(const char *path, const float *at, int64_t n, struct err *e)
{
    struct str bytes = {(const char *)at, n * (int64_t)sizeof *at};
    if (strcmp(path, "-") == 0)
        return file_write_fd(STDOUT_FILENO, "standard output", bytes, e);
    return file_write(path, bytes, e);
}

static bool compute(const struct options *o, struct err *e)
{
    CLEANUP(local_close) struct local l = {0};
    CLEANUP(tokens_free) struct tokens ids = {0};
    CLEANUP(free_floats) float *out = NULL;
    struct local_config config = {.dir = o->model,
                                  .quant = o->quant == 1 ? QUANT_FP8 : QUANT_NONE,
                                  .kv = (enum kv_type)o->kv,
                                  .weights = (enum weight_mode)o->weights,
                                  .n_threads = o->threads,
                                  .n_slots = 1,
                                  .is_ids_only = true};
    TRY(read_tokens(o->tokens, &ids, e));
    TRY(local_open(&l, &config, e));
    int64_t n = (o->all ? ids.n : 1) * l.info.n_vocab;
    out = calloc((size_t)n, sizeof *out);
    if (out == NULL)
        return FAIL(e, ERR_LIMIT, "no memory for %lld logits", (long long)n);
    TRY(engine_logits(l.engine, ids.at, ids.n, o->all, out, e));
    return write_floats(o->out, out, n, e);
}

bool command_logits(struct cli *c, int *rc, struct err *e)
{
    struct options o = {0};
    const struct cli_option options[] = {
        OPTION_TEXT("model", "DIR", &o.model, "folder of the model (required)", .env = true),
        OPTION_TEXT("tokens", "FILE", &o.tokens,
                    "ids separated by spaces; - reads input (required)"),
        OPTION_TEXT("out", "FILE", &o.out, "little-endian f32; - writes output (required)"),
        OPTION_FLAG("all", &o.all, "of every position, not only the last"),
        OPTION_WORD("quant", "none|fp8", &o.quant, "activations (default none)", .env = true),
        OPTION_WORD("kv", LOCAL_KV_TYPES, &o.kv, "numbers in the cache (default f32)", .env = true),
        OPTION_WORD("weights", LOCAL_WEIGHTS, &o.weights, "matrices, made at load (default stored)",
                    .env = true),
        OPTION_I64("threads", &o.threads, 1, LIMIT_THREADS, "of the engine (default: processors)",
                   .env = true),
    };
    c->synopsis =
        "--model DIR --tokens FILE --out FILE [--all] [--quant none|fp8] [--kv f32|bf16|fp8]";
    c->summary = "Runs the ids through the model once and writes its raw logits:\n"
                 "[positions][vocabulary] f32, little-endian, no header.";
    c->example = "printf '1+1=' | podium tokenize --tokenizer assets/tiny > ids\n"
                 "podium logits --model assets/tiny --tokens ids --out logits.f32 --all";
    CLI_TABLE(c, options);
    TRY(cli_read(c, e));
    if (c->is_help)
        return true;
    if (o.model == NULL || o.tokens == NULL || o.out == NULL)
        return FAIL(e, ERR_USAGE, "logits: --model, --tokens and --out must be given");
    *rc = EXIT_DONE;
    return compute(&o, e);
}
