/* The engine on the shipped model: prompts, and one token for each of B requests a step.
 *
 * A variant is a batch size plus 1000 when all processors may help. Every request starts from one
 * token and is followed by the next when it ends, so that each step is exactly B rows; contexts
 * run from 1 to OUT tokens. Sampling (temperature 1, top_p 0.95) is part of the time. */
#include <stdlib.h>

#include "base/file.h"
#include "engine/engine.h"
#include "kernels/kernels.h"
#include "tests/bench/bench.h"

#define MODEL "assets/tiny"

enum { PROMPT = 512, OUT = 300, MANY = 1000, IDS = 500 };

struct state {
    struct kernels *k;
    struct engine *g;
    uint64_t n_submitted;
    int32_t prompt[PROMPT];
    float *logits;
};

static void close_engine(struct bench_run *r)
{
    struct state *s = r->state;
    engine_close(s->g);
    kernels_close(s->k);
    free(s->logits);
    free(s);
}

static bool is_there(void)
{
    return file_exists(MODEL "/model.safetensors") ||
           file_exists(MODEL "/model.safetensors.index.json");
}

static bool open_state(struct bench_run *r, enum quant quant, struct err *e)
{
    struct state *s = r->state;
    struct engine_info info;
    int64_t n_slots = r->variant % MANY;
    struct engine_config cfg = {
        .weights_dir = MODEL, .quant = quant, .n_slots = n_slots > 0 ? n_slots : 1};
    TRY(kernels_cpu_open(&s->k, r->variant >= MANY ? 0 : 1, NULL, e));
    TRY(engine_open(&s->g, s->k, &cfg, e));
    engine_describe(s->g, &info);
    s->logits = calloc((size_t)info.n_vocab, sizeof *s->logits);
    if (s->logits == NULL)
        return FAIL(e, ERR_IO, "no memory for logits");
    for (int i = 0; i < PROMPT; i++)
        s->prompt[i] = (int32_t)((i * 37 + 11) % (info.n_vocab < IDS ? info.n_vocab : IDS));
    return true;
}

static bool open_engine(struct bench_run *r, double work, enum quant quant, struct err *e)
{
    if (!is_there()) {
        r->skip = "the shipped model has no weights here";
        return true;
    }
    r->state = calloc(1, sizeof(struct state));
    r->work = work;
    if (r->state == NULL)
        return FAIL(e, ERR_IO, "no memory for a bench");
    if (open_state(r, quant, e))
        return true;
    close_engine(r);
    return false;
}

static bool open_prompt(struct bench_run *r, struct err *e)
{
    return open_engine(r, PROMPT, QUANT_NONE, e);
}

static bool open_prompt_fp8(struct bench_run *r, struct err *e)
{
    return open_engine(r, PROMPT, QUANT_FP8, e);
}

static bool step_prompt(struct bench_run *r, struct err *e)
{
    struct state *s = r->state;
    return engine_logits(s->g, s->prompt, PROMPT, false, s->logits, e);
}

static bool open_tokens(struct bench_run *r, struct err *e)
{
    return open_engine(r, r->variant % MANY, QUANT_NONE, e);
}

static bool step_tokens(struct bench_run *r, struct err *e)
{
    struct state *s = r->state;
    struct finished done;
    while (engine_take(s->g, &done))
        continue;
    while (engine_has_room(s->g)) {
        uint64_t i = s->n_submitted++;
        struct sampling how = {.temperature = 1.0F, .top_p = 0.95F, .seed = i, .n_out_max = OUT};
        TRY(engine_submit(s->g, &s->prompt[i % PROMPT], 1, &how, i, e));
    }
    return engine_step(s->g, e);
}

#define TOKENS(what, variant)                                                                      \
    {                                                                                              \
        "engine/tokens/" what, "tokens/s", 1, variant, open_tokens, step_tokens, close_engine      \
    }

const struct bench bench_engine[] = {
    {"engine/prompt/512, 1 thread", "tokens/s", 1, 1, open_prompt, step_prompt, close_engine},
    {"engine/prompt/512, all threads", "tokens/s", 1, MANY, open_prompt, step_prompt, close_engine},
    {"engine/prompt/512, fp8", "tokens/s", 1, 1, open_prompt_fp8, step_prompt, close_engine},
    TOKENS("batch 1", 1),
    TOKENS("batch 8", 8),
    TOKENS("batch 32", 32),
    TOKENS("batch 64", 64),
    TOKENS("batch 64, all threads", MANY + 64),
    {0},
};
