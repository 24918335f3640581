/* SQLite in house terms: errors that name the file and class, statements that clean up.
 *
 * Only harness/store includes this header and <sqlite3.h>. Every failure of the library becomes
 * one line that says which file, what was being done, and what is safe. */
#pragma once
#include <sqlite3.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct sql {
    sqlite3 *db;
    const char *path; /* for messages; borrowed */
};

/* Turns the library's answer into an err: full disk, damaged file, somebody else's lock. `doing`
 * completes "FILE: cannot ...". Returns false. */
bool sql_fail(const struct sql *s, int rc, const char *doing, struct err *e);

/* Statements without results, separated by semicolons. */
MUST_CHECK bool sql_exec(const struct sql *s, const char *text, const char *doing, struct err *e);

/* One number, from the first column of the first row. */
MUST_CHECK bool sql_number(const struct sql *s, const char *text, int64_t *out, struct err *e);

MUST_CHECK bool sql_prepare(const struct sql *s, const char *text, sqlite3_stmt **out,
                            struct err *e);
void sql_finish(sqlite3_stmt **st); /* for CLEANUP */

/* Runs a prepared write to its end and rewinds it. */
MUST_CHECK bool sql_run(const struct sql *s, sqlite3_stmt *st, const char *doing, struct err *e);

/* Next row of a query; *is_row false past the last. */
MUST_CHECK bool sql_next(const struct sql *s, sqlite3_stmt *st, bool *is_row, struct err *e);

/* Bound text is borrowed until the statement has run. Positions start at 1. */
void sql_bind_text(sqlite3_stmt *st, int at, struct str text);
void sql_bind_f64(sqlite3_stmt *st, int at, double v); /* NaN becomes NULL */

/* Columns start at 0; text is copied to *keep. */
struct str sql_text(sqlite3_stmt *st, int column, struct arena *keep);
double sql_f64(sqlite3_stmt *st, int column); /* NULL becomes NaN */
