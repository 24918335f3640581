/* Token ids as text: numbers separated by white space or commas, brackets of a JSON list allowed.
 * What `podium tokenize` prints and `podium logits` reads. */
#pragma once
#include "base/err.h"
#include "base/str.h"
#include "engine/tokenizer.h"

/* Appends the ids. Anything that is not an id is ERR_INPUT naming `what` and the byte. */
MUST_CHECK bool token_list_read(struct str text, const char *what, struct tokens *out,
                                struct err *e);
