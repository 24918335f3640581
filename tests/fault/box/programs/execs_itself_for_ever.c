/* expect: cpu
 * Each exec is a new program with the old clock. */
#include <hostile.h>
int main(int argc, char **argv)
{
    (void)argc;
    execv(argv[0], argv);
    return 1;
}
