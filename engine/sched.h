/* Who is in the next step. Requests live in slots from admission until they are taken.
 *
 *   free --admit--> feeding --finish--> done --take--> free
 *
 * A feeding request has tokens (prompt, then what was sampled) of which the first n_fed are in
 * the cache. A step first gives every request that waits for its next token its one row, then
 * fills up with prompts in order of admission, a prompt being cut where the step is full. A row
 * that feeds the last known token yields logits, and so the next token. */
#pragma once
#include "engine/engine.h"
#include "engine/forward.h"

enum slot_state { SLOT_FREE, SLOT_FEEDING, SLOT_DONE };

struct slot {
    enum slot_state state;
    enum stop stop;
    uint64_t ticket;
    uint64_t turn; /* order of admission, then order of finishing */
    struct sampling how;
    int64_t n_prompt;
    int64_t n_tokens; /* prompt and sampled */
    int64_t n_fed;
    int32_t *token; /* [n_context] */
    float *logprob; /* [n_context], of token[n_prompt + i] at i */
};

/* A row of the batch that ends its request's known tokens. */
struct wanted {
    int64_t slot;
    int32_t row;
};

struct sched {
    int64_t n_slots;
    int64_t n_step; /* most rows of a step, >= n_slots */
    int64_t n_context;
    uint64_t turn;
    struct slot *slot; /* [n_slots] */
    struct batch batch;
    struct wanted *wanted; /* [n_slots] */
    int64_t n_wanted;
    int64_t *order; /* [n_slots] work */
};

MUST_CHECK bool sched_open(struct sched *s, int64_t n_slots, int64_t n_step, int64_t n_context,
                           struct err *e);
void sched_close(struct sched *s); /* zeroed is fine */

int64_t sched_find(const struct sched *s, enum slot_state state); /* -1: none */
int64_t sched_count(const struct sched *s, enum slot_state state);

/* Puts a request into a free slot. n + n_out_max fits into n_context. */
void sched_admit(struct sched *s, int64_t slot, const int32_t *prompt, int64_t n,
                 const struct sampling *how, uint64_t ticket);

/* Fills s->batch and s->wanted for one step, and counts the rows as fed. */
void sched_plan(struct sched *s);

/* Appends a sampled token. The caller decides whether that ends the request. */
void sched_append(struct sched *s, int64_t slot, int32_t token, float logprob);
void sched_finish(struct sched *s, int64_t slot, enum stop why);

/* The slot that finished first, -1 when none is done; free it when its tokens are copied. */
int64_t sched_first_done(const struct sched *s);
void sched_free(struct sched *s, int64_t slot);
