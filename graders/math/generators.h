/* Whether an elementary number is 0 because it is the zero function of its generators.
 *
 * A term is a rational function, with algebraic coefficients, of the numbers that are not known to
 * be algebraic: pi, logarithms, exponentials. Read as variables these prove something only when
 * they are the same variable where they depend on each other, so dependences are looked for (with
 * lattice reduction) and each one found is proved before it is used. When the numerator then is 0
 * coefficient by coefficient, each proved by its separation bound, the number is 0. That it is not
 * 0 is never concluded here: that would need Schanuel's conjecture. */
#pragma once
#include "graders/math/term.h"

/* true: proved to be 0. Every divisor below t was proved not to be 0 by whoever built t. */
bool generators_vanish(struct terms *T, int32_t t);
