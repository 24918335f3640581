/* The program in a reply: its last fenced block. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

struct fence {
    struct str info; /* first word after the opening fence, e.g. "cpp"; may be empty */
    struct str text; /* the lines between, without the indentation of the fence */
};

/* Finds the last block between ``` (or ~~~) lines. A block that is opened and never closed is a
 * program cut short: then there is no answer, even when an earlier block is whole.
 * Source  CommonMark 0.31, section 4.5, but any indentation may precede a fence (blocks in lists).
 */
bool fence_last(struct str reply, struct fence *out, struct arena *keep);
