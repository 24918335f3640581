/* All 2^n ways: for sixty lanterns the sun goes out first. */
#include <cstdlib>
#include <fstream>
#include <vector>
using namespace std;

int main()
{
    ifstream in("input.txt");
    int n;
    in >> n;
    vector<int> w(n);
    for (int &x : w)
        in >> x;
    long long best = -1;
    int least = 1 << 30;
    for (long long m = 0; m < 1LL << n; m++) {
        int d = 0;
        for (int i = 0; i < n; i++)
            d += m >> i & 1 ? w[i] : -w[i];
        if (abs(d) < least) {
            least = abs(d);
            best = m;
        }
    }
    string poles(n, 'R');
    for (int i = 0; i < n; i++)
        if (best >> i & 1)
            poles[i] = 'L';
    ofstream("output.txt") << poles << "\n";
}
