/* expect: signalled memory */
#include <hostile.h>
static int deeper(int n)
{
    volatile char frame[4096];
    frame[n % 4096] = 1;
    return deeper(n + 1) + frame[0];
}
int main(void)
{
    return deeper(0);
}
