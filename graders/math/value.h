/* What an answer says, as far as it was understood: exact numbers, collections of them, letters and
 * a few words. Everything else is opaque: kept as canonical text, equal only to the same text, and
 * otherwise undecided, never wrong.
 *
 * One text can be read in several ways ("1,234" is a number, or two). Which commas separate is an
 * argument of the reader, so that a caller can try all readings and see whether they agree. */
#pragma once
#include "graders/math/rational.h"
#include "graders/math/token.h"

enum value_kind {
    VALUE_OPAQUE,
    VALUE_NUMBER,
    VALUE_LETTER,  /* one capital A-J, as an option is named */
    VALUE_WORD,    /* yes, no, true, false, even, odd */
    VALUE_LIST,    /* 1, 2   bare: order does not count */
    VALUE_SET,     /* {1, 2}  order does not count */
    VALUE_TUPLE,   /* (1, 2)  order counts */
    VALUE_BRACKET, /* [1, 2], [1, 2), (1, 2]: order counts */
};

enum { DECIMALS_NONE = -1 }; /* the number was not written as one decimal */

struct value {
    enum value_kind kind;
    struct str text; /* canonical tokens, whatever the kind */
    struct str name; /* "x" of "x = 5", else empty */
    struct rational number;
    int64_t n_decimals;    /* digits after the point, when written as a decimal */
    int64_t n_significant; /* digits from the first that is not zero */
    struct str unit;       /* "cm", "%", "deg", "$"; empty: none */
    struct str brackets;   /* VALUE_BRACKET: "[)", two bytes */
    const struct value *items;
    int64_t n_items;
};

enum comma { COMMA_SPLITS, COMMA_GROUPS, COMMA_POINT };

/* How a comma between digits without space is taken, outside and inside brackets. */
struct reading {
    enum comma bare;
    enum comma inside;
};

/* Reads the tokens. Depth, operators and arithmetic are bounded; what goes over is opaque. */
struct value value_read(struct token_list t, struct reading how, struct work *w);

/* Whether some comma stands tight between digits, so that readings can differ. */
bool value_is_ambiguous(struct token_list t);

/* Readable canonical form: "3/4", "{1, 2}", "x = 5", "28 %". */
void value_print(const struct value *v, struct buf *out);
