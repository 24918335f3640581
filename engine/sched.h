/* Who is in the next step, and on which pages. Requests live in slots from admission until taken.
 *
 *   free --admit--> waiting --start--> feeding --finish--> done --take--> free
 *                      ^                  |
 *                      +---- preempt -----+
 *
 * A request has tokens (prompt, then what was drawn) of which the first n_fed are in the cache.
 * It starts with the rows that somebody before it left there (pages.h) and takes pages as it
 * grows. When there are none, the youngest feeding request gives its own back and waits; started
 * again, it is fed its tokens once more, those it had drawn included, and goes on as if nothing
 * had happened, because a row's bits do not depend on when it is fed. Only younger requests are
 * ever preempted, and the oldest never waits, so it always proceeds and everything ends.
 *
 * A step, oldest first in each line:
 *   1. one row for each request whose tokens are all fed but the last;
 *   2. prompts, cut where the step is full; a waiting request starts if its known tokens fit and
 *      everybody feeding could take one more page. One whose beginning an older request is just
 *      feeding waits for it, and holds up nobody;
 *   3. rows for guessed tokens (drafts), while there is place in the step and on pages.
 *
 * A request whose known tokens end in the step has *wanted* rows: the last known token's, and
 * those of its drafts. The engine draws from them in order for as long as each draw is the token
 * that was guessed. */
#pragma once
#include "base/limits.h"
#include "engine/engine.h"
#include "engine/forward.h"

enum slot_state { SLOT_FREE, SLOT_WAITING, SLOT_FEEDING, SLOT_DONE };

struct slot {
    enum slot_state state;
    enum stop stop;
    uint64_t ticket;
    uint64_t turn; /* order of admission, then order of finishing */
    struct sampling how;
    int64_t n_prompt;
    int64_t n_tokens; /* prompt and drawn */
    int64_t n_fed;
    int32_t *token; /* [n_context] */
    float *logprob; /* [n_context], of token[n_prompt + i] at i */
    int32_t draft[LIMIT_DRAFT];
    int64_t n_drafts; /* guesses at token[n_tokens ...] */

    /* this step */
    int64_t row;          /* its first row of the batch */
    int64_t n_rows;       /* with those of drafts */
    int64_t n_draft_rows; /* the last ones */
    int64_t n_drawn;
    bool is_closed; /* nothing further can be drawn in this step */
    bool is_ending; /* with `stop`, when the step is settled */

    /* for reports */
    int64_t n_shared;
    int64_t n_drafted;
    int64_t n_accepted;
};

/* A row of the batch whose logits are asked for. */
struct wanted {
    int64_t slot;
    int32_t row;
};

struct sched_shape {
    int64_t n_slots;
    int64_t n_step; /* most rows of a step, >= n_slots */
    int64_t n_context;
    bool is_unshared; /* every request feeds all of its tokens */
    bool is_mtp;      /* a cached row depends on the next token too, so one less can be shared */
};

struct sched {
    struct sched_shape shape;
    struct kv *kv; /* borrowed */
    struct pages *pages;
    uint64_t turn;
    struct slot *slot; /* [n_slots] */
    struct batch batch;
    struct wanted *wanted; /* [n_step] */
    int64_t n_wanted;
    int64_t *order; /* [n_slots] those alive, oldest first */
    int64_t n_alive;
    int64_t n_left; /* rows of the step not given out */
    int64_t n_preempted;
    int64_t n_shared;
    int64_t n_pages_peak;
};

MUST_CHECK bool sched_open(struct sched *s, struct kv *kv, const struct sched_shape *shape,
                           struct err *e);
void sched_close(struct sched *s); /* zeroed is fine */

int64_t sched_find(const struct sched *s, enum slot_state state); /* -1: none */
int64_t sched_n_alive(const struct sched *s);

/* Puts a request into a free slot. n + n_out_max fits into n_context. */
void sched_admit(struct sched *s, int64_t slot, const int32_t *prompt, int64_t n,
                 const struct sampling *how, uint64_t ticket);

/* Fills s->batch and s->wanted for one step. Afterwards kv_sync, the forward pass, the draws,
 * and sched_settle for every slot of the batch. */
void sched_plan(struct sched *s);

/* Appends a drawn token. The caller decides whether that ends the request. */
void sched_append(struct sched *s, int64_t slot, int32_t token, float logprob);

/* The accepted rows of the step count as fed, and may be shared from now on. Returns how many:
 * rows row .. row + n - 1 of the batch; what was fed behind them is as if it had not been. */
int64_t sched_settle(struct sched *s, int64_t slot);

/* Ends a request that is waiting or feeding. */
void sched_finish(struct sched *s, int64_t slot, enum stop why);

/* Pages so that rows up to n_tokens can be written, as far as they are to be had without taking
 * any from another request. Returns how many rows the slot's pages hold. */
int64_t sched_reach(struct sched *s, int64_t slot, int64_t n_tokens);

/* The slot that finished first, -1 when none is done; free it when its tokens are copied. */
int64_t sched_first_done(const struct sched *s);
void sched_free(struct sched *s, int64_t slot);
