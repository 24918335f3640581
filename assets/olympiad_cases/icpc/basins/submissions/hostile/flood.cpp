/* @EXPECTED_RESULTS@: OUTPUT-LIMIT */
#include <cstdio>

int main()
{
    for (;;)
        puts("2.6000000000 2.6000000000 2.6000000000 2.6000000000 2.6000000000");
}
