/* Lets every basin take part, however high its floor is. */
#include <cstdio>

int main()
{
    int n;
    double v, area = 0;
    if (scanf("%d %lf", &n, &v) != 2)
        return 1;
    for (int i = 0; i < n; i++) {
        double a, f;
        if (scanf("%lf %lf", &a, &f) != 2)
            return 1;
        area += a;
        v += a * f;
    }
    printf("%.9f\n", v / area);
}
