/* What family.c compares: an answer as progressions. Inside family*.c, for nobody else. */
#pragma once
#include "base/limits.h"
#include "graders/math/exact.h"

/* What the parameter runs through. */
enum family_range {
    FAMILY_POINT,   /* there is none: the offset alone */
    FAMILY_ALL,     /* all whole numbers */
    FAMILY_UP,      /* from the offset on, by the step */
    FAMILY_NATURAL, /* likewise from k = 0 or k = 1, which the text leaves open */
    FAMILY_OPEN,    /* not said */
};

struct progression {
    enum family_range range;
    int32_t n; /* coordinates */
    int32_t offset[LIMIT_FAMILY_DIMENSIONS];
    int32_t step[LIMIT_FAMILY_DIMENSIONS];
};

struct family {
    struct progression of[LIMIT_FAMILY_MEMBERS];
    int32_t n;
    int32_t name;    /* the unknown that it gives values to; EXPR_NONE */
    bool is_class;   /* says what n leaves as remainder: for all n that the problem speaks of */
    bool is_said;    /* somewhere the text says what a parameter runs through */
    bool is_real;    /* the parameters are real: lines */
    bool has_letter; /* there is a parameter */
};

/* False: e is no family. */
bool family_read(struct exprs *x, int32_t e, struct budget *budget, struct family *out);
