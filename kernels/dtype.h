/* The number formats that weights are stored in. */
#pragma once
#include <stdint.h>

enum dtype {
    DTYPE_F32,
    DTYPE_F16,
    DTYPE_BF16,
    DTYPE_F8_E4M3, /* e4m3fn: no infinities, 0x7f and 0xff are NaN, largest 448 */
    DTYPE_Q8,      /* int8 times a scale of its row and 32 columns; made at load, never in files */
};

/* Bytes of one number. */
static inline int64_t dtype_size(enum dtype t)
{
    return t == DTYPE_F32 ? 4 : t == DTYPE_F8_E4M3 || t == DTYPE_Q8 ? 1 : 2;
}
