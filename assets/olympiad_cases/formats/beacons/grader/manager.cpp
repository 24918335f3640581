/* The manager of the beacons: answers the stub, and writes what came of it to its standard output,
 * which is not points but the output that the checker is given.
 *
 *     "places CALLS P1 P2 ..."   or one word: "violation", "calls", "gone"
 *
 * argv: the FIFO from the stub, the FIFO to the stub. The input comes on stdin. */
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <vector>

static const int MAX_CALLS = 5000;

static FILE *from, *to;

/* Reads on until the other side is gone, so that it never dies of writing to nobody. */
static void end()
{
    fflush(stdout);
    while (fgetc(from) != EOF)
        continue;
    exit(0);
}

static void stop(const char *why)
{
    fprintf(to, "-1\n");
    fflush(to);
    puts(why);
    end();
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    int n, k;
    if (argc < 3 || scanf("%d %d", &n, &k) != 2)
        return 1;
    std::vector<int> places(k);
    for (int &p : places)
        if (scanf("%d", &p) != 1)
            return 1;
    to = fopen(argv[2], "a");
    from = fopen(argv[1], "r");
    if (!to || !from)
        return 1;
    fprintf(to, "%d %d\n", n, k);
    fflush(to);
    for (int calls = 0;; calls++) {
        char kind;
        int l, r;
        if (fscanf(from, " %c", &kind) != 1) {
            puts("gone");
            end();
        }
        if (kind == '!') {
            int m;
            if (fscanf(from, "%d", &m) != 1 || m < 0 || m > n)
                stop("violation");
            printf("places %d", calls);
            for (int i = 0, p; i < m && fscanf(from, "%d", &p) == 1; i++)
                printf(" %d", p);
            puts("");
            end();
        }
        if (kind != '?' || fscanf(from, "%d %d", &l, &r) != 2 || l < 0 || l > r || r >= n)
            stop("violation");
        if (calls == MAX_CALLS)
            stop("calls");
        fprintf(to, "%d\n",
                int(std::upper_bound(places.begin(), places.end(), r) -
                    std::lower_bound(places.begin(), places.end(), l)));
        fflush(to);
    }
}
