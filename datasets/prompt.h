/* The wording of a suite applied to an item: {name} becomes the item's field of that name.
 *
 * Braces mean something only around a field's name, so TeX passes through untouched:
 *   {problem}       the item's string field "problem"
 *   \boxed{answer}  stays as it is: braces right after a TeX command are TeX's own
 *   \boxed{}, {1}   stay as they are: not a name
 *   {{problem}}     a literal {problem}
 * What is inserted is never read again, so a problem that contains "{answer}" is harmless. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"

/* labels  the definition's {"field": {"value": "shown"}}, may be NULL. A field that has labels must
 *         hold one of their values.
 * secret  a field that a prompt must not show (the answer), may be empty.
 * Fails with ERR_INPUT, one line, without saying which item: the caller knows. */
MUST_CHECK bool prompt_render(struct str wording, const struct json *item,
                              const struct json *labels, struct str secret, struct str *out,
                              struct arena *keep, struct err *e);
