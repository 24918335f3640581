/* Asks the same for ever, and is stopped at the 5001st. */
#include "beacons.h"

std::vector<int> find(int n, int)
{
    for (;;)
        count(0, n - 1);
}
