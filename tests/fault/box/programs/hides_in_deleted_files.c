/* expect: exited
 * only: namespaces
 * A file without a name still takes its room: freed from a quota that counts names. */
#include <hostile.h>
int main(void)
{
    static char block[1 << 20];
    long n_mib = 0;
    for (int i = 0; i < 40; i++) {
        int fd = open("f", O_CREAT | O_RDWR | O_TRUNC, 0666);
        (void)!unlink("f");
        for (int k = 0; k < 7; k++)
            n_mib += write(fd, block, sizeof block) == (ssize_t)sizeof block;
        int nameless = open(".", O_TMPFILE | O_RDWR, 0666);
        for (int k = 0; k < 7; k++)
            n_mib += write(nameless, block, sizeof block) == (ssize_t)sizeof block;
    }
    if (n_mib > 16)
        MUST_FAIL(n_mib);
    return contained();
}
