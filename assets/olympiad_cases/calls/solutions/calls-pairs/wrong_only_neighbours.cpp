#include <algorithm>
#include <vector>

class Solution {
public:
    std::vector<std::vector<int>> pairsApart(std::vector<int> &values, int gap)
    {
        std::vector<std::vector<int>> pairs;
        std::sort(values.begin(), values.end());
        values.erase(std::unique(values.begin(), values.end()), values.end());
        for (size_t i = 1; i < values.size(); i++)
            if (values[i] - values[i - 1] == gap)
                pairs.push_back({values[i - 1], values[i]});
        return pairs;
    }
};
