/* expect: wall */
#include <hostile.h>
#include <linux/futex.h>
int main(void)
{
    int word = 1;
    for (;;)
        syscall(SYS_futex, &word, FUTEX_WAIT, 1, NULL, NULL, 0);
}
