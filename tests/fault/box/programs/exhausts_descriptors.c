/* expect: exited */
#include <hostile.h>
int main(void)
{
    int n = 0;
    while (n < 5000 && dup(0) >= 0)
        n++;
    if (n > 64)
        MUST_FAIL(n);
    return contained();
}
