/* Both wait for the other to begin. */
#include "banks.h"

int median(int, std::vector<int>)
{
    return receive();
}
