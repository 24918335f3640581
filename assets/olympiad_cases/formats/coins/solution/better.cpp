/* The least for any coins: better than the jury where the jury is wrong, and then nobody can say
 * what that is worth. */
#include <algorithm>
#include <cstdio>
#include <vector>
int main()
{
    int s, d;
    if (scanf("%d %d", &s, &d) != 2)
        return 1;
    std::vector<int> c(d);
    for (int &x : c)
        if (scanf("%d", &x) != 1)
            return 1;
    std::vector<int> least(s + 1, 1 << 30), last(s + 1);
    least[0] = 0;
    for (int a = 1; a <= s; a++)
        for (int x : c)
            if (x <= a && least[a - x] + 1 < least[a]) {
                least[a] = least[a - x] + 1;
                last[a] = x;
            }
    printf("%d\n", least[s]);
    for (; s > 0; s -= last[s])
        printf("%d ", last[s]);
    puts("");
}
