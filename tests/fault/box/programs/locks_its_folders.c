/* expect: exited
 * A folder nobody may enter must still be removable. */
#include <hostile.h>
int main(void)
{
    (void)!mkdir("locked", 0777);
    close(open("locked/file", O_CREAT | O_WRONLY, 0));
    (void)!chmod("locked", 0);
    return 0;
}
