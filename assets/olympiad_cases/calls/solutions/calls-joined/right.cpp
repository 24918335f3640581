#include <string>
#include <vector>
using namespace std;

class Solution {
public:
    vector<string> joinLines(vector<string> &lines, string mark)
    {
        vector<string> whole;
        bool goes_on = false;
        for (const string &line : lines) {
            if (!goes_on)
                whole.push_back("");
            goes_on = line.size() >= mark.size() &&
                      line.compare(line.size() - mark.size(), mark.size(), mark) == 0;
            whole.back() += goes_on ? line.substr(0, line.size() - mark.size()) : line;
        }
        return whole;
    }
};
