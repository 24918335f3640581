/* Counts earlier prices above p + d in a Fenwick tree over ranks. */
#include <algorithm>
#include <cstdio>
#include <vector>

int main()
{
    int t;
    if (scanf("%d", &t) != 1)
        return 1;
    while (t--) {
        long long n, d, x, a, b, m;
        if (scanf("%lld %lld %lld %lld %lld %lld", &n, &d, &x, &a, &b, &m) != 6)
            return 1;
        std::vector<long long> p;
        for (int i = 0; i < n; i++) {
            p.push_back(x % m);
            x = (a * x + b) % 2147483648LL;
        }
        std::vector<long long> ranks = p;
        std::sort(ranks.begin(), ranks.end());
        std::vector<int> tree(n + 1);
        long long total = 0;
        for (int i = 0; i < n; i++) {
            long above = i;
            for (long r = std::upper_bound(ranks.begin(), ranks.end(), p[i] + d) - ranks.begin(); r;
                 r &= r - 1)
                above -= tree[r];
            total += above;
            long r = std::lower_bound(ranks.begin(), ranks.end(), p[i]) - ranks.begin() + 1;
            for (; r <= n; r += r & -r)
                tree[r]++;
        }
        printf("%lld\n", total);
    }
}
