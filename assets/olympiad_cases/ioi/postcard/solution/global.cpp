/* Trusts in a variable that the other process does not have. */
#include "postcard.h"

static std::vector<int> remembered;

std::string encode(std::vector<int> h)
{
    remembered = h;
    return "";
}

std::vector<int> decode(int, std::string)
{
    return remembered;
}
