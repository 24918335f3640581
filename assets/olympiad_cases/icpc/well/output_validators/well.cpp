/* well INPUT ANSWER FEEDBACK/: talks to the submission on stdin and stdout; exit 42 when the depth
 * was found with at most 32 ropes and the submission then ended without another word, 43 when not.
 * Lines are read with a cap, since a submission may never end one. */
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

static FILE *message;

static void reject(const char *why)
{
    fprintf(message, "%s\n", why);
    fclose(message);
    exit(43);
}

/* Next line as a number from 1 to n. */
static long rope(long n)
{
    char line[32];
    if (!fgets(line, sizeof line, stdin))
        reject("the program ended before the bucket was full");
    size_t digits = strspn(line, "0123456789");
    size_t rest = strspn(line + digits, " \r\n");
    if (digits == 0 || digits > 10 || line[digits + rest] || !strchr(line, '\n'))
        reject("not a length");
    long x = atol(line);
    if (x < 1 || x > n)
        reject("no rope is that long or short");
    return x;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    FILE *input = argc < 4 ? nullptr : fopen(argv[1], "r");
    message = argc < 4 ? nullptr : fopen((std::string(argv[3]) + "judgemessage.txt").c_str(), "w");
    long n, depth;
    if (!input || !message || fscanf(input, "%ld %ld", &n, &depth) != 2)
        return 1;
    printf("%ld\n", n);
    fflush(stdout);
    for (int i = 0; i < 32; i++) {
        long x = rope(n);
        printf("%s\n", x < depth ? "dry" : x > depth ? "slack" : "splash");
        fflush(stdout);
        if (x != depth)
            continue;
        fprintf(message, "%d ropes\n", i + 1);
        fclose(stdout);
        if (getchar() != EOF)
            reject("goes on talking after the splash");
        fclose(message);
        return 42;
    }
    reject("all ropes are used up");
}
