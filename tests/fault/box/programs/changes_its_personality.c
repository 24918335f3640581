/* expect: exited
 * Fixed addresses, executable data and the system calls of other systems come by one number. */
#include <hostile.h>
int main(void)
{
    static const unsigned long wanted[] = {0x0040000 /* no randomisation */, 0x0400000 /* exec */,
                                           0x0100000 /* page zero */, 8 /* 32 bits */, 1};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        MUST_FAIL(syscall(SYS_personality, wanted[i]));
    MUST_FAIL(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
                   0) == MAP_FAILED
                  ? -1
                  : 0);
    return contained();
}
