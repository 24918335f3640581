/* expect: exited
 * take: loot */
#include <hostile.h>
int main(void)
{
    (void)!mkfifo("loot", 0666);
    return 0;
}
