/* Each bank sends the other all it knows. */
#include "banks.h"

#include <algorithm>

int median(int, std::vector<int> w)
{
    int n = int(w.size());
    for (int x : w)
        send(x);
    for (int i = 0; i < n; i++)
        w.push_back(receive());
    std::sort(w.begin(), w.end());
    return w[n - 1];
}
