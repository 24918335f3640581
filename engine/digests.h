/* SHA-256 of large files, remembered between runs, so that a model of many gigabytes is read whole
 * once and not at every start.
 *
 * What is remembered holds for a stamp: device, inode, size, times of modification and of change,
 * to the nanosecond. Any write, copy, rename over, chmod or link gives another stamp, and another
 * stamp is hashed again. A stamp whose times lie within the last two seconds when hashing begins
 * is not remembered (a later write might leave the same times), and a file whose stamp differs
 * after hashing is an error: it was changed under our hands.
 *
 * What could fool it: somebody who sets the system's clock back and writes at the very nanosecond
 * of before; writing to the disk below the file system; a program that had the file mapped and
 * dirty before it was hashed and goes on writing through the same mapping; a network file system
 * that answers with old attributes. Against these there is --rehash.
 *
 * The folder must be the user's own and writable by nobody else; anything else is not used.
 * Failing to remember is no failure. */
#pragma once
#include <stdint.h>

#include "base/err.h"

enum { DIGESTS_SMALL = 64 << 20 };

struct digests {
    const char *dir;     /* NULL: nothing is remembered; made when there is something to keep */
    bool is_anew;        /* hash although it is remembered, and remember the result */
    int64_t n_bytes_min; /* smaller files are always hashed: below DIGESTS_SMALL it costs nothing */
};

struct stamp {
    int64_t device;
    int64_t inode;
    int64_t n_bytes;
    int64_t modified_ns;
    int64_t changed_ns;
};

MUST_CHECK bool stamp_of(const char *path, struct stamp *out, struct err *e);
bool stamp_eq(const struct stamp *a, const struct stamp *b);

/* False: not remembered. */
bool digests_find(const struct digests *d, const struct stamp *s, char hex[65]);

/* hashed_ns: wall clock in ns when hashing began. Small files and fresh stamps are not kept. */
void digests_keep(const struct digests *d, const struct stamp *s, int64_t hashed_ns,
                  const char hex[65]);
