/* Whether two answers say the same. Symmetric, and three-valued: what is not understood on either
 * side, or depends on a convention the problem would have to settle, is UNSURE.
 *
 * Policies, each named in *rule when it decides:
 *   lists and sets   order does not count; repeats do; a bare list equals a set
 *   tuples           order counts; (1,2) against 1,2 is unsure
 *   intervals        brackets count; [0,1] against (0,1) is unsure, [0,1) against (0,1) differs
 *   units            the same unit or none on both sides; degrees may be left out; else unsure
 *   percent          28% is 0.28; 28% against 28 is unsure
 *   rounding         exact; a decimal of 3 or more digits that the other rounds to is unsure
 *   names            x = 5 is 5; x = 5 against y = 5 is unsure
 *   commas           1,234 is a number when bare, two inside brackets; other readings that match
 *                    are unsure */
#pragma once
#include "graders/math/value.h"

enum sameness { SAME, DIFFERENT, UNSURE };

enum sameness value_compare(const struct value *a, const struct value *b, struct work *w,
                            const char **rule);

/* Both texts read in every way their commas allow, and compared. a and b, when not NULL, receive
 * the main reading of each. */
enum sameness answers_compare(struct str text_a, struct str text_b, struct work *w, struct value *a,
                              struct value *b, const char **rule);
