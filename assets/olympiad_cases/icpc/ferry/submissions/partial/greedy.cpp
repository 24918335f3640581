/* The largest coin that fits. */
#include <cstdio>
#include <vector>

int main()
{
    int m, t;
    if (scanf("%d %d", &m, &t) != 2)
        return 1;
    std::vector<int> coins(m), counts(m);
    for (int &c : coins)
        if (scanf("%d", &c) != 1)
            return 1;
    for (int i = m - 1; i >= 0; i--) {
        counts[i] = t / coins[i];
        t %= coins[i];
    }
    for (int c : counts)
        printf("%d ", c);
}
