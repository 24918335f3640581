/* validate INPUT ANSWER FEEDBACK/ [least|any] < output: 42 for an exact payment, with its share of
 * the points; 43 for anything else. "least": also 43 when there are too many coins, and no share is
 * given; "any": no share is given. */
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

static std::string folder;

static void put(const char *file, const std::string &text)
{
    std::ofstream(folder + file) << text << std::endl;
}

static int reject(const std::string &why)
{
    put("judgemessage.txt", why);
    return 43;
}

int main(int argc, char **argv)
{
    if (argc < 4 || argc > 5)
        return 1;
    bool is_least = argc == 5 && !strcmp(argv[4], "least"),
         is_any = argc == 5 && !strcmp(argv[4], "any");
    if (argc == 5 && !is_least && !is_any)
        return 1;
    folder = argv[3];
    std::ifstream input(argv[1]), answer(argv[2]);
    long m, t, best, sum = 0, used = 0;
    if (!(input >> m >> t) || !(answer >> best))
        return 1;
    std::string word;
    for (long i = 0; i < m; i++) {
        long coin;
        if (!(input >> coin))
            return 1;
        if (!(std::cin >> word))
            return reject("too few numbers");
        if (word.size() > 5 || word.find_first_not_of("0123456789") != std::string::npos)
            return reject("not a number of coins");
        sum += std::stol(word) * coin;
        used += std::stol(word);
    }
    if (std::cin >> word)
        return reject("too many numbers");
    if (sum != t)
        return reject("paid " + std::to_string(sum) + " instead of " + std::to_string(t));
    if (used < best)
        return 1;
    if (is_least && used > best)
        return reject(std::to_string(used - best) + " coins too many");
    put("judgemessage.txt", std::to_string(used) + " coins, least " + std::to_string(best));
    if (is_least || is_any)
        return 42;
    put("score_multiplier.txt", used == best ? "1" : used * 10 <= best * 11 ? "0.75" : "0.25");
    return 42;
}
