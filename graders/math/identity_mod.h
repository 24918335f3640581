/* Values of rational functions modulo 2^61 - 1: inside identity.c, for nobody else.
 *
 * Where a and b have values modulo p at one point and these are apart, a and b are different
 * rational functions, proved. Where they agree at three random points and are not the same, the
 * chance of that was (degree/2^61)^3: unless p divides all that is between them, which is why this
 * alone proves nothing. */
#pragma once
#include "graders/math/identity_point.h"

enum mod_end {
    MOD_SAME,      /* at all points */
    MOD_DIFFERENT, /* proved */
    MOD_NO_VALUE,  /* no point found with a value on both sides */
    MOD_NOT,       /* not rational functions over the rationals */
};

/* *bits: -log2 of the chance that unequal ones agree; 0 where the degree is out of hand. */
enum mod_end mod_compare(struct vars *v, int32_t a, int32_t b, int64_t *bits);
