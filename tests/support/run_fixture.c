#include "tests/support/run_fixture.h"

#include <sqlite3.h>
#include <stdio.h>

#include "base/limits.h"
#include "tests/support/grade_script.h"
#include "tests/support/support.h"

static void make_suite(const struct run_fixture *f, struct suite *s, struct arena *keep)
{
    int64_t n = f->n_items > 0 ? f->n_items : 20;
    struct item *items = NEW(keep, struct item, n);
    const char *key = f->key != NULL ? f->key : "{\"answer\": \"{42}\"}";
    for (int64_t i = 0; i < n; i++) {
        items[i].id = arena_fmt(keep, "item-%03d", (int)i);
        items[i].kind = i % 2 == 0 ? STR("even") : STR("odd");
        items[i].prompt = arena_fmt(keep, "What is question %d?", (int)i);
        items[i].key_text = arena_str(keep, str_of(key));
    }
    *s = (struct suite){.name = STR("scripted"),
                        .version = STR("1"),
                        .source = STR("made in a test"),
                        .grader = STR("script"),
                        .definition_text = f->has_judge ? STR("{\"judge\": \"model\"}") : STR("{}"),
                        .has_judge = f->has_judge,
                        .thinking = true,
                        .n_samples = 3,
                        .n_out_max = 100,
                        .items = items,
                        .n_items = n};
    (void)snprintf(s->sha256, sizeof s->sha256, "%064d", 1);
    (void)snprintf(s->identity, sizeof s->identity, "%064d", (int)n);
}

static bool go(struct run_fixture *f, struct store *store, struct grade_pool *pool,
               struct model *model, struct arena *keep, struct arena tmp)
{
    struct suite made;
    const struct suite *suite = f->suite;
    if (suite == NULL) {
        make_suite(f, &made, keep);
        suite = &made;
    }
    struct run_config c = {.store = store,
                           .model = model,
                           .pool = pool,
                           .suite = suite,
                           .strategy = &strategy_sample,
                           .model_dir = STR("nowhere"),
                           .argv = STR("[]"),
                           .n_items = suite->n_items,
                           .n_samples = f->n_samples > 0 ? f->n_samples : 3,
                           .seed = f->seed,
                           .temperature = f->temperature > 0 ? f->temperature : 1,
                           .top_p = 0.95,
                           .n_out_max = 100,
                           .is_quiet = true};
    return run_all(&c, &f->result, keep, tmp, &f->e);
}

static bool open_pool(const struct run_fixture *f, struct grade_pool **out, struct err *e)
{
    struct grade_pool_config workers = {
        .argv = grade_script_argv(f->grader_version > 0 ? f->grader_version : 1),
        .n_workers = f->n_workers > 0 ? f->n_workers : 2,
        .deadline_ms = f->deadline_ms > 0 ? f->deadline_ms : 20000};
    return grade_pool_open(out, &workers, e);
}

bool run_fixture_go(struct run_fixture *f)
{
    struct arena keep;
    struct arena tmp;
    struct store *store = NULL;
    struct grade_pool *pool = f->pool;
    struct model *model = NULL;
    arena_init(&keep, "fixture", LIMIT_ARENA_RUN);
    arena_init(&tmp, "fixture, tmp", LIMIT_ARENA_TMP);
    if (f->model.n_slots == 0)
        f->model.n_slots = 5;
    model_script_open(&model, &f->model);
    f->e = (struct err){0};
    bool ok = store_open_write(&store, f->path, &f->e) &&
              (pool != NULL || open_pool(f, &pool, &f->e)) && go(f, store, pool, model, &keep, tmp);
    if (f->pool == NULL)
        grade_pool_close(pool);
    store_close(store);
    model->ops->close(model);
    arena_fini(&keep);
    arena_fini(&tmp);
    return ok;
}

struct grade_pool *run_fixture_pool(void)
{
    struct run_fixture f = {0};
    struct grade_pool *p = NULL;
    ASSERT_OK(open_pool(&f, &p, &f.e), f.e);
    return p;
}

void run_fixture_drain(struct grade_pool *p)
{
    struct graded dropped;
    struct err e = {0};
    while (grade_pool_n_alive(p) > 0) {
        ASSERT_OK(grade_pool_step(p, 1000, &e), e);
        while (grade_pool_take(p, &dropped))
            continue;
    }
}

static sqlite3_stmt *query(sqlite3 **db, const char *path, const char *sql)
{
    sqlite3_stmt *st = NULL;
    cr_assert_eq(sqlite3_open_v2(path, db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK, "%s", path);
    (void)sqlite3_busy_timeout(*db, 5000);
    cr_assert_eq(sqlite3_prepare_v2(*db, sql, -1, &st, NULL), SQLITE_OK, "%s: %s", sql,
                 sqlite3_errmsg(*db));
    return st;
}

static void dump_query(const char *path, const char *sql, struct buf *out)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = query(&db, path, sql);
    while (sqlite3_step(st) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(st); i++) {
            const char *text = (const char *)sqlite3_column_text(st, i);
            buf_fmt(out, "%s|", text != NULL ? text : "NULL");
        }
        buf_byte(out, '\n');
    }
    (void)sqlite3_finalize(st);
    (void)sqlite3_close(db);
}

void run_fixture_dump(const char *path, struct buf *out)
{
    dump_query(path,
               "SELECT r.item, r.sample, r.turn, r.key, r.seed, r.ended, r.raw, r.content,"
               " r.reasoning, r.trouble, r.prompt_tokens, r.out_tokens, r.thinking_tokens,"
               " r.logprob_sum, g.grader, g.version, g.verdict, g.score, g.answer, g.reason,"
               " g.evidence, g.trouble, g.n_judged"
               " FROM reply r LEFT JOIN last_grade g ON g.reply = r.id ORDER BY 1, 2, 3",
               out);
    dump_query(path,
               "SELECT question, key, seed, chat, ended, raw, content, reasoning, trouble,"
               " prompt_tokens, out_tokens, thinking_tokens, logprob_sum FROM judgement"
               " ORDER BY question",
               out);
}

int64_t run_fixture_count(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = query(&db, path, sql);
    cr_assert_eq(sqlite3_step(st), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(st, 0);
    (void)sqlite3_finalize(st);
    (void)sqlite3_close(db);
    return n;
}
