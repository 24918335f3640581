#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

int main()
{
    int n;
    if (std::scanf("%d", &n) != 1)
        return 1;
    std::vector<double> x(n), y(n);
    for (int i = 0; i < n; i++)
        if (std::scanf("%lf %lf", &x[i], &y[i]) != 2)
            return 1;
    double cx = (*std::min_element(x.begin(), x.end()) + *std::max_element(x.begin(), x.end())) / 2;
    double cy = (*std::min_element(y.begin(), y.end()) + *std::max_element(y.begin(), y.end())) / 2;
    double r = 0;
    for (int i = 0; i < n; i++)
        r = std::max(r, std::hypot(x[i] - cx, y[i] - cy));
    std::printf("%.10f %.10f %.10f\n", cx, cy, r);
}
