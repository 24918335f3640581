/* All pairs, the longest stretch first for each start. */
#include <algorithm>
#include <cstdio>
#include <vector>

int main()
{
    long long n, k, x, a, b, m;
    if (scanf("%lld %lld %lld %lld %lld %lld", &n, &k, &x, &a, &b, &m) != 6)
        return 1;
    std::vector<long long> sums = {0};
    for (int i = 1; i <= n; i++) {
        sums.push_back(sums.back() + x % m - k);
        x = (a * x + b) % 2147483648LL;
    }
    int best = 0;
    for (int i = 0; i < n; i++)
        for (int j = int(n); j > i; j--)
            if (sums[j] >= sums[i]) {
                best = std::max(best, j - i);
                break;
            }
    best ? printf("%d\n", best) : puts("cold");
}
