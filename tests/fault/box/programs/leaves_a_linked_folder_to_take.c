/* expect: exited
 * take: sub/loot
 * The file is a file; it is the folder on the way to it that leads outside. */
#include <hostile.h>
int main(void)
{
    (void)mkdir("/tmp/elsewhere", 0777);
    close(open("/tmp/elsewhere/loot", O_CREAT | O_WRONLY, 0666));
    if (symlink("/tmp/elsewhere", "sub") != 0)
        return 1;
    return 0;
}
