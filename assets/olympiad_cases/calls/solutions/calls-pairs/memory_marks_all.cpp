#include <algorithm>
#include <vector>

class Solution {
public:
    std::vector<std::vector<int>> pairsApart(std::vector<int> &values, int gap)
    {
        std::vector<std::vector<int>> pairs;
        if (values.empty())
            return pairs;
        int low = *std::min_element(values.begin(), values.end());
        int high = *std::max_element(values.begin(), values.end());
        std::vector<char> known(static_cast<size_t>(high) - low + 1 + gap);
        for (int v : values)
            known[static_cast<size_t>(v) - low] = 1;
        for (size_t i = 0; i + gap < known.size(); i++)
            if (known[i] && known[i + gap])
                pairs.push_back({static_cast<int>(low + i), static_cast<int>(low + i + gap)});
        return pairs;
    }
};
