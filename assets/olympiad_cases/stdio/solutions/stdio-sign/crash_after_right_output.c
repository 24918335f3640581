#include <signal.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    char row[128];
    int width, count;
    if (fgets(row, sizeof row, stdin) == NULL || sscanf(row, "%d %d", &width, &count) != 2)
        return 1;
    for (int i = -1; i <= count; i++) {
        if (i < 0 || i == count) {
            putchar('+');
            for (int j = 0; j < width + 2; j++)
                putchar('-');
            puts("+");
            continue;
        }
        if (fgets(row, sizeof row, stdin) == NULL)
            return 1;
        row[strcspn(row, "\n")] = 0;
        int left = (width - (int)strlen(row)) / 2;
        printf("| %*s%-*s |\n", left, "", width - left, row);
    }
    fflush(stdout);
    return raise(SIGSEGV);
}
