/* expect: exited
 * only: namespaces
 * A map of project ids may be written once by anybody in a user namespace that has none: in one
 * that runs share, a bit for all who come after. */
#include <hostile.h>
int main(int argc, char **argv)
{
    static const char *const names[] = {"projid_map", "uid_map", "gid_map", "setgroups"};
    char path[64];
    char text[256];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "/proc/self/%s", names[i]);
        int fd = open(path, O_RDWR);
        if (is_role(argc, argv, "find")) {
            long n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
            text[n > 0 ? n : 0] = 0;
            if (atoi(text) == 77)
                must_fail(path, 0);
        } else if (fd >= 0) {
            (void)!write(fd, "77 0 1\n", 7);
        }
        close(fd);
    }
    return is_role(argc, argv, "find") ? contained() : stay(argc, argv);
}
