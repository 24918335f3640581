/* How the tokens of one step came about: the experts of the rows they were drawn from, and what
 * top_p left of the vocabulary. Memory for the most that a step can draw is taken at once, and
 * touched as far as it is used. Only accepted draws come here, so guesses leave no trace. */
#pragma once
#include "engine/forward.h"
#include "engine/sampler.h"

struct trace_log {
    int64_t n_tokens; /* of the step so far */
    int64_t n_routes; /* ids of one token: mixtures * experts used */
    int64_t n_kept;   /* ids used of kept[] */
    int32_t *route;   /* [most draws][n_routes] */
    int32_t *kept;    /* [most draws * n_vocab] */
};

/* n_draws: most tokens of one step. Tells the forward pass to keep its routes. */
MUST_CHECK bool trace_log_open(struct trace_log *t, struct forward *f, int64_t n_draws,
                               struct err *e);
void trace_log_close(struct trace_log *t); /* zeroed is fine */

void trace_log_begin(struct trace_log *t); /* a step; zeroed is fine */

/* Fills the traced part of *out for the token just drawn from `row` of the last pass, whose weights
 * sampler_draw left in w. Nothing when the log is not open. */
void trace_log_add(struct trace_log *t, const struct forward *f, int64_t row,
                   const struct sampling *how, struct sampler_work w, struct engine_event *out);
