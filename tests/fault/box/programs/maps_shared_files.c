/* expect: signalled memory exited
 * only: namespaces
 * Written through a mapping, a file passes no limit on writing; a full file system answers with
 * SIGBUS. */
#include <hostile.h>
int main(void)
{
    long n_mib = 0;
    for (int i = 0; i < 20; i++) {
        char name[32];
        snprintf(name, sizeof name, "/dev/shm/f%d", i);
        int fd = open(name, O_CREAT | O_RDWR, 0666);
        if (ftruncate(fd, 7 << 20) != 0)
            break;
        volatile char *p = mmap(NULL, 7 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (p == MAP_FAILED)
            break;
        for (long k = 0; k < 7 << 20; k += 4096)
            p[k] = 1;
        n_mib += 7;
        if (n_mib > 21)
            MUST_FAIL(n_mib);
    }
    return contained();
}
