/* expect: exited
 * take: loot
 * A daemon goes on exchanging what is to be fetched while the judge looks and then opens. */
#include <hostile.h>
int main(void)
{
    (void)!symlink("/etc/passwd", "link");
    (void)!mkfifo("pipe", 0666);
    if (fork() == 0) {
        setsid();
        for (;;) {
            (void)!link("link", "loot");
            (void)!unlink("loot");
            (void)!link("pipe", "loot");
            (void)!unlink("loot");
        }
    }
    usleep(30000);
    return 0;
}
