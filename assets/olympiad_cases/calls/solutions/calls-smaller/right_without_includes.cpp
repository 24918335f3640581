class Solution {
public:
    vector<int> countSmaller(vector<int> values, int k) {
        int n = values.size();
        vector<int> sorted(values);
        sort(sorted.begin(), sorted.end());
        vector<int> sums(n + 1), counts;
        auto place = [&](int v) {
            return int(lower_bound(sorted.begin(), sorted.end(), v) - sorted.begin());
        };
        auto add = [&](int i, int more) {
            for (i++; i <= n; i += i & -i) sums[i] += more;
        };
        for (int i = 0; i < n; i++) {
            int total = 0;
            for (int j = place(values[i]); j > 0; j -= j & -j) total += sums[j];
            counts.push_back(total);
            add(place(values[i]), 1);
            if (i >= k) add(place(values[i - k]), -1);
        }
        return counts;
    }
};
