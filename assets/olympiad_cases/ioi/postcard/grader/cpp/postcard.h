#pragma once
#include <string>
#include <vector>

std::string encode(std::vector<int> h);
std::vector<int> decode(int n, std::string bits);
