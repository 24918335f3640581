/* What can be proved of a term: that it is 0, its sign, that it is real, that it is a rational.
 *
 * The ladder of exact.h, without its first step, which the constructors of terms have taken: balls,
 * separation bound, generators, and balls that agree to PROVE_BITS without a proof. */
#pragma once
#include "graders/math/term.h"

enum proof_of_zero {
    ZERO_PROVED,
    ZERO_PROBABLE, /* to `bits` bits */
    ZERO_REFUTED,  /* proved not to be 0 */
    ZERO_UNKNOWN,
};

struct proof {
    enum proof_of_zero zero;
    const char *method; /* static, as in struct exact */
    int64_t bits;
};

enum { PROVE_BITS = 512 };

struct proof prove_zero(struct terms *T, int32_t t);

/* Of a real term: -1, 0, 1, all proved; SIGN_UNKNOWN otherwise. A positive one is marked. */
enum { SIGN_UNKNOWN = 2 };
int prove_sign(struct terms *T, int32_t t);

/* 1 real (marked as such), 0 not, -1 unknown */
int prove_real(struct terms *T, int32_t t);

/* The rational with the smallest denominator near t, when t is proved to be it. */
bool prove_rational(struct terms *T, int32_t t, fmpq_t out);

/* The whole number n <= t < n + 1 of a real term. */
bool prove_floor(struct terms *T, int32_t t, fmpz_t out);
