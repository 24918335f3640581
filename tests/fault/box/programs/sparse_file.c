/* expect: output
 * Nothing is stored, but the file is beyond its cap: SIGXFSZ. */
#include <hostile.h>
int main(void)
{
    int fd = open("big", O_CREAT | O_WRONLY, 0666);
    return ftruncate(fd, 1L << 40);
}
