#include "orchard.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

int main()
{
    int n, k;
    char kind[8];
    if (scanf("%d %d %7s", &n, &k, kind) != 3)
        return 1;
    std::vector<int> w(n);
    if (!strcmp(kind, "seed")) {
        long long x, m;
        if (scanf("%lld %lld", &x, &m) != 2)
            return 1;
        for (int i = 0; i < n; i++) {
            w[i] = int(1 + x % m);
            x = (x * 1103515245 + 12345) % 2147483648LL;
        }
    } else {
        for (int i = 0; i < n; i++)
            if (scanf("%d", &w[i]) != 1)
                return 1;
    }
    long long sum = pick(n, k, std::move(w));
    printf("%lld\n", sum);
    return 0;
}
