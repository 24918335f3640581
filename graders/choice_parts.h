/* What the parts of the choice extractor share; included by choice*.c only. */
#pragma once
#include "graders/choice.h"

struct choice_options {
    const struct str *text; /* or NULL */
    int64_t n;
};

enum letter_kind {
    LETTER_NONE,    /* no option: a formula, prose, another letter */
    LETTER_ABSENT,  /* a capital letter and nothing else, which is no option's */
    LETTER_ONE,     /* one option by its letter */
    LETTER_MANY,    /* several: "A or B", "BD" */
    LETTER_NOT,     /* one that is refused: "not A", "A is wrong" */
    LETTER_CLASHES, /* a letter beside the text of another option */
    LETTER_BY_TEXT, /* the text of exactly one option */
};

struct letter {
    enum letter_kind kind;
    int64_t i;      /* the option, of ONE, NOT and BY_TEXT */
    bool is_marked; /* in parentheses or with a mark after it: (B), B), B. */
    bool has_rest;  /* the letter is not all */
    bool rest_fits; /* what follows the letter is that option's text */
};

/* Reads one text as an option: all of it is looked at, LETTER_BYTES of it as a letter. */
struct letter letter_read(struct str text, const struct choice_options *o);

/* The one option whose text this is, whatever its dress, or -1. */
int64_t option_by_text(struct str text, const struct choice_options *o);

enum { LETTER_BYTES = 400 };
