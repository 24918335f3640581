/* Which option a reply chooses: a letter that exists, or nothing, never a guess.
 *
 * The last place that declares an option wins: a box, a declaration ("Answer: (B)", "the answer is
 * B", "答案选B"), or a last line that is an option and nothing else. What is declared is a letter
 * in any dress (B, (B), **B) text**, \text{B}, $B$) or the whole text of exactly one option. A
 * formula in a box declares no option; options that are quoted or discussed declare none; several
 * at once
 * ("A/B", "B or D"), a refused one ("not A", "A is wrong") and a letter whose text is another
 * option's abstain: undecided, not wrong. Reasoning is dropped as in graders/extract.h, and a final
 * box that never closes is no answer. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

enum choice_found {
    CHOICE_NONE,    /* nothing declares an option */
    CHOICE_LETTER,  /* one option */
    CHOICE_ABSTAIN, /* something was declared, and not one option */
};

enum { CHOICE_OPTIONS = 26, CHOICE_OPTIONS_UNKNOWN = 10 };

struct choice {
    enum choice_found found;
    char letter; /* 'A'..; 0 unless CHOICE_LETTER */
    const char
        *rule;       /* static: "boxed", "declared", "is_correct", "last_line", "option_text" ... */
    const char *why; /* static: one line a person understands */
    int64_t from;    /* bytes of the reply that were read as the option, or could not be */
    int64_t to;
    int64_t n_declared; /* places that were looked at */
};

/* options    their texts in order of letters, or NULL when only their number is known
 * n_options  1..CHOICE_OPTIONS; with options NULL, 0 stands for CHOICE_OPTIONS_UNKNOWN */
struct choice choice_extract(struct str reply, const struct str *options, int64_t n_options,
                             struct arena *keep, struct arena tmp);

/* The option that a gold answer names, 0.. : one capital letter that exists, bare or in
 * parentheses, or the text of exactly one option; -1: neither. */
int64_t choice_gold(struct str gold, const struct str *options, int64_t n_options);
