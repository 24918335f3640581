#include <algorithm>
#include <vector>

class Solution {
public:
    std::vector<int> countSmaller(std::vector<int> &values, int k)
    {
        std::vector<int> window, counts;
        for (size_t i = 0; i < values.size(); i++) {
            auto at = std::lower_bound(window.begin(), window.end(), values[i]);
            counts.push_back(static_cast<int>(at - window.begin()));
            window.insert(at, values[i]);
            if (i >= static_cast<size_t>(k))
                window.erase(std::lower_bound(window.begin(), window.end(), values[i - k]));
        }
        return counts;
    }
};
