/* checker INPUT ANSWER OUTPUT. The outcome is no share but a ratio, 1 and more: the subtask's
 * threshold says what is good, and 0 is what went wrong. */
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <utility>
#include <vector>

static void wrong(const char *message)
{
    std::cout << "0.0\n";
    std::cerr << message << "\n";
    exit(0);
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 1;
    std::ifstream input(argv[1]), answer(argv[2]), output(argv[3]);
    int n, least, k;
    if (!(input >> n) || !(answer >> least))
        return 1;
    std::vector<int> p(n);
    for (int &x : p)
        input >> x;
    if (!(output >> k) || k < 1 || k > 1000000)
        wrong("not a number of swaps");
    for (int s = 0; s < k; s++) {
        int i, j;
        if (!(output >> i >> j) || i < 1 || j < 1 || i > n || j > n || i == j)
            wrong("not two places");
        std::swap(p[i - 1], p[j - 1]);
    }
    std::string more;
    if (output >> more)
        wrong("more than the swaps");
    for (int i = 0; i < n; i++)
        if (p[i] != i + 1)
            wrong("not in order");
    printf("%.6f\n", double(k) / least);
    std::cerr << k << " swaps\n";
}
