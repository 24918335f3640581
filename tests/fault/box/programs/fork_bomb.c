/* expect: cpu wall processes */
#include <hostile.h>
int main(void)
{
    for (;;)
        (void)!fork();
}
