/* The manager of the banks: passes numbers between two processes, and gives the points.
 *
 * argv: the FIFO from process 0, the FIFO to it, the same two of process 1, perhaps a log file. Of
 * each pair the one to the process is opened first. A process waits for nothing but a number from
 * the other, so they can be heard in turn: each until it waits for a number that is not there yet.
 */
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <vector>

static const int MAX_NUMBERS = 2000;

struct side {
    FILE *to, *from;
    std::deque<long long> waiting; /* numbers for this side that it has not taken */
    bool is_listening, is_done;
};

static side sides[2];
static int n_numbers;
static long long median;

/* Tells both to end, and hears them out, so that neither is cut off in the middle of a line. */
static void end(const char *outcome, const char *message)
{
    printf("%s\n", outcome);
    fprintf(stderr, "%s\n", message);
    for (side &s : sides) {
        fprintf(s.to, "-1\n");
        fclose(s.to);
    }
    for (side &s : sides)
        while (fgetc(s.from) != EOF)
            continue;
    exit(0);
}

static void give(side &s)
{
    fprintf(s.to, "%lld\n", s.waiting.front());
    fflush(s.to);
    s.waiting.pop_front();
    s.is_listening = false;
}

static void hear(side &s, side &other)
{
    char kind;
    long long x = 0;
    if (fscanf(s.from, " %c", &kind) != 1)
        end("0.0", "a program ended without an answer");
    if (kind == 'r') {
        s.is_listening = true;
        return;
    }
    if ((kind != 's' && kind != 'a') || fscanf(s.from, "%lld", &x) != 1)
        end("0.0", "Protocol Violation: not a message");
    if (kind == 'a') {
        if (x != median)
            end("0.0", "translate:wrong");
        s.is_done = true;
        return;
    }
    if (x < 0 || x > 1000000)
        end("0.0", "Protocol Violation: no such number");
    if (n_numbers == MAX_NUMBERS)
        end("0.0", "too many numbers");
    n_numbers++;
    other.waiting.push_back(x);
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    int n;
    if (argc < 5 || scanf("%d", &n) != 1)
        return 1;
    std::vector<long long> all(2 * n);
    for (long long &w : all)
        if (scanf("%lld", &w) != 1)
            return 1;
    for (int i = 0; i < 2; i++) {
        sides[i].to = fopen(argv[2 + 2 * i], "a");
        sides[i].from = fopen(argv[1 + 2 * i], "r");
        if (!sides[i].to || !sides[i].from)
            return 1;
        fprintf(sides[i].to, "%d\n", n);
        for (int j = 0; j < n; j++)
            fprintf(sides[i].to, "%lld\n", all[i * n + j]);
        fflush(sides[i].to);
    }
    std::sort(all.begin(), all.end());
    median = all[n - 1];
    while (!sides[0].is_done || !sides[1].is_done) {
        bool has_moved = false;
        for (int i = 0; i < 2; i++)
            while (!sides[i].is_done) {
                if (sides[i].is_listening && sides[i].waiting.empty())
                    break;
                has_moved = true;
                if (sides[i].is_listening)
                    give(sides[i]);
                else
                    hear(sides[i], sides[1 - i]);
            }
        if (!has_moved)
            end("0.0", "both wait for the other");
    }
    if (n_numbers <= 64)
        end("1.0", "translate:success");
    end("0.4", "more than 64 numbers");
}
