#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "harness/store/store_rows.h"

static const char PUT[] =
    "INSERT INTO judgement(question, key, seed, chat, ended, raw, content, reasoning, trouble,"
    "  prompt_tokens, out_tokens, thinking_tokens, logprob_sum, latency_ms, stored_ms, session)"
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";
static const char FIND[] = "SELECT id FROM judgement WHERE question = ?1";
static const char GET[] = "SELECT question, ended, content FROM judgement WHERE id = ?1";

bool store_judgements_prepare(struct store *s, struct err *e)
{
    TRY(sql_prepare(&s->sql, PUT, &s->put_judgement, e));
    TRY(sql_prepare(&s->sql, FIND, &s->find_judgement, e));
    return sql_prepare(&s->sql, GET, &s->get_judgement, e);
}

void store_judgements_finish(struct store *s)
{
    sql_finish(&s->put_judgement);
    sql_finish(&s->find_judgement);
    sql_finish(&s->get_judgement);
}

bool store_put_judgement(struct store *s, const char question[65], struct str chat,
                         const struct reply_row *reply, const struct reply_text *text, int64_t *id,
                         struct err *e)
{
    sqlite3_stmt *st = s->put_judgement;
    char seed[24];
    assert(s->session > 0);
    assert(strlen(question) == 64);
    assert(strlen(reply->key) == 64);
    (void)snprintf(seed, sizeof seed, "%" PRIu64, reply->seed);
    sql_bind_text(st, 1, str_of(question));
    sql_bind_text(st, 2, str_of(reply->key));
    sql_bind_text(st, 3, str_of(seed));
    sql_bind_text(st, 4, chat);
    sql_bind_text(st, 5, reply_end_name(reply->end));
    sql_bind_text(st, 6, text->raw);
    sql_bind_text(st, 7, text->content);
    sql_bind_text(st, 8, text->reasoning);
    sql_bind_text(st, 9, text->trouble);
    (void)sqlite3_bind_int64(st, 10, reply->n_prompt_tokens);
    (void)sqlite3_bind_int64(st, 11, reply->n_out_tokens);
    (void)sqlite3_bind_int64(st, 12, reply->n_thinking_tokens);
    sql_bind_f64(st, 13, reply->logprob_sum);
    (void)sqlite3_bind_int64(st, 14, reply->latency_ms);
    (void)sqlite3_bind_int64(st, 15, clock_unix_ms());
    (void)sqlite3_bind_int64(st, 16, s->session);
    TRY(sql_run(&s->sql, st, "store a judgement", e));
    *id = sqlite3_last_insert_rowid(s->sql.db);
    return true;
}

bool store_find_judgement(struct store *s, const char question[65], int64_t *id, struct err *e)
{
    bool is_row = false;
    *id = 0;
    sql_bind_text(s->find_judgement, 1, str_of(question));
    bool ok = sql_next(&s->sql, s->find_judgement, &is_row, e);
    if (ok && is_row)
        *id = sqlite3_column_int64(s->find_judgement, 0);
    (void)sqlite3_reset(s->find_judgement);
    return ok;
}

static bool read_row(struct store *s, int64_t id, bool is_row, struct judgement *out,
                     struct arena *keep, struct err *e)
{
    sqlite3_stmt *st = s->get_judgement;
    struct str question = is_row ? sql_text(st, 0, keep) : STR("");
    if (question.n != 64 || !reply_end_from_name(sql_text(st, 1, keep), &out->end))
        return FAIL(e, ERR_INPUT, "%s: judgement %lld is unreadable", s->path, (long long)id);
    memcpy(out->question, question.at, sizeof out->question);
    out->content = sql_text(st, 2, keep);
    return true;
}

bool store_get_judgement(struct store *s, int64_t id, struct judgement *out, struct arena *keep,
                         struct err *e)
{
    bool is_row = false;
    (void)sqlite3_bind_int64(s->get_judgement, 1, id);
    bool ok =
        sql_next(&s->sql, s->get_judgement, &is_row, e) && read_row(s, id, is_row, out, keep, e);
    (void)sqlite3_reset(s->get_judgement);
    return ok;
}

bool store_sum_judgements(struct store *s, struct judgement_sum *out, struct err *e)
{
    *out = (struct judgement_sum){0};
    if (s->version < 2)
        return true;
    TRY(sql_number(&s->sql, "SELECT count(*) FROM judgement", &out->n, e));
    TRY(sql_number(&s->sql, "SELECT coalesce(sum(prompt_tokens), 0) FROM judgement",
                   &out->n_prompt_tokens, e));
    return sql_number(&s->sql, "SELECT coalesce(sum(out_tokens), 0) FROM judgement",
                      &out->n_out_tokens, e);
}
