#include "harness/store/run_fields.h"

#include <assert.h>
#include <inttypes.h>
#include <stddef.h>

enum kind { TEXT, NUMBER, SEED, REAL, YESNO };
enum part {
    SAME, /* two runs are the same only when it is */
    TOLD,
    NEWER, /* told, and not in files of version 1: zero there */
};

static const struct field {
    const char *name;
    enum kind kind;
    enum part part;
    size_t at;
} fields[] = {
    {"suite", TEXT, SAME, offsetof(struct run_row, suite)},
    {"suite_version", TEXT, SAME, offsetof(struct run_row, suite_version)},
    {"suite_identity", TEXT, SAME, offsetof(struct run_row, suite_identity)},
    {"suite_sha256", TEXT, SAME, offsetof(struct run_row, suite_sha256)},
    {"model", TEXT, SAME, offsetof(struct run_row, model)},
    {"strategy", TEXT, SAME, offsetof(struct run_row, strategy)},
    {"thinking", YESNO, SAME, offsetof(struct run_row, thinking)},
    {"items", NUMBER, SAME, offsetof(struct run_row, n_items)},
    {"samples", NUMBER, SAME, offsetof(struct run_row, n_samples)},
    {"seed", SEED, SAME, offsetof(struct run_row, seed)},
    {"temperature", REAL, SAME, offsetof(struct run_row, temperature)},
    {"top_p", REAL, SAME, offsetof(struct run_row, top_p)},
    {"max_tokens", NUMBER, SAME, offsetof(struct run_row, n_out_max)},
    {"suite_source", TEXT, TOLD, offsetof(struct run_row, suite_source)},
    {"definition", TEXT, TOLD, offsetof(struct run_row, definition)},
    {"grader", TEXT, TOLD, offsetof(struct run_row, grader)},
    {"model_dir", TEXT, TOLD, offsetof(struct run_row, model_dir)},
    {"podium", TEXT, TOLD, offsetof(struct run_row, podium)},
    {"created_ms", NUMBER, TOLD, offsetof(struct run_row, created_ms)},
    {"void_items", NUMBER, NEWER, offsetof(struct run_row, n_void)},
};
enum { N_FIELDS = sizeof fields / sizeof *fields };

static const void *at(const struct run_row *run, const struct field *f)
{
    return (const char *)run + f->at;
}

/* ---- writing and reading ---- */

static void bind(sqlite3_stmt *st, const struct field *f, const void *v, struct buf *scratch)
{
    switch (f->kind) {
    case TEXT:
        sql_bind_text(st, 2, *(const struct str *)v);
        return;
    case NUMBER:
        (void)sqlite3_bind_int64(st, 2, *(const int64_t *)v);
        return;
    case SEED: /* 64 bits without a sign: as text, or half of them would read as negative */
        buf_clear(scratch);
        buf_fmt(scratch, "%" PRIu64, *(const uint64_t *)v);
        sql_bind_text(st, 2, buf_str(scratch));
        return;
    case REAL:
        sql_bind_f64(st, 2, *(const double *)v);
        return;
    case YESNO:
        (void)sqlite3_bind_int64(st, 2, *(const bool *)v);
        return;
    }
    assert(false); /* every kind is handled */
}

bool run_fields_write(const struct sql *s, const struct run_row *run, struct err *e)
{
    CLEANUP(sql_finish) sqlite3_stmt *st = NULL;
    CLEANUP(buf_free) struct buf scratch = {0};
    TRY(sql_prepare(s, "INSERT INTO run(name, value) VALUES(?1, ?2)", &st, e));
    for (int i = 0; i < N_FIELDS; i++) {
        sql_bind_text(st, 1, str_of(fields[i].name));
        bind(st, &fields[i], at(run, &fields[i]), &scratch);
        TRY(sql_run(s, st, "store the run", e));
    }
    return true;
}

static bool take(sqlite3_stmt *st, const struct field *f, void *v, struct arena *keep)
{
    switch (f->kind) {
    case TEXT:
        *(struct str *)v = sql_text(st, 0, keep);
        return true;
    case NUMBER:
        *(int64_t *)v = sqlite3_column_int64(st, 0);
        return true;
    case SEED:
        return str_u64(sql_text(st, 0, keep), (uint64_t *)v);
    case REAL:
        *(double *)v = sql_f64(st, 0);
        return true;
    case YESNO:
        *(bool *)v = sqlite3_column_int64(st, 0) != 0;
        return true;
    }
    assert(false); /* every kind is handled */
    return false;
}

bool run_fields_read(const struct sql *s, struct run_row *out, struct arena *keep, struct err *e)
{
    CLEANUP(sql_finish) sqlite3_stmt *st = NULL;
    TRY(sql_prepare(s, "SELECT value FROM run WHERE name = ?1", &st, e));
    for (int i = 0; i < N_FIELDS; i++) {
        bool is_row = false;
        sql_bind_text(st, 1, str_of(fields[i].name));
        TRY(sql_next(s, st, &is_row, e));
        bool is_taken = is_row && take(st, &fields[i], (char *)out + fields[i].at, keep);
        if (!is_taken && (is_row || fields[i].part != NEWER))
            return FAIL(e, ERR_INPUT, "%s: the run's '%s' is missing or unreadable", s->path,
                        fields[i].name);
        (void)sqlite3_reset(st);
    }
    return true;
}

/* ---- comparing ---- */

static bool is_same(const struct field *f, const void *a, const void *b)
{
    switch (f->kind) {
    case TEXT:
        return str_eq(*(const struct str *)a, *(const struct str *)b);
    case NUMBER:
        return *(const int64_t *)a == *(const int64_t *)b;
    case SEED:
        return *(const uint64_t *)a == *(const uint64_t *)b;
    case REAL:
        return *(const double *)a == *(const double *)b;
    case YESNO:
        return *(const bool *)a == *(const bool *)b;
    }
    assert(false); /* every kind is handled */
    return false;
}

enum { TEXT_SHOWN = 60 }; /* bytes of a long value that an error line repeats */

/* The part of a long text that tells it from the other one: identities share their beginning. */
static struct str telling(struct str s, struct str other)
{
    int64_t from = 0;
    while (from < s.n && from < other.n && s.at[from] == other.at[from])
        from++;
    if (s.n <= TEXT_SHOWN)
        return s;
    while (from > 0 && s.at[from - 1] != ' ')
        from--;
    return str_sub(s, from, from + TEXT_SHOWN);
}

static void show(const struct field *f, const void *v, const void *other, struct buf *out)
{
    struct str text = {0};
    switch (f->kind) {
    case TEXT:
        text = telling(*(const struct str *)v, *(const struct str *)other);
        buf_fmt(out, "'%.*s'", STR_ARG(text));
        return;
    case NUMBER:
        buf_fmt(out, "%" PRId64, *(const int64_t *)v);
        return;
    case SEED:
        buf_fmt(out, "%" PRIu64, *(const uint64_t *)v);
        return;
    case REAL:
        buf_fmt(out, "%.10g", *(const double *)v);
        return;
    case YESNO:
        buf_fmt(out, "%s", *(const bool *)v ? "on" : "off");
        return;
    }
}

void run_fields_differ(const struct run_row *there, const struct run_row *here, struct buf *out)
{
    for (int i = 0; i < N_FIELDS; i++) {
        const struct field *f = &fields[i];
        const void *a = at(there, f);
        const void *b = at(here, f);
        if (f->part != SAME || is_same(f, a, b))
            continue;
        buf_fmt(out, "%s%s is ", out->n > 0 ? "; " : "", f->name);
        show(f, a, b, out);
        buf_fmt(out, " there, ");
        show(f, b, a, out);
        buf_fmt(out, " here");
    }
}
