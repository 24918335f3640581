#include "graders/math/caches.h"

#include <flint/flint.h>

/* FLINT is built with thread-local storage on the systems we name; without it two threads would
 * share one pool of numbers, and that must not compile. */
#if !FLINT_USES_TLS
/* cppcheck-suppress preprocessorErrorDirective ; it does not see FLINT's headers */
#error "FLINT without thread-local storage: podium answer needs it"
#endif

void caches_drop(void)
{
    flint_cleanup();
}
