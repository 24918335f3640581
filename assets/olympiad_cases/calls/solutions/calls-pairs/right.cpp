#include <unordered_set>
#include <vector>

class Solution {
public:
    std::vector<std::vector<int>> pairsApart(std::vector<int> &values, int gap)
    {
        std::unordered_set<int> known(values.begin(), values.end());
        std::vector<std::vector<int>> pairs;
        for (int v : known)
            if (known.count(v + gap) > 0)
                pairs.push_back({v, v + gap});
        return pairs;
    }
};
