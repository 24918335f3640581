class Solution {
public:
    std::vector<std::vector<int>> pairsApart(std::vector<int> &values, int gap)
    {
        return {{values[0], values[1]};
    }
};
