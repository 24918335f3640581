#include <iostream>
#include <vector>

/* Takes "a needs b" for "a comes before b". */
int main()
{
    int n, m;
    std::cin >> n >> m;
    std::vector<std::vector<int>> after(n + 1);
    std::vector<int> open(n + 1), order;
    for (int i = 0; i < m; i++) {
        int a, b;
        std::cin >> a >> b;
        after[a].push_back(b);
        open[b]++;
    }
    for (int t = 1; t <= n; t++)
        if (open[t] == 0)
            order.push_back(t);
    for (size_t i = 0; i < order.size(); i++)
        for (int u : after[order[i]])
            if (--open[u] == 0)
                order.push_back(u);
    std::cout << "order";
    for (int t : order)
        std::cout << " " << t;
    std::cout << "\n";
}
