/* Tries every subset. */
#include "orchard.h"

#include <algorithm>

long long pick(int n, int k, std::vector<int> w)
{
    long long best = 0;
    int n_bits = std::min(n, 62);
    for (unsigned long long set = 0; set < 1ULL << n_bits; set++) {
        long long sum = 0;
        int last = -k - 1;
        for (int i = 0; i < n_bits; i++) {
            if (!(set >> i & 1))
                continue;
            if (i - last <= k) {
                sum = -1;
                break;
            }
            last = i;
            sum += w[i];
        }
        best = std::max(best, sum);
    }
    return best;
}
