#include <stdio.h>
#include <unistd.h>

/* Says nothing itself and leaves a process that speaks later. */
int main(void)
{
    if (fork() == 0) {
        setsid();
        for (int i = 0; i < 9; i++) {
            usleep(300000);
            printf("order\n2 1 3\n");
            fflush(stdout);
        }
        _exit(0);
    }
    return 0;
}
