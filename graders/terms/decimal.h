/* Decimal numbers as texts write them, compared without rounding.
 *
 * A tolerance of 1e-6 is met or missed at its very border by outputs that are written in decimals,
 * and neither 0.1 nor 1e-6 is a double. So nothing here is rounded: two numbers and a tolerance are
 * compared digit by digit from the top, in one pass over the texts and without memory, whatever
 * their length and exponents. Doubles only spare that pass where they are sure.
 *
 * A number is   [+-] digits [. digits] [(e|E) [+-] digits]   with a digit on at least one side of
 * the point. Not numbers: "inf", "nan", "0x10", "1e", "1e+", ".", "+", "1_000", "1d5", "1,5", and
 * anything with a byte before or after. An exponent beyond +-10^15 makes no number either, unless
 * the digits are all zero: no program prints one for a reason. */
#pragma once
#include <stdbool.h>

#include "base/str.h"

struct decimal {
    const char *at; /* first digit or point; borrowed from the text */
    int64_t n;      /* digits */
    int64_t top;    /* the first digit counts 10^top */
    bool is_minus;  /* of "-0" too */
    bool has_about; /* about is within 2^-50 of the number, relatively */
    double about;
};

/* The whole text as a number. */
bool decimal_read(struct str text, struct decimal *out);

/* How far apart two numbers may be. Made from doubles, each standing for the shortest decimal that
 * reads back as it: 1e-6 means one millionth, exactly. */
struct tolerance {
    double abs, rel;
    int64_t abs_digits, rel_digits; /* abs = abs_digits * 10^abs_power */
    int64_t abs_power, rel_power;
};

/* Both finite and not negative. */
struct tolerance tolerance_of(double abs, double rel);

/* -1, 0, 1: by value; -0 is 0. */
int decimal_compare(const struct decimal *a, const struct decimal *b);

/* |got - want| <= abs  or  |got - want| <= rel * |want|. */
bool decimal_is_near(const struct decimal *want, const struct decimal *got,
                     const struct tolerance *t);
