/* expect: exited
 * take: loot */
#include <hostile.h>
int main(void)
{
    int fd = open("loot", O_CREAT | O_WRONLY, 0666);
    return ftruncate(fd, 3 << 20);
}
