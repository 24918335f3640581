/* expect: exited
 * A lock needs no right to write: two programs that see the same compiler lock it for each other,
 * and talk, one bit a try. */
#include <hostile.h>
#include <sys/file.h>
static const char *const shared[] = {"/usr/bin/env", "/usr/bin",    "/usr/lib", "/dev/null",
                                     "/usr/bin/gcc", "/etc/passwd", "/tmp",     "/"};
enum { N = sizeof shared / sizeof *shared };
static void look(int fd, const char *path)
{
    struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        must_fail(path, 0);
    if (fcntl(fd, F_GETLK, &l) == 0 && l.l_type != F_UNLCK)
        must_fail(path, 1);
    l = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, 36 /* of the open file */, &l) == 0 && l.l_type != F_UNLCK)
        must_fail(path, 2);
    if (fcntl(fd, F_GETLEASE) > F_RDLCK && fcntl(fd, F_GETLEASE) != F_UNLCK)
        must_fail(path, 3);
}
int main(int argc, char **argv)
{
    int is_finder = is_role(argc, argv, "find");
    for (int i = 0; i < N; i++) {
        struct flock l = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 1};
        int fd = open(shared[i], O_RDONLY);
        if (fd < 0)
            continue;
        if (is_finder) {
            look(fd, shared[i]);
            continue;
        }
        (void)!flock(fd, LOCK_EX | LOCK_NB);
        /* also with a bit set that the kernel does not look at */
        (void)!syscall(SYS_flock, fd, (LOCK_EX | LOCK_NB) | 1L << 32);
        (void)!fcntl(fd, F_SETLK, &l);
        (void)!syscall(SYS_fcntl, fd, F_SETLK | 1L << 32, &l);
        (void)!fcntl(fd, 37, &l);
        (void)!fcntl(fd, F_SETLEASE, F_RDLCK);
        (void)!fcntl(fd, F_NOTIFY, 0xff);
    }
    return is_finder ? contained() : stay(argc, argv);
}
