/* Memory by lifetime: a block is handed out forwards and released all at once.
 *
 * Two arguments tell the whole story of a function's memory:
 *     bool item_load(..., struct arena *keep, struct arena tmp, struct err *e);
 * what the caller will see is taken from *keep; what dies on return is taken
 * from tmp, which is passed BY VALUE, so returning gives it back.
 *
 * An arena reserves address space and lets the kernel supply pages as they are
 * touched, so a generous size costs nothing. Memory comes zeroed. An exhausted
 * arena ends the process with a message that names it: sizes are declared in
 * base/limits.h, so running out is a bug or a wrong limit, never an input
 * condition. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena {
    unsigned char *next;
    unsigned char *end;
    unsigned char *first; /* start of the reservation, for arena_fini and arena_reset */
    const char *name;
};

/* Reserves n_bytes of address space. Ends the process when even that is refused. */
void arena_init(struct arena *a, const char *name, int64_t n_bytes);
void arena_fini(struct arena *a); /* gives the reservation back; a zeroed arena is fine */

/* Forgets everything taken and returns the pages beyond the first few to the kernel. */
void arena_reset(struct arena *a);

/* Returns count * size zeroed bytes, aligned to `align` (a power of two). Never NULL. */
void *arena_take(struct arena *a, int64_t count, int64_t size, int64_t align);

#define NEW(a, type, count) ((type *)arena_take((a), (count), sizeof(type), _Alignof(type)))

/* Copies text into the arena. The copy is also NUL-terminated just past .n. */
struct str arena_str(struct arena *a, struct str s);

/* printf into the arena; terminated just past .n. */
struct str arena_fmt(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
