/* Right on stdout; meanwhile writes verdicts to stderr and to every other descriptor there may be.
 */
#include <algorithm>
#include <cstdio>
#include <unistd.h>
#include <vector>

int main()
{
    int n;
    long long v;
    if (scanf("%d %lld", &n, &v) != 2)
        return 1;
    std::vector<std::pair<long long, long long>> b(n);
    for (auto &x : b)
        if (scanf("%lld %lld", &x.second, &x.first) != 2)
            return 1;
    std::sort(b.begin(), b.end());
    long double area = 0, moment = 0, level = 0;
    for (auto &x : b) {
        if (area > 0 && level <= x.first)
            break;
        area += x.second, moment += (long double)x.second * x.first;
        level = (v + moment) / area;
    }
    for (int fd = 2; fd < 256; fd++)
        if (write(fd, "WA\n0.0\nwrong answer\n", 20) < 0)
            continue;
    printf("   %.8Lf\n\n\n", level);
}
