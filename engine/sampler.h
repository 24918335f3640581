/* From logits to a token: a pure function of (logits, sampling, position).
 *
 * Kept tokens: all at top_p = 1, else the shortest prefix of the tokens in falling order of
 * probability (ties: lower id first) that holds at least top_p. The draw then walks the kept
 * tokens in ascending id until their sum passes u times the kept mass, u = rng_unit(seed, 0,
 * position). Sums are in double, ascending id (the prefix: falling probability). */
#pragma once
#include "engine/engine.h"

struct sampler_work {
    double *p;     /* [n_vocab] */
    int32_t *heap; /* [n_vocab] */
};

struct sampled {
    int32_t token;
    float logprob; /* at temperature 1, without top_p */
};

/* Leaves in work.p the weights it drew from: at top_p < 1 and temperature > 0, 0 for every token
 * that is not kept and for no other. position: of the token to be drawn in its sequence, prompt
 * included. ERR_INPUT when a logit is not a number. */
MUST_CHECK bool sampler_draw(const float *logits, int64_t n_vocab, const struct sampling *how,
                             int64_t position, struct sampler_work work, struct sampled *out,
                             struct err *e);
