#include <algorithm>
#include <vector>

class Solution {
public:
    double waterLevel(std::vector<std::vector<double>> &tanks, double volume)
    {
        double level = tanks[0][0];
        for (const auto &t : tanks)
            level = std::min(level, t[0]);
        for (;; level += 1e-7) {
            double held = 0;
            for (const auto &t : tanks)
                held += t[1] * std::max(0.0, level - t[0]);
            if (held >= volume)
                return level;
        }
    }
};
