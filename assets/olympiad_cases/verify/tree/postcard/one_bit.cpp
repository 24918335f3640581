/* Has no letter for a level step. */
#include "postcard.h"

std::string encode(std::vector<int> h)
{
    std::string bits;
    for (int i = 9; i >= 0; i--)
        bits += char('0' + (h[0] >> i & 1));
    for (size_t i = 1; i < h.size(); i++)
        bits += h[i] > h[i - 1] ? '1' : '0';
    return bits;
}

std::vector<int> decode(int n, std::string bits)
{
    std::vector<int> h = {std::stoi(bits.substr(0, 10), nullptr, 2)};
    for (int i = 1; i < n; i++)
        h.push_back(h.back() + (bits[9 + i] == '1' ? 1 : -1));
    return h;
}
