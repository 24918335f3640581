<<<<<<< HEAD
/* Final answers: finding the box in a long reply, and deciding every labelled pair of
 * tests/golden/answers, reading included: median, p99 and worst of one pair. */
#include <glob.h>
=======
/* Final answers: comparing pairs of short answers. */
>>>>>>> extract
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
<<<<<<< HEAD
#include "graders/extract.h"
#include "graders/math/equal.h"
#include "tests/bench/bench.h"

enum { REPLY_BYTES = 10 * 1000 * 1000 };

enum { ROWS = 4096, TRIES = 3 };

struct state {
    struct arena tmp;
    struct arena keep;
    struct buf text;
    struct str gold[ROWS];
    struct str pred[ROWS];
    double us[ROWS];
    int64_t n;
};

/* What replies are made of, and the least favourable: nothing but boxes that open. */
static const char *const kinds[] = {"So \\frac{1}{2} of {x} is $3$, and then we add it up. ",
                                    "\\boxed{"};
=======
#include "graders/math/compare.h"
#include "tests/bench/bench.h"

struct state {
    struct arena tmp;
};

static const char *const pairs[][2] = {
    {"42", "42"},
    {"1/2", "\\frac{2}{4}"},
    {"0.5", "\\dfrac12"},
    {"1,234", "1{,}234"},
    {"(1, 2)", "\\left(1,2\\right)"},
    {"1, 2, 3", "\\{3, 2, 1\\}"},
    {"28\\%", "0.28"},
    {"x = 5", "5.0"},
    {"3x-y+13=0", "3x+4y+14=0"},
    {"\\text{Even}", "odd"},
    {"-\\frac{5}{3}", "-1\\frac{2}{3}"},
    {"1267650600228229401496703205376", "2^{100}"},
};
>>>>>>> extract

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

<<<<<<< HEAD
static bool extract_open(struct bench_run *r, struct err *e)
{
    (void)e;
    struct state *s = new_state(r);
    while (s->text.n < REPLY_BYTES)
        buf_put(&s->text, str_of(kinds[r->variant]));
    buf_put(&s->text, STR("\\boxed{5}"));
    r->work = (double)s->text.n;
    return true;
}

static bool extract_step(struct bench_run *r, struct err *e)
{
    struct state *s = r->state;
    struct extract x =
        extract_answer(buf_str(&s->text), EXTRACT_ONE, EXTRACT_DECLARED, &s->keep, s->tmp);
    if (!str_eq(x.text, STR("5")))
        return FAIL(e, ERR_INPUT, "the box was not found");
    return true;
}

static bool read_rows(struct state *s, const char *path, struct err *e)
=======
static bool compare_open(struct bench_run *r, struct err *e)
>>>>>>> extract
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
<<<<<<< HEAD
    arena_fini(&s->keep);
    buf_free(&s->text);
=======
>>>>>>> extract
    free(s);
}

const struct bench bench_math[] = {
<<<<<<< HEAD
    {"answers/extract/10 MB of prose", "MB/s", 1e6, 0, extract_open, extract_step, close_state},
    {"answers/extract/10 MB of open boxes", "MB/s", 1e6, 1, extract_open, extract_step,
     close_state},
    {"answers/equal/median of the labelled pairs", "us", 1, 0, equal_open, equal_step, close_state},
    {"answers/equal/p99", "us", 1, 1, equal_open, equal_step, close_state},
    {"answers/equal/worst", "us", 1, 2, equal_open, equal_step, close_state},
=======
    {"answers/compare/short pairs", "pairs/s", 1, 0, compare_open, compare_step, close_state},
>>>>>>> extract
    {0},
};
