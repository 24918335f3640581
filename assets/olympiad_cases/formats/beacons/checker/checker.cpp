/* checker INPUT ANSWER OUTPUT, where the output is what the manager wrote. The answer holds how many
 * calls are few, then the places. */
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

static void say(const char *share, const char *message)
{
    std::cout << share << "\n";
    std::cerr << message << "\n";
    exit(0);
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 1;
    std::ifstream input(argv[1]), answer(argv[2]), output(argv[3]);
    int n, k, few, calls, p;
    std::string word;
    if (!(input >> n >> k) || !(answer >> few) || !(output >> word))
        return 1;
    if (word == "violation")
        say("0", "Protocol Violation: not a question");
    if (word != "places")
        say("0", word == "calls" ? "too many calls" : "no answer came");
    if (!(output >> calls))
        return 1;
    std::vector<int> want, got;
    while (answer >> p)
        want.push_back(p);
    while (output >> p)
        got.push_back(p);
    std::sort(got.begin(), got.end());
    if (got != want)
        say("0", "translate:wrong");
    if (calls <= few)
        say("1", "translate:success");
    say(calls <= n ? "0.5" : "0", "translate:partial");
}
