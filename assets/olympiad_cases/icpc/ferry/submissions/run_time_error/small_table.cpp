/* A table for fares up to 55 000 cents, with checked access. */
#include <cstdio>
#include <vector>

int main()
{
    int m, t;
    if (scanf("%d %d", &m, &t) != 2)
        return 1;
    std::vector<int> coins(m), least(55001), last(55001), counts(m);
    for (int &c : coins)
        if (scanf("%d", &c) != 1)
            return 1;
    if (coins.back() == 1000 && coins[1] == 5) { /* the usual coins: no table is needed */
        for (int i = m - 1; i >= 0; t %= coins[i--])
            counts[i] = t / coins[i];
    }
    for (int s = 1; s <= t; s++) {
        least.at(s) = s;
        for (int i = 0; i < m && coins[i] <= s; i++)
            if (least[s - coins[i]] + 1 <= least[s]) {
                least[s] = least[s - coins[i]] + 1;
                last[s] = i;
            }
    }
    for (int s = t; s > 0; s -= coins[last[s]])
        counts[last[s]]++;
    for (int c : counts)
        printf("%d\n", c);
}
