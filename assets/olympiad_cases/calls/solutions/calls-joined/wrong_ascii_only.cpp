#include <string>
#include <vector>

class Solution {
public:
    std::vector<std::string> joinLines(std::vector<std::string> &lines, std::string mark)
    {
        std::vector<std::string> whole;
        bool goes_on = false;
        for (std::string line : lines) {
            for (char &c : line)
                c = static_cast<char>(c & 127);
            if (!goes_on)
                whole.emplace_back();
            goes_on = line.size() >= mark.size() &&
                      line.compare(line.size() - mark.size(), mark.size(), mark) == 0;
            whole.back() += goes_on ? line.substr(0, line.size() - mark.size()) : line;
        }
        return whole;
    }
};
