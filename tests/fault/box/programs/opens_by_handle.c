/* expect: exited
 * A file's handle names it past every mount and root: how containers have been left. */
#include <hostile.h>
int main(void)
{
    struct {
        struct file_handle head;
        unsigned char more[128];
    } h = {.head = {.handle_bytes = 128}};
    int mount_id = 0;
    static const char *const paths[] = {"/", ".", "/usr", "/tmp", "/dev/null", "/proc"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        int at = open(paths[i], O_RDONLY | O_DIRECTORY);
        h.head.handle_bytes = 128;
        if (name_to_handle_at(AT_FDCWD, paths[i], &h.head, &mount_id, 0) != 0) {
            h.head.handle_bytes = 8; /* the root of many file systems: inode 2 */
            h.head.handle_type = 1;
            memcpy(h.head.f_handle, "\2\0\0\0\0\0\0\0", 8);
        }
        must_fail(paths[i], open_by_handle_at(at, &h.head, O_RDONLY));
    }
    return contained();
}
