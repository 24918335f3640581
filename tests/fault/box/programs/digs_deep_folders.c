/* expect: exited cpu
 * What it leaves must still be removable. */
#include <hostile.h>
int main(void)
{
    for (int i = 0; i < 2000; i++)
        if (mkdir("d", 0777) != 0 || chdir("d") != 0)
            break;
    return 0;
}
