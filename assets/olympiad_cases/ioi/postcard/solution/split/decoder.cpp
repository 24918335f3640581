#include "postcard.h"

std::vector<int> decode(int n, std::string bits)
{
    std::vector<int> h = {std::stoi(bits.substr(0, 10), nullptr, 2)};
    for (size_t at = 10; int(h.size()) < n; at += 8) {
        int value = std::stoi(bits.substr(at, 8), nullptr, 2);
        for (int i = 0; i < 5 && int(h.size()) < n; i++, value /= 3)
            h.push_back(h.back() + value % 3 - 1);
    }
    return h;
}
