#include "harness/store/store.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "harness/store/run_fields.h"
#include "harness/store/schema.h"
#include "harness/store/store_rows.h"

/* ---- the file ---- */

/* A lock of its own kind: SQLite's locks are POSIX record locks, which come and go with every
 * transaction; flock() stays for the life of the process and does not disturb them. The descriptor
 * must outlive the database handle: closing any descriptor of a file drops its record locks.
 *
 * The lock goes with the last copy of the descriptor. A podium killed while it was starting a
 * worker leaves one in the child until that has reached its exec, hence the moment of patience. */
static bool lock_file(struct store *s, struct err *e)
{
    enum { TRIES = 20, WAIT_US = 50000 };
    s->lock_fd = open(s->path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (s->lock_fd < 0)
        return FAIL(e, ERR_IO, "%s: %m", s->path);
    for (int i = 0; i < TRIES; i++) {
        if (flock(s->lock_fd, LOCK_EX | LOCK_NB) == 0)
            return true;
        (void)usleep(WAIT_US);
    }
    return FAIL(e, ERR_IO, "%s: another podium is working on it", s->path);
}

static bool open_database(struct store *s, int flags, struct err *e)
{
    if (file_is_dir(s->path))
        return FAIL(e, ERR_IO, "%s: is a folder, not a run", s->path);
    int rc = sqlite3_open_v2(s->path, &s->sql.db, flags, NULL);
    if (rc != SQLITE_OK)
        return sql_fail(&s->sql, rc, "be opened", e);
    (void)sqlite3_extended_result_codes(s->sql.db, 1);
    (void)sqlite3_busy_timeout(s->sql.db, 5000); /* a reader's checkpoint, at most */
    return true;
}

static bool allocate(struct store **out, const char *path, struct err *e)
{
    if (strlen(path) >= LIMIT_PATH_BYTES)
        return FAIL(e, ERR_USAGE, "path of the run is too long");
    struct store *s = calloc(1, sizeof *s);
    if (s == NULL)
        return FAIL(e, ERR_IO, "out of memory");
    s->lock_fd = -1;
    (void)snprintf(s->path, sizeof s->path, "%s", path);
    s->sql.path = s->path;
    *out = s;
    return true;
}

void store_close(struct store *s)
{
    if (s == NULL)
        return;
    store_rows_finish(s);
    (void)sqlite3_close(s->sql.db);
    if (s->is_new && !s->has_run && s->lock_fd >= 0)
        (void)unlink(s->path);
    if (s->lock_fd >= 0)
        (void)close(s->lock_fd);
    free(s);
}

void store_drop(struct store **s)
{
    store_close(*s);
}

/* ---- a run ---- */

static bool put_items(const struct sql *sql, const struct item *items, int64_t n, struct err *e)
{
    CLEANUP(sql_finish) sqlite3_stmt *st = NULL;
    TRY(sql_prepare(sql, "INSERT INTO item(i, id, kind, prompt, key) VALUES(?1, ?2, ?3, ?4, ?5)",
                    &st, e));
    for (int64_t i = 0; i < n; i++) {
        (void)sqlite3_bind_int64(st, 1, i);
        sql_bind_text(st, 2, items[i].id);
        sql_bind_text(st, 3, items[i].kind);
        sql_bind_text(st, 4, items[i].prompt);
        sql_bind_text(st, 5, items[i].key_text);
        TRY(sql_run(sql, st, "store the items", e));
    }
    return true;
}

static bool create_run(struct store *s, const struct run_row *run, const struct item *items,
                       struct err *e)
{
    TRY(store_begin(s, e));
    TRY(schema_create(&s->sql, e));
    TRY(run_fields_write(&s->sql, run, e));
    TRY(put_items(&s->sql, items, run->n_items, e));
    TRY(store_commit(s, e));
    s->version = SCHEMA_VERSION;
    return true;
}

static bool upgrade(struct store *s, struct err *e)
{
    if (s->version == SCHEMA_VERSION)
        return true;
    TRY(store_begin(s, e));
    TRY(schema_upgrade(&s->sql, s->version, e));
    TRY(store_commit(s, e));
    s->version = SCHEMA_VERSION;
    return true;
}

static bool check_same_run(struct store *s, const struct run_row *here, struct err *e)
{
    struct arena tmp;
    struct run_row there = {0};
    CLEANUP(buf_free) struct buf differ = {0};
    arena_init(&tmp, "compare", LIMIT_ARENA_TMP);
    bool ok = store_get_run(s, &there, &tmp, e);
    if (ok)
        run_fields_differ(&there, here, &differ);
    arena_fini(&tmp);
    if (ok && differ.n > 0)
        return FAIL(e, ERR_USAGE, "%s holds another run: %.*s (give another --out)", s->path,
                    (int)(differ.n < 180 ? differ.n : 180), differ.at);
    return ok;
}

static bool begin_session(struct store *s, struct str argv, struct err *e)
{
    CLEANUP(sql_finish) sqlite3_stmt *st = NULL;
    TRY(sql_prepare(&s->sql,
                    "INSERT INTO session(argv, started_ms, wall_ms, model_ms) VALUES(?1, ?2, 0, 0)",
                    &st, e));
    sql_bind_text(st, 1, argv);
    (void)sqlite3_bind_int64(st, 2, clock_unix_ms());
    TRY(sql_run(&s->sql, st, "begin a session", e));
    s->session = sqlite3_last_insert_rowid(s->sql.db);
    return true;
}

/* NORMAL: a commit survives kill -9 of this process. A power cut may take back the last commits,
 * never part of one; those replies are asked again and come out the same. */
static const char WRITER[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                             "PRAGMA foreign_keys = ON;";

bool store_open_write(struct store **out, const char *path, struct err *e)
{
    CLEANUP(store_drop) struct store *s = NULL;
    TRY(allocate(&s, path, e));
    s->is_new = !file_exists(path);
    if (file_is_dir(path))
        return FAIL(e, ERR_IO, "%s: is a folder, not a run", path);
    TRY(lock_file(s, e));
    TRY(open_database(s, SQLITE_OPEN_READWRITE, e));
    TRY(schema_check(&s->sql, &s->version, e));
    s->has_run = s->version > 0;
    *out = s;
    s = NULL;
    return true;
}

bool store_set_run(struct store *s, const struct run_row *run, const struct item *items,
                   struct str argv, struct err *e)
{
    assert(s->session == 0);
    TRY(sql_exec(&s->sql, WRITER, "be opened for writing", e));
    if (s->has_run)
        TRY(check_same_run(s, run, e));
    else
        TRY(create_run(s, run, items, e));
    s->has_run = true;
    TRY(upgrade(s, e));
    TRY(begin_session(s, argv, e));
    return store_rows_prepare(s, e);
}

/* A reader opens for writing where it may, only to tidy up: the last one to close a file in WAL
 * mode folds its two companions away, which a read-only handle cannot. */
static bool open_reader(struct store *s, struct err *e)
{
    struct err first = {0};
    if (access(s->path, W_OK) == 0 && open_database(s, SQLITE_OPEN_READWRITE, &first))
        return sql_exec(&s->sql, "PRAGMA query_only = ON", "be opened", e);
    (void)sqlite3_close(s->sql.db);
    s->sql.db = NULL;
    return open_database(s, SQLITE_OPEN_READONLY, e);
}

static bool open_existing(struct store **out, const char *path, bool is_writer, struct err *e)
{
    CLEANUP(store_drop) struct store *s = NULL;
    TRY(allocate(&s, path, e));
    if (file_is_dir(path))
        return FAIL(e, ERR_IO, "%s: is a folder, not a run", path);
    if (!file_exists(path))
        return FAIL(e, ERR_IO, "%s: no such file", path);
    if (is_writer)
        TRY(lock_file(s, e));
    TRY(is_writer ? open_database(s, SQLITE_OPEN_READWRITE, e) : open_reader(s, e));
    TRY(schema_check(&s->sql, &s->version, e));
    if (s->version == 0)
        return FAIL(e, ERR_INPUT, "%s: holds no run", path);
    s->has_run = true;
    if (is_writer) {
        TRY(sql_exec(&s->sql, WRITER, "be opened for writing", e));
        TRY(upgrade(s, e));
        TRY(store_rows_prepare(s, e));
    }
    *out = s;
    s = NULL;
    return true;
}

bool store_open_grade(struct store **out, const char *path, struct err *e)
{
    return open_existing(out, path, true, e);
}

bool store_open_read(struct store **out, const char *path, struct err *e)
{
    return open_existing(out, path, false, e);
}

bool store_begin(struct store *s, struct err *e)
{
    assert(sqlite3_get_autocommit(s->sql.db));
    return sql_exec(&s->sql, "BEGIN IMMEDIATE", "begin to write", e);
}

/* After a failed commit nothing of the group remains: the rollback is what "all or nothing" means,
 * and its own failure changes nothing (SQLite rolls back by itself on a full disk). */
bool store_commit(struct store *s, struct err *e)
{
    if (sql_exec(&s->sql, "COMMIT", "store results", e))
        return true;
    (void)sqlite3_exec(s->sql.db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

bool store_get_run(struct store *s, struct run_row *out, struct arena *keep, struct err *e)
{
    TRY(run_fields_read(&s->sql, out, keep, e));
    if (out->n_samples < 1 || out->n_items < 0)
        return FAIL(e, ERR_INPUT, "%s: the run's 'samples' or 'items' is unreadable", s->path);
    return true;
}
