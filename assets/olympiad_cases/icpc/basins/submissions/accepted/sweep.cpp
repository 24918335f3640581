#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

int main()
{
    int n;
    long long v;
    if (scanf("%d %lld", &n, &v) != 2)
        return 1;
    std::vector<std::pair<long long, long long>> basins(n);
    for (auto &[floor, area] : basins)
        if (scanf("%lld %lld", &area, &floor) != 2)
            return 1;
    std::sort(basins.begin(), basins.end());
    long long area = 0, held = 0;
    for (int i = 0; i < n; i++) {
        area += basins[i].second;
        held += basins[i].second * basins[i].first;
        bool is_last = i + 1 == n;
        if (is_last || (__int128)basins[i + 1].first * area >= v + held) {
            printf("%.9Lf\n", (long double)(v + held) / area);
            return 0;
        }
    }
}
