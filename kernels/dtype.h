/* The number formats that weights are stored in. */
#pragma once
#include <stdint.h>

enum dtype {
    DTYPE_F32,
    DTYPE_F16,
    DTYPE_BF16,
    DTYPE_F8_E4M3, /* e4m3fn: no infinities, 0x7f and 0xff are NaN, largest 448 */
};

/* Bytes of one number. */
static inline int64_t dtype_size(enum dtype t)
{
    return t == DTYPE_F32 ? 4 : t == DTYPE_F8_E4M3 ? 1 : 2;
}
