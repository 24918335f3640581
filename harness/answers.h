/* Many answers at once: lines of JSON from a descriptor to standard output, in order, on all cores.
 *
 *     reader (the caller) ── blocks of whole lines ──► workers ── blocks ──► writer
 *
 * A fixed ring of blocks, in the order of reading; a block is what one read brought, cut at its
 * last line end, so that a slow writer on the other side gets each answer as soon as it is known
 * and a fast one costs no lock a line. The reader waits while the ring is full or holds
 * LIMIT_ANSWERS_BYTES; a line is at most LIMIT_REPLY_BYTES, longer ones are refused in their place.
 *
 * Threads, not processes: no line is run, only parsed, by code that is fuzzed, and a line of ten
 * megabytes need not be copied through a pipe. What would crash here is our bug and takes the
 * stream down where it stands; nothing is stored that could be lost. FLINT keeps caches for each
 * thread: every worker gives its own back (flint_cleanup). */
#pragma once
#include "harness/answer_line.h"

struct answers_result {
    int64_t n_lines;
    int64_t n_errors; /* of these, refused */
};

/* Until the end of input. Fails when reading or writing does; lines that make no sense do not. */
MUST_CHECK bool answers_run(int fd, int64_t n_workers, const struct answer_defaults *d,
                            struct answers_result *out, struct err *e);
