#include <iostream>
#include <vector>

struct request {
    int from, to, pay;
};
static std::vector<request> r;
static std::vector<int> chosen, granted;
static int best = -1;

static void choose(size_t i, int pay)
{
    if (i == r.size()) {
        if (pay > best) {
            best = pay;
            granted = chosen;
        }
        return;
    }
    bool is_free = true;
    for (int k : chosen)
        is_free = is_free && (r[i].to < r[k - 1].from || r[k - 1].to < r[i].from);
    choose(i + 1, pay);
    if (is_free) {
        chosen.push_back(static_cast<int>(i) + 1);
        choose(i + 1, pay + r[i].pay);
        chosen.pop_back();
    }
}

int main()
{
    int n;
    std::cin >> n;
    r.resize(n);
    for (request &x : r)
        std::cin >> x.from >> x.to >> x.pay;
    choose(0, 0);
    std::cout << granted.size();
    for (int k : granted)
        std::cout << " " << k;
    std::cout << "\n";
}
