#include <iostream>
#include <vector>

/* ways[c][i]: fences of i metres and c planks; right, but five thousand times five thousand */
int main()
{
    int n, k;
    std::cin >> n >> k;
    std::vector<int> plank(k);
    for (int &x : plank)
        std::cin >> x;
    struct cell {
        long long ways = 0;
        bool is_possible = false;
    };
    std::vector<std::vector<cell>> table(n + 1, std::vector<cell>(n + 1));
    table[0][0] = {1, true};
    long long sum = 0;
    int least = -1;
    for (int c = 0; c <= n; c++) {
        if (table[c][n].is_possible && least < 0)
            least = c;
        sum = (sum + table[c][n].ways) % 1000000007;
        for (int i = 0; i <= n && c < n; i++)
            if (table[c][i].is_possible)
                for (int x : plank)
                    if (i + x <= n) {
                        cell &to = table[c + 1][i + x];
                        to.ways = (to.ways + table[c][i].ways) % 1000000007;
                        to.is_possible = true;
                    }
    }
    std::cout << sum << " " << least << "\n";
}
