#include <cstdio>

int main()
{
    long n;
    if (scanf("%ld", &n) != 1)
        return 1;
    printf("%ld\n", n + 1);
    fflush(stdout);
    char word[16];
    return scanf("%15s", word) == 5;
}
