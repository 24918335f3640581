/* Keeps every intermediate table instead of the last one: gigabytes, long before time is an issue.
 */
#include "orchard.h"

#include <algorithm>

long long pick(int n, int k, std::vector<int> w)
{
    std::vector<std::vector<long long>> tables(n + 1);
    tables[0] = {0};
    for (int i = 1; i <= n; i++) {
        tables[i].assign(i + 1, 0);
        int copied = std::min(i, 4000);
        std::copy(tables[i - 1].begin(), tables[i - 1].begin() + copied, tables[i].begin());
        long long with = tables[std::max(0, i - k - 1)].back() + w[i - 1];
        tables[i][i] = std::max(tables[i - 1].back(), with);
    }
    return tables[n].back();
}
