/* The ways in which the engine may hold a model's numbers, one row each: what --accuracy goes
 * through. The first is the reference: weights as stored, f32 everywhere else. */
#pragma once
#include "engine/engine.h"

struct bench_mode {
    const char *name;
    enum quant quant;
    enum weight_mode weights;
    enum kv_type kv;
};

const struct bench_mode *bench_mode_at(int64_t i); /* NULL past the last */
void bench_mode_apply(const struct bench_mode *m, struct engine_config *out);
