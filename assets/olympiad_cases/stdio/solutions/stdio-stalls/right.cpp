#include <algorithm>
#include <iostream>
#include <numeric>
#include <vector>

struct request {
    int from, to, pay;
};

int main()
{
    int n;
    std::cin >> n;
    std::vector<request> r(n);
    for (request &x : r)
        std::cin >> x.from >> x.to >> x.pay;
    std::vector<int> by_end(n);
    std::iota(by_end.begin(), by_end.end(), 0);
    std::sort(by_end.begin(), by_end.end(), [&](int a, int b) { return r[a].to < r[b].to; });
    std::vector<int> best(n + 1), before(n + 1);
    std::vector<bool> takes(n + 1);
    for (int i = 1; i <= n; i++) {
        const request &x = r[by_end[i - 1]];
        int j = i - 1;
        while (j > 0 && r[by_end[j - 1]].to >= x.from)
            j--;
        takes[i] = best[j] + x.pay > best[i - 1];
        best[i] = std::max(best[i - 1], best[j] + x.pay);
        before[i] = takes[i] ? j : i - 1;
    }
    std::vector<int> granted;
    for (int i = n; i > 0; i = before[i])
        if (takes[i])
            granted.push_back(by_end[i - 1] + 1);
    std::cout << granted.size();
    for (int k : granted)
        std::cout << " " << k;
    std::cout << "\n";
}
