/* stones KIND N M SEED: N weights from 1 to M on each bank; apart: the left bank's are all lighter.
 */
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
    if (argc != 5)
        return 2;
    bool is_apart = !strcmp(argv[1], "apart");
    int n = atoi(argv[2]), m = atoi(argv[3]), half = m / 2;
    state = strtoull(argv[4], nullptr, 10);
    printf("%d\n", n);
    for (int bank = 0; bank < 2; bank++)
        for (int i = 0; i < n; i++) {
            int w = is_apart ? 1 + bank * half + int(next_random() % uint64_t(half))
                             : 1 + int(next_random() % uint64_t(m));
            printf("%d%c", w, i + 1 < n ? ' ' : '\n');
        }
}
