#include "harness/bench_cost.h"

#include <math.h>

struct sum {
    double gb;
    double gflop;
};

static void add(struct sum *s, const struct tensor *t)
{
    double n = 1;
    for (int64_t d = 0; d < t->n_dims; d++)
        n *= (double)t->shape[d];
    if (t->name == NULL)
        return;
    s->gb += n * (double)dtype_size(t->dtype) / 1e9;
    s->gflop += t->n_dims == 2 ? 2 * n / 1e9 : 0;
    if (t->scale_inv != NULL)
        s->gb += (double)(t->scale_shape[0] * t->scale_shape[1]) * sizeof(float) / 1e9;
}

static void add_mlp(struct sum *s, const struct mlp_weights *m)
{
    add(s, &m->gate);
    add(s, &m->up);
    add(s, &m->down);
}

static void add_layer(struct sum *s, const struct layer_weights *l)
{
    const struct tensor *all[] = {
        &l->input_norm,
        &l->post_norm,
        &l->q_a,
        &l->q_a_norm,
        &l->q_b,
        &l->kv_a,
        &l->kv_a_norm,
        &l->kv_b,
        &l->o,
        &l->idx_wq_b,
        &l->idx_wk,
        &l->idx_k_norm_w,
        &l->idx_k_norm_b,
        &l->idx_weights_proj,
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        add(s, all[i]);
    add_mlp(s, &l->mlp);
    if (l->is_dense)
        return;
    add(s, &l->router);
    add(s, &l->router_bias);
}

void bench_cost_of(struct bench_cost *out, const struct model_config *c, const struct weights *w)
{
    struct sum body = {0};
    struct sum head = {0};
    struct sum expert = {0};
    *out = (struct bench_cost){.c = *c, .cache_bytes = sizeof(float)};
    add(&body, &w->final_norm);
    add(&head, &w->head);
    for (int64_t i = 0; i < w->n_layers; i++) {
        add_layer(&body, &w->layers[i]);
        out->n_moe += w->layers[i].is_dense ? 0 : 1;
    }
    if (out->n_moe > 0)
        add_mlp(&expert, &w->layers[w->n_layers - 1].experts[0]);
    out->body_gb = body.gb;
    out->body_gflop = body.gflop;
    out->head_gb = head.gb;
    out->head_gflop = head.gflop;
    out->expert_gb = expert.gb;
    out->expert_gflop = expert.gflop;
}

static double selected(const struct bench_cost *m, double n)
{
    return n < (double)m->c.index_topk ? n : (double)m->c.index_topk;
}

double bench_cost_context_gb(const struct bench_cost *m, double n)
{
    double latent = selected(m, n) * (double)(m->c.kv_rank + m->c.rope_dim);
    double keys = n > (double)m->c.index_topk ? n * (double)m->c.index_dim : 0;
    return (double)m->c.n_layers * (latent + keys) * m->cache_bytes / 1e9;
}

double bench_cost_context_gflop(const struct bench_cost *m, double n)
{
    const struct model_config *c = &m->c;
    double attend = selected(m, n) * (double)(c->n_heads * (2 * c->kv_rank + c->rope_dim));
    double index = n > (double)c->index_topk ? n * (double)(c->index_n_heads * c->index_dim) : 0;
    return (double)c->n_layers * 2 * (attend + index) / 1e9;
}

double bench_cost_distinct(const struct bench_cost *m, double B)
{
    double E = (double)m->c.n_experts;
    return E * (1 - pow(1 - (double)m->c.n_experts_used / E, B));
}

void bench_cost_decode(const struct bench_cost *m, double B, double n, double n_distinct,
                       double *gbytes, double *gflop)
{
    *gbytes = m->body_gb + m->head_gb + m->n_moe * n_distinct * m->expert_gb +
              B * bench_cost_context_gb(m, n);
    *gflop = B * (m->body_gflop + m->head_gflop +
                  m->n_moe * (double)m->c.n_experts_used * m->expert_gflop +
                  bench_cost_context_gflop(m, n));
}

void bench_cost_prefill(const struct bench_cost *m, int64_t n, double *gbytes, double *gflop)
{
    double context = 0;
    for (int64_t i = 1; i <= n; i++)
        context += bench_cost_context_gflop(m, (double)i);
    *gbytes = m->body_gb + m->head_gb + m->n_moe * bench_cost_distinct(m, (double)n) * m->expert_gb;
    *gflop =
        (double)n * (m->body_gflop + m->n_moe * (double)m->c.n_experts_used * m->expert_gflop) +
        m->head_gflop + context;
}
