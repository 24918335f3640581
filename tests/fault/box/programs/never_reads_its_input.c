/* expect: exited */
#include <hostile.h>
int main(void)
{
    usleep(50000);
    return contained();
}
