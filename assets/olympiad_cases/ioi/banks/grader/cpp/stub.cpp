/* Runs twice at once: "stub 0" on the left bank, "stub 1" on the right. */
#include "banks.h"

#include <cstdio>
#include <cstdlib>

static int next()
{
    int x;
    if (scanf("%d", &x) != 1 || x < 0)
        exit(0);
    return x;
}

void send(int x)
{
    printf("s %d\n", x);
    fflush(stdout);
}

int receive()
{
    printf("r\n");
    fflush(stdout);
    return next();
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 1;
    std::vector<int> w(next());
    for (int &x : w)
        x = next();
    printf("a %d\n", median(atoi(argv[1]), w));
    fflush(stdout);
    return 0;
}
