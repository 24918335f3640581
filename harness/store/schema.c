#include "harness/store/schema.h"

#include <assert.h>

/* run      what makes this run this run, name by name
 * item     the suite's items in order, so that grade and report need nothing but this file
 * session  one row for every time the run was started: how it was called, how long it worked
 * reply    one row for every whole reply; texts exactly as they came
 * grade    appended; the row with the largest id is the one that counts
 * judgement  what a model said to a question of a grader; a question is asked once a run, whoever
 *          gave the answer that raised it (since version 2, with grade.n_judged)
 *
 * verdict and trouble exclude each other: an error is never a score. */
#define JUDGEMENT                                                                                  \
    "CREATE TABLE judgement(id INTEGER PRIMARY KEY, question TEXT NOT NULL UNIQUE,"                \
    "  key TEXT NOT NULL UNIQUE, seed TEXT NOT NULL, chat TEXT NOT NULL,"                          \
    "  ended TEXT NOT NULL CHECK(ended IN ('whole','cut','malformed')),"                           \
    "  raw TEXT NOT NULL, content TEXT NOT NULL, reasoning TEXT NOT NULL, trouble TEXT NOT NULL,"  \
    "  prompt_tokens INTEGER NOT NULL, out_tokens INTEGER NOT NULL,"                               \
    "  thinking_tokens INTEGER NOT NULL, logprob_sum REAL, latency_ms INTEGER NOT NULL,"           \
    "  stored_ms INTEGER NOT NULL, session INTEGER NOT NULL REFERENCES session(id));"

static const char TABLES[] =
    "CREATE TABLE run(name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE item(i INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,"
    "  prompt TEXT NOT NULL, key TEXT NOT NULL);"
    "CREATE TABLE session(id INTEGER PRIMARY KEY, argv TEXT NOT NULL, started_ms INTEGER NOT NULL,"
    "  wall_ms INTEGER NOT NULL, model_ms INTEGER NOT NULL);"
    "CREATE TABLE reply(id INTEGER PRIMARY KEY, item INTEGER NOT NULL REFERENCES item(i),"
    "  sample INTEGER NOT NULL, turn INTEGER NOT NULL, key TEXT NOT NULL UNIQUE,"
    "  seed TEXT NOT NULL, ended TEXT NOT NULL CHECK(ended IN ('whole','cut','malformed')),"
    "  raw TEXT NOT NULL, content TEXT NOT NULL, reasoning TEXT NOT NULL, trouble TEXT NOT NULL,"
    "  prompt_tokens INTEGER NOT NULL, out_tokens INTEGER NOT NULL,"
    "  thinking_tokens INTEGER NOT NULL, logprob_sum REAL, latency_ms INTEGER NOT NULL,"
    "  stored_ms INTEGER NOT NULL, session INTEGER NOT NULL REFERENCES session(id),"
    "  UNIQUE(item, sample, turn));"
    "CREATE TABLE grade(id INTEGER PRIMARY KEY, reply INTEGER NOT NULL REFERENCES reply(id),"
    "  grader TEXT NOT NULL, version INTEGER NOT NULL,"
    "  verdict TEXT CHECK(verdict IN ('right','wrong','part','no_answer','undecided')),"
    "  score REAL, answer TEXT NOT NULL, reason TEXT NOT NULL, evidence TEXT NOT NULL,"
    "  trouble TEXT, graded_ms INTEGER NOT NULL, n_judged INTEGER NOT NULL DEFAULT 0,"
    "  CHECK((verdict IS NULL) <> (trouble IS NULL)), CHECK((verdict IS NULL) = (score IS NULL)));"
    "CREATE INDEX grade_reply ON grade(reply, id);"
    "CREATE VIEW last_grade AS SELECT * FROM grade g"
    "  WHERE id = (SELECT max(id) FROM grade WHERE reply = g.reply);" JUDGEMENT
    "PRAGMA application_id = 1886348393;"
    "PRAGMA user_version = 2;";

/* What a file of version 1 lacks. */
static const char FROM_1[] =
    "ALTER TABLE grade ADD COLUMN n_judged INTEGER NOT NULL DEFAULT 0;" JUDGEMENT
    "PRAGMA user_version = 2;";
_Static_assert(SCHEMA_APPLICATION == 1886348393, "the pragma above spells the same number");
_Static_assert(SCHEMA_VERSION == 2, "the pragma above spells the same number");

static bool check_pages(const struct sql *s, struct err *e)
{
    CLEANUP(sql_finish) sqlite3_stmt *st = NULL;
    bool is_row = false;
    TRY(sql_prepare(s, "PRAGMA quick_check(1)", &st, e));
    TRY(sql_next(s, st, &is_row, e));
    const char *said = is_row ? (const char *)sqlite3_column_text(st, 0) : "no answer";
    if (said == NULL || strcmp(said, "ok") != 0)
        return FAIL(e, ERR_INPUT,
                    "%s: the file is damaged (%s); `sqlite3 %s .recover` may save rows", s->path,
                    said, s->path);
    return true;
}

bool schema_check(const struct sql *s, int64_t *version, struct err *e)
{
    int64_t application = 0;
    int64_t n_tables = 0;
    TRY(sql_number(s, "PRAGMA application_id", &application, e));
    TRY(sql_number(s, "PRAGMA user_version", version, e));
    TRY(sql_number(s, "SELECT count(*) FROM sqlite_schema", &n_tables, e));
    bool is_ours = application == SCHEMA_APPLICATION && *version > 0;
    if (!is_ours)
        *version = 0;
    if (application == 0 && n_tables == 0)
        return true;
    if (!is_ours)
        return FAIL(e, ERR_INPUT, "%s: not a podium run (a database of another program)", s->path);
    if (*version > SCHEMA_VERSION)
        return FAIL(e, ERR_INPUT, "%s: written by a newer podium (schema %lld, this one knows %d)",
                    s->path, (long long)*version, SCHEMA_VERSION);
    return check_pages(s, e);
}

bool schema_create(const struct sql *s, struct err *e)
{
    return sql_exec(s, TABLES, "create the run", e);
}

bool schema_upgrade(const struct sql *s, int64_t version, struct err *e)
{
    assert(version >= 1);
    assert(version <= SCHEMA_VERSION);
    return version == SCHEMA_VERSION || sql_exec(s, FROM_1, "be brought up to date", e);
}
