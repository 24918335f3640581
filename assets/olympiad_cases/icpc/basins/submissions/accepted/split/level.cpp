#include "level.h"

#include <algorithm>

double level_of(std::vector<basin> basins, double v)
{
    std::sort(basins.begin(), basins.end(),
              [](const basin &a, const basin &b) { return a.floor < b.floor; });
    double area = 0, moment = 0, level = 0;
    for (const basin &b : basins) {
        if (area > 0 && level <= b.floor)
            break;
        area += b.area;
        moment += b.area * b.floor;
        level = (v + moment) / area;
    }
    return level;
}
