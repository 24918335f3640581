#include "harness/store/store_rows.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/clock.h"

/* ---- writing ---- */

static const char PUT_REPLY[] =
    "INSERT INTO reply(item, sample, turn, key, seed, ended, raw, content, reasoning, trouble,"
    "  prompt_tokens, out_tokens, thinking_tokens, logprob_sum, latency_ms, stored_ms, session)"
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)";
static const char PUT_GRADE[] =
    "INSERT INTO grade(reply, grader, version, verdict, score, answer, reason, evidence, trouble,"
    "  graded_ms, n_judged) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
static const char GET_GRADE[] =
    "SELECT grader, version, verdict, score, answer, reason, trouble, n_judged FROM grade"
    " WHERE reply = ?1 ORDER BY id DESC LIMIT 1";
static const char PUT_TIME[] = "UPDATE session SET wall_ms = ?1, model_ms = ?2 WHERE id = ?3";

bool store_rows_prepare(struct store *s, struct err *e)
{
    TRY(sql_prepare(&s->sql, PUT_REPLY, &s->put_reply, e));
    TRY(sql_prepare(&s->sql, PUT_GRADE, &s->put_grade, e));
    TRY(sql_prepare(&s->sql, GET_GRADE, &s->get_grade, e));
    TRY(sql_prepare(&s->sql, PUT_TIME, &s->put_time, e));
    return store_judgements_prepare(s, e);
}

void store_rows_finish(struct store *s)
{
    sql_finish(&s->put_reply);
    sql_finish(&s->put_grade);
    sql_finish(&s->get_grade);
    sql_finish(&s->put_time);
    store_judgements_finish(s);
}

bool store_put_reply(struct store *s, struct reply_row *row, const struct reply_text *text,
                     struct err *e)
{
    sqlite3_stmt *st = s->put_reply;
    char seed[24];
    assert(s->session > 0);
    assert(strlen(row->key) == 64);
    (void)snprintf(seed, sizeof seed, "%" PRIu64, row->seed);
    (void)sqlite3_bind_int64(st, 1, row->i_item);
    (void)sqlite3_bind_int64(st, 2, row->sample);
    (void)sqlite3_bind_int64(st, 3, row->turn);
    sql_bind_text(st, 4, str_of(row->key));
    sql_bind_text(st, 5, str_of(seed));
    sql_bind_text(st, 6, reply_end_name(row->end));
    sql_bind_text(st, 7, text->raw);
    sql_bind_text(st, 8, text->content);
    sql_bind_text(st, 9, text->reasoning);
    sql_bind_text(st, 10, text->trouble);
    (void)sqlite3_bind_int64(st, 11, row->n_prompt_tokens);
    (void)sqlite3_bind_int64(st, 12, row->n_out_tokens);
    (void)sqlite3_bind_int64(st, 13, row->n_thinking_tokens);
    sql_bind_f64(st, 14, row->logprob_sum);
    (void)sqlite3_bind_int64(st, 15, row->latency_ms);
    (void)sqlite3_bind_int64(st, 16, clock_unix_ms());
    (void)sqlite3_bind_int64(st, 17, s->session);
    TRY(sql_run(&s->sql, st, "store a reply", e));
    row->id = sqlite3_last_insert_rowid(s->sql.db);
    return true;
}

static bool column_is(sqlite3_stmt *st, int column, struct str text)
{
    const char *at = (const char *)sqlite3_column_text(st, column);
    return str_eq((struct str){at, at == NULL ? 0 : sqlite3_column_bytes(st, column)}, text);
}

/* Evidence is left out of the comparison: it holds times. */
static bool says_the_same(sqlite3_stmt *st, const struct grade_row *g)
{
    bool is_graded = g->trouble.n == 0;
    return column_is(st, 0, g->grader) && sqlite3_column_int64(st, 1) == g->version &&
           column_is(st, 2, is_graded ? verdict_name(g->verdict) : STR("")) &&
           (!is_graded || sqlite3_column_double(st, 3) == g->score) &&
           column_is(st, 4, g->answer) && column_is(st, 5, g->reason) &&
           column_is(st, 6, g->trouble) && sqlite3_column_int64(st, 7) == g->n_judged;
}

static bool is_known_grade(struct store *s, int64_t reply_id, const struct grade_row *g,
                           bool *is_known, struct err *e)
{
    bool is_row = false;
    (void)sqlite3_bind_int64(s->get_grade, 1, reply_id);
    bool ok = sql_next(&s->sql, s->get_grade, &is_row, e);
    *is_known = ok && is_row && says_the_same(s->get_grade, g);
    (void)sqlite3_reset(s->get_grade);
    return ok;
}

bool store_put_grade(struct store *s, int64_t reply_id, const struct grade_row *g, bool *is_new,
                     struct err *e)
{
    bool is_known = false;
    TRY(is_known_grade(s, reply_id, g, &is_known, e));
    *is_new = !is_known;
    if (is_known)
        return true;
    sqlite3_stmt *st = s->put_grade;
    (void)sqlite3_bind_int64(st, 1, reply_id);
    sql_bind_text(st, 2, g->grader);
    (void)sqlite3_bind_int64(st, 3, g->version);
    if (g->trouble.n == 0) { /* what stays unbound is NULL */
        assert(g->score >= 0 && g->score <= 1);
        sql_bind_text(st, 4, verdict_name(g->verdict));
        sql_bind_f64(st, 5, g->score);
    } else {
        sql_bind_text(st, 9, g->trouble);
    }
    sql_bind_text(st, 6, g->answer);
    sql_bind_text(st, 7, g->reason);
    sql_bind_text(st, 8, g->evidence);
    (void)sqlite3_bind_int64(st, 10, clock_unix_ms());
    (void)sqlite3_bind_int64(st, 11, g->n_judged);
    return sql_run(&s->sql, st, "store a grade", e);
}

bool store_put_time(struct store *s, struct work_time t, struct err *e)
{
    if (s->session == 0)
        return true;
    (void)sqlite3_bind_int64(s->put_time, 1, t.wall_ms);
    (void)sqlite3_bind_int64(s->put_time, 2, t.model_ms);
    (void)sqlite3_bind_int64(s->put_time, 3, s->session);
    return sql_run(&s->sql, s->put_time, "store the time", e);
}

/* ---- reading ---- */

bool store_get_items(struct store *s, struct item **out, int64_t *n, struct arena *keep,
                     struct err *e)
{
    CLEANUP(sql_finish) sqlite3_stmt *st = NULL;
    bool is_row = false;
    TRY(sql_number(&s->sql, "SELECT count(*) FROM item", n, e));
    TRY(sql_prepare(&s->sql, "SELECT id, kind, prompt, key FROM item ORDER BY i", &st, e));
    *out = NEW(keep, struct item, *n + 1);
    for (int64_t i = 0; i < *n; i++) {
        TRY(sql_next(&s->sql, st, &is_row, e));
        if (!is_row)
            return FAIL(e, ERR_INPUT, "%s: item %lld is missing", s->path, (long long)i);
        (*out)[i] = (struct item){.id = sql_text(st, 0, keep),
                                  .kind = sql_text(st, 1, keep),
                                  .prompt = sql_text(st, 2, keep),
                                  .key_text = sql_text(st, 3, keep)};
    }
    return true;
}

#define GET_ALL(n_judged)                                                                          \
    "SELECT r.id, r.item, r.sample, r.turn, r.key, r.seed, r.ended, r.prompt_tokens, "             \
    "r.out_tokens,"                                                                                \
    "  r.thinking_tokens, r.logprob_sum, r.latency_ms, g.grader, g.version, g.verdict, g.score,"   \
    "  g.trouble, " n_judged " FROM reply r LEFT JOIN grade g"                                     \
    "  ON g.id = (SELECT max(id) FROM grade WHERE reply = r.id)"                                   \
    " ORDER BY r.item, r.sample, r.turn"

static bool read_reply(const struct sql *sql, sqlite3_stmt *st, struct reply_row *r,
                       struct arena *keep, struct err *e)
{
    struct str key = sql_text(st, 4, keep);
    *r = (struct reply_row){.id = sqlite3_column_int64(st, 0),
                            .i_item = sqlite3_column_int64(st, 1),
                            .sample = sqlite3_column_int64(st, 2),
                            .turn = sqlite3_column_int64(st, 3),
                            .n_prompt_tokens = sqlite3_column_int64(st, 7),
                            .n_out_tokens = sqlite3_column_int64(st, 8),
                            .n_thinking_tokens = sqlite3_column_int64(st, 9),
                            .logprob_sum = sql_f64(st, 10),
                            .latency_ms = sqlite3_column_int64(st, 11)};
    if (key.n != 64 || !str_u64(sql_text(st, 5, keep), &r->seed) ||
        !reply_end_from_name(sql_text(st, 6, keep), &r->end))
        return FAIL(e, ERR_INPUT, "%s: reply %lld is unreadable", sql->path, (long long)r->id);
    memcpy(r->key, key.at, 65);
    return true;
}

static bool read_grade(const struct sql *sql, sqlite3_stmt *st, struct stored *row,
                       struct arena *keep, struct err *e)
{
    row->has_grade = sqlite3_column_type(st, 12) != SQLITE_NULL;
    if (!row->has_grade)
        return true;
    row->grade = (struct grade_row){.grader = sql_text(st, 12, keep),
                                    .version = sqlite3_column_int64(st, 13),
                                    .trouble = sql_text(st, 16, keep),
                                    .score = sql_f64(st, 15),
                                    .n_judged = sqlite3_column_int64(st, 17)};
    double score = row->grade.score;
    if (row->grade.trouble.n == 0 &&
        (!verdict_from_name(sql_text(st, 14, keep), &row->grade.verdict) ||
         !(score >= 0 && score <= 1)))
        return FAIL(e, ERR_INPUT, "%s: the grade of reply %lld is unreadable", sql->path,
                    (long long)row->reply.id);
    return true;
}

/* What the file promises by its constraints, which a damaged file may break: items by their
 * index, rows in order, nothing twice. Readers build on it. */
static bool check_order(const struct sql *sql, const struct stored *rows, int64_t i,
                        int64_t n_items, struct err *e)
{
    const struct reply_row *r = &rows[i].reply;
    bool is_known = r->i_item >= 0 && r->i_item < n_items && r->sample >= 0 && r->turn >= 0;
    bool is_sane = r->n_prompt_tokens >= 0 && r->n_thinking_tokens >= 0 &&
                   r->n_thinking_tokens <= r->n_out_tokens;
    bool is_next = i == 0 || rows[i - 1].reply.i_item <= r->i_item;
    if (!is_known || !is_sane || !is_next)
        return FAIL(e, ERR_INPUT, "%s: reply %lld is unreadable", sql->path, (long long)r->id);
    return true;
}

bool store_get_all(struct store *s, struct stored **out, int64_t *n, struct arena *keep,
                   struct err *e)
{
    CLEANUP(sql_finish) sqlite3_stmt *st = NULL;
    int64_t cap = 0;
    int64_t n_items = 0;
    bool is_row = false;
    TRY(sql_number(&s->sql, "SELECT count(*) FROM reply", &cap, e));
    TRY(sql_number(&s->sql, "SELECT count(*) FROM item", &n_items, e));
    TRY(sql_prepare(&s->sql, s->version >= 2 ? GET_ALL("g.n_judged") : GET_ALL("0"), &st, e));
    struct stored *rows = NEW(keep, struct stored, cap + 1);
    int64_t got = 0;
    for (;; got++) {
        TRY(sql_next(&s->sql, st, &is_row, e));
        if (!is_row || got == cap) /* a run going on beside us may add rows: they come next time */
            break;
        TRY(read_reply(&s->sql, st, &rows[got].reply, keep, e));
        TRY(read_grade(&s->sql, st, &rows[got], keep, e));
        TRY(check_order(&s->sql, rows, got, n_items, e));
    }
    *out = rows;
    *n = got;
    return true;
}

bool store_get_text(struct store *s, int64_t reply_id, struct reply_text *out, struct arena *keep,
                    struct err *e)
{
    CLEANUP(sql_finish) sqlite3_stmt *st = NULL;
    bool is_row = false;
    TRY(sql_prepare(&s->sql, "SELECT raw, content, reasoning, trouble FROM reply WHERE id = ?1",
                    &st, e));
    (void)sqlite3_bind_int64(st, 1, reply_id);
    TRY(sql_next(&s->sql, st, &is_row, e));
    if (!is_row)
        return FAIL(e, ERR_INPUT, "%s: reply %lld is gone", s->path, (long long)reply_id);
    *out = (struct reply_text){.raw = sql_text(st, 0, keep),
                               .content = sql_text(st, 1, keep),
                               .reasoning = sql_text(st, 2, keep),
                               .trouble = sql_text(st, 3, keep)};
    return true;
}

bool store_get_grade(struct store *s, int64_t reply_id, struct grade_row *out, bool *is_there,
                     struct arena *keep, struct err *e)
{
    CLEANUP(sql_finish) sqlite3_stmt *st = NULL;
    TRY(sql_prepare(&s->sql,
                    "SELECT grader, version, verdict, score, answer, reason, evidence, trouble"
                    " FROM grade WHERE reply = ?1 ORDER BY id DESC LIMIT 1",
                    &st, e));
    (void)sqlite3_bind_int64(st, 1, reply_id);
    TRY(sql_next(&s->sql, st, is_there, e));
    if (!*is_there)
        return true;
    *out = (struct grade_row){.grader = sql_text(st, 0, keep),
                              .version = sqlite3_column_int64(st, 1),
                              .score = sql_f64(st, 3),
                              .answer = sql_text(st, 4, keep),
                              .reason = sql_text(st, 5, keep),
                              .evidence = sql_text(st, 6, keep),
                              .trouble = sql_text(st, 7, keep)};
    if (out->trouble.n == 0 && !verdict_from_name(sql_text(st, 2, keep), &out->verdict))
        return FAIL(e, ERR_INPUT, "%s: the grade of reply %lld is unreadable", s->path,
                    (long long)reply_id);
    return true;
}

bool store_get_time(struct store *s, struct work_time *out, struct err *e)
{
    TRY(sql_number(&s->sql, "SELECT coalesce(sum(wall_ms), 0) FROM session", &out->wall_ms, e));
    return sql_number(&s->sql, "SELECT coalesce(sum(model_ms), 0) FROM session", &out->model_ms, e);
}
