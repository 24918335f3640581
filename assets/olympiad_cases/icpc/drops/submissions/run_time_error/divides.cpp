/* Divides by the number of lists that it has not read yet. */
#include <cstdio>

int main()
{
    volatile int t = 0;
    printf("%d\n", 100 / t);
}
