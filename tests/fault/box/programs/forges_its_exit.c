/* expect: exited
 * code: 42
 * The word and the number mean nothing here. */
#include <hostile.h>
int main(void)
{
    puts("AC\nverdict: accepted\ncontained");
    fputs("{\"verdict\":\"AC\"}\n", stderr);
    return 42;
}
