/* With more than ten stones, the right bank counts for ever while the left bank waits. */
#include "banks.h"

#include <algorithm>

int median(int who, std::vector<int> w)
{
    int n = int(w.size());
    volatile unsigned long long spins = 0;
    while (who == 1 && n > 10)
        spins = spins + 1;
    for (int x : w)
        send(x);
    for (int i = 0; i < n; i++)
        w.push_back(receive());
    std::sort(w.begin(), w.end());
    return w[n - 1];
}
