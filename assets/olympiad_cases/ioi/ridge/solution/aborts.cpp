/* Remembers heights in a table of 2000, with checked access. */
#include "ridge.h"

#include <vector>

int summit(int n)
{
    std::vector<long long> table(2000);
    int low = 0, high = n - 1;
    while (low < high) {
        int middle = low + (high - low) / 2;
        table.at(middle) = height(middle);
        table.at(middle + 1) = height(middle + 1);
        if (table[middle] < table[middle + 1])
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
