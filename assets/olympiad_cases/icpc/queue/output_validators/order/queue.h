#pragma once
#include <istream>
#include <string>

struct verdict {
    bool is_right;
    bool is_judge_wrong; /* a queue where the answer file says there is none */
    std::string why;
};

verdict check(std::istream &output, long n, long s, long gap, bool is_possible);
