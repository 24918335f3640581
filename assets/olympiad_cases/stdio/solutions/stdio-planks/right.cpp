#include <algorithm>
#include <iostream>
#include <vector>

int main()
{
    int n, k;
    std::cin >> n >> k;
    std::vector<int> plank(k);
    for (int &x : plank)
        std::cin >> x;
    const long long mod = 1000000007;
    const int never = 1000000000;
    std::vector<long long> ways(n + 1);
    std::vector<int> least(n + 1, never);
    ways[0] = 1;
    least[0] = 0;
    for (int i = 0; i <= n; i++)
        for (int x : plank)
            if (i + x <= n) {
                ways[i + x] = (ways[i + x] + ways[i]) % mod;
                least[i + x] = std::min(least[i + x], least[i] + 1);
            }
    if (least[n] >= never)
        std::cout << "0 -1\n";
    else
        std::cout << ways[n] << " " << least[n] << "\n";
}
