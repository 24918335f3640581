/* Fibonacci search: after the first two measurements, each new one shortens the trail by 1/1.618.
 */
#include "ridge.h"

static int n_places;

/* Behind the end it goes on falling. */
static long long at(long long i)
{
    return i < n_places ? height(int(i)) : -i;
}

int summit(int n)
{
    n_places = n;
    long long a = 1, b = 1; /* neighbours in Fibonacci's row */
    while (a + b < n + 1LL) {
        long long next = a + b;
        a = b;
        b = next;
    }
    /* The summit is in (start, start + a + b). */
    long long start = -1, left = at(start + a), right = a == b ? left : at(start + b);
    while (b > 1) {
        long long smaller = b - a;
        if (left >= right) {
            right = left;
            left = smaller == a ? right : at(start + smaller);
        } else {
            start += a;
            left = right;
            right = smaller == a ? left : at(start + a);
        }
        b = a;
        a = smaller;
    }
    return int(start + 1);
}
