/* The right bank crashes while the left bank waits. */
#include "banks.h"

#include <cstdlib>

int median(int who, std::vector<int>)
{
    if (who == 1)
        abort();
    return receive();
}
