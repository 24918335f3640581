/* expect: wall */
#include <hostile.h>
int main(void)
{
    for (int i = 0; i < 5; i++)
        if (fork() == 0)
            for (;;)
                raise(SIGSTOP);
    for (;;)
        raise(SIGSTOP);
}
