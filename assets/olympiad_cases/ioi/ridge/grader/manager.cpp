/* The manager of the ridge: knows the heights, answers the stub's questions, and gives the points.
 *
 * argv: the FIFO from the stub, the FIFO to the stub, perhaps a log file. It opens the one to the
 * stub first, since that is the one the stub opens first. The input comes on stdin; the first line
 * of stdout is the outcome, the first line of stderr the message. */
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

static const int MAX_CALLS = 2000;

static long long n, top, rise, fall, seed;
static FILE *from, *to;

/* Something in [0, below) that depends on the place alone. */
static long long noise(long long i, long long below)
{
    uint64_t z = uint64_t(i) * 0x9E3779B97F4A7C15ULL + uint64_t(seed);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return (long long)((z ^ (z >> 31)) % uint64_t(below));
}

/* Each step away from the top goes down by 1 to 2 * rise - 1, or 2 * fall - 1. */
static long long height(long long i)
{
    const long long summit = 4000000000000000LL;
    if (i == top)
        return summit;
    return i < top ? summit - rise * (top - i) + noise(i, rise)
                   : summit - fall * (i - top) + noise(i, fall);
}

/* Reads on until the other side is gone: were this side gone first, a program in the middle of a
 * line would die of SIGPIPE, and which of the two happens would be a matter of luck. */
static void end(const char *outcome, const char *message)
{
    printf("%s\n", outcome);
    fprintf(stderr, "%s\n", message);
    while (fgetc(from) != EOF)
        continue;
    exit(0);
}

static void points(int n_calls)
{
    char message[64];
    snprintf(message, sizeof message, "%d calls", n_calls);
    if (n <= MAX_CALLS || n_calls <= 46)
        end("1.0", "translate:success");
    end(n_calls <= 62 ? "0.6" : n_calls <= 110 ? "0.3" : "0.1", message);
}

static void stop(const char *message)
{
    fprintf(to, "-1\n");
    fflush(to);
    end("0.0", message);
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    if (argc < 3 || scanf("%lld %lld %lld %lld %lld", &n, &top, &rise, &fall, &seed) != 5)
        return 1;
    to = fopen(argv[2], "a");
    from = fopen(argv[1], "r");
    if (!to || !from)
        return 1;
    fprintf(to, "%lld\n", n);
    fflush(to);
    for (int n_calls = 0;; n_calls++) {
        char kind;
        long long i;
        int n_read = fscanf(from, " %c", &kind);
        if (n_read != 1)
            end("0.0", "the program ended without an answer");
        if ((kind != '?' && kind != '!') || fscanf(from, "%lld", &i) != 1)
            stop("Protocol Violation: not a question");
        if (kind == '!') {
            if (i != top)
                end("0.0", "translate:wrong");
            points(n_calls);
        }
        if (i < 0 || i >= n)
            stop("Protocol Violation: no such place");
        if (n_calls == MAX_CALLS)
            stop("too many calls");
        fprintf(to, "%lld\n", height(i));
        fflush(to);
    }
}
