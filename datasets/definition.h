/* The definition of a suite, read strictly: every key is known, present where needed, and in range.
 *
 *   name, version, source, grader   text (a version may be an integer)
 *   data, sha256    file of the items, path relative to the definition; hash of its bytes, hex
 *   prompt          wording, see prompt.h; labels gives field values another form in it
 *   mode            "thinking" or "chat"
 *   fields          which item field plays which part for the grader, {"answer": "answer"}
 *   limits          numbers for the grader, not read here; may be absent
 *   policies        switches of the grader (graders/math/equal.h), not read here; may be absent
 *   extraction      how far the grader looks for an answer, not read here; may be absent
 *   judge           "model": what the grader leaves undecided is put to a model (graders/grader.h);
 *                   "none", or absent: it stays undecided
 *   samples, sampling {"temperature", "top_p", "max_tokens"}
 *   note            free text for people; may be absent
 *
 * An unknown key is refused, naming the nearest known one: a misspelt limit that silently keeps
 * its default has spoiled published numbers before. */
#pragma once
#include "datasets/suite.h"

struct definition {
    struct str data;   /* path as written */
    struct str sha256; /* 64 lower-case hex digits */
    struct str prompt;
    const struct json *labels; /* object or NULL */
    const struct json *fields; /* object of strings */
    struct str secret;         /* field that holds the answer; empty when no part is "answer" */
};

/* Reads `doc` into *d and the suite's own fields; `what` (a file name) starts every message.
 * All text is borrowed from the document. */
MUST_CHECK bool definition_read(const struct json *doc, const char *what, struct definition *d,
                                struct suite *s, struct arena *keep, struct err *e);

/* Every key of the object is among `known` (NULL-terminated), and no key comes twice. */
MUST_CHECK bool definition_known_keys(const struct json *object, const char *const *known,
                                      const char *what, struct err *e);

/* The document's "version", text or a whole number, as text. */
MUST_CHECK bool definition_version(const struct json *doc, const char *what, struct str *out,
                                   struct arena *keep, struct err *e);
