#include <cstdio>
#include <vector>

int main()
{
    int m, t;
    if (scanf("%d %d", &m, &t) != 2)
        return 1;
    std::vector<int> coins(m), least(t + 1), last(t + 1), counts(m);
    for (int &c : coins)
        if (scanf("%d", &c) != 1)
            return 1;
    for (int s = 1; s <= t; s++) {
        least[s] = s;
        for (int i = 1; i < m && coins[i] <= s; i++)
            if (least[s - coins[i]] + 1 < least[s]) {
                least[s] = least[s - coins[i]] + 1;
                last[s] = i;
            }
        if (least[s - 1] + 1 <= least[s]) {
            least[s] = least[s - 1] + 1;
            last[s] = 0;
        }
    }
    for (int s = t; s > 0; s -= coins[last[s]])
        counts[last[s]]++;
    for (int c : counts)
        printf("%d\n", c);
}
