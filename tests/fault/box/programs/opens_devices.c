/* expect: exited
 * only: closed-files */
#include <hostile.h>
#include <sys/sysmacros.h>
int main(void)
{
    static const char *const paths[] = {
        "/dev/mem", "/dev/kmsg", "/dev/vda",  "/dev/sda",          "/dev/kvm",     "/dev/vsock",
        "/dev/tty", "/dev/ptmx", "/dev/fuse", "/dev/loop-control", "/dev/net/tun", "/dev/console"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        must_fail(paths[i], open(paths[i], O_RDWR | O_NONBLOCK));
    MUST_FAIL(mknod("node", S_IFCHR | 0666, makedev(1, 1)));
    MUST_FAIL(mknod("/tmp/node", S_IFBLK | 0666, makedev(254, 0)));
    return contained();
}
