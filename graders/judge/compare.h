/* Is this output the expected one? By tokens (white space only separates) or by lines. */
#pragma once
#include "base/str.h"

enum compare_mode {
    COMPARE_TOKENS, /* runs of space, \t \n \v \f \r separate; a NUL byte is not white space */
    COMPARE_LINES,  /* byte for byte; only a newline at the very end may be missing */
};
bool compare_mode_from_name(struct str name, enum compare_mode *out); /* "tokens", "lines" */

/* Where the first difference is, for a person. The texts are views, cut to a few bytes. */
struct difference {
    int64_t i_piece; /* which token or line, from 1 */
    int64_t offset;  /* byte in `got` */
    struct str want; /* empty: the output should have ended */
    struct str got;  /* empty: the output ended early */
};

/* True when equal; otherwise *d is filled. */
bool compare_output(enum compare_mode mode, struct str want, struct str got, struct difference *d);
