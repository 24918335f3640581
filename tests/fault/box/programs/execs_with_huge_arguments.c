/* expect: cpu wall exited
 * Arguments are copied by the kernel at every exec and show in /proc for everybody to read. */
#include <hostile.h>
int main(int argc, char **argv)
{
    static char big[120000];
    char *args[40] = {argv[0]};
    memset(big, 'A', sizeof big - 1);
    int n = argc < 38 ? argc + 1 : 38;
    for (int i = 1; i < n; i++)
        args[i] = big;
    while (n > 1) {
        execve(argv[0], args, args + 1);
        args[--n] = NULL; /* too long: a little less */
    }
    burn();
}
