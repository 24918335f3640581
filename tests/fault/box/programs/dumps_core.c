/* expect: signalled
 * take: core */
#include <hostile.h>
int main(void)
{
    struct rlimit l = {RLIM_INFINITY, RLIM_INFINITY};
    if (setrlimit(RLIMIT_CORE, &l) == 0)
        return 1;
    abort();
}
