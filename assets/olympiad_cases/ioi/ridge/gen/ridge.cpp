/* ridge N P A B SEED: one input, as it is. */
#include <cstdio>

int main(int argc, char **argv)
{
    if (argc != 6)
        return 2;
    for (int i = 1; i < 6; i++)
        printf("%s%c", argv[i], i < 5 ? ' ' : '\n');
}
