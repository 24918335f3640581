#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    long long n, s, x, sum = 0, count = 0;
    FILE *in = argc == 5 && strcmp(argv[4], "strict") == 0 ? fopen(argv[1], "r") : NULL;
    if (in == NULL || fscanf(in, "%lld %lld", &n, &s) != 2)
        return 1;
    for (int k; (k = scanf("%lld", &x)) != EOF; count++) {
        if (k != 1 || x < 0 || x > s)
            return 43;
        sum += x;
    }
    if (n * (n + 1) / 2 > s)
        return count == 1 && sum == 0 ? 42 : 43;
    return count == n && sum == s ? 42 : 43;
}
