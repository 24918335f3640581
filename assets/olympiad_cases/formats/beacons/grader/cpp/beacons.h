#pragma once
#include <vector>

/* Yours. */
std::vector<int> find(int n, int k);

/* Ours: may be called up to 5000 times. */
int count(int l, int r);
