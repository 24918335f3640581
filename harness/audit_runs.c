/* What stored runs say: the samples' answers to each item, grouped by what is proved equal. */
#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"
#include "harness/audit.h"
#include "harness/store/store.h"

enum { GROUPS_MAX = 64 }; /* different answers of one item; more make no majority */

struct sample {
    int64_t i_item;
    bool is_whole;
    struct str content;
};

struct audit_samples {
    struct sample *at; /* [n], by item */
    int64_t n;
    int64_t *first; /* [n_items + 1]: where each item's samples begin */
};

/* ---- reading runs ---- */

struct known {
    struct str id;
    int64_t i;
};

static int known_by_id(const void *a, const void *b)
{
    const struct known *x = a;
    const struct known *y = b;
    return str_cmp(x->id, y->id);
}

static struct known *sort_items(const struct suite *s, struct arena *mem)
{
    struct known *all = NEW(mem, struct known, s->n_items);
    for (int64_t i = 0; i < s->n_items; i++)
        all[i] = (struct known){s->items[i].id, i};
    qsort(all, (size_t)s->n_items, sizeof *all, known_by_id);
    return all;
}

/* The place in the suite of each item of the run; -1: not there, or it asks something else. */
static int64_t *match_items(const struct suite *s, const struct item *items, int64_t n,
                            struct arena *mem)
{
    struct known *all = sort_items(s, mem);
    int64_t *to = NEW(mem, int64_t, n + 1);
    for (int64_t i = 0; i < n; i++) {
        struct known want = {.id = items[i].id};
        const struct known *k = bsearch(&want, all, (size_t)s->n_items, sizeof *all, known_by_id);
        to[i] = k != NULL && str_eq(s->items[k->i].prompt, items[i].prompt) ? k->i : -1;
    }
    return to;
}

static bool read_samples(struct store *store, const int64_t *to, const struct stored *rows,
                         int64_t n_rows, struct audit_samples *x, struct arena *keep, struct err *e)
{
    for (int64_t i = 0; i < n_rows; i++) {
        struct reply_text text = {0};
        const struct reply_row *r = &rows[i].reply;
        if (to[r->i_item] < 0)
            continue;
        if (r->end == REPLY_WHOLE)
            TRY(store_get_text(store, r->id, &text, keep, e));
        x->at[x->n++] = (struct sample){
            .i_item = to[r->i_item], .is_whole = r->end == REPLY_WHOLE, .content = text.content};
    }
    return true;
}

static bool read_run(const char *path, const struct suite *s, struct audit_samples *x,
                     struct arena *keep, struct arena tmp, struct err *e)
{
    CLEANUP(store_drop) struct store *store = NULL;
    struct run_row run = {0};
    struct item *items = NULL;
    struct stored *rows = NULL;
    int64_t n_items = 0;
    int64_t n_rows = 0;
    TRY(store_open_read(&store, path, e));
    TRY(store_get_run(store, &run, &tmp, e));
    if (!str_eq(run.suite, s->name))
        return FAIL(e, ERR_USAGE, "%s: a run of suite \"%.60s\", not of \"%.60s\"", path,
                    run.suite.at, s->name.at);
    TRY(store_get_items(store, &items, &n_items, &tmp, e));
    TRY(store_get_all(store, &rows, &n_rows, &tmp, e));
    int64_t *to = match_items(s, items, n_items, &tmp);
    struct sample *more = NEW(keep, struct sample, x->n + n_rows + 1);
    for (int64_t i = 0; i < x->n; i++)
        more[i] = x->at[i];
    x->at = more;
    return read_samples(store, to, rows, n_rows, x, keep, e);
}

static int by_item(const void *a, const void *b)
{
    const struct sample *x = a;
    const struct sample *y = b;
    if (x->i_item != y->i_item)
        return x->i_item < y->i_item ? -1 : 1;
    int c = str_cmp(x->content, y->content); /* one order, whatever qsort does */
    return c != 0 ? c : (x->is_whole > y->is_whole) - (x->is_whole < y->is_whole);
}

static void index_samples(struct audit_samples *x, int64_t n_items, struct arena *keep)
{
    int64_t k = 0;
    x->first = NEW(keep, int64_t, n_items + 1);
    for (int64_t i = 0; i <= n_items; i++) {
        while (k < x->n && x->at[k].i_item < i)
            k++;
        x->first[i] = k;
    }
}

bool audit_samples_open(struct audit_samples **out, const struct suite *s, const char *const *runs,
                        int64_t n_runs, int64_t *n_samples, struct arena *keep, struct arena tmp,
                        struct err *e)
{
    struct audit_samples *x = NEW(keep, struct audit_samples, 1);
    for (int64_t i = 0; i < n_runs; i++)
        TRY(read_run(runs[i], s, x, keep, tmp, e));
    if (x->n > 0)
        qsort(x->at, (size_t)x->n, sizeof *x->at, by_item);
    index_samples(x, s->n_items, keep);
    *n_samples = x->n;
    *out = x;
    return true;
}

/* ---- one item ---- */

struct group {
    struct str answer;
    int64_t n;
};

/* Another answer of the same item as the gold: the comparison the grader would make. */
static bool is_same(const struct answer_ask *ask, struct str a, struct str b, struct arena *keep,
                    struct arena tmp)
{
    if (str_eq(a, b))
        return true;
    if (ask->kind == ANSWER_CHOICE)
        return false;
    struct equal q = equal_decide(a, b, &ask->policy, keep, tmp);
    return q.verdict == EQUAL_YES && q.level == LEVEL_E2;
}

static int64_t add(struct group *groups, int64_t n, const struct answer_ask *ask, struct str answer,
                   struct arena *keep, struct arena tmp)
{
    for (int64_t i = 0; i < n; i++)
        if (is_same(ask, groups[i].answer, answer, keep, tmp)) {
            groups[i].n++;
            return n;
        }
    if (n < GROUPS_MAX)
        groups[n++] = (struct group){answer, 1};
    return n;
}

static struct str answer_in(const struct answer_ask *ask, struct str content, struct arena *keep,
                            struct arena tmp)
{
    struct answer_ask a = *ask;
    struct answer_said said;
    struct err ignored = {0};
    a.text = content;
    if (!answer_decide(&a, &said, keep, tmp, &ignored) || said.is_hedged)
        return STR("");
    return said.extracted;
}

static void against_gold(const struct answer_ask *ask, struct audit_majority *m, struct arena *keep,
                         struct arena tmp)
{
    struct answer_ask a = *ask;
    struct answer_said said;
    struct err ignored = {0};
    a.is_response = false;
    a.text = m->answer;
    if (!answer_decide(&a, &said, keep, tmp, &ignored) || said.verdict == ANSWER_EQUAL)
        *m = (struct audit_majority){0};
    else
        m->is_undecided = said.verdict != ANSWER_DIFFERENT;
}

struct audit_majority audit_samples_majority(const struct audit_samples *x, int64_t i,
                                             const struct answer_ask *ask, struct arena *keep,
                                             struct arena tmp)
{
    struct group groups[GROUPS_MAX];
    struct audit_majority m = {0};
    int64_t n = 0;
    m.n_samples = x->first[i + 1] - x->first[i];
    for (int64_t k = x->first[i]; k < x->first[i + 1]; k++) {
        if (!x->at[k].is_whole)
            continue;
        struct str answer = answer_in(ask, x->at[k].content, keep, tmp);
        if (answer.n > 0)
            n = add(groups, n, ask, answer, keep, tmp);
    }
    for (int64_t k = 0; k < n; k++)
        if (groups[k].n >= 2 && 2 * groups[k].n > m.n_samples) {
            m.answer = groups[k].answer;
            m.n = groups[k].n;
        }
    if (m.n > 0)
        against_gold(ask, &m, keep, tmp);
    return m;
}
