/* Runs as two processes at once, joined by a FIFO: "grader 0 FIFO" encodes what is on stdin,
 * "grader 1 FIFO" decodes and prints. */
#include "postcard.h"

#include <cstdio>
#include <cstring>

static char buffer[1 << 20];

static int send(FILE *out)
{
    int n, h;
    if (!out || scanf("%d %d %1000000s", &n, &h, buffer) != 3)
        return 1;
    std::vector<int> heights = {h};
    for (char *p = buffer; *p; p++)
        heights.push_back(heights.back() + (*p == 'U') - (*p == 'D'));
    std::string bits = encode(heights);
    bool is_bad = bits.size() > 100000 || bits.find_first_not_of("01") != std::string::npos;
    fprintf(out, "%d %s%s\n", n, is_bad ? "bad" : "b", is_bad ? "" : bits.c_str());
    return 0;
}

static int receive(FILE *in)
{
    int n;
    if (!in || fscanf(in, "%d %1000000s", &n, buffer) != 2 || !strcmp(buffer, "bad")) {
        printf("no message\n");
        return 0;
    }
    std::string bits = buffer + 1;
    std::vector<int> h = decode(n, bits);
    if (int(h.size()) != n) {
        printf("%zu places\n", h.size());
        return 0;
    }
    printf("%zu\n%d %d\n", bits.size(), n, h[0]);
    for (int i = 1; i < n; i++) {
        int step = h[i] - h[i - 1];
        putchar(step == 0 ? '=' : step == 1 ? 'U' : step == -1 ? 'D' : '?');
    }
    putchar('\n');
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 1;
    bool is_first = argv[1][0] == '0';
    FILE *f = fopen(argv[2], is_first ? "w" : "r");
    int code = is_first ? send(f) : receive(f);
    return f && fclose(f) ? 1 : code;
}
