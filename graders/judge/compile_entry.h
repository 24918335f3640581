/* What a compiler made, as bytes: the one form in which results are kept, in the process and in a
 * folder. Holds whether it compiled, the messages, the tool, the files and how to start them. */
#pragma once
#include "graders/judge/compile.h"

enum { ENTRY_FILES_MAX = 1024 };

/* Appends to *out. Of *p: is_ok, messages, tool, files, argv. */
void entry_put(struct buf *out, const struct program *p);

/* Fills those fields of *p, copied into *keep. False when the bytes are no entry. */
bool entry_get(struct str bytes, struct program *p, struct arena *keep);
