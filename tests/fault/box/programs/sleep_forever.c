/* expect: wall */
#include <hostile.h>
int main(void)
{
    for (;;)
        sleep(1000);
}
