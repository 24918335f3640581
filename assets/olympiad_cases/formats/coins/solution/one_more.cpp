/* Breaks one coin of 2 in two. */
#include <cstdio>
#include <vector>
int main()
{
    int s, d;
    if (scanf("%d %d", &s, &d) != 2)
        return 1;
    std::vector<int> c(d), paid;
    for (int &x : c)
        if (scanf("%d", &x) != 1)
            return 1;
    for (int i = d; i-- > 0;)
        for (; s >= c[i]; s -= c[i])
            paid.push_back(c[i]);
    for (int &x : paid)
        if (x == 2) {
            x = 1;
            paid.push_back(1);
            break;
        }
    printf("%zu\n", paid.size());
    for (int x : paid)
        printf("%d ", x);
    puts("");
}
