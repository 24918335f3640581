/* A prompt under construction: text in which the template's control strings are marked.
 *
 * Whoever writes says where each byte comes from. pieces_template takes podium's own literals and
 * marks the control strings in them; pieces_text takes what somebody else wrote and marks
 * nothing, whatever it looks like. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

struct piece {
    struct str text; /* never empty */
    bool is_control;
};

struct pieces {
    const struct piece *at;
    int64_t n;
    struct str text; /* all of them, concatenated; the pieces point into it */
};

struct pieces_cut {
    int64_t at;
    int64_t n;
};

/* Zeroed is empty; released by pieces_out_free. */
struct pieces_out {
    struct buf text;
    struct buf cuts; /* of struct pieces_cut, one per control string, ascending */
};
void pieces_out_free(struct pieces_out *w);

void pieces_template(struct pieces_out *w, struct str literal);
void pieces_text(struct pieces_out *w, struct str s);

/* Copies what was written to *keep, cut into pieces. False when *keep has no room for it. */
bool pieces_finish(const struct pieces_out *w, struct pieces *out, struct arena *keep);
