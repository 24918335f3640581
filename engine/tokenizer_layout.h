/* The part of tokenizer.json that says how, not what: checked field by field. */
#pragma once
#include "base/err.h"
#include "base/json.h"
#include "engine/pretok.h"

enum { LAYOUT_SPLITS = 3 };

/* What the rest of the reader needs; borrowed from the document. */
struct layout {
    struct str split[LAYOUT_SPLITS];
    const struct json *vocab;  /* an object */
    const struct json *merges; /* an array */
    const struct json *added;  /* an array, or absent */
};

/* ERR_UNSUPPORTED names a field that asks for what this tokenizer does not do, ERR_INPUT one
 * that is not what the format says. */
MUST_CHECK bool layout_check(const struct json *file, struct layout *out, struct err *e);

/* The members of `object` are all in `known` (ended by NULL) and none comes twice. */
MUST_CHECK bool layout_only(const struct json *object, const char *name, const char *const *known,
                            struct err *e);

/* object[key] is a boolean. */
MUST_CHECK bool layout_bool(const struct json *object, const char *name, const char *key, bool *out,
                            struct err *e);
