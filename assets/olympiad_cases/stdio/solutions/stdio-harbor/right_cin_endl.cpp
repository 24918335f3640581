#include <iostream>
#include <iterator>
#include <map>

/* Reads with plain cin and flushes every line, as beginners do. */
int main()
{
    using namespace std;
    int n, q;
    cin >> n >> q;
    map<int, int> level;
    for (int i = 0; i < n; i++) {
        int a, b;
        cin >> a >> b;
        level[a]++;
        level[b]--;
    }
    int now = 0, most = 0, since = 0;
    long long busy = 0;
    for (auto &p : level) {
        if (now > 0)
            busy += p.first - since;
        now += p.second;
        p.second = now;
        most = max(most, now);
        since = p.first;
    }
    cout << most << " " << busy << endl;
    while (q-- > 0) {
        int t;
        cin >> t;
        auto at = level.upper_bound(t);
        cout << (at == level.begin() ? 0 : prev(at)->second) << endl;
    }
}
