#include "beacons.h"

static void search(int l, int r, int n_in, std::vector<int> &out)
{
    if (n_in == 0)
        return;
    if (l == r) {
        out.push_back(l);
        return;
    }
    int m = (l + r) / 2;
    int left = count(l, m);
    search(l, m, left, out);
    search(m + 1, r, n_in - left, out);
}

std::vector<int> find(int n, int k)
{
    std::vector<int> out;
    search(0, n - 1, k, out);
    return out;
}
