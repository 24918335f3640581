/* The sum is right, but the steps are not: only the second validator sees it. */
#include <cstdio>
int main()
{
    long long n, s;
    if (scanf("%lld %lld", &n, &s) != 2)
        return 1;
    for (long long i = 1; i < n; i++)
        printf("1 ");
    printf("%lld\n", s - n + 1);
}
