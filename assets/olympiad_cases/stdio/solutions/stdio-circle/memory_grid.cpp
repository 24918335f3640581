#include <cstdio>
#include <cstring>
#include <vector>

/* Marks every tuft in a map of the whole meadow. */
int main()
{
    int n;
    if (std::scanf("%d", &n) != 1)
        return 1;
    std::vector<std::vector<char>> meadow(20001, std::vector<char>(20001, '.'));
    for (int x, y; std::scanf("%d %d", &x, &y) == 2;)
        meadow[x + 10000][y + 10000] = '#';
    size_t tufts = 0;
    for (const auto &row : meadow)
        for (char c : row)
            tufts += c == '#';
    std::printf("%zu\n", tufts);
}
