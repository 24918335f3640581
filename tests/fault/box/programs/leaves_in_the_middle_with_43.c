/* expect: exited
 * code: 43
 * The number by which an output validator says "wrong", after half a line. */
#include <hostile.h>
int main(void)
{
    (void)!write(1, "4", 1);
    (void)!write(2, "judge error", 11);
    _exit(43);
}
