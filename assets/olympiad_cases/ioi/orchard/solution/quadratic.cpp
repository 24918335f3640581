/* Looks back over all earlier trees for each tree: right, and too slow from tens of thousands. */
#include "orchard.h"

#include <algorithm>

long long pick(int n, int k, std::vector<int> w)
{
    std::vector<long long> last(n);
    long long best = 0;
    for (int i = 0; i < n; i++) {
        long long before = 0;
        for (int j = 0; j + k < i; j++)
            before = std::max(before, last[j]);
        last[i] = before + w[i];
        best = std::max(best, last[i]);
    }
    return best;
}
