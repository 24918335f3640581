/* One line of `podium answer --jsonl`: a JSON object in, a JSON object out.
 *
 *   in   {"gold": G, "pred": P}  or  {"gold": G, "response": R}, and optionally
 *        "id"        text or a whole number, passed through
 *        "kind"      "math" or "choice"
 *        "options"   a list of texts, or how many there are; makes it a choice
 *        "policies"  instead of the command line's (equal.h)
 *        "extraction"  "boxed", "declared" or "any" (extract.h)
 *   out  {"id", "verdict", "level", "extracted", "span", "why"}
 *        or {"id", "error", "line"} when the line makes no sense
 *
 * Gold and pred are text or whole numbers, of any size. Text is read as Python's json reads it
 * (encoding/pyjson.h), and "span" counts bytes of the response in UTF-8; what is not known or comes
 * twice in another spelling is refused, because a misspelt policy would silently be another one. */
#pragma once
#include "harness/answer.h"

/* What a line does not say. */
struct answer_defaults {
    enum answer_kind kind;
    enum extract_reach reach;
    struct equal_policy policy;
};

/* Appends the answer and a line feed. False when it is an error. */
bool answer_line(struct str line, int64_t number, const struct answer_defaults *d, struct buf *out,
                 struct arena *keep, struct arena tmp);

/* The same for a line whose text was not even kept. */
void answer_line_refuse(int64_t number, struct str id, const char *why, struct buf *out);
