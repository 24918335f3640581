#include "ridge.h"

int summit(int)
{
    for (;;)
        height(0);
}
