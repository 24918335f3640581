/* Ten bits for the first height, one to say whether there are level steps, then a bit a step, or
 * five steps in a byte. */
#include "postcard.h"

#include <algorithm>

static void put(std::string &bits, int value, int width)
{
    for (int i = width - 1; i >= 0; i--)
        bits += char('0' + (value >> i & 1));
}

static int get(const std::string &bits, size_t &at, int width)
{
    int value = 0;
    while (width--)
        value = value * 2 + (bits[at++] - '0');
    return value;
}

std::string encode(std::vector<int> h)
{
    std::string bits;
    put(bits, h[0], 10);
    bool has_flat = false;
    for (size_t i = 1; i < h.size(); i++)
        has_flat |= h[i] == h[i - 1];
    put(bits, has_flat, 1);
    for (size_t i = 1; i < h.size(); i += has_flat ? 5 : 1) {
        if (!has_flat) {
            put(bits, h[i] > h[i - 1], 1);
            continue;
        }
        int packed = 0;
        for (size_t j = i; j < i + 5; j++)
            packed = packed * 3 + (j < h.size() ? h[j] - h[j - 1] + 1 : 0);
        put(bits, packed, 8);
    }
    return bits;
}

std::vector<int> decode(int n, std::string bits)
{
    size_t at = 0;
    std::vector<int> h = {get(bits, at, 10)};
    bool has_flat = get(bits, at, 1);
    while (int(h.size()) < n) {
        if (!has_flat) {
            h.push_back(h.back() + (get(bits, at, 1) ? 1 : -1));
            continue;
        }
        int packed = get(bits, at, 8);
        for (int weight = 81; weight && int(h.size()) < n; weight /= 3)
            h.push_back(h.back() + packed / weight % 3 - 1);
    }
    return h;
}
