/* What a model asks of a machine at least: bytes to read and operations to do, from its shapes and
 * stored types alone. Divided by ceilings they are the floor that rows are held against. */
#pragma once
#include "engine/config.h"
#include "engine/weights.h"

struct bench_cost {
    struct model_config c;
    double cache_bytes; /* of one cached number */
    /* GB that every step reads whatever its size: attention, norms, routers, dense and shared MLPs
     */
    double body_gb;
    double head_gb;
    double expert_gb; /* of one routed expert of one layer */
    double n_moe;     /* layers that have some */
    /* GFLOP of one token, two to a multiply-add */
    double body_gflop; /* all but routed experts, head and what grows with context */
    double head_gflop;
    double expert_gflop; /* of one routed expert */
};

void bench_cost_of(struct bench_cost *out, const struct model_config *c, const struct weights *w);

/* Cache rows read and operations done for one token with n before it: attention to at most
 * index_topk of them, and the indexer over all of them once there are more than that. */
double bench_cost_context_gb(const struct bench_cost *m, double n);
double bench_cost_context_gflop(const struct bench_cost *m, double n);

/* One decoding step: B tokens, each with n before it; n_distinct experts a layer are touched. */
void bench_cost_decode(const struct bench_cost *m, double B, double n, double n_distinct,
                       double *gbytes, double *gflop);

/* A prompt of n tokens and the logits of its last one: every weight once, the cache for nothing. */
void bench_cost_prefill(const struct bench_cost *m, int64_t n, double *gbytes, double *gflop);

/* Expected number of distinct experts when B tokens choose alike and independently. */
double bench_cost_distinct(const struct bench_cost *m, double B);
