/* Never asks. */
#include "beacons.h"

std::vector<int> find(int, int k)
{
    std::vector<int> out;
    for (int i = 0; i < k; i++)
        out.push_back(i);
    return out;
}
