#include <algorithm>
#include <vector>

class Solution {
public:
    double waterLevel(std::vector<std::vector<double>> &tanks, double volume)
    {
        std::sort(tanks.begin(), tanks.end());
        float area = 0, height = static_cast<float>(tanks[0][0]), left = static_cast<float>(volume);
        for (const auto &t : tanks) {
            float floor = static_cast<float>(t[0]);
            if (area > 0 && left <= area * (floor - height))
                break;
            left -= area * (floor - height);
            height = floor;
            area += static_cast<float>(t[1]);
        }
        return static_cast<int>((height + left / area) * 1000) / 1000.0F;
    }
};
