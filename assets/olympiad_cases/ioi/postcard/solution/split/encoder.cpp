/* Five steps in a byte, also where a bit a step would do. */
#include "postcard.h"

std::string encode(std::vector<int> h)
{
    std::string bits;
    auto put = [&](int value, int width) {
        while (width--)
            bits += char('0' + (value >> width & 1));
    };
    put(h[0], 10);
    for (size_t i = 1; i < h.size(); i += 5) {
        int value = 0, weight = 1;
        for (size_t j = i; j < i + 5 && j < h.size(); j++, weight *= 3)
            value += weight * (h[j] - h[j - 1] + 1);
        put(value, 8);
    }
    return bits;
}
