#include <algorithm>
#include <vector>

class Solution {
public:
    std::vector<int> countSmaller(std::vector<int> &values, int k)
    {
        std::vector<int> counts;
        for (int i = 0; i < static_cast<int>(values.size()); i++) {
            std::vector<int> window(values.begin() + std::max(0, i - k), values.begin() + i);
            std::sort(window.begin(), window.end());
            counts.push_back(static_cast<int>(
                std::lower_bound(window.begin(), window.end(), values[i]) - window.begin()));
        }
        return counts;
    }
};
