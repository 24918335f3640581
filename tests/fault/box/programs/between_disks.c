/* expect: exited
 * only: namespaces
 * One fills what it may fill; the other must find all its room. */
#include <hostile.h>
static long fill(const char *folder)
{
    static char block[1 << 20];
    char name[64];
    long n_mib = 0;
    for (int i = 0; i < 4; i++) {
        snprintf(name, sizeof name, "%s/f%d", folder, i);
        int fd = open(name, O_CREAT | O_WRONLY, 0666);
        for (int k = 0; k < 8 && n_mib < 15; k++)
            n_mib += write(fd, block, sizeof block) == (ssize_t)sizeof block;
        close(fd);
    }
    return n_mib;
}
int main(int argc, char **argv)
{
    long n_box = fill(".");
    long n_tmp = fill("/tmp");
    if (!is_role(argc, argv, "find"))
        return stay(argc, argv);
    if (n_box < 15 || n_tmp < 15)
        must_fail("too little room", n_box);
    return contained();
}
