/* crates N K S SEED: K loads of S kilograms each are cut into N crates, then shuffled; so S is the
 * least possible heaviest load. With a fifth argument it prints the loading it hid instead. */
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <utility>
#include <vector>

static uint64_t state;

static uint64_t next_random()
{
    state += 0x9E3779B97F4A7C15ULL;
    uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

int main(int argc, char **argv)
{
    if (argc < 5)
        return 2;
    int n = atoi(argv[1]), k = atoi(argv[2]), s = atoi(argv[3]);
    state = strtoull(argv[4], nullptr, 10);
    std::vector<std::pair<int, int>> crates; /* weight, truck */
    for (int truck = 1; truck <= k; truck++) {
        int n_here = n / k + (truck <= n % k);
        std::set<int> cuts = {0, s};
        while (int(cuts.size()) <= n_here)
            cuts.insert(int(next_random() % uint64_t(s)));
        for (auto a = cuts.begin(), b = std::next(a); b != cuts.end(); a = b++)
            crates.push_back({*b - *a, truck});
    }
    for (size_t i = crates.size(); i > 1; i--)
        std::swap(crates[i - 1], crates[next_random() % i]);
    if (argc == 5)
        printf("%d %d\n", n, k);
    for (int i = 0; i < n; i++)
        printf("%d%c", argc == 5 ? crates[i].first : crates[i].second, i + 1 < n ? ' ' : '\n');
}
