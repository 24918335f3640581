/* What the parts of the extractor share; included by extract*.c and choice*.c only. */
#pragma once
#include "graders/extract.h"

/* ------------------------------------------------------------------------------ bytes */

static inline bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static inline char byte_at(struct str s, int64_t i)
{
    return i >= 0 && i < s.n ? s.at[i] : 0;
}

/* Whether s has `word` at i, whatever the case of ASCII letters; word is lower case. */
bool text_has(struct str s, int64_t i, struct str word);

int64_t skip_blank(struct str s, int64_t i); /* past white space */

bool ends_paragraph(struct str s, int64_t i); /* a newline with an empty line after it */

/* ---------------------------------------------------------------------- visible part */

/* Where the visible part begins: after the last </think>. *thinking: the <think> after it, or -1.
 */
int64_t visible_from(struct str reply, int64_t *thinking);

/* ------------------------------------------------------------------------------ boxes */

struct box {
    int64_t at;   /* of the backslash */
    int64_t end;  /* past the closing brace */
    int64_t from; /* what it holds */
    int64_t to;
    enum extract_rule rule; /* EXTRACT_BOX, EXTRACT_TOKEN or EXTRACT_UNCLEAR */
};

enum { BOXES_KEPT = 64 };

struct boxes {
    int64_t n;                   /* closed, and not inside another */
    bool do_all_agree;           /* all hold the same text */
    int64_t unclosed;            /* the last box when that never closes, or -1 */
    bool is_crowded;             /* a box closed of which too many others were open inside */
    struct box last[BOXES_KEPT]; /* in the order of the reply */
    int64_t n_last;
};

void boxes_find(struct str reply, int64_t from, struct boxes *out, struct arena tmp);
struct str box_text(struct str reply, const struct box *b); /* trimmed */

/* How many boxes the run has that ends with b[i] and has only joiners in between; 1: it is alone.
 */
int64_t boxes_run(struct str reply, const struct boxes *b, int64_t i);

/* The box that the last one gives an approximation of, or NULL. */
const struct box *boxes_exact(struct str reply, const struct boxes *b);

/* ---------------------------------------------------------------------- declarations */

enum said_kind {
    SAID_VALUE,
    SAID_LOOSE,  /* a phrase, "a positive integer": counts when nothing better is said */
    SAID_EMPTY,  /* announced, and then the reply ends */
    SAID_NOT,    /* "the answer is not ..." */
    SAID_OPTION, /* of choice: "option", "choice", 选: what follows or precedes must be a letter */
};

struct said {
    enum said_kind kind;
    int64_t at;   /* of the word that declares */
    int64_t end;  /* past it */
    int64_t from; /* what is declared, its dress taken off */
    int64_t to;
};

enum { SAID_PAIRS = 4096 };

struct said_scan {
    struct str s;
    int64_t from;       /* the visible part begins */
    int64_t before;     /* only words that begin before this are left */
    int64_t n_left;     /* how many more may be looked at */
    int64_t bytes_left; /* of values */
    bool has_options;
    uint32_t by_pair[SAID_PAIRS]; /* the words that are found by two bytes, as a set */
};

void said_start(struct said_scan *c, struct str s, int64_t from, bool has_options);

/* The last declaration not seen yet, from the end backwards. */
bool said_next(struct said_scan *c, struct said *out);

/* Words that are looked for in a list, NULL at its end; whole, whatever their case. */
bool is_one_of(struct str word, const char *const *list);
int64_t word_end(struct str s, int64_t i);   /* past letters, apostrophes, bytes beyond ASCII */
int64_t skip_dress(struct str s, int64_t i); /* past what may close around a word: **, ", ) */

/* Where the value that begins at `from` ends, at `most` at the latest. *is_question: it ends in a
 * question mark. */
int64_t value_end(struct str s, int64_t from, int64_t most, bool *is_question);

/* What kind of declaration a value makes; false: none at all. */
bool value_kind(struct str value, enum said_kind *kind);

/* The last side of a numeric chain (m+n = 256+37 = 293): narrows [from, to). */
bool narrow_chain(struct str s, int64_t *from, int64_t *to);

/* The exact side of an approximation (\sqrt{17} \approx 4.12): narrows [from, to). */
bool narrow_exact(struct str s, int64_t *from, int64_t *to);

/* The value of "the number of pairs is 12": narrows [from, to). */
bool narrow_clause(struct str s, int64_t *from, int64_t *to);

/* A decimal and nothing else: 4.123, 4.123\ldots */
bool is_bare_decimal(struct str text);

/* ------------------------------------------------------------------------------ dress */

/* Takes white space, full stops, Markdown and the delimiters of mathematics off both ends. */
void undress(struct str s, int64_t *from, int64_t *to);

/* Past the closing delimiter of mathematics that opens at i, or -1: $...$, $$...$$, \(...\),
 * \[...\]. *inner_from, *inner_to: what is inside. Looks at 16 KiB at most. */
int64_t math_end(struct str s, int64_t i, int64_t *inner_from, int64_t *inner_to);

/* ------------------------------------------------------------------------------- tail */

/* One short expression: an answer that stands alone, not a sentence. Narrows [from, to). */
bool is_bare_answer(struct str s, int64_t *from, int64_t *to);

bool tail_display(struct str s, int64_t from, int64_t *at, int64_t *to);
bool tail_line(struct str s, int64_t from, int64_t *at, int64_t *to);
bool tail_number(struct str s, int64_t from, int64_t *at, int64_t *to);
