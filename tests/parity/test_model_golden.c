/* The engine against golden outputs of small models: transformers in float32 where it speaks,
 * tests/reference/model_f64.py for quant=fp8 and the MTP layer. A failure names the first layer
 * whose hidden state is off.
 *
 *   exact   relative error of every row <= 1e-4 (the row's length is the measure)
 *   fp8     the median row <= 1e-4, every row <= FP8_WORST. A value within float32's noise of a
 *           rounding border may fall to the other side here than in float64; that one row then
 *           differs by what one step of E4M3 is worth. A wrong formula moves all of them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "engine/debug.h"
#include "engine/engine.h"
#include "kernels/kernels.h"
#include "tests/support/model_make.h"
#include "tests/support/support.h"

#define FP8_WORST 3e-2

struct part {
    const float *at;
    int64_t shape[3]; /* a part of two axes has shape[2] = 0 */
};

struct golden {
    const char *name;
    struct json *note;
    const float *numbers;
    int64_t n_numbers;
    double tolerance;
    int32_t *tokens;
    int64_t n;
    int32_t *positions;
    int64_t n_positions;
    int64_t n_fp8;
};

static struct arena keep;

static void open_arena(void)
{
    arena_init(&keep, "golden", LIMIT_ARENA_ITEM);
}

TestSuite(model_golden, .init = open_arena);

static int32_t *numbers(const struct json *list, int64_t *n)
{
    int64_t i = 0;
    *n = json_count(list);
    int32_t *out = NEW(&keep, int32_t, *n);
    for (const struct json *m = json_first(list); m != NULL; m = json_next(m), i++) {
        int64_t v = 0;
        cr_assert(json_i64(m, &v));
        out[i] = (int32_t)v;
    }
    return out;
}

static struct golden read_golden(const char *name)
{
    struct golden g = {.name = name};
    struct err e = {0};
    char path[256];
    (void)snprintf(path, sizeof path, "tests/golden/model/%s/golden.json", name);
    ASSERT_OK(json_parse(support_read(path, &keep), path, &g.note, &e), e);
    (void)snprintf(path, sizeof path, "tests/golden/model/%s/golden.f32", name);
    struct str raw = support_read(path, &keep);
    float *copy = NEW(&keep, float, raw.n / 4); /* text has no alignment to speak of */
    memcpy(copy, raw.at, (size_t)raw.n);
    g.numbers = copy;
    g.n_numbers = raw.n / 4;
    g.tokens = numbers(json_get(g.note, "tokens"), &g.n);
    g.positions = numbers(json_get(g.note, "positions"), &g.n_positions);
    cr_assert(json_f64(json_get(g.note, "tolerance"), &g.tolerance));
    cr_assert(json_i64(json_get(g.note, "n_fp8_tokens"), &g.n_fp8));
    return g;
}

static struct part part_of(const struct golden *g, const char *name)
{
    struct part p = {0};
    for (const struct json *m = json_first(json_get(g->note, "parts")); m != NULL;
         m = json_next(m)) {
        struct str one = {0};
        int64_t n = 0;
        int64_t at = 0;
        if (!json_str(json_get(m, "name"), &one) || !str_eq(one, str_of(name)))
            continue;
        int32_t *shape = numbers(json_get(m, "shape"), &n);
        int64_t size = 1;
        cr_assert(n == 2 || n == 3);
        for (int64_t d = 0; d < n; d++)
            size *= p.shape[d] = shape[d];
        cr_assert(json_i64(json_get(m, "at"), &at));
        cr_assert_leq(at + size, g->n_numbers);
        p.at = g->numbers + at;
        return p;
    }
    cr_assert_fail("%s: no part %s", g->name, name);
    return p;
}

/* |a - b| / |b| of one row, infinite when anything is not a number. */
static double row_error(const float *a, const float *b, int64_t n)
{
    double off = 0;
    double all = 0;
    for (int64_t i = 0; i < n; i++) {
        off += ((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]);
        all += (double)b[i] * (double)b[i];
    }
    double r = sqrt(off / all);
    return isnan(r) ? (double)INFINITY : r;
}

/* ---- one run of the engine */

struct heard {
    float *hidden; /* [L][T][H] */
    int64_t L;
    int64_t T;
    int64_t H;
};

struct run {
    struct kernels *k;
    struct engine *g;
    struct engine_info info;
    struct heard heard;
    float *logits; /* [T][V] */
};

static void hear(void *ctx, int64_t layer, int64_t position, const float *hidden, int64_t n)
{
    struct heard *h = ctx;
    if (layer < 0 || layer >= h->L || position >= h->T)
        return;
    cr_assert_eq(n, h->H);
    memcpy(h->hidden + (layer * h->T + position) * n, hidden, (size_t)n * sizeof *hidden);
}

/* isa NULL: the best of this processor. False when it lacks the one asked for. */
static bool open_run_on(struct run *out, const struct golden *g, enum quant quant, int64_t n_step,
                        const char *isa)
{
    struct run r = {0};
    struct err e = {0};
    const char *dir = support_temp();
    const struct engine_config how = {.weights_dir = dir,
                                      .quant = quant,
                                      .n_slots = 1,
                                      .n_kv_tokens = 1024,
                                      .n_step_tokens = n_step};
    ASSERT_OK(file_remove_tree(dir, &e), e);
    model_make(g->name, dir);
    if (!kernels_cpu_open(&r.k, 2, isa, &e) && e.cls == ERR_UNSUPPORTED)
        return false;
    cr_assert_not_null(r.k, "%s", e.text);
    ASSERT_OK(engine_open(&r.g, r.k, &how, &e), e);
    engine_describe(r.g, &r.info);
    *out = r;
    return true;
}

static struct run open_run(const struct golden *g, enum quant quant, int64_t n_step)
{
    struct run r = {0};
    cr_assert(open_run_on(&r, g, quant, n_step, NULL));
    return r;
}

static void close_run(struct run *r)
{
    engine_close(r->g);
    kernels_close(r->k);
}

static void run_tokens(struct run *r, const struct golden *g, int64_t n, int64_t n_hidden)
{
    struct err e = {0};
    r->heard = (struct heard){.L = r->info.n_layers, .T = n, .H = n_hidden};
    r->heard.hidden = NEW(&keep, float, r->heard.L *n *n_hidden);
    r->logits = NEW(&keep, float, n * r->info.n_vocab);
    engine_tap(r->g, hear, &r->heard);
    ASSERT_OK(engine_logits(r->g, g->tokens, n, true, r->logits, &e), e);
    engine_tap(r->g, NULL, NULL);
}

/* ---- comparison */

struct off {
    double median;
    double worst;
    int64_t worst_row;
};

static int by_size(const void *x, const void *y)
{
    double a = *(const double *)x;
    double b = *(const double *)y;
    return a < b ? -1 : a > b;
}

static struct off summary(const double *error, int64_t n)
{
    struct off o = {0};
    double *sorted = NEW(&keep, double, n);
    for (int64_t i = 0; i < n; i++) {
        sorted[i] = error[i];
        if (error[i] >= o.worst) {
            o.worst = error[i];
            o.worst_row = i;
        }
    }
    qsort(sorted, (size_t)n, sizeof *sorted, by_size);
    o.median = sorted[n / 2];
    return o;
}

/* rows[i] of `got` [..][width] against row i of want. */
static struct off compare(const float *got, const int32_t *rows, const float *want, int64_t n,
                          int64_t width)
{
    double *error = NEW(&keep, double, n);
    for (int64_t i = 0; i < n; i++)
        error[i] = row_error(got + (rows == NULL ? i : rows[i]) * width, want + i * width, width);
    return summary(error, n);
}

static void judge(const struct golden *g, const char *what, struct off o, const int32_t *rows,
                  bool is_exact)
{
    long long position = rows == NULL ? o.worst_row : rows[o.worst_row];
    cr_log_info("%-12s %-18s median %.1e worst %.1e at position %lld", g->name, what, o.median,
                o.worst, position);
    cr_assert_leq(o.median, g->tolerance, "%s: %s is the first that is off: relative error %.2e",
                  g->name, what, o.median);
    cr_assert_leq(o.worst, is_exact ? g->tolerance : FP8_WORST,
                  "%s: %s is the first that is off: relative error %.2e at position %lld", g->name,
                  what, o.worst, position);
}

static void judge_hidden(const struct golden *g, const struct run *r, const char *name,
                         const int32_t *rows, bool is_exact)
{
    struct part p = part_of(g, name);
    cr_assert_eq(p.shape[0], r->heard.L);
    for (int64_t l = 0; l < p.shape[0]; l++) {
        char what[40];
        const float *got = r->heard.hidden + l * r->heard.T * r->heard.H;
        (void)snprintf(what, sizeof what, "layer %lld", (long long)l);
        judge(g, what,
              compare(got, rows, p.at + l * p.shape[1] * p.shape[2], p.shape[1], p.shape[2]), rows,
              is_exact);
    }
}

static void judge_exact(struct run r, struct golden g)
{
    struct part logits = part_of(&g, "logits");
    run_tokens(&r, &g, g.n, part_of(&g, "hidden").shape[2]);
    judge_hidden(&g, &r, "hidden", g.positions, true);
    judge(&g, "logits", compare(r.logits, g.positions, logits.at, g.n_positions, logits.shape[1]),
          g.positions, true);
    close_run(&r);
    json_free(g.note);
}

static void check_exact(const char *name, int64_t n_step)
{
    struct golden g = read_golden(name);
    judge_exact(open_run(&g, QUANT_NONE, n_step), g);
}

Test(model_golden, dense_f32_is_what_transformers_computes)
{
    check_exact("dense_f32", 0);
}

Test(model_golden, sparse_bf16_is_what_transformers_computes)
{
    check_exact("sparse_bf16", 0);
}

Test(model_golden, fp8_blocks_is_what_transformers_computes)
{
    check_exact("fp8_blocks", 0);
}

Test(model_golden, fp8_odd_is_what_transformers_computes)
{
    check_exact("fp8_odd", 0);
}

Test(model_golden, real_heads_is_what_transformers_computes)
{
    check_exact("real_heads", 0);
}

Test(model_golden, routing_is_what_transformers_computes)
{
    check_exact("routing", 0);
}

Test(model_golden, long_is_what_transformers_computes)
{
    check_exact("long", 0);
}

Test(model_golden, chunks_of_a_prompt_change_nothing)
{
    check_exact("sparse_bf16", 7);
    check_exact("fp8_odd", 1);
}

static void judge_fp8(struct run r, struct golden g)
{
    struct part logits = part_of(&g, "fp8_logits");
    run_tokens(&r, &g, g.n_fp8, part_of(&g, "fp8_hidden").shape[2]);
    judge_hidden(&g, &r, "fp8_hidden", NULL, false);
    judge(&g, "logits", compare(r.logits, NULL, logits.at, g.n_fp8, logits.shape[1]), NULL, false);
    close_run(&r);
    json_free(g.note);
}

static void check_fp8(const char *name)
{
    struct golden g = read_golden(name);
    judge_fp8(open_run(&g, QUANT_FP8, 0), g);
}

Test(model_golden, quant_fp8_of_whole_blocks_rounds_where_the_reference_does)
{
    check_fp8("fp8_blocks");
}

Test(model_golden, quant_fp8_of_ragged_blocks_rounds_where_the_reference_does)
{
    check_fp8("fp8_odd");
}

Test(model_golden, quant_fp8_of_indexer_and_latent_rounds_where_the_reference_does)
{
    check_fp8("real_heads");
}

Test(model_golden, every_instruction_set_of_this_processor_agrees)
{
    static const char *isas[] = {"portable", "avx2", "avx512"};
    for (int i = 0; i < 3; i++) {
        struct golden g = read_golden("fp8_odd");
        struct run r = {0};
        if (!open_run_on(&r, &g, QUANT_NONE, 0, isas[i])) {
            json_free(g.note);
            continue;
        }
        cr_assert_str_eq(r.k->name, isas[i]);
        judge_exact(r, g);
        g = read_golden("fp8_odd");
        cr_assert(open_run_on(&r, &g, QUANT_FP8, 0, isas[i]));
        judge_fp8(r, g);
    }
}

/* Rows of the golden: the kept positions that have a next token, or all. */
static void check_mtp(const char *name, enum quant quant)
{
    struct golden g = read_golden(name);
    struct run r = open_run(&g, quant, 0);
    struct err e = {0};
    bool is_exact = quant == QUANT_NONE;
    int64_t n = is_exact ? g.n : g.n_fp8;
    struct part want = part_of(&g, is_exact ? "mtp" : "fp8_mtp");
    float *got = NEW(&keep, float, n *r.info.n_vocab);
    ASSERT_OK(engine_mtp_logits(r.g, g.tokens, n, got, &e), e);
    const int32_t *rows = is_exact ? g.positions : NULL;
    judge(&g, "MTP logits", compare(got, rows, want.at, want.shape[0], want.shape[1]), rows,
          is_exact);
    close_run(&r);
    json_free(g.note);
}

Test(model_golden, mtp_layer_is_what_the_reference_computes)
{
    check_mtp("fp8_blocks", QUANT_NONE);
    check_mtp("real_heads", QUANT_NONE);
}

Test(model_golden, mtp_layer_with_quant_fp8_rounds_where_the_reference_does)
{
    check_mtp("fp8_blocks", QUANT_FP8);
    check_mtp("real_heads", QUANT_FP8);
}
