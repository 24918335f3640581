/* Crashes after the first reply. */
#include <cstdio>
#include <cstdlib>

int main()
{
    long n;
    char word[16];
    if (scanf("%ld", &n) != 1)
        return 1;
    printf("1\n");
    fflush(stdout);
    if (scanf("%15s", word) == 1)
        abort();
}
