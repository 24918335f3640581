#include "base/rng.h"

#include <assert.h>

static void philox_round(uint32_t c[4], uint32_t k0, uint32_t k1)
{
    uint64_t p0 = (uint64_t)0xD2511F53U * c[0];
    uint64_t p1 = (uint64_t)0xCD9E8D57U * c[2];
    uint32_t next[4] = {(uint32_t)(p1 >> 32) ^ c[1] ^ k0, (uint32_t)p1,
                        (uint32_t)(p0 >> 32) ^ c[3] ^ k1, (uint32_t)p0};
    for (int i = 0; i < 4; i++)
        c[i] = next[i];
}

uint64_t rng_u64(uint64_t seed, uint64_t stream, uint64_t position)
{
    uint32_t c[4] = {(uint32_t)position, (uint32_t)(position >> 32), (uint32_t)stream,
                     (uint32_t)(stream >> 32)};
    uint32_t k0 = (uint32_t)seed;
    uint32_t k1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < 10; round++) {
        philox_round(c, k0, k1);
        k0 += 0x9E3779B9U;
        k1 += 0xBB67AE85U;
    }
    return (uint64_t)c[1] << 32 | c[0];
}

double rng_unit(uint64_t seed, uint64_t stream, uint64_t position)
{
    return (double)(rng_u64(seed, stream, position) >> 11) * 0x1p-53;
}

uint64_t rng_below(uint64_t seed, uint64_t stream, uint64_t position, uint64_t n)
{
    assert(n > 0);
    return (uint64_t)(((unsigned __int128)rng_u64(seed, stream, position) * n) >> 64);
}

uint64_t rng_mix(uint64_t a, uint64_t b)
{
    return rng_u64(a, 0x706f6469756dULL, b);
}
