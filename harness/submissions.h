/* A contest's final submissions, as somebody published them.
 *
 * There is no one format, so this reader looks for what it needs wherever it stands, and says how
 * it read the file: a submission is an object with the program's text under one of a few names, or
 * a text found under a key that names a problem; the problem and the language are members of that
 * object, or keys on the way to it. A folder is a tree: PROBLEM/file.ext, PROBLEM/LANG/file.ext, or
 * PROBLEM.ext. Order is kept: it is the order of the attempts. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "graders/terms/language.h"

struct submission {
    struct str problem; /* as the file says it */
    bool has_language;
    enum language language;
    struct str language_text; /* as said, when it is no language of ours: then it is not judged */
    const struct source *files;
    int64_t n_files;
    const char *path; /* from a folder: the file; NULL: from JSON */
    struct str where; /* for messages: "[3].code", "p1/a.cpp" */
    bool has_minutes;
    double minutes; /* since the contest began, for penalties */
};

struct submissions {
    const struct submission *at;
    int64_t n;
    struct str read_as; /* one line: how it was read */
};

/* `path` is a .json or .jsonl file, or a folder. ERR_INPUT names the place; none found is an error
 * too, saying what was looked for. */
MUST_CHECK bool submissions_read(const char *path, struct submissions *out, struct arena *keep,
                                 struct err *e);

/* The same from JSON text; `what` names it in errors. */
MUST_CHECK bool submissions_parse(struct str text, const char *what, struct submissions *out,
                                  struct arena *keep, struct err *e);
