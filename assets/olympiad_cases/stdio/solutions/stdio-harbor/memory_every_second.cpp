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
    std::vector<short> level(1 + *std::max_element(go.begin(), go.end()));
    for (int i = 0; i < n; i++) {
        level[come[i]]++;
        level[go[i]]--;
    }
    int most = 0, busy = 0;
    for (size_t t = 0; t < level.size(); t++) {
        level[t] = static_cast<short>(level[t] + (t > 0 ? level[t - 1] : 0));
        most = std::max<int>(most, level[t]);
        busy += level[t] > 0;
    }
    std::printf("%d %d\n", most, busy);
    for (int t; q > 0 && std::scanf("%d", &t) == 1; q--)
        std::printf("%d\n", static_cast<size_t>(t) < level.size() ? level[t] : 0);
}
