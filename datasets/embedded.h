/* The suites inside the binary: bytes of datasets/suites/ as they were at build time.
 *
 * A suite is two files, a definition and its data. Here they are only names and bytes; reading
 * them is suite.c's work, the same for an embedded suite and for one on disk. */
#pragma once
#include "base/str.h"

struct embedded {
    const char *name;      /* of the suite */
    const char *path;      /* of the definition in the source tree: where an error points */
    const char *data_path; /* the same for the data */
    struct str definition;
    struct str data;
};

/* The i-th embedded suite, in the order `podium suites` lists them; false past the end. */
bool embedded_at(int64_t i, struct embedded *out);
bool embedded_find(struct str name, struct embedded *out);
