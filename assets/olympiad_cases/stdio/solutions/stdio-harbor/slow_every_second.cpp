#include <algorithm>
#include <iostream>
#include <vector>

int main()
{
    int n, q, most = 0, busy = 0;
    std::cin >> n >> q;
    std::vector<int> come(n), go(n);
    for (int i = 0; i < n; i++)
        std::cin >> come[i] >> go[i];
    int end = *std::max_element(go.begin(), go.end());
    for (int t = 0; t < end; t++) {
        int level = 0;
        for (int i = 0; i < n; i++)
            level += come[i] <= t && t < go[i];
        most = std::max(most, level);
        busy += level > 0;
        if (t % 4096 == 0 && std::cout.bad())
            return 1;
    }
    std::cout << most << " " << busy << "\n";
    while (q-- > 0) {
        int t, level = 0;
        std::cin >> t;
        for (int i = 0; i < n; i++)
            level += come[i] <= t && t < go[i];
        std::cout << level << "\n";
    }
}
