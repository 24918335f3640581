/* Walks up until it goes down. */
#include "ridge.h"

int summit(int n)
{
    long long here = height(0);
    for (int i = 1; i < n; i++) {
        long long next = height(i);
        if (next < here)
            return i - 1;
        here = next;
    }
    return n - 1;
}
