/* Families of numbers with a whole parameter: x = pi/4 + k pi (k in Z), n = 4k + 1, n = 1 (mod 4),
 * n is odd, {2k + 1 | k in Z}, (k, k + 1), and unions of such.
 *
 * A family is read as progressions offset + step k, with k over all whole numbers or from one on.
 * Two are compared as sets: where all offsets and steps are rational multiples of one step, as
 * residues over one common period and what lies between the ends of the half-lines, which is
 * complete; a single progression against another by its step and the distance of the offsets.
 * What is said in more than one way (does N hold 0, is n positive, what does k run through where
 * nobody says it) is decided only where every way of taking it comes to the same. What is not
 * affine in the parameter is no family here. */
#pragma once
#include "graders/math/exact.h"

/* EXACT_UNKNOWN with method NULL: one of them is no family, others must decide. */
struct exact family_compare(struct exprs *x, int32_t a, int32_t b, struct budget *budget);
