/* Right, and each bank is within the time limit: but together they are not, and that is what
 * counts. */
#include "banks.h"

#include <algorithm>
#include <ctime>

int median(int, std::vector<int> w)
{
    int n = int(w.size());
    for (int x : w)
        send(x);
    for (int i = 0; i < n; i++)
        w.push_back(receive());
    std::sort(w.begin(), w.end());
    while (n > 10 && clock() < 1.6 * CLOCKS_PER_SEC)
        continue;
    return w[n - 1];
}
