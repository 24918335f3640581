/* Twenty-four digits a height: right, and far beyond every limit. */
#include "postcard.h"

std::string encode(std::vector<int> h)
{
    std::string bits;
    for (int x : h) {
        for (int i = 9; i >= 0; i--)
            bits += char('0' + (x >> i & 1));
        bits += std::string(14, '1');
    }
    return bits;
}

std::vector<int> decode(int n, std::string bits)
{
    std::vector<int> h;
    for (int i = 0; i < n; i++)
        h.push_back(std::stoi(bits.substr(size_t(i) * 24, 10), nullptr, 2));
    return h;
}
