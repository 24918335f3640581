#include <cstdio>
int main()
{
    long long n, s;
    if (scanf("%lld %lld", &n, &s) != 2)
        return 1;
    for (volatile bool forever = true; forever;)
        continue;
    puts("0");
}
