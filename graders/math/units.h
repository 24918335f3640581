/* What a unit's name says about sizes: 5 cm is 50 mm, and can never be 5 kg.
 *
 * Names are the canonical ones of the reader: "cm^2", "km/h", "m/s^2", "N*m". Factors are exact
 * (an inch is 127/5000 m, a pound 45359237/100000 g); what has none here (cups, apples, points) is
 * an unknown unit. Temperatures are not converted: 5 K is not a multiple of 5 degrees. */
#pragma once
#include "graders/math/expr.h"

bool unit_is_known(struct str unit);
bool unit_at(int32_t i, struct str *name); /* every simple unit that is known; false past the end */

/* Two values with units of one dimension become multiples of one base unit, in place. False, and
 * nothing changes, when a unit is unknown or the dimensions differ. */
bool unit_convert(struct exprs *x, int32_t *a, struct str unit_a, int32_t *b, struct str unit_b);
