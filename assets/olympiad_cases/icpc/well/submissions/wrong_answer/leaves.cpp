/* Ends well after three ropes. */
#include <cstdio>

int main()
{
    long n;
    char word[16];
    if (scanf("%ld", &n) != 1)
        return 1;
    for (int i = 0; i < 3; i++) {
        printf("1\n");
        fflush(stdout);
        if (scanf("%15s", word) != 1)
            return 0;
    }
    return 0;
}
