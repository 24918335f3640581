/* expect: wall */
#include <hostile.h>
int main(void)
{
    int p[2];
    char byte;
    (void)!pipe(p);
    (void)!read(p[0], &byte, 1);
    return 0;
}
