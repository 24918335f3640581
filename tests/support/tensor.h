/* Small random matrices and their comparison, for tests of kernels. Failures end the test. */
#pragma once
#include "kernels/kernels.h"

/* n numbers in (-scale, scale) from the malloc heap, a function of (seed, which). */
float *tensor_random(int64_t n, double scale, uint64_t seed, uint64_t which);

/* A random stored matrix; free it with tensor_free_weight. */
struct kweight tensor_weight(enum dtype dtype, int64_t n_out, int64_t n_in, uint64_t seed);
void tensor_free_weight(struct kweight *w);

/* Number [o][i] of a stored matrix, decoded here, independently of the kernels. */
double tensor_at(const struct kweight *w, int64_t o, int64_t i);

/* max |got - want| <= tolerance * max |want| */
void tensor_expect_close(const float *got, const double *want, int64_t n, double tolerance,
                         const char *what);
void tensor_expect_same_bits(const float *a, const float *b, int64_t n, const char *what);
