#include <cstdio>

int main()
{
    printf("2.6\n");
}
