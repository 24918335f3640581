#include <cstdlib>
#include <vector>

class Solution {
public:
    std::vector<int> countSmaller(std::vector<int> &values, int k)
    {
        if (values.empty())
            std::abort();
        std::vector<int> counts(values.size());
        for (int i = 0; i < static_cast<int>(values.size()); i++)
            for (int j = i - 1; j >= 0 && j >= i - k; j--)
                counts[i] += values[j] < values[i];
        return counts;
    }
};
