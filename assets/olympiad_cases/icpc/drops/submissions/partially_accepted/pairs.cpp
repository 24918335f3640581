/* All pairs, stepping through memory so that no compiler makes it fast. */
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
        volatile long long total = 0;
        for (int i = 0; i < n; i++)
            for (int j = i + 1; j < n; j++)
                if (p[i] - p[j] > d)
                    total = total + 1;
        printf("%lld\n", total);
    }
}
