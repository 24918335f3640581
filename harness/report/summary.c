#include "harness/report/summary.h"

#include <assert.h>
#include <math.h>

/* ---- one reply ---- */

static bool is_ungraded(const struct stored *r)
{
    return r->reply.end == REPLY_WHOLE && (!r->has_grade || r->grade.trouble.n > 0);
}

static double score_of(const struct stored *r)
{
    assert(!is_ungraded(r));
    return r->reply.end == REPLY_WHOLE ? r->grade.score : 0;
}

static bool is_pass(const struct stored *r)
{
    return r->reply.end == REPLY_WHOLE && !is_ungraded(r) && r->grade.verdict == VERDICT_RIGHT;
}

static void count_verdict(struct tally *t, enum verdict v)
{
    int64_t *const by_verdict[] = {
        [VERDICT_RIGHT] = &t->right,         [VERDICT_WRONG] = &t->wrong,
        [VERDICT_PART] = &t->part,           [VERDICT_NO_ANSWER] = &t->no_answer,
        [VERDICT_UNDECIDED] = &t->undecided,
    };
    *by_verdict[v] += 1;
}

static void count_grade(struct tally *t, const struct grade_row *g)
{
    bool is_undecided = g->verdict == VERDICT_UNDECIDED;
    count_verdict(t, g->verdict);
    t->by_model += g->n_judged > 0 && !is_undecided;
    t->asked += g->n_judged > 0 && is_undecided;
}

static void count(struct tally *t, const struct stored *r)
{
    t->n_replies++;
    if (r->reply.end == REPLY_CUT)
        t->truncated++;
    else if (r->reply.end == REPLY_MALFORMED)
        t->malformed++;
    else if (!r->has_grade)
        t->waiting++;
    else if (r->grade.trouble.n > 0)
        t->ungraded++;
    else
        count_grade(t, &r->grade);
}

/* ---- one item: its rows lie together ---- */

struct item_result {
    int64_t i_item;
    int64_t n;     /* scored samples, cut ones included */
    int64_t n_cut; /* of these */
    int64_t c;     /* right ones */
    double sum;    /* of scores */
};

static int64_t collect_items(const struct stored *rows, int64_t n, struct item_result *out)
{
    int64_t n_out = 0;
    for (int64_t i = 0; i < n; i++) {
        if (n_out == 0 || out[n_out - 1].i_item != rows[i].reply.i_item)
            out[n_out++] = (struct item_result){.i_item = rows[i].reply.i_item};
        struct item_result *item = &out[n_out - 1];
        if (is_ungraded(&rows[i]))
            continue;
        item->n++;
        item->n_cut += rows[i].reply.end == REPLY_CUT;
        item->c += is_pass(&rows[i]);
        item->sum += score_of(&rows[i]);
    }
    return n_out;
}

/* Over the items whose kind is `kind`, or all (kind < 0). */
static struct scores score_items(const struct item_result *items, int64_t n, const int64_t *kind_of,
                                 int64_t kind, struct arena tmp)
{
    double *with = NEW(&tmp, double, n + 1);
    double *without = NEW(&tmp, double, n + 1);
    int64_t n_with = 0;
    int64_t n_without = 0;
    for (int64_t i = 0; i < n; i++) {
        const struct item_result *r = &items[i];
        if (kind >= 0 && kind_of[r->i_item] != kind)
            continue;
        if (r->n > 0)
            with[n_with++] = r->sum / (double)r->n;
        if (r->n > r->n_cut)
            without[n_without++] = r->sum / (double)(r->n - r->n_cut);
    }
    return (struct scores){.truncated_wrong = stats_mean(with, n_with),
                           .truncated_out = stats_mean(without, n_without)};
}

static struct estimate pass_at_k(const struct item_result *items, int64_t n, int64_t k,
                                 struct arena tmp)
{
    double *value = NEW(&tmp, double, n + 1);
    int64_t n_value = 0;
    for (int64_t i = 0; i < n; i++) {
        if (items[i].n >= k)
            value[n_value++] = stats_pass_at_k(items[i].n, items[i].c, k);
    }
    return stats_mean(value, n_value);
}

/* ---- the run ---- */

static void sum_passes(struct summary *out, const struct item_result *items, int64_t n,
                       struct arena tmp)
{
    int64_t n_samples = out->run.n_samples;
    for (int64_t k = 1; k < n_samples && out->n_pass_at < PASS_AT_MAX - 1; k *= 2)
        out->pass_at[out->n_pass_at++] = (struct pass_at){k, pass_at_k(items, n, k, tmp)};
    out->pass_at[out->n_pass_at++] =
        (struct pass_at){n_samples, pass_at_k(items, n, n_samples, tmp)};
}

static void sum_tokens(struct summary *out, const struct stored *rows, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        const struct reply_row *r = &rows[i].reply;
        out->n_prompt_tokens += r->n_prompt_tokens;
        out->n_thinking_tokens += r->n_thinking_tokens;
        out->n_answer_tokens += r->n_out_tokens - r->n_thinking_tokens;
    }
}

static int64_t find_kind(struct kind_summary *kinds, int64_t *n, struct str name)
{
    for (int64_t i = 0; i < *n; i++) {
        if (str_eq(kinds[i].name, name))
            return i;
    }
    kinds[*n].name = name;
    return (*n)++;
}

static void sum_kinds(struct summary *out, const struct item *items, int64_t n_items,
                      const struct stored *rows, int64_t n_rows, const struct item_result *results,
                      int64_t n_results, struct arena *keep, struct arena tmp)
{
    struct kind_summary *kinds = NEW(keep, struct kind_summary, n_items + 1);
    int64_t *kind_of = NEW(&tmp, int64_t, n_items + 1);
    int64_t n_kinds = 0;
    for (int64_t i = 0; i < n_items; i++) {
        kind_of[i] = find_kind(kinds, &n_kinds, items[i].kind);
        kinds[kind_of[i]].n_items++;
    }
    for (int64_t i = 0; i < n_rows; i++)
        count(&kinds[kind_of[rows[i].reply.i_item]].tally, &rows[i]);
    for (int64_t k = 0; k < n_kinds; k++)
        kinds[k].scores = score_items(results, n_results, kind_of, k, tmp);
    out->kinds = kinds;
    out->n_kinds = n_kinds;
}

static bool is_same_grader(const struct grade_row *a, const struct grade_row *b)
{
    return a->version == b->version && str_eq(a->grader, b->grader);
}

/* "math 1, math 2": normally one, two while a suite is being judged again. */
static struct str name_graders(const struct stored *rows, int64_t n, struct arena *keep)
{
    enum { NAMED_MAX = 8 };
    const struct grade_row *named[NAMED_MAX];
    struct str all = STR("");
    int64_t n_named = 0;
    for (int64_t i = 0; i < n && n_named < NAMED_MAX; i++) {
        int64_t k = 0;
        while (k < n_named && !is_same_grader(named[k], &rows[i].grade))
            k++;
        if (!rows[i].has_grade || k < n_named)
            continue;
        named[n_named++] = &rows[i].grade;
        all = arena_fmt(keep, "%.*s%s%.*s %lld", STR_ARG(all), all.n > 0 ? ", " : "",
                        STR_ARG(rows[i].grade.grader), (long long)rows[i].grade.version);
    }
    return all;
}

static struct str first_trouble(const struct stored *rows, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        if (rows[i].has_grade && rows[i].grade.trouble.n > 0)
            return rows[i].grade.trouble;
    }
    return STR("");
}

bool summary_read(struct store *s, struct summary *out, struct arena *keep, struct arena tmp,
                  struct err *e)
{
    struct item *items = NULL;
    struct stored *rows = NULL;
    int64_t n_items = 0;
    int64_t n_rows = 0;
    *out = (struct summary){0};
    TRY(store_get_run(s, &out->run, keep, e));
    TRY(store_get_items(s, &items, &n_items, keep, e));
    TRY(store_get_all(s, &rows, &n_rows, keep, e));
    TRY(store_get_time(s, &out->time, e));
    TRY(store_sum_judgements(s, &out->judgements, e));
    struct item_result *results = NEW(&tmp, struct item_result, n_items + 1);
    int64_t n_results = collect_items(rows, n_rows, results);
    out->n_asked = n_items * out->run.n_samples;
    for (int64_t i = 0; i < n_rows; i++)
        count(&out->tally, &rows[i]);
    out->scores = score_items(results, n_results, NULL, -1, tmp);
    sum_passes(out, results, n_results, tmp);
    sum_tokens(out, rows, n_rows);
    sum_kinds(out, items, n_items, rows, n_rows, results, n_results, keep, tmp);
    out->graders = name_graders(rows, n_rows, keep);
    out->trouble = first_trouble(rows, n_rows);
    return true;
}

double summary_tokens_per_s(const struct summary *s)
{
    int64_t n_out = s->n_thinking_tokens + s->n_answer_tokens;
    return s->time.model_ms > 0 ? (double)n_out * 1000 / (double)s->time.model_ms : 0;
}

bool summary_is_whole(const struct summary *s)
{
    return s->tally.n_replies == s->n_asked && s->tally.waiting == 0;
}
