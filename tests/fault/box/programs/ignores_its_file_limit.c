/* expect: exited
 * SIGXFSZ may be ignored; the limit may not. */
#include <hostile.h>
int main(void)
{
    static char block[65536];
    struct stat st;
    signal(SIGXFSZ, SIG_IGN);
    int fd = open("big", O_CREAT | O_WRONLY, 0666);
    for (int i = 0; i < 1000; i++)
        (void)!write(fd, block, sizeof block);
    fstat(fd, &st);
    if (st.st_size > 8 << 20)
        MUST_FAIL(st.st_size);
    return contained();
}
