#include "harness/model.h"

#include <assert.h>

static const struct {
    enum reply_end end;
    struct str name;
} names[] = {
    {REPLY_WHOLE, {"whole", 5}},
    {REPLY_CUT, {"cut", 3}},
    {REPLY_MALFORMED, {"malformed", 9}},
};

struct str reply_end_name(enum reply_end end)
{
    assert((int)end >= 0 && (size_t)end < sizeof names / sizeof *names);
    assert(names[end].end == end);
    return names[end].name;
}

bool reply_end_from_name(struct str name, enum reply_end *out)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_eq(names[i].name, name)) {
            *out = names[i].end;
            return true;
        }
    }
    return false;
}
