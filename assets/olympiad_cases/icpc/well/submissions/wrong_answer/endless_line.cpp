/* One line of digits that does not end. */
#include <cstdio>

int main()
{
    for (;;)
        putchar('7');
}
