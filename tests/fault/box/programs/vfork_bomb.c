/* expect: cpu wall processes signalled exited */
#include <hostile.h>
int main(void)
{
    for (;;)
        (void)!syscall(SYS_clone, CLONE_VM, NULL, NULL, NULL, NULL);
}
