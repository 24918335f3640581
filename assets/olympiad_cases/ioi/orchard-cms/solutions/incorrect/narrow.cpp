/* Sums in 32 bits: right while the total stays below 2^31. */
#include "orchard.h"

#include <algorithm>
#include <cstdint>

long long pick(int n, int k, std::vector<int> w)
{
    std::vector<int32_t> best(n + 1);
    for (int i = 1; i <= n; i++) {
        uint32_t with = uint32_t(best[std::max(0, i - k - 1)]) + uint32_t(w[i - 1]);
        best[i] = std::max(best[i - 1], int32_t(with));
    }
    return best[n];
}
