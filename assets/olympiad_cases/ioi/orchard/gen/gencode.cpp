/* Makes one input: gencode KIND N K M SEED. KIND list writes the weights out, seed leaves them to
 * the grader, trap builds rows where the heaviest tree must be left standing. */
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

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
    if (argc != 6)
        return 2;
    int n = atoi(argv[2]), k = atoi(argv[3]), m = atoi(argv[4]);
    state = strtoull(argv[5], nullptr, 10);
    printf("%d %d\n", n, k);
    if (!strcmp(argv[1], "seed")) {
        printf("seed\n%d %d\n", int(next_random() % 2147483647), m);
        return 0;
    }
    printf("list\n");
    for (int i = 0; i < n; i++) {
        /* Of every 2k + 2 trees, two of weight m - 1 are k + 1 apart and the heaviest, m, stands
         * too near to both. */
        bool is_trap = !strcmp(argv[1], "trap");
        int place = i % (2 * k + 2);
        int w = is_trap ? (place == 0 || place == k + 1 ? m - 1
                           : place == 1                 ? m
                                                        : 1)
                        : int(next_random() % uint64_t(m)) + 1;
        printf("%d%c", w, i + 1 < n ? ' ' : '\n');
    }
}
