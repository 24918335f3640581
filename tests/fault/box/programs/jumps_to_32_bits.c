/* expect: filtered
 * A far return into the code segment of 32-bit programs: from there int 0x80 is the usual door,
 * with other numbers than the filter was written for. exit(42) would come through as number 1. */
#include <hostile.h>
int main(void)
{
    static const unsigned char code[] = {0xb8, 0x01, 0,    0,   0, /* mov eax, 1 (exit) */
                                         0xbb, 0x2a, 0,    0,   0, /* mov ebx, 42 */
                                         0xcd, 0x80, 0xeb, 0xfe};  /* int 0x80; again */
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    if (p == MAP_FAILED)
        return 1;
    memcpy(p, code, sizeof code);
    __asm__ volatile("pushq $0x23\n\tpushq %0\n\tlretq" : : "r"(p) : "memory");
    return 1;
}
