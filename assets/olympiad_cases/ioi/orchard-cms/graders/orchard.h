#pragma once
#include <vector>

long long pick(int n, int k, std::vector<int> w);
