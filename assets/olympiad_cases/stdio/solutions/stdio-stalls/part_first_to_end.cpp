#include <algorithm>
#include <iostream>
#include <vector>

struct request {
    int from, to, pay, k;
};

int main()
{
    int n;
    std::cin >> n;
    std::vector<request> r(n);
    for (int i = 0; i < n; i++) {
        std::cin >> r[i].from >> r[i].to >> r[i].pay;
        r[i].k = i + 1;
    }
    std::stable_sort(r.begin(), r.end(),
                     [](const request &a, const request &b) { return a.to < b.to; });
    std::vector<int> granted;
    int last = 0;
    for (const request &x : r)
        if (x.from > last) {
            granted.push_back(x.k);
            last = x.to;
        }
    std::cout << granted.size();
    for (int k : granted)
        std::cout << " " << k;
    std::cout << "\n";
}
