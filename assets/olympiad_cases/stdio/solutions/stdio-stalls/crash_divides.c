#include <stdio.h>

int main(void)
{
    volatile int n = 0, zero = 0;
    if (scanf("%d", (int *)&n) != 1)
        return 1;
    printf("0\n");
    fflush(stdout);
    return n / zero;
}
