/* expect: exited
 * only: namespaces
 * Many files, each allowed; together they must not pass the folder's size. */
#include <hostile.h>
int main(void)
{
    static char block[1 << 20];
    long total_mib = 0;
    int is_full = 0;
    for (int i = 0; i < 200 && !is_full; i++) {
        char name[16];
        snprintf(name, sizeof name, "f%d", i);
        int fd = open(name, O_CREAT | O_WRONLY, 0666);
        for (int k = 0; k < 8 && !is_full; k++) {
            is_full = write(fd, block, sizeof block) != (ssize_t)sizeof block;
            total_mib += !is_full;
        }
        close(fd);
    }
    if (total_mib > 16)
        MUST_FAIL(total_mib);
    return contained();
}
