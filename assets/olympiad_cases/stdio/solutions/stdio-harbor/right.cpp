#include <algorithm>
#include <cstdio>
#include <vector>

int main()
{
    int n, q;
    if (std::scanf("%d %d", &n, &q) != 2)
        return 1;
    std::vector<int> come(n), go(n);
    for (int i = 0; i < n; i++)
        if (std::scanf("%d %d", &come[i], &go[i]) != 2)
            return 1;
    std::sort(come.begin(), come.end());
    std::sort(go.begin(), go.end());
    int level = 0, most = 0, since = 0;
    long long busy = 0;
    for (int i = 0, j = 0; j < n;) {
        if (i < n && come[i] < go[j]) {
            if (level++ == 0)
                since = come[i];
            most = std::max(most, level);
            i++;
        } else {
            if (--level == 0)
                busy += go[j] - since;
            j++;
        }
    }
    std::printf("%d %lld\n", most, busy);
    for (int t; q > 0 && std::scanf("%d", &t) == 1; q--)
        std::printf("%d\n",
                    static_cast<int>(std::upper_bound(come.begin(), come.end(), t) - come.begin() -
                                     (std::upper_bound(go.begin(), go.end(), t) - go.begin())));
}
