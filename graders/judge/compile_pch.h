/* <bits/stdc++.h>, read once instead of for every program.
 *
 * Most programs of contests in C++ begin with this header, and reading it is most of their compile.
 * g++ can keep what it read. Two rules make it impossible that a verdict depends on it. It is given
 * only to a program whose very first thing is this #include: a macro or a #pragma before it would
 * be lost or would spoil it, and after it nothing can tell; then the program comes out the same to
 * the byte, which a test checks. And a program that does not compile with it is compiled again
 * without.
 *
 * It lives in the folder of compiled programs, under the hash of its content, which is verified
 * once per process; how to find it is an entry of the cache. */
#pragma once
#include "base/arena.h"
#include "base/limits.h"

#define PCH_BYTES_MAX (256 * LIMIT_MIB)
#define PCH_NAME      ".pch/bits/stdc++.h.gch" /* in the box */
#define PCH_FLAG      "-I.pch"
#define PCH_HEADER    "#include <bits/stdc++.h>\n"

/* Whether the text begins with that #include, comments and white space apart. */
bool pch_fits(struct str text);

/* The kept header's file; false: none, or damaged. */
bool pch_find(const char *dir, const char key[65], char path[LIMIT_PATH_BYTES], int64_t *n_bytes,
              struct arena tmp);
void pch_store(const char *dir, const char key[65], struct str bytes, struct arena tmp);
