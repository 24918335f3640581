/* Rationals as products of primes, as far as that is cheap: small primes are divided out, what is
 * left and fits a word is factored, what is larger stays whole. So a "prime" here is a prime or a
 * number without small factors, and two lists may hide a common factor in such rests. */
#pragma once
#include "graders/math/exact.h"

enum { FACTORS_MAX = 512 };

struct factors {
    struct {
        fmpz p[1];
        int64_t e;
    } at[FACTORS_MAX];
    int32_t n;
};

/* |q|, which is not 0. False, with nothing to clear, when the budget is used up. */
bool factors_of(struct factors *f, const fmpq_t q, struct budget *budget);
void factors_clear(struct factors *f);
