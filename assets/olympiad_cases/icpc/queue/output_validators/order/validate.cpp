/* validate INPUT ANSWER FEEDBACK/ gap 2 < output: exit 42 when the output is a queue without a
 * quarrel, or rightly says that there is none; 43 when not. */
#include "queue.h"

#include <fstream>
#include <iostream>

int main(int argc, char **argv)
{
    if (argc != 6 || std::string(argv[4]) != "gap")
        return 1;
    std::ifstream input(argv[1]), answer(argv[2]);
    std::ofstream message(std::string(argv[3]) + "judgemessage.txt");
    long n, s;
    std::string known;
    if (!(input >> n >> s) || !(answer >> known))
        return 1;
    verdict v = check(std::cin, n, s, std::stol(argv[5]), known == "possible");
    message << v.why << std::endl;
    if (v.is_judge_wrong)
        return 1;
    return v.is_right ? 42 : 43;
}
