/* expect: signalled memory
 * Frames of a few bytes: the stack grows page by page, all of it resident. */
#include <hostile.h>
static long deeper(long n)
{
    volatile long here = n;
    return n < 0 ? 0 : deeper(n + 1) + here;
}
int main(void)
{
    return (int)deeper(0);
}
