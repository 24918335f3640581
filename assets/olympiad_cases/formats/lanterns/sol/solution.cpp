#include <bitset>
#include <fstream>
#include <vector>
using namespace std;

int main()
{
    ifstream in("input.txt");
    ofstream out("output.txt");
    int n, total = 0;
    in >> n;
    vector<int> w(n);
    for (int &x : w) {
        in >> x;
        total += x;
    }
    vector<bitset<60001>> can(n + 1);
    can[0][0] = 1;
    for (int i = 0; i < n; i++)
        can[i + 1] = can[i] | can[i] << w[i];
    int half = total / 2;
    while (!can[n][half])
        half--;
    string poles(n, 'R');
    for (int i = n; i-- > 0;)
        if (!can[i][half]) {
            poles[i] = 'L';
            half -= w[i];
        }
    out << poles << "\n";
}
