/* expect: signalled memory
 * Frames of a megabyte step over any guard page, into whatever lies below the stack. */
#include <hostile.h>
static int deeper(int n)
{
    volatile char frame[1 << 20];
    frame[0] = (char)n;
    return deeper(n + 1) + frame[0];
}
int main(void)
{
    return deeper(0);
}
