#pragma once
#include <vector>

struct basin {
    double area, floor;
};

double level_of(std::vector<basin> basins, double v);
