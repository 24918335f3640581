/* Checks a choice of requests and says what it is worth, as CMS wants it.
 * checker input answer output; the outcome on stdout, a word on stderr, always exit 0. */
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

[[noreturn]] static void say(const char *outcome, const char *message)
{
    std::printf("%s\n", outcome);
    std::fprintf(stderr, "%s\n", message);
    std::exit(0);
}

/* A whole number from 0 to most in plain digits, or -1. */
static int number(std::ifstream &from, int most)
{
    std::string word;
    if (!(from >> word) || word.size() > 5)
        return -1;
    int value = 0;
    for (char c : word) {
        if (c < '0' || c > '9')
            return -1;
        value = 10 * value + (c - '0');
    }
    return value <= most ? value : -1;
}

struct request {
    int from, to, pay;
};

int main(int argc, char **argv)
{
    if (argc < 4)
        return 1;
    std::ifstream input(argv[1]), answer(argv[2]), output(argv[3]);
    int n = 0, best = 0, sum = 0;
    if (!(input >> n) || !(answer >> best))
        return 1;
    std::vector<request> all(static_cast<size_t>(n));
    for (auto &r : all)
        if (!(input >> r.from >> r.to >> r.pay))
            return 1;
    int count = number(output, n);
    if (count < 0)
        say("0.0", "the first word is not a number of requests");
    std::vector<bool> granted(static_cast<size_t>(n) + 1);
    std::vector<std::pair<int, int>> days;
    for (int i = 0; i < count; i++) {
        int k = number(output, n);
        if (k < 1 || granted[static_cast<size_t>(k)])
            say("0.0", "not the number of a request, or twice the same");
        granted[static_cast<size_t>(k)] = true;
        const request &r = all[static_cast<size_t>(k) - 1];
        days.emplace_back(r.from, r.to);
        sum += r.pay;
    }
    std::string more;
    if (output >> more)
        say("0.0", "more output than asked for");
    std::sort(days.begin(), days.end());
    for (size_t i = 1; i < days.size(); i++)
        if (days[i].first <= days[i - 1].second)
            say("0.0", "two stalls on one day");
    if (sum > best) /* allowed, and more than our own best: the test is wrong */
        return 1;
    if (sum == best)
        say("1.0", "translate:success");
    if (2 * sum >= best)
        say("0.5", "translate:partial");
    say("0.0", "translate:wrong");
}
