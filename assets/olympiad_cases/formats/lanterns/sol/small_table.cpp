/* Has room for twelve. */
#include <cstdlib>
#include <fstream>
int main()
{
    std::ifstream in("input.txt");
    int n, w[12], best = 0, least = 1 << 30;
    in >> n;
    if (n > 12)
        abort();
    for (int i = 0; i < n; i++)
        in >> w[i];
    for (int m = 0; m < 1 << n; m++) {
        int d = 0;
        for (int i = 0; i < n; i++)
            d += m >> i & 1 ? w[i] : -w[i];
        if (std::abs(d) < least) {
            least = std::abs(d);
            best = m;
        }
    }
    std::ofstream out("output.txt");
    for (int i = 0; i < n; i++)
        out << (best >> i & 1 ? 'L' : 'R');
    out << "\n";
}
