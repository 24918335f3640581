#include "testlib.h"

#include <set>

int main(int argc, char **argv)
{
    registerTestlibCmd(argc, argv);
    int s = inf.number(1, 10000), d = inf.number(1, 10), sum = 0;
    std::set<int> coins;
    for (int i = 0; i < d; i++)
        coins.insert(inf.number(1, 10000));
    int jury = ans.number(1, 10000), n = ouf.number(1, 10000);
    for (int i = 0; i < n; i++) {
        int c = ouf.number(1, 10000);
        if (!coins.count(c))
            quitf(_wa, "there is no coin of %d", c);
        sum += c;
    }
    ouf.end();
    if (sum != s)
        quitf(_wa, "%d is paid, not %d", sum, s);
    if (n < jury)
        quitf(_fail, "%d coins, and the jury needs %d", n, jury);
    if (n == jury)
        quitf(_ok, "%d coins", n);
    if (n <= jury + 2)
        quitp(0.75, "a little more");
    if (n <= 2 * jury)
        quitf(_pc(40), "%d coins", n);
    if (n <= 3 * jury)
        quitf(_pc(7), "%d coins", n); /* leaves with 7, like points */
    quitf(_wa, "%d coins, the jury has %d", n, jury);
}
