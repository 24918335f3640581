#include <cstdio>
int main()
{
    long long n, s;
    if (scanf("%lld %lld", &n, &s) != 2)
        return 1;
    if (n * (n + 1) / 2 > s) {
        puts("0");
        return 0;
    }
    for (long long i = 1; i < n; i++)
        printf("%lld ", i);
    printf("%lld\n", s - n * (n - 1) / 2);
}
