/* What is known to be wrong with a suite's answers: a file NAME.errata.json beside NAME.json.
 *
 *     {"version": 1,
 *      "items": {"ID": {"answer": "12", "reason": "the table's last row was left out"},
 *                "ID": {"void": true, "reason": "the problem has no solution"}}}
 *
 * The data file stays as its source published it, hash and all. An answer is replaced, or the item
 * is void: not asked and not scored. Every change has its reason, which travels with the item (its
 * field "erratum") into stored runs, and makes the suite another one: version and identity change.
 * What names no item, gives no reason or changes nothing is an error. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"

struct erratum {
    struct str id;
    struct str reason;
    const struct json *answer; /* NULL: void */
    struct str was;            /* the answer in the data, as JSON; set by errata_find */
};

struct errata {
    struct str version;
    struct erratum *at; /* [n], by id */
    int64_t n;
};

/* Reads the document strictly; `what` (a file name) starts every message. Text is borrowed from
 * the document or from *keep. */
MUST_CHECK bool errata_read(const struct json *doc, const char *what, struct errata *out,
                            struct arena *keep, struct err *e);

struct erratum *errata_find(const struct errata *x, struct str id); /* NULL: none for it */

/* The item's JSON text with its answer, in `field`, replaced and the change told: *out from *keep.
 * Sets x->was. Fails when the answer is the same already, or is neither text nor a whole number. */
MUST_CHECK bool errata_mend(struct erratum *x, const struct json *item, struct str field,
                            struct str *out, struct arena *keep, struct err *e);
