/* checker INPUT ANSWER OUTPUT: the outcome on stdout, a message on stderr, exit code 0 (as CMS has
 * it). The answer is a loading as good as can be. */
#include <algorithm>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

static std::vector<long long> weights;
static size_t n_trucks;

/* The heaviest load; or -1 when the file is no loading. */
static long long heaviest(const char *path)
{
    std::ifstream in(path, std::ios::binary);
    std::vector<long long> load(n_trucks);
    std::string word;
    for (long long w : weights) {
        if (!(in >> word) || word.size() > 2)
            return -1;
        if (word.find_first_not_of("0123456789") != std::string::npos)
            return -1;
        size_t truck = std::stoul(word);
        if (truck < 1 || truck > n_trucks)
            return -1;
        load[truck - 1] += w;
    }
    if (in >> word)
        return -1;
    return *std::max_element(load.begin(), load.end());
}

static int say(const char *outcome, const std::string &message)
{
    std::cout << outcome << std::endl;
    std::cerr << message << std::endl;
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 1;
    std::ifstream in(argv[1]);
    size_t n;
    if (!(in >> n >> n_trucks))
        return 1;
    weights.resize(n);
    for (long long &w : weights)
        if (!(in >> w))
            return 1;
    long long best = heaviest(argv[2]), yours = heaviest(argv[3]);
    if (best < 0)
        return 1;
    if (yours < 0)
        return say("0.0", "not a loading");
    std::string message = "heaviest load " + std::to_string(yours);
    if (yours <= best)
        return say("1.0", "translate:success");
    if (yours * 50 <= best * 51)
        return say("0.8", message);
    if (yours * 4 <= best * 5)
        return say("0.4", message);
    return say("0.1", message);
}
