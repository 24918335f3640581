/* Every write of the store made to fail once, and every kind of damage to its file. */
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/rng.h"
#include "harness/report/summary.h"
#include "tests/support/run_fixture.h"
#include "tests/support/support.h"

static const char *path_of(const char *name)
{
    static char path[4][LIMIT_PATH_BYTES];
    static int i;
    i = (i + 1) % 4;
    cr_assert(file_join(support_temp(), name, path[i], LIMIT_PATH_BYTES));
    return path[i];
}

static void dump(const char *path, struct buf *out)
{
    buf_clear(out);
    run_fixture_dump(path, out);
    cr_assert_gt(out->n, 0);
}

static void remove_run(const char *path)
{
    char name[LIMIT_PATH_BYTES];
    const char *ends[] = {"", "-wal", "-shm"};
    for (int i = 0; i < 3; i++) {
        (void)snprintf(name, sizeof name, "%s%s", path, ends[i]);
        (void)unlink(name);
    }
}

/* ---- a file system that fails at the n-th write, truncate or sync ---- */

static sqlite3_vfs faulty;
static sqlite3_vfs *real_vfs;
static sqlite3_io_methods methods[8]; /* one copy for each method table of the real ones */
static const sqlite3_io_methods *originals[8];
static int64_t n_writes;
static int64_t fail_at; /* 0: never */
static int fail_code;

static bool is_time(void)
{
    return ++n_writes == fail_at;
}

static const sqlite3_io_methods *original(const sqlite3_file *f)
{
    return originals[f->pMethods - methods];
}

static int write_or_fail(sqlite3_file *f, const void *at, int n, sqlite3_int64 offset)
{
    return is_time() ? fail_code : original(f)->xWrite(f, at, n, offset);
}

static int truncate_or_fail(sqlite3_file *f, sqlite3_int64 n)
{
    return is_time() ? SQLITE_IOERR_TRUNCATE : original(f)->xTruncate(f, n);
}

static int sync_or_fail(sqlite3_file *f, int flags)
{
    return is_time() ? SQLITE_IOERR_FSYNC : original(f)->xSync(f, flags);
}

static const sqlite3_io_methods *wrap(const sqlite3_io_methods *m)
{
    int i = 0;
    while (originals[i] != NULL && originals[i] != m)
        cr_assert_lt(++i, 8);
    originals[i] = m;
    methods[i] = *m;
    methods[i].xWrite = write_or_fail;
    methods[i].xTruncate = truncate_or_fail;
    methods[i].xSync = sync_or_fail;
    return &methods[i];
}

/* The real file's own methods see a file whose table was copied: they only read through it. */
static int open_faulty(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out)
{
    (void)v;
    int rc = real_vfs->xOpen(real_vfs, name, f, flags, out);
    if (rc == SQLITE_OK && f->pMethods != NULL)
        f->pMethods = wrap(f->pMethods);
    return rc;
}

static void install_faulty(void)
{
    real_vfs = sqlite3_vfs_find(NULL);
    faulty = *real_vfs;
    faulty.zName = "faulty";
    faulty.xOpen = open_faulty;
    cr_assert_eq(sqlite3_vfs_register(&faulty, 1), SQLITE_OK);
}

static void every_write_fails_once(int code)
{
    struct buf want = {0};
    struct buf got = {0};
    struct grade_pool *pool = run_fixture_pool();
    struct run_fixture whole = {
        .path = path_of("whole.db"), .n_items = 3, .n_samples = 2, .pool = pool};
    cr_assert(run_fixture_go(&whole), "%s", whole.e.text);
    dump(whole.path, &want);
    install_faulty();
    fail_code = code;
    bool was_hit = true;
    int64_t n_failed = 0;
    for (int64_t at = 1; was_hit; at++) {
        struct run_fixture f = {
            .path = path_of("f.db"), .n_items = 3, .n_samples = 2, .pool = pool};
        remove_run(f.path);
        n_writes = 0;
        fail_at = at;
        bool ok = run_fixture_go(&f);
        was_hit = n_writes >= at;
        fail_at = 0;
        run_fixture_drain(pool);
        if (!ok) {
            n_failed++;
            cr_assert_eq(f.e.cls, ERR_IO, "write %lld: %s", (long long)at, f.e.text);
            cr_assert(strstr(f.e.text, "f.db: cannot ") != NULL, "%s", f.e.text);
        }
        cr_assert(run_fixture_go(&f), "after write %lld failed: %s", (long long)at, f.e.text);
        dump(f.path, &got);
        cr_assert(str_eq(buf_str(&want), buf_str(&got)), "write %lld\n%s--- against ---\n%s",
                  (long long)at, want.at, got.at);
    }
    cr_assert_gt(n_failed, 20);
    grade_pool_close(pool);
    buf_free(&want);
    buf_free(&got);
}

Test(store_faults, a_disk_that_fills_at_any_write_loses_nothing, .timeout = 60)
{
    every_write_fails_once(SQLITE_FULL);
}

Test(store_faults, a_disk_that_fails_at_any_write_loses_nothing, .timeout = 60)
{
    every_write_fails_once(SQLITE_IOERR_WRITE);
}

/* ---- damage ---- */

/* Whatever it holds, reading it ends with numbers or with one line. */
static bool read_all(const char *path, struct err *e)
{
    struct arena keep;
    struct arena tmp;
    struct summary s;
    struct store *store = NULL;
    arena_init(&keep, "keep", LIMIT_ARENA_RUN);
    arena_init(&tmp, "tmp", LIMIT_ARENA_TMP);
    bool ok = store_open_read(&store, path, e) && summary_read(store, &s, &keep, tmp, e);
    store_close(store);
    arena_fini(&keep);
    arena_fini(&tmp);
    return ok;
}

Test(store_faults, damaged_bytes_are_an_error_or_harmless_never_a_crash, .timeout = 60)
{
    enum { TRIALS = 300 };
    uint64_t seed = support_seed(7);
    struct arena keep;
    struct err e = {0};
    struct run_fixture f = {.path = path_of("a.db")};
    arena_init(&keep, "file", LIMIT_ARENA_ITEM);
    cr_assert(run_fixture_go(&f), "%s", f.e.text);
    struct str whole = support_read(f.path, &keep);
    char *bytes = NEW(&keep, char, whole.n);
    const char *path = path_of("damaged.db");
    int64_t n_refused = 0;
    for (uint64_t t = 0; t < TRIALS; t++) {
        memcpy(bytes, whole.at, (size_t)whole.n);
        uint64_t at = rng_below(seed, t, 0, (uint64_t)whole.n);
        uint64_t n = 1 + rng_below(seed, t, 1, 64);
        for (uint64_t i = at; i < at + n && i < (uint64_t)whole.n; i++)
            bytes[i] = (char)rng_u64(seed, t, i);
        remove_run(path);
        ASSERT_OK(file_write(path, (struct str){bytes, whole.n}, &e), e);
        struct err said = {0};
        if (read_all(path, &said))
            continue;
        n_refused++;
        cr_assert(said.text[0] != 0);
        cr_assert(strstr(said.text, "damaged.db: ") != NULL, "%s", said.text);
    }
    cr_assert_gt(n_refused, TRIALS / 20);
    arena_fini(&keep);
}

Test(store_faults, a_shortened_file_is_refused)
{
    struct arena keep;
    struct err e = {0};
    struct run_fixture f = {.path = path_of("a.db")};
    arena_init(&keep, "file", LIMIT_ARENA_ITEM);
    cr_assert(run_fixture_go(&f), "%s", f.e.text);
    struct str whole = support_read(f.path, &keep);
    const char *path = path_of("short.db");
    for (int64_t n = 1; n < whole.n; n += 1 + whole.n / 37) {
        struct err said = {0};
        remove_run(path);
        ASSERT_OK(file_write(path, str_sub(whole, 0, n), &e), e);
        cr_assert_not(read_all(path, &said), "%lld bytes", (long long)n);
        cr_assert_eq(said.cls, ERR_INPUT, "%s", said.text);
    }
    arena_fini(&keep);
}
