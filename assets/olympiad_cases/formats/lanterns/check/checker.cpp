/* checker INPUT ANSWER OUTPUT, as CMS has it: a share on stdout, a message on stderr. */
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

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
    int n, least;
    if (!(input >> n) || !(answer >> least))
        return 1;
    std::string poles, more;
    if (!(output >> poles) || int(poles.size()) != n || output >> more)
        say("0.0", "not one word of n letters");
    int difference = 0, heaviest = 0;
    for (char pole : poles) {
        int w;
        if (!(input >> w))
            return 1;
        if (pole != 'L' && pole != 'R')
            say("0.0", "a letter that is no pole");
        difference += pole == 'L' ? w : -w;
        heaviest = w > heaviest ? w : heaviest;
    }
    difference = abs(difference);
    if (difference < least)
        return 1; /* better than the best: the answer is wrong, and nobody may get points for it */
    if (difference == least)
        say("1.0", "translate:success");
    if (difference <= heaviest)
        say("0.5", "nearly even");
    say("0.0", "translate:wrong");
}
