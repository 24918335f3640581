#include <algorithm>
#include <vector>

class Solution {
public:
    double waterLevel(std::vector<std::vector<double>> &tanks, double volume)
    {
        std::sort(tanks.begin(), tanks.end());
        double area = 0, height = tanks[0][0];
        for (const auto &t : tanks) {
            if (area > 0 && volume <= area * (t[0] - height))
                break;
            volume -= area * (t[0] - height);
            height = t[0];
            area += t[1];
        }
        return height + volume / area;
    }
};
