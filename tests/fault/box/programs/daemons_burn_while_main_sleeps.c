/* expect: cpu */
#include <hostile.h>
int main(void)
{
    for (int i = 0; i < 2; i++)
        if (fork() == 0) {
            setsid();
            if (fork() == 0)
                burn();
            _exit(0);
        }
    sleep(100);
    return 0;
}
