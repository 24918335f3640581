/* Ends only when the judge closes the line. */
#include <cstdio>
#include <cstring>

int main()
{
    long low = 1, high;
    char word[16] = "";
    if (scanf("%ld", &high) != 1)
        return 1;
    while (strcmp(word, "splash")) {
        long middle = (low + high) / 2;
        printf("%ld\n", middle);
        fflush(stdout);
        if (scanf("%15s", word) != 1)
            return 1;
        if (!strcmp(word, "dry"))
            low = middle + 1;
        if (!strcmp(word, "slack"))
            high = middle - 1;
    }
    while (getchar() != EOF)
        continue;
}
