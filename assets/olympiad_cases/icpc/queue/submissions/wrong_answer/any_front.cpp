/* A fine queue with somebody else at the front. */
#include <cstdio>

int main()
{
    int n, s;
    if (scanf("%d %d", &n, &s) != 2)
        return 1;
    if (n == 2 || n == 3)
        return puts("impossible"), 0;
    for (int x = 2; x <= n; x += 2)
        printf("%d ", x);
    for (int x = 1; x <= n; x += 2)
        printf("%d ", x);
    puts("");
}
