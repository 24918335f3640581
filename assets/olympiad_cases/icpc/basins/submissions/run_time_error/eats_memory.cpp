/* Touches memory until there is none. A judge that tells memory apart says MLE, Kattis says RTE. */
#include <cstdio>
#include <cstring>
#include <vector>

int main()
{
    std::vector<char *> all;
    for (;;) {
        all.push_back(new char[1 << 20]);
        memset(all.back(), 42, 1 << 20);
    }
}
