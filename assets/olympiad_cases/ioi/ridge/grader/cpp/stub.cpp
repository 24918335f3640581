#include "ridge.h"

#include <cstdio>
#include <cstdlib>

long long height(int i)
{
    printf("? %d\n", i);
    fflush(stdout);
    long long h;
    if (scanf("%lld", &h) != 1 || h < 0)
        exit(0);
    return h;
}

int main()
{
    int n;
    if (scanf("%d", &n) != 1)
        return 0;
    int p = summit(n);
    printf("! %d\n", p);
    fflush(stdout);
    return 0;
}
