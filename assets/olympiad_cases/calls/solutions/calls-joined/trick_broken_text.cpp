#include <string>
#include <vector>

class Solution {
public:
    std::vector<std::string> joinLines(std::vector<std::string> &lines, std::string mark)
    {
        return {"\xff\xfe", std::string("\0AC\"]", 5), "\xed\xa0\x80", "\xf8\x88\x80\x80\x80"};
    }
};
