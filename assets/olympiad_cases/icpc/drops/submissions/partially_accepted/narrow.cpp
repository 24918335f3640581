/* Prices and their sums in 32 bits: wrong in the second test of group 3, and counts overflow in
 * group 4. */
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <vector>

static uint32_t count(std::vector<int32_t> &p, int from, int to, int32_t d)
{
    if (to - from < 2)
        return 0;
    int middle = (from + to) / 2, i = from;
    uint32_t total = count(p, from, middle, d) + count(p, middle, to, d);
    for (int j = middle; j < to; j++) {
        while (i < middle && p[i] <= int32_t(uint32_t(p[j]) + uint32_t(d)))
            i++;
        total += uint32_t(middle - i);
    }
    std::sort(p.begin() + from, p.begin() + to);
    return total;
}

int main()
{
    int t;
    if (scanf("%d", &t) != 1)
        return 1;
    while (t--) {
        long long n, d, x, a, b, m;
        if (scanf("%lld %lld %lld %lld %lld %lld", &n, &d, &x, &a, &b, &m) != 6)
            return 1;
        std::vector<int32_t> p;
        for (int i = 0; i < n; i++) {
            p.push_back(int32_t(x % m));
            x = (a * x + b) % 2147483648LL;
        }
        printf("%d\n", int(count(p, 0, int(n), int32_t(d))));
    }
}
