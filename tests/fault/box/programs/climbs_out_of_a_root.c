/* expect: exited
 * only: closed-files
 * The old way out of chroot: keep a descriptor above the root and walk up from it. */
#include <hostile.h>
int main(void)
{
    char here[4096];
    int top = open("/", O_RDONLY | O_DIRECTORY);
    (void)mkdir("jail", 0777);
    MUST_FAIL(chroot("jail"));
    for (int i = 0; i < 64; i++)
        (void)!chdir("..");
    MUST_FAIL(open("etc/shadow", O_RDONLY));
    MUST_FAIL(open("home", O_RDONLY));
    if (top >= 0 && fchdir(top) == 0)
        for (int i = 0; i < 64; i++)
            (void)!chdir("..");
    MUST_FAIL(open("etc/shadow", O_RDONLY));
    MUST_FAIL(open("root", O_RDONLY));
    MUST_FAIL(openat(top, "../../../../etc/shadow", O_RDONLY));
    /* a folder moved away under the feet of a process in it leads out of a bind mount */
    if (mkdir("a", 0777) == 0 && mkdir("a/b", 0777) == 0 && chdir("a/b") == 0) {
        (void)!rename("../../a/b", "/tmp/b");
        for (int i = 0; i < 64; i++)
            (void)!chdir("..");
        MUST_FAIL(open("etc/shadow", O_RDONLY));
    }
    (void)!getcwd(here, sizeof here);
    return contained();
}
