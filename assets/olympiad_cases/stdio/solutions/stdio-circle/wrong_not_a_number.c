#include <stdio.h>

int main(void)
{
    puts("nan nan nan");
    return 0;
}
