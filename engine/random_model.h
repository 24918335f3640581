/* A model of a given shape with random weights, as the folder that the engine opens.
 *
 * The bytes depend on shape, store and seed alone: number i of a tensor is a function of (seed,
 * the tensor's name, i), made of whole numbers and one table look-up, so neither libm nor the
 * processor nor the number of threads can change it. A weight is the sum of the eight bytes of
 * one rng_u64, less its mean, times a constant, rounded to bf16: nearly normal, deviation 0.02,
 * never beyond 0.098. SHAPE_F32 holds the same numbers in f32; SHAPE_FP8 holds them rounded
 * to E4M3 under scales of 2^-12. Norms are 1 plus such a number.
 *
 * The caller drives: open checks everything, each step writes some megabytes, close ends it.
 * Weights are written beside their name and renamed when whole; config.json comes last. The
 * header names shape, seed and version: a folder that already holds this very model is left alone.
 * There is no tokenizer: whoever runs such a model brings token ids. */
#pragma once
#include "base/err.h"
#include "engine/shapes.h"

struct random_model;

/* ERR_USAGE: the shape makes no sense, or dir holds something else. ERR_IO: no room on the disk. */
MUST_CHECK bool random_model_open(struct random_model **out, const struct shape *s,
                                  enum shape_store store, uint64_t seed, const char *dir,
                                  struct err *e);

/* Bytes of weights, and how many are written: equal when there is nothing left to do. */
int64_t random_model_n_bytes(const struct random_model *m);
int64_t random_model_n_written(const struct random_model *m);

MUST_CHECK bool random_model_step(struct random_model *m, struct err *e);
void random_model_close(struct random_model *m); /* NULL is fine; what is not whole is removed */
