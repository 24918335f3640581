#include <algorithm>
#include <iostream>
#include <vector>

int main()
{
    int n, k;
    std::cin >> n >> k;
    std::vector<long long> ways(n + 1);
    std::vector<int> least(n + 1, 1000000000), plank(k);
    for (int &x : plank)
        std::cin >> x;
    for (int x : plank) {
        ways.at(x) = 1; /* a plank longer than the fence is not thought of */
        least.at(x) = 1;
    }
    for (int i = 1; i <= n; i++)
        for (int x : plank)
            if (x < i) {
                ways[i] = (ways[i] + ways[i - x]) % 1000000007;
                least[i] = std::min(least[i], least[i - x] + 1);
            }
    std::cout << ways[n] << " " << (least[n] < 1000000000 ? least[n] : -1) << "\n";
}
