/* walk ALPHABET N SEED: steps drawn from the letters; at the edge of [0, 1000] the other way. */
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

static uint64_t state;

static uint64_t next_random()
{
    state += 0x9E3779B97F4A7C15ULL;
    uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    int n = atoi(argv[2]);
    state = strtoull(argv[3], nullptr, 10);
    int h = int(next_random() % 1001), h0 = h;
    std::string steps;
    for (int i = 1; i < n; i++) {
        char c = argv[1][next_random() % strlen(argv[1])];
        if (c == 'U' && h == 1000)
            c = 'D';
        if (c == 'D' && h == 0)
            c = 'U';
        h += c == 'U' ? 1 : c == 'D' ? -1 : 0;
        steps += c;
    }
    printf("%d %d\n%s\n", n, h0, steps.c_str());
}
