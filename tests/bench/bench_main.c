/* podium-bench [NAME...] [--json] [--list] [--repeats N] [--ms N]
 *
 * Runs the benchmarks whose name contains one of the given words, or all, and prints one table
 * for each subject. A rate is the median of the repeats; spread is the distance from the slowest
 * to the fastest of them, in percent of the median: above some 10 % the machine was not quiet. */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/json.h"
#include "tests/bench/bench.h"

static const struct bench *const bench_lists[] = {
    bench_box,     bench_cache, bench_compare, bench_compile, bench_engine,    bench_exact,
    bench_extract, bench_judge, bench_kernels, bench_math,    bench_tokenizer,
};

enum { REPEATS_MOST = 99 };

struct options {
    bool as_json;
    bool only_list;
    int64_t n_repeats;
    int64_t ms; /* at least this long is one repeat */
    char **words;
    int n_words;
};

struct result {
    double rate;   /* median, in the bench's unit */
    double spread; /* percent */
    double work;
    const char *skip;
};

static bool wanted(const struct options *o, const char *name)
{
    for (int i = 0; i < o->n_words; i++)
        if (strstr(name, o->words[i]) != NULL || fnmatch(o->words[i], name, 0) == 0)
            return true;
    return o->n_words == 0;
}

static int by_value(const void *x, const void *y)
{
    double a = *(const double *)x;
    double b = *(const double *)y;
    return (a > b) - (a < b);
}

/* Seconds that one step takes, from steps enough to fill the time. */
static bool time_step(const struct bench *b, struct bench_run *r, int64_t ms, double *seconds,
                      struct err *e)
{
    int64_t n = 0;
    int64_t from = clock_ns();
    int64_t spent;
    do {
        TRY(b->step(r, e));
        n++;
        spent = clock_ns() - from;
    } while (spent < ms * 1000000);
    *seconds = (double)spent / 1e9 / (double)n;
    return true;
}

static bool measure(const struct bench *b, struct bench_run *r, const struct options *o,
                    struct result *out, struct err *e)
{
    double rate[REPEATS_MOST];
    double seconds;
    TRY(b->step(r, e)); /* the first one fetches pages and caches */
    for (int64_t i = 0; i < o->n_repeats; i++) {
        TRY(time_step(b, r, o->ms, &seconds, e));
        rate[i] = r->has_value ? r->value : r->work / b->scale / seconds;
    }
    qsort(rate, (size_t)o->n_repeats, sizeof *rate, by_value);
    out->rate = rate[o->n_repeats / 2];
    out->spread = 100 * (rate[o->n_repeats - 1] - rate[0]) / out->rate;
    out->work = r->work;
    return true;
}

static bool run_one(const struct bench *b, const struct options *o, struct result *out,
                    struct err *e)
{
    struct bench_run r = {.variant = b->variant};
    *out = (struct result){0};
    if (!b->open(&r, e))
        return err_wrap(e, "%s", b->name);
    if (r.skip != NULL) {
        out->skip = r.skip;
        return true;
    }
    bool ok = measure(b, &r, o, out, e);
    b->close(&r);
    return ok || err_wrap(e, "%s", b->name);
}

static void print_row(const struct bench *b, const struct result *got)
{
    if (got->skip != NULL)
        (void)printf("%-40s skipped: %s\n", b->name, got->skip);
    else
        (void)printf("%-40s %12.0f %12.2f %-9s %7.1f\n", b->name, got->work, got->rate, b->unit,
                     got->spread);
    (void)fflush(stdout);
}

static void put_row(struct json_out *w, const struct bench *b, const struct result *got)
{
    json_open(w, '{');
    json_pair_str(w, "name", str_of(b->name));
    if (got->skip != NULL) {
        json_pair_str(w, "skipped", str_of(got->skip));
    } else {
        json_pair_f64(w, "work", got->work);
        json_pair_f64(w, "rate", got->rate);
        json_pair_str(w, "unit", str_of(b->unit));
        json_pair_f64(w, "spread_percent", got->spread);
    }
    json_close(w, '}');
}

static bool run_list(const struct bench *list, const struct options *o, struct json_out *w,
                     struct err *e)
{
    bool has_head = o->as_json;
    for (const struct bench *b = list; b->name != NULL; b++) {
        struct result got;
        if (!wanted(o, b->name))
            continue;
        if (o->only_list) {
            (void)printf("%s\n", b->name);
            continue;
        }
        if (!has_head)
            (void)printf("%-40s %12s %12s %-9s %7s\n", "benchmark", "size", "median", "",
                         "spread%");
        has_head = true;
        TRY(run_one(b, o, &got, e));
        if (o->as_json)
            put_row(w, b, &got);
        else
            print_row(b, &got);
    }
    return true;
}

static bool read_number(int argc, char **argv, int *i, int64_t most, int64_t *out)
{
    return ++*i < argc && str_i64(str_of(argv[*i]), out) && *out > 0 && *out <= most;
}

static bool read_options(int argc, char **argv, struct options *o)
{
    *o = (struct options){.n_repeats = 7, .ms = 60, .words = argv};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            o->as_json = true;
        else if (strcmp(argv[i], "--list") == 0)
            o->only_list = true;
        else if (strcmp(argv[i], "--repeats") == 0 &&
                 read_number(argc, argv, &i, REPEATS_MOST, &o->n_repeats))
            continue;
        else if (strcmp(argv[i], "--ms") == 0 && read_number(argc, argv, &i, 60000, &o->ms))
            continue;
        else if (argv[i][0] != '-')
            o->words[o->n_words++] = argv[i];
        else
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    struct options o;
    struct err e = {0};
    struct json_out w = {0};
    if (!read_options(argc, argv, &o)) {
        (void)fprintf(stderr,
                      "usage: podium-bench [NAME...] [--json] [--list] [--repeats 1..%d] "
                      "[--ms N]\n",
                      REPEATS_MOST);
        return 2;
    }
    json_open(&w, '[');
    for (size_t i = 0; i < sizeof bench_lists / sizeof bench_lists[0]; i++)
        if (!run_list(bench_lists[i], &o, &w, &e)) {
            (void)fprintf(stderr, "podium-bench: %s\n", e.text);
            return 1;
        }
    json_close(&w, ']');
    if (o.as_json && !o.only_list)
        (void)printf("%.*s\n", STR_ARG(buf_str(&w.text)));
    json_out_free(&w);
    return 0;
}
