/* Right for one beacon; breaks off in the middle of the talk about more. */
#include "beacons.h"

#include <cstdlib>

std::vector<int> find(int n, int k)
{
    std::vector<int> out;
    for (int l = 0; k > 0; k--) {
        int r = n - 1;
        while (l < r) {
            int m = (l + r) / 2;
            if (count(l, m))
                r = m;
            else
                l = m + 1;
        }
        out.push_back(l++);
        if (k > 1 && n > 10)
            abort();
    }
    return out;
}
