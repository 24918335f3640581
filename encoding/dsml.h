/* The tool-call markup as both parsers see it: a cursor that reads to the nearest of several
 * marks, the two element heads, and the calls gathered so far. */
#pragma once
#include "base/arena.h"
#include "base/str.h"
#include "encoding/message.h"

struct dsml_cursor {
    struct str text;
    int64_t at;
};

enum { DSML_END = -1 }; /* no mark was found: the cursor is at the end of the text */

/* Moves behind the nearest mark (the earlier in the list where two begin at one place) and gives
 * the text before it. Returns which, or DSML_END with the rest of the text. One pass, whatever
 * the number of marks. */
int dsml_until(struct dsml_cursor *c, const struct str *marks, int n, struct str *before);

struct dsml_param {
    struct str name;
    struct str value;
    bool is_string;
    int64_t at; /* offset of the text behind the opening mark */
    struct dsml_param *next;
};

/* What stands between "<｜DSML｜invoke" and the next mark, as Python's
 * ^\s*name="(.*?)">\n$ with DOTALL: white space is Unicode's and $ lets one newline pass. */
bool dsml_name(struct str header, struct str *name);

/* What stands between "<｜DSML｜parameter" and "/｜DSML｜parameter", as Python's
 * ^ name="(.*?)" string="(true|false)">(.*?)<$ with DOTALL. */
bool dsml_param(struct str text, struct dsml_param *out);

/* Growing lists. Nodes come from the arena given; zeroed is empty. */
struct dsml_params {
    struct dsml_param *first;
    struct dsml_param *last;
    int64_t n;
};
void dsml_add(struct dsml_params *list, struct dsml_param p, struct arena *tmp);

/* The first parameter whose name an earlier one had, or NULL. */
const struct dsml_param *dsml_repeated(const struct dsml_params *list, struct arena tmp);

/* {"name": value, ...}: names and string values through json.dumps, other values as they are. */
struct str dsml_arguments(const struct dsml_params *list, struct arena *keep);

struct dsml_calls {
    struct dsml_call *first;
    struct dsml_call *last;
    int64_t n;
};
void dsml_add_call(struct dsml_calls *list, struct tool_call call, struct arena *tmp);
const struct tool_call *dsml_calls(const struct dsml_calls *list, struct arena *keep);

/* The first control string a message's text must not hold (BOS, EOS, <think>, </think>, DSML; a
 * user or assistant mark is let through, as upstream), or -1. */
int64_t dsml_forbidden(struct str s);
