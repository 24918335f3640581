/* Tries every number of every coin. */
#include <cstdio>
#include <vector>

static std::vector<int> coins, counts, best;
static int least;

static void search(int i, int t, int used)
{
    if (i == 0) {
        counts[0] = t;
        if (used + t >= least)
            return;
        least = used + t;
        best = counts;
        return;
    }
    for (counts[i] = 0; counts[i] * coins[i] <= t; counts[i]++)
        search(i - 1, t - counts[i] * coins[i], used + counts[i]);
}

int main()
{
    int m, t;
    if (scanf("%d %d", &m, &t) != 2)
        return 1;
    coins.resize(m);
    counts.resize(m);
    for (int &c : coins)
        if (scanf("%d", &c) != 1)
            return 1;
    least = t + 1;
    search(m - 1, t, 0);
    for (int c : best)
        printf("%d ", c);
}
