/* Ctrl-C as a question: the loops ask whether to stop, flush what they hold, and end with 130.
 * A second signal ends the process at once. */
#pragma once
#include <stdbool.h>

void interrupt_watch(void); /* SIGINT and SIGTERM from now on */
bool interrupt_came(void);
void interrupt_forget(void); /* for chat, where one only ends the current reply */
