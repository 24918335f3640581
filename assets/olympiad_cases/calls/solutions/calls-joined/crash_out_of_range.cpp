#include <string>
#include <vector>

class Solution {
public:
    std::vector<std::string> joinLines(std::vector<std::string> &lines, std::string mark)
    {
        std::vector<std::string> whole;
        bool goes_on = false;
        for (const std::string &line : lines) {
            if (!goes_on)
                whole.emplace_back();
            /* throws for a line shorter than the mark */
            goes_on = line.substr(line.size() - mark.size()) == mark;
            whole.back() += goes_on ? line.substr(0, line.size() - mark.size()) : line;
        }
        return whole;
    }
};
