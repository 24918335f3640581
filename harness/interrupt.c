#include "harness/interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t came;

static void note(int signal_number)
{
    (void)signal_number;
    came = 1;
}

void interrupt_watch(void)
{
    /* RESETHAND: the second one takes the default action */
    struct sigaction a = {.sa_handler = note, .sa_flags = (int)SA_RESETHAND};
    (void)sigemptyset(&a.sa_mask);
    (void)sigaction(SIGINT, &a, NULL);
    (void)sigaction(SIGTERM, &a, NULL);
}

bool interrupt_came(void)
{
    return came != 0;
}

void interrupt_forget(void)
{
    came = 0;
    interrupt_watch();
}
