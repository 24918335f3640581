/* In which form a gold answer is written, so that the audit of a suite can tell one that is written
 * unlike the others. Decides nothing about equality. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

enum gold_shape {
    GOLD_UNREAD, /* not understood, empty, or too long */
    GOLD_INTEGER,
    GOLD_FRACTION, /* a rational number that is not whole, not written as a decimal */
    GOLD_DECIMAL,
    GOLD_MEASURE,  /* with a unit, a percent or degree sign, a currency */
    GOLD_CONSTANT, /* another number: sqrt(2), 2^{100}, 3 + 4i */
    GOLD_FUNCTION, /* with variables */
    GOLD_LIST,     /* bare */
    GOLD_SET,
    GOLD_TUPLE,
    GOLD_REGION, /* intervals, unions, inequalities are statements */
    GOLD_MATRIX,
    GOLD_STATEMENT,
    GOLD_LETTER,
    GOLD_TEXT,
    GOLD_N_SHAPES,
};

/* The shape of the best reading. What is read on the way is left in keep. */
enum gold_shape gold_shape(struct str gold, struct arena *keep, struct arena tmp);
const char *gold_shape_name(enum gold_shape s); /* "integer", "decimal", ... */
