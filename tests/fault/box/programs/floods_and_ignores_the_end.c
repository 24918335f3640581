/* expect: output
 * When nobody reads any more there is SIGPIPE; ignored, the flood would go on till the wall. */
#include <hostile.h>
int main(void)
{
    static char block[4096];
    for (int s = 1; s < NSIG; s++)
        signal(s, SIG_IGN);
    for (;;) {
        (void)!write(1, block, sizeof block);
        (void)!write(2, block, sizeof block);
    }
}
