/* The first length stays in the buffer, and both sides wait for each other. */
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
        if (scanf("%15s", word) != 1)
            return 0;
        if (!strcmp(word, "dry"))
            low = middle + 1;
        if (!strcmp(word, "slack"))
            high = middle - 1;
    }
}
