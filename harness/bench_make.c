/* bench --make-model and --list-shapes. */
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "engine/random_model.h"
#include "harness/bench.h"
#include "harness/interrupt.h"

static void close_model(struct random_model **m)
{
    random_model_close(*m);
}

static void free_text(struct buf *b)
{
    buf_free(b);
}

static void print_shape(const struct shape *s, const struct shape_count *n)
{
    (void)printf("%s: %s\n", s->name, s->says);
    (void)printf("  %lld parameters, %lld a token, without the embedding\n", (long long)n->n_params,
                 (long long)n->n_active);
    (void)printf("  n_vocab=%lld n_hidden=%lld n_layers=%lld n_dense_layers=%lld n_mtp=%lld\n",
                 (long long)s->n_vocab, (long long)s->n_hidden, (long long)s->n_layers,
                 (long long)s->n_dense_layers, (long long)s->n_mtp);
    (void)printf("  n_heads=%lld q_rank=%lld kv_rank=%lld nope_dim=%lld rope_dim=%lld v_dim=%lld\n",
                 (long long)s->n_heads, (long long)s->q_rank, (long long)s->kv_rank,
                 (long long)s->nope_dim, (long long)s->rope_dim, (long long)s->v_dim);
    (void)printf("  index_n_heads=%lld index_dim=%lld index_topk=%lld\n",
                 (long long)s->index_n_heads, (long long)s->index_dim, (long long)s->index_topk);
    (void)printf("  dense_inner=%lld expert_inner=%lld n_shared=%lld n_experts=%lld "
                 "n_experts_used=%lld\n",
                 (long long)s->dense_inner, (long long)s->expert_inner, (long long)s->n_shared,
                 (long long)s->n_experts, (long long)s->n_experts_used);
    (void)printf("  n_groups=%lld n_groups_used=%lld n_original_context=%lld yarn_factor=%lld\n",
                 (long long)s->n_groups, (long long)s->n_groups_used,
                 (long long)s->n_original_context, (long long)s->yarn_factor);
}

static void put_shape(struct json_out *w, const struct shape *s, const struct shape_count *n,
                      struct str config)
{
    json_open(w, '{');
    json_pair_str(w, "name", str_of(s->name));
    json_pair_str(w, "says", str_of(s->says));
    json_pair_i64(w, "parameters", n->n_params);
    json_pair_i64(w, "parameters_active", n->n_active);
    json_put_key(w, "config");
    json_put_raw(w, str_trim(config));
    json_close(w, '}');
}

bool bench_list_shapes(const struct bench_options *o, struct err *e)
{
    CLEANUP(json_out_free) struct json_out w = {0};
    json_open(&w, '[');
    for (int64_t i = 0; shape_at(i) != NULL; i++) {
        CLEANUP(free_text) struct buf config = {0};
        struct model_config c = {0};
        TRY(shape_config(shape_at(i), SHAPE_BF16, &config, &c, e));
        struct shape_count n = shape_count(&c);
        if (o->as_json)
            put_shape(&w, shape_at(i), &n, buf_str(&config));
        else
            print_shape(shape_at(i), &n);
    }
    json_close(&w, ']');
    if (o->as_json)
        (void)printf("%.*s\n", STR_ARG(buf_str(&w.text)));
    return true;
}

/* On a terminal only: a log has no use for it. */
static void show_progress(const struct random_model *m, int64_t *shown_ns, bool is_end)
{
    int64_t now = clock_ns();
    if (!isatty(STDERR_FILENO) || (!is_end && now - *shown_ns < 200000000))
        return;
    *shown_ns = now;
    (void)fprintf(stderr, "\r%lld of %lld MB%s", (long long)(random_model_n_written(m) / 1000000),
                  (long long)(random_model_n_bytes(m) / 1000000), is_end ? "\n" : "");
}

static bool write_all(struct random_model *m, bool *is_whole, struct err *e)
{
    int64_t shown_ns = 0;
    interrupt_watch();
    while (random_model_n_written(m) < random_model_n_bytes(m) && !interrupt_came()) {
        show_progress(m, &shown_ns, false);
        TRY(random_model_step(m, e));
    }
    *is_whole = random_model_n_written(m) == random_model_n_bytes(m);
    show_progress(m, &shown_ns, true);
    return true;
}

bool bench_make_model(const struct bench_options *o, int *rc, struct err *e)
{
    CLEANUP(close_model) struct random_model *m = NULL;
    struct shape s = {0};
    bool is_whole = false;
    TRY(shape_find(o->shape, &s, e));
    for (int64_t i = 0; i < o->set.n; i++)
        TRY(shape_set(&s, o->set.at[i], e));
    int64_t from = clock_ns();
    TRY(random_model_open(&m, &s, (enum shape_store)o->store, o->seed, o->dir, e));
    bool was_there = random_model_n_written(m) == random_model_n_bytes(m);
    if (!was_there && !isatty(STDERR_FILENO))
        (void)fprintf(stderr, "making %s: %lld MB\n", o->shape,
                      (long long)(random_model_n_bytes(m) / 1000000));
    TRY(write_all(m, &is_whole, e));
    *rc = is_whole ? EXIT_DONE : EXIT_INTERRUPTED;
    if (is_whole && was_there)
        (void)printf("%s: holds %s already\n", o->dir, o->shape);
    else if (is_whole)
        (void)printf("%s: %s, %lld MB in %.1f s\n", o->dir, o->shape,
                     (long long)(random_model_n_bytes(m) / 1000000),
                     (double)(clock_ns() - from) / 1e9);
    return true;
}
