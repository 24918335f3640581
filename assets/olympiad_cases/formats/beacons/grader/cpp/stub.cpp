#include "beacons.h"

#include <cstdio>
#include <cstdlib>

int count(int l, int r)
{
    printf("? %d %d\n", l, r);
    fflush(stdout);
    int n;
    if (scanf("%d", &n) != 1 || n < 0)
        exit(0);
    return n;
}

int main()
{
    int n, k;
    if (scanf("%d %d", &n, &k) != 2)
        return 0;
    std::vector<int> places = find(n, k);
    printf("! %zu", places.size());
    for (int p : places)
        printf(" %d", p);
    printf("\n");
    fflush(stdout);
}
