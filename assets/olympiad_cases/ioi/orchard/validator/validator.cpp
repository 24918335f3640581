/* validator.cpp SUBTASK < input: exit 0 when the input keeps every promise of the statement. */
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <iterator>
#include <string>

static std::string text;
static size_t at;

static void need(bool is_true, const char *what)
{
    if (is_true)
        return;
    fprintf(stderr, "byte %zu: %s\n", at, what);
    exit(1);
}

static void character(char c)
{
    need(at < text.size() && text[at] == c, "unexpected character");
    at++;
}

static long long number(long long low, long long high)
{
    size_t start = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9')
        at++;
    need(at > start && at - start <= 10 && (text[start] != '0' || at - start == 1), "not a number");
    long long x = atoll(text.substr(start, at - start).c_str());
    need(low <= x && x <= high, "out of range");
    return x;
}

int main(int argc, char **argv)
{
    std::string subtask = argc > 1 ? argv[1] : "full";
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
    bool is_small = subtask == "small", is_medium = subtask == "medium";
    long long n_max = is_small ? 18 : is_medium ? 2000 : 300000;
    long long w_max = is_small || is_medium ? 1000000 : 1000000000;
    long long n = number(1, n_max);
    character(' ');
    long long k = number(1, n > 1 ? n - 1 : 1);
    need(subtask != "neighbours" || k == 1, "k must be 1");
    character('\n');
    bool is_list = text.compare(at, 5, "list\n") == 0;
    need(is_list || text.compare(at, 5, "seed\n") == 0, "neither list nor seed");
    at += 5;
    if (is_list) {
        for (long long i = 0; i < n; i++) {
            number(1, w_max);
            character(i + 1 < n ? ' ' : '\n');
        }
    } else {
        number(0, 2147483647);
        character(' ');
        number(1, w_max);
        character('\n');
    }
    need(at == text.size(), "text after the end");
    return 0;
}
