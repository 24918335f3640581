/* Random requests played through an engine under random schedules, so that tests can ask whether
 * a schedule shows in the results. */
#pragma once
#include "engine/engine.h"
#include "kernels/kernels.h"

enum { PLAY_REQUESTS = 24, PLAY_TOKENS = 320 };

struct play_request {
    int32_t prompt[PLAY_TOKENS];
    int64_t n_prompt;
    struct sampling how;
};

struct play_result {
    enum stop stop;
    int32_t token[PLAY_TOKENS];
    float logprob[PLAY_TOKENS];
    int64_t n;
    bool is_there;
    int32_t heard[PLAY_TOKENS]; /* by events */
    uint64_t way[PLAY_TOKENS];  /* digest of a token's experts and kept set */
    int64_t n_heard;
    int64_t n_drafted;
    int64_t n_accepted;
};

/* How the same requests may be run. */
struct play_schedule {
    int n_threads;
    const char *isa; /* NULL: the best */
    enum quant quant;
    enum weight_mode weights;
    int64_t n_slots;
    int64_t n_step_tokens;
    uint64_t seed;    /* order of submission, steps in between; 0: in order, as early as possible */
    bool is_alone;    /* one request at a time */
    bool is_in_order; /* submitted in order, whatever the seed */
    int64_t n_kv_tokens; /* 0: enough for all */
    enum kv_type kv;
    enum draft draft;
    int64_t n_draft;
    bool is_unshared;
    int64_t n_cancelled; /* so many, drawn from the seed, are stopped somewhere on their way */
};

/* An engine for a schedule; fails the test when it cannot be opened. */
struct engine *play_open(const char *dir, const struct play_schedule *how, struct kernels **k);
void play_close(struct engine *g, struct kernels *k);

/* n requests drawn from a seed: prompts, lengths, temperatures. */
void play_make(struct play_request *out, int64_t n, int64_t n_vocab, int64_t n_prompt_max,
               int64_t n_out_max, uint64_t seed);

/* n requests that begin alike, in families: prompts from few tokens, cut and continued from one
 * another and sometimes equal, of up to n_prompt_max tokens. */
void play_make_families(struct play_request *out, int64_t n, int64_t n_vocab, int64_t n_prompt_max,
                        int64_t n_out_max, uint64_t seed);

/* Runs them all; out[i] belongs to request i. Ticket i. */
void play_run(struct engine *g, const struct play_request *request, int64_t n,
              const struct play_schedule *how, struct play_result *out);

/* Same tokens, same bits of every log-probability, same experts and kept sets, same end; of what
 * was cancelled in b, as far as it got. */
void play_expect_same(const struct play_result *a, const struct play_result *b, int64_t n,
                      const struct play_schedule *how);
