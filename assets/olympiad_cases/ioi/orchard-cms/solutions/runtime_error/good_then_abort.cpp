/* Prints the right answer, flushes it, then dies: a program that crashed has no answer. */
#include "orchard.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

long long pick(int n, int k, std::vector<int> w)
{
    std::vector<long long> best(n + 1);
    for (int i = 1; i <= n; i++)
        best[i] = std::max(best[i - 1], best[std::max(0, i - k - 1)] + w[i - 1]);
    printf("%lld\n", best[n]);
    fflush(stdout);
    abort();
}
