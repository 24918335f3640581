#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

int main()
{
    int n, s;
    if (scanf("%d %d", &n, &s) != 2)
        return 1;
    std::vector<int> q(n);
    for (int i = 0; i < n; i++)
        q[i] = i + 1;
    do {
        bool is_right = q[0] == s;
        for (int i = 1; i < n && is_right; i++)
            is_right = std::abs(q[i] - q[i - 1]) != 1;
        if (!is_right)
            continue;
        for (int x : q)
            printf("%d ", x);
        return 0;
    } while (std::next_permutation(q.begin(), q.end()));
    puts("impossible");
}
