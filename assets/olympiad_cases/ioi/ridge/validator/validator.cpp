/* validator.cpp SUBTASK < input: exit 0 when the input keeps every promise of the statement. */
#include <cstdio>
#include <cstring>
#include <string>

int main(int argc, char **argv)
{
    std::string subtask = argc > 1 ? argv[1] : "full";
    char line[128], again[128];
    long long n, p, a, b, seed;
    if (!fgets(line, sizeof line, stdin) || fgetc(stdin) != EOF)
        return 1;
    if (sscanf(line, "%lld %lld %lld %lld %lld", &n, &p, &a, &b, &seed) != 5)
        return 1;
    snprintf(again, sizeof again, "%lld %lld %lld %lld %lld\n", n, p, a, b, seed);
    if (strcmp(line, again))
        return 1;
    long long n_max = subtask == "tiny" ? 100 : subtask == "short" ? 2000 : 1000000000;
    if (n < 1 || n > n_max || p < 0 || p >= n)
        return 1;
    if (a < 1 || a > 1000000 || b < 1 || b > 1000000 || seed < 0)
        return 1;
    return subtask == "ramp" && p != 0 && p != n - 1;
}
