/* Tokens in, tokens out, many requests at a time.
 *
 * The caller drives: submit until full, step, take what is finished. No callbacks, no allocation
 * after engine_open(). A request's tokens and log-probabilities depend on the request alone:
 * never on its neighbours in the batch, on how its prompt was cut, or on the number of threads.
 *
 * engine/MODEL.md describes the architecture as implemented. */
#pragma once
#include <stdint.h>

#include "base/err.h"

struct engine;
struct kernels;
struct digests;

enum quant {
    QUANT_NONE, /* activations stay f32 between the stored weights */
    QUANT_FP8,  /* activations quantised per token and 128 channels, ue8m0 scales */
};

struct engine_config {
    const char *weights_dir;
    enum quant quant;
    int64_t n_slots;       /* requests alive at once, <= LIMIT_BATCH; 0: a default */
    int64_t n_kv_tokens;   /* cache pool in tokens, shared by all slots; 0: a default */
    int64_t n_step_tokens; /* most tokens fed in one step (prefill is cut to fit); 0: a default */
};

struct sampling {
    float temperature; /* 0 = argmax */
    float top_p;       /* (0, 1] */
    uint64_t seed;     /* one stream per request: (seed, position) -> number */
    int64_t n_out_max; /* tokens */
};

enum stop { STOP_EOS, STOP_LENGTH, STOP_CANCELLED };

struct finished {
    uint64_t ticket;
    enum stop stop;
    const int32_t *tokens; /* [n], the sampled ones, EOS included; borrowed until the next take */
    const float *logprobs; /* [n], natural log, of the token chosen, under the model's own
                            * distribution at temperature 1 without top_p */
    int64_t n;
    int64_t n_prompt;
};

/* One token as it was sampled, for those who stream. */
struct engine_event {
    uint64_t ticket;
    int32_t token;
    float logprob;
};

/* What the model is, for identity and reports. Borrowed text lives as long as the engine. */
struct engine_info {
    int64_t n_vocab;
    int64_t n_context_max; /* longest prompt + output a request may have */
    int64_t n_layers;
    int64_t n_params;
    int64_t n_slots;
    int32_t eos;
    int32_t bos;
    const char *kernels; /* "avx2", "avx512", "portable" */
};

/* Borrows k, which must outlive the engine. */
MUST_CHECK bool engine_open(struct engine **out, struct kernels *k, const struct engine_config *cfg,
                            struct err *e);
void engine_close(struct engine *g); /* NULL is fine */
void engine_describe(const struct engine *g, struct engine_info *out);

/* Identity of the model, over config.json and every shard, hex (weights.h, weights_sha256). Not
 * needed to run it, so it is read when somebody asks and not at every start. */
MUST_CHECK bool engine_sha256(const struct engine *g, const struct digests *d, char out[65],
                              struct err *e);

/* Copies the prompt. ERR_LIMIT when no slot is free: step, take, retry. ERR_INPUT when the request
 * can never fit (ids outside the vocabulary, prompt + n_out_max over the context or the pool). */
MUST_CHECK bool engine_submit(struct engine *g, const int32_t *prompt, int64_t n,
                              const struct sampling *how, uint64_t ticket, struct err *e);
bool engine_has_room(const struct engine *g);
int64_t engine_n_alive(const struct engine *g);

/* One forward pass over everything alive. Doing nothing when nothing is alive is fine. */
MUST_CHECK bool engine_step(struct engine *g, struct err *e);

/* Tokens sampled by the last step, at most one a request; borrowed until the next step. */
const struct engine_event *engine_events(const struct engine *g, int64_t *n);

bool engine_take(struct engine *g, struct finished *out); /* false: none is finished */
void engine_cancel(struct engine *g, uint64_t ticket);    /* ends as STOP_CANCELLED at next take */

/* Logits of every position (all) or the last one of a single sequence, through the same forward
 * pass, cut in chunks of n_step_tokens. out: [all ? n : 1][n_vocab] f32, caller's memory.
 * The engine must be idle. */
MUST_CHECK bool engine_logits(struct engine *g, const int32_t *tokens, int64_t n, bool all,
                              float *out, struct err *e);
