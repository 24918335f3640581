/* checker INPUT ANSWER OUTPUT: the outcome on stdout, a message on stderr, exit code 0 (as CMS has
 * it). The output is a number of bits, then a skyline that must be the input's. */
#include <cctype>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

static std::string read(const char *path)
{
    std::ifstream in(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
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
    std::string input = read(argv[1]), output = read(argv[3]);
    size_t end = output.find('\n'), i = 0;
    while (i < output.size() && isdigit((unsigned char)output[i]))
        i++;
    if (i == 0 || i > 6 || end != i)
        return say("0.0", "translate:wrong");
    if (output.substr(end + 1) != input)
        return say("0.0", "not the skyline that was sent");
    long bits = std::stol(output.substr(0, i)), n = std::stol(input);
    bool has_flat = input.find('=') != std::string::npos;
    long best = n <= 10 ? 16 + 10 * n : has_flat ? 16 + 8 * ((n + 4) / 5) : 16 + n;
    std::string message = std::to_string(bits) + " bits";
    if (bits <= best)
        return say("1.0", "translate:success");
    if (bits <= 16 + 2 * n)
        return say("0.6", message);
    if (bits <= 16 + 10 * n)
        return say("0.2", message);
    return say("0.0", message + ", too many");
}
