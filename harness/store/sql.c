#include "harness/store/sql.h"

#include <assert.h>
#include <math.h>

bool sql_fail(const struct sql *s, int rc, const char *doing, struct err *e)
{
    switch (rc & 0xff) {
    case SQLITE_FULL:
        return FAIL(e, ERR_IO,
                    "%s: cannot %s: the disk is full; what was stored before is safe, and the same "
                    "command goes on from there",
                    s->path, doing);
    case SQLITE_CORRUPT:
        return FAIL(e, ERR_INPUT,
                    "%s: cannot %s: the file is damaged (%s); `sqlite3 %s .recover` may save rows",
                    s->path, doing, sqlite3_errmsg(s->db), s->path);
    case SQLITE_NOTADB:
        return FAIL(e, ERR_INPUT, "%s: not a podium run (not an SQLite database, or damaged)",
                    s->path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return FAIL(e, ERR_IO, "%s: cannot %s: another process holds it", s->path, doing);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return FAIL(e, ERR_IO, "%s: cannot %s: %s", s->path, doing, sqlite3_errmsg(s->db));
    case SQLITE_IOERR:
        return FAIL(e, ERR_IO,
                    "%s: cannot %s: the disk refused (%s); what was stored before is safe", s->path,
                    doing, sqlite3_errstr(rc));
    default:
        return FAIL(e, ERR_IO, "%s: cannot %s: %s", s->path, doing, sqlite3_errmsg(s->db));
    }
}

bool sql_exec(const struct sql *s, const char *text, const char *doing, struct err *e)
{
    int rc = sqlite3_exec(s->db, text, NULL, NULL, NULL);
    return rc == SQLITE_OK || sql_fail(s, rc, doing, e);
}

void sql_finish(sqlite3_stmt **st)
{
    (void)sqlite3_finalize(*st);
    *st = NULL;
}

bool sql_prepare(const struct sql *s, const char *text, sqlite3_stmt **out, struct err *e)
{
    int rc = sqlite3_prepare_v3(s->db, text, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
    return rc == SQLITE_OK || sql_fail(s, rc, "be read", e);
}

bool sql_run(const struct sql *s, sqlite3_stmt *st, const char *doing, struct err *e)
{
    int rc = sqlite3_step(st);
    assert(rc != SQLITE_ROW);
    (void)sqlite3_reset(st);
    (void)sqlite3_clear_bindings(st);
    return rc == SQLITE_DONE || sql_fail(s, rc, doing, e);
}

bool sql_next(const struct sql *s, sqlite3_stmt *st, bool *is_row, struct err *e)
{
    int rc = sqlite3_step(st);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return sql_fail(s, rc, "be read", e);
    *is_row = rc == SQLITE_ROW;
    return true;
}

bool sql_number(const struct sql *s, const char *text, int64_t *out, struct err *e)
{
    CLEANUP(sql_finish) sqlite3_stmt *st = NULL;
    bool is_row = false;
    TRY(sql_prepare(s, text, &st, e));
    TRY(sql_next(s, st, &is_row, e));
    *out = is_row ? sqlite3_column_int64(st, 0) : 0;
    return true;
}

void sql_bind_text(sqlite3_stmt *st, int at, struct str text)
{
    /* an empty text is a text, not a NULL */
    int rc = sqlite3_bind_text64(st, at, text.n > 0 ? text.at : "", (sqlite3_uint64)text.n,
                                 SQLITE_STATIC, SQLITE_UTF8);
    assert(rc == SQLITE_OK);
    (void)rc;
}

void sql_bind_f64(sqlite3_stmt *st, int at, double v)
{
    int rc = isnan(v) ? sqlite3_bind_null(st, at) : sqlite3_bind_double(st, at, v);
    assert(rc == SQLITE_OK);
    (void)rc;
}

struct str sql_text(sqlite3_stmt *st, int column, struct arena *keep)
{
    const char *at = (const char *)sqlite3_column_text(st, column);
    return arena_str(keep, (struct str){at, at == NULL ? 0 : sqlite3_column_bytes(st, column)});
}

double sql_f64(sqlite3_stmt *st, int column)
{
    return sqlite3_column_type(st, column) == SQLITE_NULL ? (double)NAN
                                                          : sqlite3_column_double(st, column);
}
