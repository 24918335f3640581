#include "graders/judge/outcome.h"

#include <assert.h>

const char *outcome_name(enum outcome o)
{
    static const char *const names[] = {"AC", "WA", "TLE", "MLE", "OLE", "RE", "CE"};
    assert((int)o >= 0);
    assert((size_t)o < sizeof names / sizeof *names);
    return names[o];
}

enum outcome outcome_of_run(const struct sandbox_result *r, enum compare_mode mode, struct str want,
                            struct difference *d)
{
    switch (r->end) {
    case SANDBOX_MEMORY:
        return OUTCOME_MLE;
    case SANDBOX_CPU:
    case SANDBOX_WALL:
        return OUTCOME_TLE;
    case SANDBOX_OUTPUT:
        return OUTCOME_OLE;
    case SANDBOX_SIGNALLED:
    case SANDBOX_PROCESSES:
        return OUTCOME_RE;
    case SANDBOX_EXITED:
        break;
    }
    if (r->code != 0)
        return OUTCOME_RE;
    return compare_output(mode, want, r->out, d) ? OUTCOME_AC : OUTCOME_WA;
}
