/* Comparison at random points, in balls: inside identity.c, region.c and statement.c, for nobody
 * else.
 *
 * Points come in groups: positive ones, signed ones, whole numbers for letters that stand for them,
 * small whole numbers where formulas have their exceptions, complex ones where Re or conj ask. Two
 * functions apart in every group are different; together in all they are probably the same; where
 * groups disagree the problem's own domain decides, which is not known here: EXACT_UNKNOWN. */
#pragma once
#include "graders/math/identity_point.h"

enum probe_group {
    PROBE_POSITIVE,
    PROBE_SIGNED,
    PROBE_WHOLE,
    PROBE_SMALL,
    PROBE_COMPLEX,
    PROBE_BRANCH, /* real points, values anywhere: where the real line has no common one */
    PROBE_GROUPS,
};

/* The t-th point of a group. */
void probe_point(struct point *p, enum probe_group group, uint64_t t);

/* Precision at which agreement counts. 0: numbers are too long for that. */
slong probe_precision(const struct vars *v);

struct exact probe_compare(struct vars *v, int32_t a, int32_t b);

/* Whether a/b is constant. Its sign, -1 or 1, in *sign where that is the same at all points. */
struct exact probe_proportional(struct vars *v, int32_t a, int32_t b, int *sign);
