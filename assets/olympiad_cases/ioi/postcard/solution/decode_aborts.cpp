#include "postcard.h"

#include <cstdlib>

std::string encode(std::vector<int>)
{
    return "01";
}

std::vector<int> decode(int, std::string)
{
    abort();
}
