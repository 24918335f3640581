/* Source files as somebody has them on disk. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "graders/terms/language.h"

enum { SOURCES_MAX = 256 }; /* files of one submission */

/* A file, or everything in a folder (names relative to it, in order of name; nothing hidden, no
 * links). Fails naming what is too large, too deep, or no plain file. */
MUST_CHECK bool sources_read(const char *path, const struct source **out, int64_t *n_out,
                             struct arena *keep, struct err *e);

/* The one language that the files' endings name; headers and data do not count. False: none, or
 * several. */
bool sources_language(const struct source *files, int64_t n, enum language *out);

/* How a lone file of this language is called: "prog.cpp", "Main.java". Static. */
struct str sources_file_name(enum language l);
