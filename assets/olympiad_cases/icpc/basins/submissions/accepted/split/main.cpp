/* One submission of two files. */
#include "level.h"

#include <iomanip>
#include <iostream>

int main()
{
    int n;
    double v;
    std::cin >> n >> v;
    std::vector<basin> basins(n);
    for (basin &b : basins)
        std::cin >> b.area >> b.floor;
    std::cout << std::setprecision(15) << level_of(basins, v) << std::endl;
}
