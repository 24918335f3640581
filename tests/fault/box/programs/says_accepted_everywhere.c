/* expect: exited
 * Any pipe of the judge's that came along by mistake gets the verdict from here. */
#include <hostile.h>
int main(void)
{
    static const char words[] = "AC\n42\n1.0\nok accepted\n{\"verdict\":\"AC\"}\n";
    for (int fd = 1; fd < 2000; fd++)
        (void)!write(fd, words, sizeof words);
    for (int fd = 3; fd < 2000; fd++) {
        (void)!ftruncate(fd, 0);
        (void)!syscall(SYS_sendto, fd, words, sizeof words, 0x4000, NULL, 0);
    }
    return 0;
}
