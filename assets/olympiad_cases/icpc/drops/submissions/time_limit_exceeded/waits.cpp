/* Reads on after the end of the input, for ever. */
#include <cstdio>

int main()
{
    for (;;)
        getchar();
}
