/* Statements taken apart: inside statement.c, for nobody else.
 *
 * A statement is read as an OR of ANDs of single relations; that is enough for what people write as
 * an answer. What is equal is matched relation by relation. What is different is proved by a point
 * where one statement holds and the other does not. */
#pragma once
#include "base/limits.h"
#include "graders/math/region.h"

/* left op right; < and <= only, never > and >=. */
struct relation {
    char op; /* of enum expr_relation */
    int32_t left;
    int32_t right;
    int32_t modulus; /* of EXPR_CONGRUENT, else EXPR_NONE */
};

struct conjunction {
    struct relation of[LIMIT_MATH_PARTS];
    int32_t n;
};

/* The relations that e says all hold. False: e is something else, or too long. */
bool statement_conjunction(struct exprs *x, int32_t e, struct conjunction *out);

/* Whether two relations say the same, whatever else holds. EXACT_EQUAL, EXACT_PROBABLE or
 * EXACT_DIFFERENT where that is known, which for equations it seldom is: EXACT_UNKNOWN. */
struct exact statement_pair(struct exprs *x, const struct relation *a, const struct relation *b,
                            struct budget *budget);

/* Congruences, by trying every residue: EXACT_EQUAL or EXACT_DIFFERENT where there are few. */
struct exact statement_congruent(struct exprs *x, const struct relation *a,
                                 const struct relation *b, struct budget *budget);

/* Systems of linear equations by elimination. EXACT_UNKNOWN: they are something else. */
struct exact statement_linear(struct exprs *x, const struct conjunction *a,
                              const struct conjunction *b, struct budget *budget);

/* EXACT_DIFFERENT where a point proves it, else EXACT_UNKNOWN. */
struct exact statement_by_points(struct exprs *x, int32_t a, int32_t b, struct budget *budget);
