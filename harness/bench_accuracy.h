/* How far the logits of one way of holding numbers are from those of another. */
#pragma once
#include <stdint.h>

struct bench_error {
    double max_abs;
    double rms;
    double sd;       /* of the reference's logits about their position's mean */
    double kl;       /* mean over positions of KL(reference || other), in nats */
    int64_t n_flips; /* positions whose best token differs; ties go to the lower id */
    int64_t n;       /* positions */
};

/* a is the reference; both [n][n_vocab]. All sums in double, positions ascending. */
void bench_error_of(struct bench_error *out, const float *a, const float *b, int64_t n,
                    int64_t n_vocab);
