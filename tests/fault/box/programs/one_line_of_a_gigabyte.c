/* expect: output
 * No newline ever: whoever reads by line holds it all. */
#include <hostile.h>
int main(void)
{
    static char block[1 << 20];
    memset(block, '7', sizeof block);
    for (int i = 0; i < 1024; i++)
        (void)!write(1, block, sizeof block);
    return 0;
}
