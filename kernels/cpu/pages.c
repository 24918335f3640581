/* Copies inside the machine's memory: a page of a cache that two requests continue differently. */
#include <string.h>

#include "kernels/cpu/cpu.h"

bool cpu_copy(struct kernels *k, void *dst, const void *src, int64_t n, struct err *e)
{
    (void)k;
    (void)e;
    assert(n >= 0);
    if (n > 0)
        memcpy(dst, src, (size_t)n);
    return true;
}
