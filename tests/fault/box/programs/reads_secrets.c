/* expect: exited
 * only: closed-files */
#include <hostile.h>
int main(void)
{
    MUST_FAIL(open("/etc/shadow", O_RDONLY));
    MUST_FAIL(open("/etc/ssh", O_RDONLY));
    MUST_FAIL(open("/root", O_RDONLY));
    MUST_FAIL(open("/home", O_RDONLY));
    MUST_FAIL(open("/var/log", O_RDONLY));
    MUST_FAIL(open("/sys/kernel", O_RDONLY));
    MUST_FAIL(open("/run", O_RDONLY));
    MUST_FAIL(open("/proc/1/environ", O_RDONLY));
    MUST_FAIL(open("/proc/1/root"
                   "/etc/shadow",
                   O_RDONLY));
    MUST_FAIL(open("/proc/self/root"
                   "/etc/shadow",
                   O_RDONLY));
    MUST_FAIL(open("../../../../etc/shadow", O_RDONLY));
    return contained();
}
