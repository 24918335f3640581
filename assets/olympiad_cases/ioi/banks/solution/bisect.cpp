/* Bisects the weight: the right bank counts, the left bank decides. 40 numbers. */
#include "banks.h"

#include <algorithm>

int median(int who, std::vector<int> w)
{
    int n = int(w.size()), low = 1, high = 1000000;
    while (low < high) {
        int middle = (low + high) / 2;
        int count = int(std::count_if(w.begin(), w.end(), [&](int x) { return x <= middle; }));
        bool is_below;
        if (who == 0) {
            is_below = count + receive() >= n;
            send(is_below);
        } else {
            send(count);
            is_below = receive();
        }
        (is_below ? high : low) = is_below ? middle : middle + 1;
    }
    return low;
}
