/* The topk largest of n scores, as the indexer keeps them: ties to the lower position, written in
 * ascending position. A number counts by its bits, so every machine agrees. */
#pragma once
#include <stdint.h>

struct cpu_cache_isa;

/* Bytes of work for n scores. */
int64_t select_scratch(int64_t n);

/* out [topk], 1 <= topk <= n; work is aligned to 4 and overwritten. */
void select_best(const float *score, int64_t n, int64_t topk, int32_t *out,
                 const struct cpu_cache_isa *isa, void *work);
