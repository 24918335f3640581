/* expect: exited
 * The kernel's keyring of an uid outlives every process of that uid. */
#include <hostile.h>
int main(int argc, char **argv)
{
    char text[64];
    if (is_role(argc, argv, "find")) {
        for (int ring = -8; ring < 0; ring++) {
            MUST_FAIL(syscall(SYS_keyctl, 10 /* search */, ring, "user", "podium", 0));
            MUST_FAIL(syscall(SYS_keyctl, 11 /* read */, ring, text, sizeof text));
        }
        MUST_FAIL(syscall(SYS_request_key, "user", "podium", NULL, 0));
        return contained();
    }
    for (int ring = -8; ring < 0; ring++)
        (void)!syscall(SYS_add_key, "user", "podium", "left", 4L, ring);
    return stay(argc, argv);
}
