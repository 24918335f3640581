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
#include "kernels/kernels.h"

struct engine;
struct digests;

enum quant {
    QUANT_NONE, /* activations stay f32 between the stored weights */
    QUANT_FP8,  /* activations quantised per token and 128 channels, ue8m0 scales */
};

/* Who guesses tokens ahead. A guess is fed behind the known tokens, and kept iff it is what the
 * request's own seeded draw gives there: more tokens a step, the same tokens. */
enum draft {
    DRAFT_NONE,
    DRAFT_NGRAM, /* what followed the same few tokens earlier in the request itself */
    DRAFT_MTP,   /* the model's MTP layer; ERR_UNSUPPORTED without one */
};

/* What the large matrices are made into at load, where they are stored wider: attention's, the
 * indexer's q and k, the experts' and the dense layers', eh_proj; those of the MTP layer too. The
 * embedding, the head, the router, the index weights, norms and kv_b stay as they are stored: they
 * are small, or decide where an error is not averaged away. */
enum weight_mode {
    WEIGHTS_STORED,
    WEIGHTS_F32,  /* everything as f32: the same bits as stored, for comparison */
    WEIGHTS_BF16, /* rounded to nearest even */
    WEIGHTS_FP8,  /* E4M3, a power-of-two scale for 128 x 128 */
    WEIGHTS_Q8,   /* int8, an f32 scale for 32 numbers of a row */
};

struct engine_config {
    const char *weights_dir;
    enum weight_mode weights;
    enum quant quant;
    int64_t n_slots;       /* requests alive at once, <= LIMIT_BATCH; 0: a default */
    int64_t n_kv_tokens;   /* cache pool in tokens, shared by all slots; 0: a default */
    int64_t n_step_tokens; /* most tokens fed in one step (prefill is cut to fit); 0: a default */
    enum kv_type kv;       /* how the cache keeps its rows; KV_F32 rounds nothing */
    enum draft draft;
    int64_t n_draft;  /* most guesses a request and step, <= LIMIT_DRAFT; 0: a default */
    bool is_traced;   /* events say how each token came about, at some cost */
    bool is_unshared; /* every request feeds all of its tokens itself: to measure, and for tests */
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
    int64_t n_shared;   /* rows it took over instead of feeding them */
    int64_t n_drafted;  /* guesses that were fed */
    int64_t n_accepted; /* of these, guesses that were right */
};

/* One token as it was sampled, for those who stream. */
struct engine_event {
    uint64_t ticket;
    int32_t token;
    float logprob;

    /* Only of an engine that is_traced, else NULL; borrowed until the next step. */
    const int32_t *experts; /* [n_mixtures][n_experts_used] of the row it was drawn from: layers
                             * ascending, in a layer the experts ascending */
    const int32_t *kept;    /* [n_kept] what top_p left to draw from, ascending */
    int64_t n_kept;         /* 0: nothing was masked (top_p 1, or greedy) */
};

/* Since engine_open. */
struct engine_stats {
    int64_t n_steps;
    int64_t n_rows;    /* fed, those of guesses included */
    int64_t n_shared;  /* rows taken over from another request or an earlier one */
    int64_t n_sampled; /* tokens drawn */
    int64_t n_drafted; /* guesses fed */
    int64_t n_accepted;
    int64_t n_preempted;   /* times that a request gave its pages back before its end */
    int64_t n_pages;       /* of 64 tokens, in the pool */
    int64_t n_pages_held;  /* by requests now */
    int64_t n_pages_peak;  /* most that were held at once */
    int64_t n_cache_bytes; /* of one token in all layers */
};

/* What the model is, for identity and reports. Borrowed text lives as long as the engine. */
struct engine_info {
    int64_t n_vocab;
    int64_t n_context_max; /* longest prompt + output a request may have */
    int64_t n_layers;
    int64_t n_params;
    int64_t n_slots;
    int64_t n_dense_layers; /* the first ones; the others are mixtures of experts */
    int64_t n_experts;      /* of one mixture */
    int64_t n_experts_used; /* by one token */
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
 * can never fit (ids outside the vocabulary, prompt + n_out_max over the context or the pool).
 * Prompts that begin alike are fed once for as long as the cache remembers them; submit samples of
 * one prompt next to each other. */
MUST_CHECK bool engine_submit(struct engine *g, const int32_t *prompt, int64_t n,
                              const struct sampling *how, uint64_t ticket, struct err *e);
bool engine_has_room(const struct engine *g);
int64_t engine_n_alive(const struct engine *g);

/* One forward pass over those alive, as many as the step and the cache take. Doing nothing when
 * nothing is alive is fine. */
MUST_CHECK bool engine_step(struct engine *g, struct err *e);

/* Tokens sampled by the last step; those of one request in order, more than one only with drafts.
 * Borrowed until the next step. */
const struct engine_event *engine_events(const struct engine *g, int64_t *n);

bool engine_take(struct engine *g, struct finished *out); /* false: none is finished */
void engine_cancel(struct engine *g, uint64_t ticket);    /* ends as STOP_CANCELLED at next take */

void engine_stats(const struct engine *g, struct engine_stats *out);

/* Logits of every position (all) or the last one of a single sequence, through the same forward
 * pass, cut in chunks of n_step_tokens. out: [all ? n : 1][n_vocab] f32, caller's memory.
 * The engine must be idle. */
MUST_CHECK bool engine_logits(struct engine *g, const int32_t *tokens, int64_t n, bool all,
                              float *out, struct err *e);
