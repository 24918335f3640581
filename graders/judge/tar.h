/* Regular files of a tar archive, as GNU tar writes it: how files whose names are not known
 * beforehand come out of a box. Everything else in it (folders, links, devices) is passed over. */
#pragma once
#include "base/arena.h"
#include "base/err.h"

enum { TAR_FILES_MAX = 1000 };

struct tar_file {
    struct str name;  /* without "./" in front; from *keep */
    struct str bytes; /* borrowed from the archive */
};

/* ERR_INPUT when the archive is cut off or is none, ERR_LIMIT above TAR_FILES_MAX files. */
MUST_CHECK bool tar_read(struct str archive, struct tar_file **out, int64_t *n, struct arena *keep,
                         struct err *e);
