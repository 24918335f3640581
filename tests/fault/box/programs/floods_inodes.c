/* expect: exited cpu
 * only: namespaces */
#include <hostile.h>
int main(void)
{
    for (int i = 0; i < 200000; i++) {
        char name[16];
        snprintf(name, sizeof name, "f%d", i);
        int fd = open(name, O_CREAT | O_WRONLY, 0666);
        if (fd < 0)
            return contained();
        close(fd);
    }
    MUST_FAIL(200000);
    return contained();
}
