/* Prints its queue twice. */
#include <cstdio>

int main()
{
    int n, s;
    if (scanf("%d %d", &n, &s) != 2)
        return 1;
    for (int i = 0; i < 2; i++) {
        printf("%d ", s);
        for (int x = 2; x <= n; x += 2)
            if (x != s)
                printf("%d ", x);
        for (int x = 1; x <= n; x += 2)
            if (x != s)
                printf("%d ", x);
    }
}
