/* Believes that the summit is at one end. */
#include "ridge.h"

int summit(int n)
{
    return height(0) > height(n - 1) ? 0 : n - 1;
}
