/* Final answers: deciding every labelled pair of tests/golden/answers, reading included: median,
 * p99 and worst of one pair. */
#include <glob.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "graders/math/equal.h"
#include "tests/bench/bench.h"

enum { ROWS = 4096, TRIES = 3 };

struct state {
    struct arena tmp;
    struct arena keep;
    struct str gold[ROWS];
    struct str pred[ROWS];
    double us[ROWS];
    int64_t n;
};

static struct state *new_state(struct bench_run *r)
{
    struct state *s = calloc(1, sizeof *s);
    if (s == NULL)
        abort();
    arena_init(&s->tmp, "bench", LIMIT_ARENA_TMP);
    arena_init(&s->keep, "rows", LIMIT_ARENA_TMP);
    r->state = s;
    return s;
}

static bool read_rows(struct state *s, const char *path, struct err *e)
{
    struct str rest;
    struct str line;
    TRY(file_read(path, &rest, &s->keep, e));
    while (str_split(&rest, '\n', &line) && s->n < ROWS) {
        struct json *row = NULL;
        struct str gold;
        struct str pred;
        if (line.n == 0)
            continue;
        TRY(json_parse(line, path, &row, e));
        if (json_str(json_get(row, "gold"), &gold) && json_str(json_get(row, "pred"), &pred)) {
            s->gold[s->n] = arena_str(&s->keep, gold);
            s->pred[s->n++] = arena_str(&s->keep, pred);
        }
        json_free(row);
    }
    return true;
}

static bool equal_open(struct bench_run *r, struct err *e)
{
    static const char pattern[] = "tests/golden/answers/*.jsonl";
    struct state *s = new_state(r);
    glob_t found = {0};
    if (glob(pattern, 0, NULL, &found) != 0)
        return FAIL(e, ERR_IO, "no %s: run the bench from the source folder", pattern);
    for (size_t i = 0; i < found.gl_pathc; i++)
        if (!read_rows(s, found.gl_pathv[i], e)) {
            globfree(&found);
            return false;
        }
    globfree(&found);
    r->work = (double)s->n;
    return s->n > 0 ? true : FAIL(e, ERR_INPUT, "no pairs in %s", pattern);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The least of a few tries, so that a moment of another process is not a pair's time. */
static double decide_us(struct state *s, int64_t i)
{
    double best = 1e300;
    for (int k = 0; k < TRIES; k++) {
        struct arena keep = s->keep;
        int64_t t0 = clock_ns();
        (void)equal_decide(s->gold[i], s->pred[i], NULL, &keep, s->tmp);
        double us = (double)(clock_ns() - t0) / 1e3;
        best = us < best ? us : best;
    }
    return best;
}

static bool equal_step(struct bench_run *r, struct err *e)
{
    (void)e;
    static const double quantiles[] = {0.5, 0.99, 1};
    struct state *s = r->state;
    for (int64_t i = 0; i < s->n; i++)
        s->us[i] = decide_us(s, i);
    qsort(s->us, (size_t)s->n, sizeof *s->us, by_size);
    int64_t at = (int64_t)(quantiles[r->variant] * (double)(s->n - 1));
    r->has_value = true;
    r->value = s->us[at];
    return true;
}

static void close_state(struct bench_run *r)
{
    struct state *s = r->state;
    arena_fini(&s->tmp);
    arena_fini(&s->keep);
    free(s);
}

const struct bench bench_math[] = {
    {"answers/equal/median of the labelled pairs", "us", 1, 0, equal_open, equal_step, close_state},
    {"answers/equal/p99", "us", 1, 1, equal_open, equal_step, close_state},
    {"answers/equal/worst", "us", 1, 2, equal_open, equal_step, close_state},
    {0},
};
