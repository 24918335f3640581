/* validator.cpp SUBTASK < input: exit 0 when the input keeps every promise of the statement. */
#include <algorithm>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>

int main(int argc, char **argv)
{
    std::string subtask = argc > 1 ? argv[1] : "full";
    std::string text(std::istreambuf_iterator<char>(std::cin), {});
    std::istringstream in(text);
    long n, w, heaviest_left = 0, lightest_right = 1000000;
    if (!(in >> n) || n < 1 || n > (subtask == "few" ? 10 : 500))
        return 1;
    std::string again = std::to_string(n) + "\n";
    for (int bank = 0; bank < 2; bank++)
        for (int i = 0; i < n; i++) {
            if (!(in >> w) || w < 1 || w > 1000000)
                return 1;
            again += std::to_string(w) + (i + 1 < n ? " " : "\n");
            if (bank == 0)
                heaviest_left = std::max(heaviest_left, w);
            if (bank == 1)
                lightest_right = std::min(lightest_right, w);
        }
    return again != text || (subtask == "apart" && heaviest_left >= lightest_right);
}
