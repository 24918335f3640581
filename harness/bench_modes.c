#include "harness/bench_modes.h"

#include <stddef.h>

static const struct bench_mode modes[] = {
    {"as stored", QUANT_NONE},
    {"quant fp8", QUANT_FP8},
};

const struct bench_mode *bench_mode_at(int64_t i)
{
    return i >= 0 && i < (int64_t)(sizeof modes / sizeof *modes) ? &modes[i] : NULL;
}

void bench_mode_apply(const struct bench_mode *m, struct engine_config *out)
{
    out->quant = m->quant;
}
