/* Two neighbours tell which side the summit is on: 2 log2 n calls. */
#include "ridge.h"

int summit(int n)
{
    int low = 0, high = n - 1;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (height(middle) < height(middle + 1))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
