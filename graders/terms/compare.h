/* Is this output the expected one?
 *
 * Four ways. Tokens is the Kattis default validator with its flags; lines is byte for byte; white
 * is CMS's comparison, which keeps lines apart and forgives white space within them.
 *
 * Numbers are what decimal.h says and are compared exactly, as the rule is written and not as
 * doubles would have it: a border of a tolerance belongs to it, 1e-4000 is not 0, and "0x0", "1e"
 * or a number with a NUL behind it are text. Inf and nan are text too: equal to themselves. */
#pragma once
#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

enum compare_mode {
    COMPARE_TOKENS, /* runs of space, \t \n \v \f \r separate; a NUL byte is not white space */
    COMPARE_LINES,  /* byte for byte; only a newline at the very end may be missing */
    COMPARE_EXACT,  /* byte for byte */
    COMPARE_WHITE,  /* CMS: per line, runs of white space are one, ends are trimmed; blank lines may
                     * follow */
};
bool compare_mode_from_name(struct str name, enum compare_mode *out); /* "tokens", "lines", ... */
const char *compare_mode_name(enum compare_mode mode);

/* Zeroed: plain tokens. */
struct compare_rule {
    enum compare_mode mode;
    bool forgives_case;   /* tokens: ASCII letters only */
    bool is_space_exact;  /* tokens: white space must be equal too */
    bool has_float;       /* tokens that are numbers in the answer compare as numbers: the other
                           * must be a number too, whatever it says */
    double abs_tolerance; /* with has_float: |s-a| <= this, or ... */
    double rel_tolerance; /* ... |s-a| <= this * |a|; 0 each when not given */
};

/* Where the first difference is, for a person. The texts are views, cut to a few bytes. */
struct difference {
    int64_t i_piece; /* which token or line, from 1 */
    int64_t offset;  /* byte in `got` */
    struct str want; /* empty: the output should have ended */
    struct str got;  /* empty: the output ended early */
};

/* True when equal; otherwise *d is filled. */
bool compare_output(const struct compare_rule *rule, struct str want, struct str got,
                    struct difference *d);

/* Kattis validator flags ("float_tolerance 1e-6 case_sensitive") into *rule. ERR_INPUT names a
 * flag that is unknown or lacks its number. No flags: tokens, case forgiven. */
MUST_CHECK bool compare_rule_from_flags(const struct str *flags, int64_t n_flags,
                                        struct compare_rule *rule, struct err *e);
