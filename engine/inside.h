/* What the files behind engine.h share: engine.c (opening, admission, results), step.c (a step),
 * whole.c (whole sequences). Nobody else includes this. */
#pragma once
#include "engine/engine.h"
#include "engine/mtp.h"
#include "engine/sampler.h"
#include "engine/sched.h"
#include "engine/trace.h"

struct engine {
    struct kernels *k;
    struct model *model;
    struct kv *kv;
    struct forward *forward;
    struct mtp mtp;
    struct sched sched;
    struct sampler_work work;
    struct trace_log trace;
    enum draft draft;
    int64_t n_draft;
    float *logits;               /* [n_slots][n_vocab] */
    struct engine_event *events; /* [n_step] of the last step */
    int64_t n_events;
    int32_t *taken_tokens; /* [n_context] of the last take */
    float *taken_logprobs;
    int64_t n_token_bytes;     /* of the cache, in all layers */
    struct engine_stats stats; /* what sched does not count */
};

/* ERR_INPUT unless there is a token and all are of the vocabulary. */
MUST_CHECK bool engine_check_tokens(const struct engine *g, const int32_t *token, int64_t n,
                                    struct err *e);
