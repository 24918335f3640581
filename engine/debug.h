/* Windows into the engine for tests: nothing here is needed to run a model. */
#pragma once
#include "engine/engine.h"

/* From now on fn sees the residual stream of every row: layer -1 is the embedding, 0 .. n - 1
 * after each layer, n after the final norm. hidden [n] is the caller's until fn returns. NULL
 * stops it. */
void engine_tap(struct engine *g,
                void (*fn)(void *ctx, int64_t layer, int64_t position, const float *hidden,
                           int64_t n),
                void *ctx);

/* What the MTP layer makes of a sequence: out[t] = its logits for token t + 2, given tokens up to
 * t + 1; out [n - 1][n_vocab]. The engine must be idle. ERR_UNSUPPORTED without an MTP layer. */
MUST_CHECK bool engine_mtp_logits(struct engine *g, const int32_t *tokens, int64_t n, float *out,
                                  struct err *e);

/* Aborts when the counts of the cache's pages do not agree with who holds them; with nobody alive
 * no page is held. */
void engine_check(const struct engine *g);
