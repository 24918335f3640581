/* Why the replies to one item got their verdicts: what is stored, and where the grader is "math" or
 * "choice" every step of it again, from the stored reply: the extracted span in its context, both
 * sides as they are read, the comparator, the certificate, the policies. Of other graders it shows
 * the evidence they left. Changes nothing. */
#pragma once
#include "harness/store/store.h"

/* sample  only this one; -1: all. Fails with ERR_USAGE when the run has no such item. */
MUST_CHECK bool explain_item(struct store *s, struct str item, int64_t sample, bool is_json,
                             struct buf *out, struct arena *keep, struct arena tmp, struct err *e);
