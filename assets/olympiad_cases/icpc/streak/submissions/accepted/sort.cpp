/* n log n: by rising prefix sum, the earliest place seen so far begins the longest stretch. */
#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

int main()
{
    long long n, k, x, a, b, m;
    if (scanf("%lld %lld %lld %lld %lld %lld", &n, &k, &x, &a, &b, &m) != 6)
        return 1;
    std::vector<std::pair<long long, int>> sums = {{0, 0}};
    for (int i = 1; i <= n; i++) {
        sums.push_back({sums.back().first + x % m - k, i});
        x = (a * x + b) % 2147483648LL;
    }
    std::sort(sums.begin(), sums.end());
    int first = int(n), best = 0;
    for (auto &[sum, i] : sums) {
        first = std::min(first, i);
        best = std::max(best, i - first);
    }
    best ? printf("%d\n", best) : puts("cold");
}
