/* Asks of every place: n calls, half of the points where n is more than few. */
#include "beacons.h"

std::vector<int> find(int n, int)
{
    std::vector<int> out;
    for (int i = 0; i < n; i++)
        if (count(i, i))
            out.push_back(i);
    return out;
}
