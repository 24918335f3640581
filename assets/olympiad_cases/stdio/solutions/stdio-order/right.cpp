#include <iostream>
#include <queue>
#include <vector>

int main()
{
    int n, m;
    std::cin >> n >> m;
    std::vector<std::vector<int>> needed_by(n + 1), needs(n + 1);
    std::vector<int> open(n + 1);
    for (int i = 0; i < m; i++) {
        int a, b;
        std::cin >> a >> b;
        needed_by[b].push_back(a);
        needs[a].push_back(b);
        open[a]++;
    }
    std::queue<int> free;
    std::vector<int> order;
    std::vector<bool> is_done(n + 1);
    for (int t = 1; t <= n; t++)
        if (open[t] == 0)
            free.push(t);
    while (!free.empty()) {
        int t = free.front();
        free.pop();
        order.push_back(t);
        is_done[t] = true;
        for (int u : needed_by[t])
            if (--open[u] == 0)
                free.push(u);
    }
    if (static_cast<int>(order.size()) == n) {
        std::cout << "order\n";
        for (int t : order)
            std::cout << t << "\n";
        return 0;
    }
    /* Every task left needs one that is left: walk until one comes again. */
    std::vector<int> seen_at(n + 1, -1), walk;
    int t = 1;
    while (is_done[t])
        t++;
    while (seen_at[t] < 0) {
        seen_at[t] = static_cast<int>(walk.size());
        walk.push_back(t);
        for (int u : needs[t])
            if (!is_done[u])
                t = u;
    }
    std::cout << "stuck " << walk.size() - seen_at[t];
    for (size_t i = seen_at[t]; i < walk.size(); i++)
        std::cout << " " << walk[i];
    std::cout << "\n";
}
