/* A table for 5000 trees, with checked access: aborts on longer walls. */
#include "orchard.h"

#include <algorithm>

long long pick(int n, int k, std::vector<int> w)
{
    std::vector<long long> best(5001);
    for (int i = 1; i <= n; i++)
        best.at(i) = std::max(best.at(i - 1), best.at(std::max(0, i - k - 1)) + w[i - 1]);
    return best.at(n);
}
