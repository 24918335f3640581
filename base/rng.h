/* Random numbers as a pure function: same (seed, stream, position), same number, on every
 * machine, in any order, from any thread. There is no generator state to carry or lose.
 *
 * Source  Philox4x32-10, Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011). */
#pragma once
#include <stdint.h>

uint64_t rng_u64(uint64_t seed, uint64_t stream, uint64_t position);

/* Uniform in [0, 1), 53 bits. */
double rng_unit(uint64_t seed, uint64_t stream, uint64_t position);

/* Uniform in [0, n), without modulo bias worth the name (multiply-shift over 64 bits). n > 0. */
uint64_t rng_below(uint64_t seed, uint64_t stream, uint64_t position, uint64_t n);

/* One well-mixed number from two: to derive a seed per sample from a run's seed. */
uint64_t rng_mix(uint64_t a, uint64_t b);
