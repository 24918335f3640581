#include <vector>

class Solution {
public:
    std::vector<int> countSmaller(std::vector<int> &values, int k)
    {
        return values.size();
    }
};
