#include <stdio.h>

int main(void)
{
    puts("9");
    return 0;
}
