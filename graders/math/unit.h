/* Units around a number: 5\text{ cm}, 30^\circ, 28\%, \$5, 3 square meters.
 *
 * A unit is only taken off when every word of it is known; "5 million" and "9 chickens" stay
 * opaque. Nothing is converted here. */
#pragma once
#include "graders/math/token.h"

/* Looks at both ends of the n tokens. Sets *from and *to to what remains for the number, and *unit
 * to a canonical name ("cm", "m^2", "deg", "%", "$"), empty when there is none. */
void unit_split(const struct token *at, int64_t n, int64_t *from, int64_t *to, struct str *unit,
                struct arena *keep);
