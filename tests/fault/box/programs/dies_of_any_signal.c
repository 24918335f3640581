/* expect: signalled
 * As if the keeper had killed it. */
#include <hostile.h>
int main(void)
{
    kill(getpid(), SIGKILL);
    return 0;
}
