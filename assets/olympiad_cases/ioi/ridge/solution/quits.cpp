/* Ends well without having said anything. */
#include "ridge.h"

#include <cstdlib>

int summit(int)
{
    exit(0);
}
