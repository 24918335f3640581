#include <algorithm>
#include <cstdio>
#include <vector>

int main()
{
    int n, q, most = 0;
    if (std::scanf("%d %d", &n, &q) != 2)
        return 1;
    std::vector<int> come(n), go(n);
    int busy = 0;
    for (int i = 0; i < n; i++) {
        if (std::scanf("%d %d", &come[i], &go[i]) != 2)
            return 1;
        busy = static_cast<int>(static_cast<unsigned>(busy) + (go[i] - come[i]));
    }
    std::sort(come.begin(), come.end());
    std::sort(go.begin(), go.end());
    for (int i = 0, j = 0; i < n; i++) {
        while (go[j] <= come[i])
            j++;
        most = std::max(most, i + 1 - j);
    }
    std::printf("%d %d\n", most, busy);
    for (int t; q > 0 && std::scanf("%d", &t) == 1; q--)
        std::printf("%d\n",
                    static_cast<int>(std::upper_bound(come.begin(), come.end(), t) - come.begin() -
                                     (std::upper_bound(go.begin(), go.end(), t) - go.begin())));
}
