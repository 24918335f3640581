/* expect: exited
 * take: loot
 * What is fetched out must never be what a link points to. */
#include <hostile.h>
int main(void)
{
    (void)!symlink("/etc/passwd", "loot");
    return 0;
}
