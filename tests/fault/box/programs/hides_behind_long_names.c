/* expect: exited
 * Names of 255 bytes, ten and more deep: the path is longer than any call takes, and who removes
 * it by its path leaves it for the next. */
#include <hostile.h>
int main(void)
{
    char name[256];
    memset(name, 0xff, 255);
    name[255] = 0;
    for (int i = 0; i < 200; i++) {
        name[0] = (char)('a' + i % 26);
        if (mkdir(name, 0777) != 0 || chdir(name) != 0)
            break;
        close(open("\n-rf *\r", O_CREAT | O_WRONLY, 0));
        (void)!symlink("/", "...");
        (void)!mkfifo(" ", 0);
        (void)!chmod(".", i % 2 == 0 ? 0300 : 0700);
    }
    return contained();
}
