/* A conversation as data: what datasets write, encoding renders, graders read.
 *
 * This is the plain form that podium's own code builds and reads. A conversation that came from
 * outside as JSON keeps every oddity of Python's json module and is rendered from a pyjson value
 * instead (encoding/render.h); both roads meet in the same templates. */
#pragma once
#include "base/str.h"

enum role { ROLE_SYSTEM, ROLE_DEVELOPER, ROLE_USER, ROLE_ASSISTANT, ROLE_TOOL };

struct tool_call {
    struct str name;
    struct str arguments; /* text of one JSON object */
};

struct message {
    enum role role;
    struct str content;
    struct str reasoning; /* assistant only; empty when thinking is off */
    const struct tool_call *calls;
    int64_t n_calls;
};

struct chat {
    const struct message *at;
    int64_t n;
    bool thinking;
};
