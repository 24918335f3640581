#include <cstdio>
#include <cstring>

int main()
{
    static char row[1 << 16];
    memset(row, '-', sizeof row);
    for (;;)
        if (fwrite(row, 1, sizeof row, stdout) == 0)
            return 0;
}
