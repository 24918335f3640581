/* The comparators behind equal.h, one for each kind of answer, all with one result. */
#pragma once
#include "graders/math/equal.h"
#include "graders/math/shape.h"

struct same {
    enum equal_verdict verdict;
    enum equal_level level;
    const char *method; /* static */
    int64_t bits;
};

/* What one comparison works with. */
struct same_in {
    struct exprs *x;
    const struct equal_policy *policy;
    struct budget *budget;
    struct arena tmp; /* given back on return of whoever copied this */
    int32_t depth;    /* of collections within collections */
};

struct same same_yes(enum equal_level level, const char *method);
struct same same_no(enum equal_level level, const char *method);
struct same same_unsure(const char *method);
struct same same_exact(struct exact found); /* proved, probable, different or neither */

/* All of n must hold: the weakest yes, any no, else undecided. Adds b to a. */
struct same same_both(struct same a, struct same b);

/* Turns a yes into one by policy; anything else stays. */
struct same same_by_policy(struct same s, const char *policy);
/* Turns a yes into undecided, with the reason. */
struct same same_doubt(struct same s, const char *why);

/* Both sides are the node e: equal, unless it divides by a zero that can be seen. */
struct same same_expression(const struct exprs *x, int32_t e);

/* Numbers and functions, with units, signs of infinity, rounding. */
struct same same_scalar(struct same_in *in, int32_t gold, int32_t pred);

/* Bare lists, tuples, sets, matrices, in all pairings. */
struct same same_collection(struct same_in *in, struct shape gold, struct shape pred);

/* With an ellipsis on a side: different where the members before it are, else undecided. */
struct same same_dotted(struct same_in *in, struct shape gold, struct shape pred);

/* a + C against b + C, found different: whether it is proved that no C makes them the same. */
bool same_differs_by_more(struct same_in *in, int32_t gold, int32_t pred);

/* Sets of reals and statements. */
struct same same_region(struct same_in *in, struct shape gold, struct shape pred);
struct same same_statement(struct same_in *in, struct shape gold, struct shape pred);

/* Words and letters against anything. */
struct same same_text(struct same_in *in, struct shape gold, struct shape pred);

/* Any two nodes: finds the comparator. *comparator, when not NULL, is its name. */
struct same same_nodes(struct same_in *in, int32_t gold, int32_t pred, const char **comparator);
