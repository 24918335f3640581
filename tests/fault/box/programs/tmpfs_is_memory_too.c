/* expect: memory
 * only: namespaces cgroup
 * 28 MiB of files and 44 MiB of heap are 72 MiB of this machine's memory, and the limit is 64. */
#include <hostile.h>
static void fill(const char *folder)
{
    static char block[1 << 20];
    char name[64];
    for (int i = 0; i < 2; i++) {
        snprintf(name, sizeof name, "%s/f%d", folder, i);
        int fd = open(name, O_CREAT | O_WRONLY, 0666);
        for (int k = 0; k < 7; k++)
            (void)!write(fd, block, sizeof block);
        close(fd);
    }
}
int main(void)
{
    fill(".");
    fill("/tmp");
    volatile char *p = malloc(44 << 20);
    for (long i = 0; i < 44 << 20; i += 4096)
        p[i] = 1;
    pause();
}
