/* bench --accuracy. The prompts are texts where the folder has a tokenizer, else random ids. */
#include "harness/bench_accuracy.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "engine/tokenizer.h"
#include "harness/bench.h"
#include "harness/bench_engine.h"
#include "harness/bench_modes.h"
#include "harness/interrupt.h"
#include "kernels/kernels.h"

enum { N_PROMPTS = 2, IDS_MOST = 256, IDS_QUICK = 64, SEED = 17 };

static const char *const texts[N_PROMPTS] = {
    "Let n be a positive integer. Prove that the sum of the first n odd numbers is a square. The "
    "first odd number is 1, the second is 3, and the k-th is 2k-1. Adding them from 1 to n gives "
    "n times the mean of the first and the last, which is n(1 + 2n - 1)/2 = n^2. What is 12+7*3? "
    "First 7*3=21, then 12+21=33, so the answer is \\boxed{33}.",
    "Write a program that reads n and then n integers and prints the largest of them.\n"
    "#include <iostream>\nint main() { int n, best = -1000000, x; std::cin >> n; while (n-- > 0) "
    "{ std::cin >> x; if (x > best) best = x; } std::cout << best << \"\\n\"; return 0; }",
};

/* ---- comparing */

static int64_t best_of(const float *x, int64_t n)
{
    int64_t best = 0;
    for (int64_t i = 1; i < n; i++)
        best = x[i] > x[best] ? i : best;
    return best;
}

static double log_sum_exp(const float *x, int64_t n, double most)
{
    double sum = 0;
    assert(n > 0);
    for (int64_t i = 0; i < n; i++)
        sum += exp((double)x[i] - most);
    return most + log(sum);
}

static double divergence(const float *a, const float *b, int64_t n)
{
    double norm_a = log_sum_exp(a, n, (double)a[best_of(a, n)]);
    double norm_b = log_sum_exp(b, n, (double)b[best_of(b, n)]);
    double sum = 0;
    for (int64_t i = 0; i < n; i++) {
        double log_p = (double)a[i] - norm_a;
        sum += exp(log_p) * (log_p - ((double)b[i] - norm_b));
    }
    return sum > 0 ? sum : 0; /* rounding may leave it a hair below */
}

void bench_error_of(struct bench_error *out, const float *a, const float *b, int64_t n,
                    int64_t n_vocab)
{
    double square = 0;
    double spread = 0;
    *out = (struct bench_error){.n = n};
    for (int64_t t = 0; t < n; t++, a += n_vocab, b += n_vocab) {
        double mean = 0;
        for (int64_t i = 0; i < n_vocab; i++)
            mean += (double)a[i] / (double)n_vocab;
        for (int64_t i = 0; i < n_vocab; i++) {
            double d = (double)b[i] - (double)a[i];
            out->max_abs = fabs(d) > out->max_abs ? fabs(d) : out->max_abs;
            square += d * d;
            spread += ((double)a[i] - mean) * ((double)a[i] - mean);
        }
        out->n_flips += best_of(a, n_vocab) != best_of(b, n_vocab) ? 1 : 0;
        out->kl += divergence(a, b, n_vocab) / (double)n;
    }
    out->rms = sqrt(square / (double)(n * n_vocab));
    out->sd = sqrt(spread / (double)(n * n_vocab));
}

/* ---- running */

struct prompts {
    struct tokens ids[N_PROMPTS];
    bool is_text;
    int64_t n; /* all together */
    int64_t n_vocab;
    float *reference; /* [n][n_vocab] */
    float *logits;
};

static void free_prompts(struct prompts *p)
{
    for (int i = 0; i < N_PROMPTS; i++)
        tokens_free(&p->ids[i]);
    free(p->reference);
    free(p->logits);
}

static void close_tokenizer(struct tokenizer **t)
{
    tokenizer_close(*t);
}

static bool read_prompts(struct prompts *p, const struct bench_options *o, int64_t n_context,
                         struct err *e)
{
    CLEANUP(close_tokenizer) struct tokenizer *t = NULL;
    char path[LIMIT_PATH_BYTES];
    int64_t most = o->is_quick ? IDS_QUICK : IDS_MOST;
    most = most < n_context ? most : n_context;
    p->is_text = file_join(o->model, "tokenizer.json", path, sizeof path) && file_exists(path);
    if (p->is_text)
        TRY(tokenizer_open(&t, o->model, e));
    for (int i = 0; i < N_PROMPTS; i++) {
        struct tokens *ids = &p->ids[i];
        if (p->is_text)
            TRY(tokenizer_encode(t, str_of(texts[i]), TOKENIZER_TEXT, TOKENIZER_REFUSE, ids, e));
        for (int64_t j = 0; !p->is_text && j < most; j++)
            tokens_put(ids, 0);
        if (!p->is_text)
            bench_ids(ids->at, ids->n, p->n_vocab, SEED + (uint64_t)i);
        ids->n = ids->n < most ? ids->n : most;
        p->n += ids->n;
    }
    p->reference = calloc((size_t)(p->n * p->n_vocab), sizeof(float));
    p->logits = calloc((size_t)(p->n * p->n_vocab), sizeof(float));
    return (p->reference != NULL && p->logits != NULL) ||
           FAIL(e, ERR_IO, "no memory for logits of %lld tokens", (long long)p->n);
}

static void close_engine(struct engine **g)
{
    engine_close(*g);
}

static void close_kernels(struct kernels **k)
{
    kernels_close(*k);
}

static bool run_mode(struct prompts *p, const struct bench_options *o, const struct bench_mode *m,
                     float *out, struct err *e)
{
    CLEANUP(close_kernels) struct kernels *k = NULL;
    CLEANUP(close_engine) struct engine *g = NULL;
    struct engine_config cfg = {.weights_dir = o->model, .n_slots = 1};
    struct engine_info info;
    bench_mode_apply(m, &cfg);
    TRY(kernels_cpu_open(&k, (int)o->n_threads, NULL, e) && engine_open(&g, k, &cfg, e));
    engine_describe(g, &info);
    p->n_vocab = info.n_vocab;
    if (p->n == 0) {
        TRY(read_prompts(p, o, info.n_context_max, e));
        out = p->reference;
    }
    for (int i = 0; i < N_PROMPTS; out += p->ids[i].n * p->n_vocab, i++) {
        if (interrupt_came())
            return FAIL(e, ERR_USAGE, "interrupted");
        TRY(engine_logits(g, p->ids[i].at, p->ids[i].n, true, out, e));
    }
    return true;
}

static void print_error(const struct bench_mode *m, const struct bench_error *r)
{
    (void)printf("%-24s %11.3g %11.3g %9.2f %% %7lld of %-6lld %11.3g\n", m->name, r->max_abs,
                 r->rms, 100 * r->rms / r->sd, (long long)r->n_flips, (long long)r->n, r->kl);
}

static void put_error(struct json_out *w, const struct bench_mode *m, const struct bench_error *r)
{
    json_open(w, '{');
    json_pair_str(w, "mode", str_of(m->name));
    json_pair_f64(w, "max_abs", r->max_abs);
    json_pair_f64(w, "rms", r->rms);
    json_pair_f64(w, "sd", r->sd);
    json_pair_f64(w, "kl", r->kl);
    json_pair_i64(w, "argmax_flips", r->n_flips);
    json_pair_i64(w, "positions", r->n);
    json_close(w, '}');
}

static bool all_modes(const struct bench_options *o, struct prompts *p, struct json_out *w,
                      struct err *e)
{
    TRY(run_mode(p, o, bench_mode_at(0), NULL, e));
    if (!o->as_json)
        (void)printf("logits of %lld tokens of %s, against weights as stored and f32 elsewhere\n\n"
                     "%-24s %11s %11s %11s %17s %11s\n",
                     (long long)p->n, p->is_text ? "two texts" : "random ids", "mode", "max |d|",
                     "rms d", "rms / sd", "argmax flips", "mean KL");
    for (int64_t i = 1; bench_mode_at(i) != NULL; i++) {
        const struct bench_mode *m = bench_mode_at(i);
        struct bench_error r;
        TRY(run_mode(p, o, m, p->logits, e));
        bench_error_of(&r, p->reference, p->logits, p->n, p->n_vocab);
        if (o->as_json)
            put_error(w, m, &r);
        else
            print_error(m, &r);
        (void)fflush(stdout);
    }
    return true;
}

bool bench_accuracy(const struct bench_options *o, struct err *e)
{
    struct prompts p = {0};
    CLEANUP(json_out_free) struct json_out w = {0};
    json_open(&w, '[');
    interrupt_watch();
    bool is_done = all_modes(o, &p, &w, e);
    free_prompts(&p);
    TRY(is_done);
    json_close(&w, ']');
    if (o->as_json)
        (void)printf("%.*s\n", STR_ARG(buf_str(&w.text)));
    return true;
}
