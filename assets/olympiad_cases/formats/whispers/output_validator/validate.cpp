/* validator INPUT ANSWER FEEDBACK < OUTPUT. How many passes there were is a file in the feedback
 * folder; it holds the code too, so the third pass's input is made of what the first wrote. A program
 * that says "again" gets the pass over again: more often than the problem has passes, which is how
 * a validator that never ends looks. */
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

static std::string folder;

static void leave(int code, const std::string &message)
{
    std::ofstream(folder + "judgemessage.txt", std::ios::app) << message << "\n";
    exit(code);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 1;
    folder = argv[3];
    std::ifstream input(argv[1]), answer(argv[2]);
    std::string word, code, said, more;
    int pass = 1, number;
    answer >> word;
    std::ifstream(folder + "passes") >> pass >> code;
    if (!(input >> number) || number != pass || std::ifstream(folder + "nextpass.in"))
        return 1; /* not the input of this pass, or the last one's is still there */
    if (!(std::cin >> said) || std::cin >> more)
        leave(43, "not one word");
    if (pass > 1 && said == "again") {
        std::ofstream(folder + "nextpass.in") << pass << "\n" << code << "\n";
        leave(42, "again");
    }
    if (pass > 1 && said != word)
        leave(43, "heard wrong");
    if (pass == 3)
        leave(42, "heard twice");
    if (pass == 1) {
        code = said;
        if (code.size() > 600 || code.find_first_not_of("01") != std::string::npos)
            leave(43, "no code");
    } else {
        std::reverse(code.begin(), code.end());
    }
    std::ofstream(folder + "passes") << pass + 1 << "\n" << code << "\n";
    std::ofstream(folder + "nextpass.in") << pass + 1 << "\n" << code << "\n";
    leave(42, "pass " + std::to_string(pass));
}
