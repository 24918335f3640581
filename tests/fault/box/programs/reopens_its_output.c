/* expect: exited
 * stdout-max: 6
 * What is written while descriptor 1 is some file of its own is not output; and opening the pipe
 * again through /proc gives the writer no way to read or to rewind it. */
#include <hostile.h>
int main(void)
{
    int kept = dup(1);
    close(1);
    (void)!open("elsewhere", O_CREAT | O_WRONLY, 0666);
    (void)!write(1, "not the answer\n", 15);
    dup2(kept, 1);
    char byte;
    int again = open("/proc/self/fd/1", O_RDWR | O_NONBLOCK);
    if (lseek(1, 0, SEEK_SET) >= 0 || (again >= 0 && read(again, &byte, 1) > 0))
        return 1;
    (void)!write(1, "whole\n", 6);
    return 0;
}
