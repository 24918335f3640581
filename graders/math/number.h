/* Exact arithmetic in an answer: 1,234  -3/4  2\frac12  1.5 * 10^{3}  2^{10} - 1.
 *
 * Only what has one meaning is a number. Refused, so that the answer stays opaque: juxtaposition
 * (2(3), 2x), division followed by multiplication (1/2*3), towers (2^3^2), a proper-looking mixed
 * number with an improper fraction, division by zero, roots, letters, constants. */
#pragma once
#include "graders/math/value.h"

/* How many tokens at `at` form one number literal with its thousands separators, 0 when none does.
 * Groups of three are joined by {,} or ,\! or a space always, by a plain comma when it groups. */
int64_t number_length(const struct token *at, int64_t n, enum comma how);

/* All n tokens as one number. Sets number, n_decimals and n_significant of *out. */
bool number_read(const struct token *at, int64_t n, enum comma how, struct work *w,
                 struct value *out);
