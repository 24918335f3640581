/* Whole-number relations between numbers: guessed from their values, not proved. */
#pragma once
#include "graders/math/term.h"

enum { RELATION_MAX = 10 };

/* Looks for small whole c, c[n - 1] not 0, with c[0] z[0] + ... + c[n - 1] z[n - 1] = 0 as far as
 * the values show. n within RELATION_MAX. A relation that is there and small is found (LLL). */
bool relation_guess(struct terms *T, const int32_t *z, int32_t n, int64_t *c);
