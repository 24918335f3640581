/* expect: exited
 * Nothing but 0, 1 and 2; and "AC" written everywhere changes nothing. */
#include <hostile.h>
int main(void)
{
    for (int i = 3; i < 4096; i++)
        MUST_FAIL(fcntl(i, F_GETFD));
    return contained();
}
