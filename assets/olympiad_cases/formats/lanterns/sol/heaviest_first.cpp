/* The next one to the lighter pole: never off by more than the heaviest, seldom best. */
#include <algorithm>
#include <fstream>
#include <vector>
using namespace std;

int main()
{
    ifstream in("input.txt");
    int n;
    in >> n;
    vector<pair<int, int>> w(n);
    for (int i = 0; i < n; i++) {
        in >> w[i].first;
        w[i].second = i;
    }
    sort(w.rbegin(), w.rend());
    string poles(n, 'R');
    int more = 0;
    for (auto x : w) {
        if (more <= 0)
            poles[x.second] = 'L';
        more += more <= 0 ? x.first : -x.first;
    }
    ofstream("output.txt") << poles << "\n";
}
