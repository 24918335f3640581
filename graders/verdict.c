#include "graders/verdict.h"

#include <assert.h>

static const struct {
    enum verdict verdict;
    struct str name;
} names[] = {
    {VERDICT_RIGHT, {"right", 5}},         {VERDICT_WRONG, {"wrong", 5}},
    {VERDICT_PART, {"part", 4}},           {VERDICT_NO_ANSWER, {"no_answer", 9}},
    {VERDICT_UNDECIDED, {"undecided", 9}},
};

struct str verdict_name(enum verdict v)
{
    assert((int)v >= 0 && (size_t)v < sizeof names / sizeof *names);
    assert(names[v].verdict == v);
    return names[v].name;
}

bool verdict_from_name(struct str name, enum verdict *out)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_eq(names[i].name, name)) {
            *out = names[i].verdict;
            return true;
        }
    }
    return false;
}
