/* expect: exited
 * take: loot */
#include <hostile.h>
int main(void)
{
    (void)!mkdir("loot", 0777);
    return 0;
}
