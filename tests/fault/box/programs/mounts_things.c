/* expect: exited */
#include <hostile.h>
#include <sys/mount.h>
int main(void)
{
    MUST_FAIL(mount("x", "/tmp", "tmpfs", 0, NULL));
    MUST_FAIL(mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL));
    MUST_FAIL(umount2("/usr", MNT_DETACH));
    MUST_FAIL(syscall(SYS_pivot_root, ".", "."));
    MUST_FAIL(chroot("."));
    MUST_FAIL(syscall(SYS_open_tree, AT_FDCWD, "/", 1));
    MUST_FAIL(syscall(SYS_fsopen, "tmpfs", 0));
    MUST_FAIL(syscall(SYS_mount_setattr, AT_FDCWD, "/", 0, NULL, 0));
    MUST_FAIL(syscall(SYS_move_mount, 0, "", 0, "", 0));
    return contained();
}
