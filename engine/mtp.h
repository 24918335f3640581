/* Multi-token prediction: a decoder layer after the last that guesses the token after the next.
 *
 *   h' = eh_proj(norm_e(embed(token t+1)) | norm_h(h_t)),  h_t after the final norm
 *   out = layer(h'),  logits = head(norm(out))             a guess at token t+2
 *
 * Row t sits at position t, in a cache of its own: it is fed once token t+1 is known, in the step
 * that accepts row t. A further guess comes from feeding the layer what it guessed, with its own
 * output in place of h_t; such rows lie behind the accepted ones and are written again when the
 * tokens are known. */
#pragma once
#include "engine/forward.h"

/* Rows to be fed: batch.id[i] is the token after the row, row[i] where its hidden state lies. */
struct mtp {
    struct batch batch;
    int32_t *row; /* [T] host */
};

enum mtp_source {
    MTP_FROM_MODEL, /* rows of the last forward_run */
    MTP_FROM_SELF,  /* rows of the last mtp_feed */
};

MUST_CHECK bool mtp_open(struct mtp *m, int64_t n_rows, struct err *e);
void mtp_close(struct mtp *m); /* zeroed is fine */

void mtp_add(struct mtp *m, int32_t next, int32_t slot, int32_t position, int32_t row);

/* Feeds all rows of m. Hidden states of the forward pass are gone afterwards, unless T is 0. */
MUST_CHECK bool mtp_feed(struct mtp *m, struct forward *f, enum mtp_source from, struct err *e);

/* Logits of rows of the last mtp_feed (host [n], n <= f->n_out) into host [n][V]. */
MUST_CHECK bool mtp_logits(struct forward *f, const int32_t *row, int64_t n, float *out,
                           struct err *e);
