/* Pours a millilitre at a time. */
#include <cstdio>
#include <vector>

int main()
{
    int n;
    double v, level = 0;
    if (scanf("%d %lf", &n, &v) != 2)
        return 1;
    std::vector<double> area(n), floor(n);
    for (int i = 0; i < n; i++)
        if (scanf("%lf %lf", &area[i], &floor[i]) != 2)
            return 1;
    for (double poured = 0; poured < v; level += 1e-9)
        for (int i = 0; i < n; i++)
            if (level >= floor[i])
                poured += area[i] * 1e-9;
    printf("%.9f\n", level);
}
