#include <limits>
#include <vector>

class Solution {
public:
    double waterLevel(std::vector<std::vector<double>> &tanks, double volume)
    {
        return std::numeric_limits<double>::infinity();
    }
};
