/* expect: output */
#include <hostile.h>
int main(void)
{
    static char block[65536];
    for (;;)
        (void)!write(2, block, sizeof block);
}
