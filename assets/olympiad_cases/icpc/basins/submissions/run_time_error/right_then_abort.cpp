/* The right answer, written out in full, and then a crash. */
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

int main()
{
    int n;
    double v, area = 0, moment = 0, level = 0;
    if (scanf("%d %lf", &n, &v) != 2)
        return 1;
    std::vector<std::pair<double, double>> b(n);
    for (auto &x : b)
        if (scanf("%lf %lf", &x.second, &x.first) != 2)
            return 1;
    std::sort(b.begin(), b.end());
    for (auto &x : b) {
        if (area > 0 && level <= x.first)
            break;
        area += x.second, moment += x.second * x.first;
        level = (v + moment) / area;
    }
    printf("%.9f\n", level);
    fflush(stdout);
    abort();
}
