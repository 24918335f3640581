/* Files whole: read, mapped, or written so that a crash leaves the old one or the new one. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* The whole file, NUL-terminated past .n, from *keep. Fails above LIMIT_FILE_BYTES. */
MUST_CHECK bool file_read(const char *path, struct str *out, struct arena *keep, struct err *e);

/* Everything on an open descriptor up to n_max bytes, appended to *out. `what` names it in errors.
 */
MUST_CHECK bool file_read_fd(int fd, const char *what, int64_t n_max, struct buf *out,
                             struct err *e);

/* Every byte to the descriptor, through short writes and EINTR. */
MUST_CHECK bool file_write_fd(int fd, const char *what, struct str bytes, struct err *e);

/* Writes beside the target, syncs, renames over it; into what is no file (a device, a pipe), as it
 * stands. */
MUST_CHECK bool file_write(const char *path, struct str bytes, struct err *e);

/* A file mapped read-only. An empty file maps to .n = 0. */
struct file_map {
    const unsigned char *at;
    int64_t n;
};
MUST_CHECK bool file_map_open(const char *path, struct file_map *out, struct err *e);
void file_map_close(struct file_map *m); /* zeroed is fine */

bool file_exists(const char *path);
bool file_is_dir(const char *path);

/* "dir/name" into out; false when it does not fit. */
bool file_join(const char *dir, const char *name, char *out, int64_t n_out);

/* mkdir -p */
MUST_CHECK bool file_make_dirs(const char *path, struct err *e);

/* rm -r, following no symbolic link. A path that is not there is fine. */
MUST_CHECK bool file_remove_tree(const char *path, struct err *e);

/* A fresh private folder under $TMPDIR's replacement `parent`; path written to out. */
MUST_CHECK bool file_temp_dir(const char *parent, char *out, int64_t n_out, struct err *e);
