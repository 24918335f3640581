/* Pairs up two lists whose members were compared with a three-valued answer.
 *
 * Sorting and walking side by side pairs the wrong members as soon as one comparison is undecided
 * or has no order (functions, tuples), so this is a matching in a graph: Kuhn's augmenting paths,
 * at most n edges times n members. */
#pragma once
#include "base/arena.h"
#include "graders/math/equal.h"

/* verdicts  [n][n], row by row: of member i of one list and member k of the other
 * Yes: a full matching of equal pairs exists. No: none exists even if every undecided pair were
 * equal. *partner [n] receives for each i its k where the answer is yes; may be NULL. */
enum equal_verdict match_lists(const enum equal_verdict *verdicts, int32_t n, int32_t *partner,
                               struct arena tmp);

/* As sets: every member of either side equals some member of the other; [n][m]. */
enum equal_verdict match_sets(const enum equal_verdict *verdicts, int32_t n, int32_t m);
