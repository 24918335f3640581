#include "queue.h"

#include <cstdlib>
#include <vector>

static bool read_number(std::istream &in, long &x)
{
    std::string word;
    if (!(in >> word) || word.size() > 9)
        return false;
    if (word.find_first_not_of("0123456789") != std::string::npos)
        return false;
    x = std::stol(word);
    return true;
}

verdict check(std::istream &output, long n, long s, long gap, bool is_possible)
{
    std::string word;
    output >> std::ws;
    if (output.peek() == 'i') {
        if (!(output >> word) || word != "impossible" || output >> word)
            return {false, false, "neither a queue nor the word"};
        return {!is_possible, false, is_possible ? "there is a queue" : "right"};
    }
    std::vector<bool> seen(n + 1);
    long before = 0, x = 0;
    for (long i = 0; i < n; i++, before = x) {
        std::string place = "place " + std::to_string(i + 1);
        if (!read_number(output, x))
            return {false, false, place + " is no number"};
        if (x < 1 || x > n || seen[x])
            return {false, false, place + " is nobody, or somebody again"};
        if (i == 0 && x != s)
            return {false, false, "somebody else is at the front"};
        if (i > 0 && std::labs(x - before) < gap)
            return {false, false, place + " quarrels"};
        seen[x] = true;
    }
    if (output >> word)
        return {false, false, "text after the queue"};
    return {true, !is_possible, "right"};
}
