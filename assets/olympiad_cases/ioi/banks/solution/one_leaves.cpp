/* The right bank ends well without a word. */
#include "banks.h"

#include <cstdlib>

int median(int who, std::vector<int>)
{
    if (who == 1)
        exit(0);
    return receive();
}
