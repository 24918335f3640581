#include "harness/bench_modes.h"

#include <stddef.h>

static const struct bench_mode modes[] = {
    {"as stored", QUANT_NONE, WEIGHTS_STORED, KV_F32},
    {"weights f32", QUANT_NONE, WEIGHTS_F32, KV_F32},
    {"weights bf16", QUANT_NONE, WEIGHTS_BF16, KV_F32},
    {"weights q8", QUANT_NONE, WEIGHTS_Q8, KV_F32},
    {"weights fp8", QUANT_NONE, WEIGHTS_FP8, KV_F32},
    {"kv bf16", QUANT_NONE, WEIGHTS_STORED, KV_BF16},
    {"kv fp8", QUANT_NONE, WEIGHTS_STORED, KV_FP8},
    {"weights q8, kv bf16", QUANT_NONE, WEIGHTS_Q8, KV_BF16},
    {"quant fp8", QUANT_FP8, WEIGHTS_STORED, KV_F32},
    {"quant fp8, kv fp8", QUANT_FP8, WEIGHTS_STORED, KV_FP8},
};

const struct bench_mode *bench_mode_at(int64_t i)
{
    return i >= 0 && i < (int64_t)(sizeof modes / sizeof *modes) ? &modes[i] : NULL;
}

void bench_mode_apply(const struct bench_mode *m, struct engine_config *out)
{
    out->quant = m->quant;
    out->weights = m->weights;
    out->kv = m->kv;
}
