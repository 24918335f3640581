/* Finds the first one, and says it k times. */
#include "beacons.h"

std::vector<int> find(int n, int k)
{
    int l = 0, r = n - 1;
    while (l < r) {
        int m = (l + r) / 2;
        if (count(l, m))
            r = m;
        else
            l = m + 1;
    }
    return std::vector<int>(k, l);
}
