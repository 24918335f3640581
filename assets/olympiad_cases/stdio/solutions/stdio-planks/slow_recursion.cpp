#include <algorithm>
#include <iostream>
#include <vector>

static std::vector<int> plank;
static long long ways;
static int least = 1000000000;

static void build(int left, int used)
{
    if (left == 0) {
        ways = (ways + 1) % 1000000007;
        least = std::min(least, used);
    }
    for (int x : plank)
        if (x <= left)
            build(left - x, used + 1);
}

int main()
{
    int n, k;
    std::cin >> n >> k;
    plank.resize(k);
    for (int &x : plank)
        std::cin >> x;
    build(n, 0);
    std::cout << ways << " " << (ways > 0 ? least : -1) << "\n";
}
