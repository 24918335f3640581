/* Cuts the class into those of s's parity and the others, and joins the two runs where they fit. */
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

static bool is_calm(const std::vector<int> &q)
{
    for (size_t i = 1; i < q.size(); i++)
        if (std::abs(q[i] - q[i - 1]) == 1)
            return false;
    return true;
}

int main()
{
    int n, s;
    if (scanf("%d %d", &n, &s) != 2)
        return 1;
    for (int way = 0; way < 8; way++) {
        std::vector<int> q = {s}, same, other;
        for (int x = 1; x <= n; x++)
            if (x != s)
                (x % 2 == s % 2 ? same : other).push_back(x);
        if (way & 1)
            std::reverse(same.begin(), same.end());
        if (way & 2)
            std::reverse(other.begin(), other.end());
        if (way & 4)
            std::swap(same, other);
        q.insert(q.end(), same.begin(), same.end());
        q.insert(q.end(), other.begin(), other.end());
        if (!is_calm(q))
            continue;
        for (int x : q)
            printf("%d\n", x);
        return 0;
    }
    puts("impossible");
}
