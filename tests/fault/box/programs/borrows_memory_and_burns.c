/* expect: cpu
 * CLONE_VM | CLONE_VFORK: the parent stands still in the kernel while a child in its memory burns.
 * A judge that reads the clock of the process it started sees a sleeper. */
#include <hostile.h>
int main(void)
{
    if (vfork() == 0)
        burn();
    return 0;
}
