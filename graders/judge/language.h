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

/* As written on a fence, in an item or on the command line: "cpp", "C++20", "py", "java", ... in
 * any case. */
bool language_from_name(struct str name, enum language *out);

/* By a file's ending: ".cpp" ".cc" ".cxx" ".c" ".py" ".java" ".rs" ".go" ".js". */
bool language_from_file(struct str file, enum language *out);
const char *language_name(enum language l); /* "cpp", "python", "c", "cpp20", ... */
const char *
language_folder(enum language l); /* of graders and includes in packages: "cpp", "py"... */

/* One file of source. The name is a relative path as it should stand in the box. */
struct source {
    struct str name;
    struct str text;
};
