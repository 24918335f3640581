/* A model folder opened in this process: tokenizer, kernels and engine together, and the one way
 * a conversation becomes token ids. Shared by everything that runs a model here. */
#pragma once
#include "base/arena.h"
#include "encoding/message.h"
#include "engine/engine.h"
#include "engine/tokenizer.h"
#include "harness/trace/trace.h"

/* The words of --kv, in the order of enum kv_type. */
#define LOCAL_KV_TYPES "f32|bf16|fp8"

/* The words of --draft, in the order of enum draft. */
#define LOCAL_DRAFTS "none|ngram|mtp"

struct local_config {
    const char *dir;
    enum quant quant;
    enum kv_type kv;
    enum weight_mode weights;
    int64_t n_threads; /* 0: one a processor */
    int64_t n_slots;   /* 0: the engine's default */
    bool is_traced;    /* replies carry experts and kept sets */
    enum draft draft;  /* who guesses ahead: changes speed, no token, and is no part of identity */
    int64_t n_draft;   /* 0: the engine's default */
    /* The official behaviour: the rendered prompt is tokenised as one text, control strings
     * recognised wherever they stand, forged ones included. Off: only the template's own control
     * strings are; a user's text stays text. */
    bool template_compat;
    bool is_rehashed; /* read the weights whole even if their digest is remembered */
    bool is_ids_only; /* open no tokenizer: for a caller who brings ids, and wants no text back */
};

/* For OPTION_WORD, in the order of enum weight_mode. */
#define LOCAL_WEIGHTS "stored|f32|bf16|fp8|q8"

struct local {
    struct local_config config;
    struct tokenizer *tokenizer;
    struct kernels *kernels;
    struct engine *engine;
    struct engine_info info;
    int32_t think_end;  /* id of </think>, -1 when the tokenizer has no such token */
    char identity[320]; /* empty until local_identify() */
};

/* "none", "ngram", "mtp". */
const char *local_draft_name(enum draft d);

MUST_CHECK bool local_open(struct local *out, const struct local_config *c, struct err *e);
/* Names the model, for whoever stores or prints the name: hashes its files, those of a large model
 * only when their digests are not remembered in the user's cache folder (engine/digests.h). */
MUST_CHECK bool local_identify(struct local *l, struct err *e);

void local_close(struct local *l); /* zeroed is fine */

/* What a trace of this model's replies begins with. Borrows the identity. */
struct trace_head local_trace_head(const struct local *l);

/* The prompt of a conversation: its text, and its ids appended to *ids. A document that is not
 * empty is the conversation as JSON, in place of chat->at. */
MUST_CHECK bool local_prompt(const struct local *l, const struct chat *chat, struct str document,
                             struct buf *text, struct tokens *ids, struct err *e);

/* How many of the sampled tokens are thinking: up to and including </think>, all when it never
 * came, none outside thinking mode. */
int64_t local_n_thinking(const struct local *l, const int32_t *tokens, int64_t n, bool thinking);

/* A budget for whoever named none: `wanted`, or what the context leaves after n_prompt tokens when
 * that is less; at least 1, so that a prompt that does not fit is refused by the engine. */
int64_t local_budget(const struct local *l, int64_t n_prompt, int64_t wanted);
