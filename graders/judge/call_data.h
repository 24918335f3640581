/* Results of calls as plain data: read from JSON that anybody may have written, checked against a
 * declared type, compared. */
#pragma once
#include "graders/judge/call.h"

/* NaN and the infinities are read, as Python writes them; a lone surrogate stays one. */
MUST_CHECK bool data_read(struct str text, const struct pyval **out, struct arena *keep,
                          struct err *e);

/* int and long are whole numbers of 32 and 64 bits, written without point or exponent; `is_ours`:
 * a whole number in any writing, since an item's own JSON may have been printed as 1e5 or 1.0.
 * double is any number; char is a string of one character. CALL_ANY takes everything. */
bool data_is_of(const struct pyval *v, struct call_type t, bool is_ours);

/* See call.h. Without a tolerance numbers must be equal. is_unordered: two arrays are compared as
 * multisets, their elements in order; with a tolerance both are sorted first and then compared
 * place by place, so that numbers nearer to each other than the tolerance may be taken crosswise.
 */
bool data_equal(const struct pyval *want, const struct pyval *got, const struct tolerance *t,
                bool is_unordered, struct arena tmp);
