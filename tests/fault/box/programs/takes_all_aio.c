/* expect: exited
 * Requests of the old asynchronous I/O are limited for the whole machine, 65536 in all: one program
 * that reserves them takes them from every database on it. */
#include <hostile.h>
int main(void)
{
    unsigned long context = 0;
    MUST_FAIL(syscall(SYS_io_setup, 60000, &context));
    context = 0;
    MUST_FAIL(syscall(SYS_io_setup, 1, &context));
    return contained();
}
