/* Never reads and never stops writing. */
#include <cstdio>

int main()
{
    for (;;)
        puts("1");
}
