/* expect: exited
 * take: loot
 * mknod makes a socket without the call socket; opening it fails in odd ways. */
#include <hostile.h>
int main(void)
{
    (void)!mknod("loot", S_IFSOCK | 0666, 0);
    return 0;
}
