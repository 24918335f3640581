/* expect: cpu wall memory processes signalled exited
 * They die as fast as they start, on one stack, and what the kernel holds of the dead is counted
 * as the group's memory until it gets round to freeing them. */
#include <hostile.h>
int main(void)
{
    for (;;)
        (void)!syscall(SYS_clone, CLONE_VM, NULL, NULL, NULL, NULL);
}
