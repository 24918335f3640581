/* expect: cpu wall processes memory */
#include <hostile.h>
int main(void)
{
    for (;;)
        (void)!fork();
}
