/* The languages that programs are judged in, and how source text travels. */
#pragma once
#include <stdbool.h>

#include "base/str.h"

enum language {
    LANGUAGE_CPP, /* C++17: what "cpp" has always meant here */
    LANGUAGE_PYTHON,
    LANGUAGE_C,
    LANGUAGE_CPP20,
    LANGUAGE_CPP23,
    LANGUAGE_PYPY,
    LANGUAGE_JAVA,
    LANGUAGE_RUST,
    LANGUAGE_GO,
    LANGUAGE_JAVASCRIPT,
    LANGUAGE_COUNT
};

/* One file of source. The name is a relative path as it should stand in the box. */
struct source {
    struct str name;
    struct str text;
};

/* As written on a fence, in an item, in a package or on the command line, in any case: "cpp",
 * "C++20", "GNU C++17 (64)", "py", "Python 3", "java17", "node", "golang", "rs", ... */
bool language_from_name(struct str name, enum language *out);

/* By a file's ending: ".cpp" ".cc" ".cxx" ".c" ".py" ".java" ".rs" ".go" ".js" and their kin. */
bool language_from_file(struct str file, enum language *out);

/* As language_from_file, and a look at the text: a first line "#!...pypy3" is followed, and so is
 * "#!...python2", to a refusal. On false *why_not says why, for people; static storage. */
bool language_from_source(const struct source *s, enum language *out, const char **why_not);

/* Why programs of that name ("python2") or ending (".kt") are not judged; NULL: no such language is
 * known of. Static storage. */
const char *language_refusal(struct str name);

const char *language_name(enum language l); /* "cpp", "python", "c", "cpp20", ... */
const char *
language_folder(enum language l); /* of graders and includes in packages: "cpp", "py"... */
bool language_is_cpp(enum language l);

/* Whether the file is source of that language, by its ending: ".h" is source of none. */
bool language_owns(enum language l, struct str file);
