/* expect: wall */
#include <hostile.h>
int main(void)
{
    for (;;)
        raise(SIGSTOP);
}
