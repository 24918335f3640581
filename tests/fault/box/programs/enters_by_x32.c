/* expect: filtered */
#include <hostile.h>
int main(void)
{
    return syscall(0x40000000 + 39) > 0 ? 1 : 0;
}
