/* validator.cpp < input: exit 0 when the input keeps every promise of the statement. */
#include <iostream>
#include <iterator>
#include <sstream>

int main()
{
    std::string text(std::istreambuf_iterator<char>(std::cin), {});
    std::istringstream in(text);
    long long n, k, w;
    if (!(in >> n >> k) || k < 2 || k > 10 || n < k || n > 400)
        return 1;
    std::string again = std::to_string(n) + " " + std::to_string(k) + "\n";
    for (int i = 0; i < n; i++) {
        if (!(in >> w) || w < 1 || w > 1000000)
            return 1;
        again += std::to_string(w) + (i + 1 < n ? " " : "\n");
    }
    return again != text;
}
