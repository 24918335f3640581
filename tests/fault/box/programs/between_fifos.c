/* expect: exited
 * only: namespaces
 * A FIFO by name is the door between a contestant's program and the manager: replaced by a file, or
 * made unreadable, it would hang the manager or feed it. */
#include <hostile.h>
static void find(int argc, char **argv)
{
    struct stat st;
    if (stat("/fifo/both", &st) != 0) {
        /* only a group has it */
        if (strcmp(argv[1], "find-later") == 0)
            must_fail("the FIFO is gone", 0);
        return;
    }
    if (!S_ISFIFO(st.st_mode))
        must_fail("the FIFO is something else", 0);
    if (open("/fifo/both", O_RDWR | O_NONBLOCK) < 0)
        must_fail("the FIFO cannot be opened", 0);
    if (access("/fifo/mine", F_OK) == 0)
        must_fail("there is another FIFO", 0);
}
int main(int argc, char **argv)
{
    if (is_role(argc, argv, "find")) {
        find(argc, argv);
        return contained();
    }
    (void)!unlink("/fifo/both");
    (void)!rename("/fifo/both", "/fifo/mine");
    (void)!rename("/fifo", "/tmp/fifo");
    (void)!chmod("/fifo/both", 0);
    (void)!chmod("/fifo", 0);
    (void)!chown("/fifo/both", getuid(), getgid());
    (void)!mkfifo("/fifo/mine", 0666);
    (void)!link("/fifo/both", "loot");
    (void)!symlink("/etc/passwd", "/fifo/mine");
    (void)!truncate("/fifo/both", 0);
    close(open("/fifo/mine", O_CREAT | O_WRONLY, 0666));
    return stay(argc, argv);
}
