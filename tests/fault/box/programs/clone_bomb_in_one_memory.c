/* expect: cpu wall memory processes signalled exited
 * Processes that share one memory and all descriptors: no copy slows the bomb down. */
#include <hostile.h>
static int again(void *unused)
{
    for (;;) {
        char *stack = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (stack != MAP_FAILED)
            (void)!clone(again, stack + 65536, CLONE_VM | CLONE_FILES | CLONE_FS | CLONE_PARENT,
                         unused);
    }
}
int main(void)
{
    return again(NULL);
}
