#include "graders/terms/outcome.h"

#include <assert.h>

static const char *const names[OUTCOME_COUNT] = {"AC",  "PC",  "PE", "WA", "PV", "OLE",
                                                 "TLE", "MLE", "SV", "RE", "CE", "--"};

const char *outcome_name(enum outcome o)
{
    assert((int)o >= 0);
    assert(o < OUTCOME_COUNT);
    return names[o];
}

bool outcome_from_name(struct str name, enum outcome *out)
{
    for (int i = 0; i < OUTCOME_COUNT; i++)
        if (str_eq(name, str_of(names[i]))) {
            *out = (enum outcome)i;
            return true;
        }
    return false;
}

enum outcome outcome_of_end(const struct sandbox_result *r)
{
    switch (r->end) {
    case SANDBOX_MEMORY:
        return OUTCOME_MLE;
    case SANDBOX_CPU:
    case SANDBOX_WALL:
        return OUTCOME_TLE;
    case SANDBOX_OUTPUT:
        return OUTCOME_OLE;
    case SANDBOX_FILTERED:
        return OUTCOME_SV;
    case SANDBOX_STOPPED: /* nothing it did: the caller knows why its group was over */
        return OUTCOME_AC;
    case SANDBOX_SIGNALLED:
    case SANDBOX_PROCESSES:
        return OUTCOME_RE;
    case SANDBOX_EXITED:
        break;
    }
    return r->code == 0 ? OUTCOME_AC : OUTCOME_RE;
}
