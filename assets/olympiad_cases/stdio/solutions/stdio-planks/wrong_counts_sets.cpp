#include <algorithm>
#include <iostream>
#include <vector>

int main()
{
    int n, k;
    std::cin >> n >> k;
    std::vector<long long> ways(n + 1);
    std::vector<int> least(n + 1, 1000000000);
    ways[0] = 1;
    least[0] = 0;
    for (int j = 0; j < k; j++) {
        int x;
        std::cin >> x;
        for (int i = x; i <= n; i++) {
            ways[i] = (ways[i] + ways[i - x]) % 1000000007;
            least[i] = std::min(least[i], least[i - x] + 1);
        }
    }
    std::cout << ways[n] << " " << (least[n] < 1000000000 ? least[n] : -1) << "\n";
}
