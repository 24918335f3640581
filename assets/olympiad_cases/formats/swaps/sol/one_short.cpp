/* Leaves the last swap out: fewer than the least, and no order. */
#include <cstdio>
#include <utility>
#include <vector>
int main()
{
    int n;
    if (scanf("%d", &n) != 1)
        return 1;
    std::vector<int> p(n);
    for (int &x : p)
        if (scanf("%d", &x) != 1)
            return 1;
    std::vector<std::pair<int, int>> swaps;
    for (int i = 0; i < n; i++)
        while (p[i] != i + 1) {
            swaps.push_back({i + 1, p[i]});
            std::swap(p[i], p[p[i] - 1]);
        }
    printf("%zu\n", swaps.size() - 1);
    for (size_t i = 0; i + 1 < swaps.size(); i++)
        printf("%d %d\n", swaps[i].first, swaps[i].second);
}
