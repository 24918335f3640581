/* "nan" is within no tolerance of anything. */
#include <cstdio>

int main()
{
    printf("nan\n");
}
