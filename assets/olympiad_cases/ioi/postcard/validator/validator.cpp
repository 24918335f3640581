/* validator.cpp SUBTASK < input: exit 0 when the input keeps every promise of the statement. */
#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>

int main(int argc, char **argv)
{
    std::string subtask = argc > 1 ? argv[1] : "full";
    std::string text(std::istreambuf_iterator<char>(std::cin), {});
    int n, h;
    char steps[8192] = "";
    if (sscanf(text.c_str(), "%d %d %8000s", &n, &h, steps) != 3)
        return 1;
    if (std::to_string(n) + " " + std::to_string(h) + "\n" + steps + "\n" != text)
        return 1;
    if (n < 2 || n > (subtask == "short" ? 10 : 4000) || h < 0 || h > 1000)
        return 1;
    int i = 0;
    for (; steps[i]; i++) {
        if (steps[i] != 'U' && steps[i] != 'D' && (steps[i] != '=' || subtask == "zigzag"))
            return 1;
        h += steps[i] == 'U' ? 1 : steps[i] == 'D' ? -1 : 0;
        if (h < 0 || h > 1000)
            return 1;
    }
    return i != n - 1;
}
