/* Compiled programs in a folder, shared by worker processes and by runs.
 *
 * One file per program, named by the hash of everything that decided it, in one of sixteen
 * sub-folders. It is written beside and renamed, so that a reader meets a whole file or none,
 * whoever is killed when; and it holds the hash of its own content, so that a damaged one is as
 * good as none. Nobody locks: two writers of one key write the same thing.
 *
 * Each sub-folder is bounded; what was used longest ago goes first (a hit sets the file's time).
 *
 * A cache never fails: what cannot be read is compiled again, and what cannot be written is not
 * kept. Whoever may write to the folder decides verdicts, so it belongs to the user who judges. */
#pragma once
#include "base/arena.h"

#define CACHE_BYTES_MAX (2048 * LIMIT_MIB) /* of all files; a sub-folder has a sixteenth */
#define CACHE_FILES_MAX 65536
#define CACHE_STALE_SEC 3600 /* after which a half-written file is somebody's who died */
enum { CACHE_FOLDERS = 16 };

/* The bytes stored under a key of 64 hex digits, from *keep; false: none, or damaged. */
bool cache_find(const char *dir, const char key[65], struct str *out, struct arena *keep);
void cache_store(const char *dir, const char key[65], struct str entry, struct arena tmp);
